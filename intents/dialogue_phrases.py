"""The small words that steer a conversation: places in lists, exclusions, corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from pydantic import Field, TypeAdapter

from ..knowledge import Kind, Language, Words, read_document
from ..knowledge.models import StrictModel
from .ordinals import Ordinals, OrdinalWords, Pick
from .text import Phrases, Tokens, alternates, indexed, is_unspaced, phrases_of, tokenized

PHRASES: Final = Path(__file__).parent / "data" / "phrases.yaml"

_BRIEF: Final = {True: 10, False: 7}
"""How long a message may be that only points, in characters or in words."""

_LONG: Final = {True: 80, False: 45}
"""How long a pasted text is at least, in characters or in words."""
_EDGE: Final = 12
"""In how many tokens at either end of a long text it is looked for whether it asks something."""
_BETWEEN: Final = ("between", "distinguish", "separates")
"""Words right before the first of two kinds."""
_DIVIDING: Final = {True: 5, False: 2}
"""How many characters or words may stand for one kind of what follows."""


class _PhrasesFile(StrictModel):
    picks: OrdinalWords
    lists: Mapping[Kind, Words]
    previous: Words
    pronouns: Words
    subjects: Words
    dummies: Words
    pairing: Words
    articles: Words
    joining: Words
    against: Words
    which: Words
    practising: Words
    thanking: Words
    acknowledging: Words
    excepting: Words = Field(alias="except")
    excepted: Words
    unlike: Words
    correcting: Words
    turning: Words
    doubting: Words
    pointing: Words
    asking: Words
    oneself: Words
    distress: Words
    despair: Words
    dread: Words
    exaggerating: Words
    whole: Words
    chinese: Words
    english: Words
    kinds: Mapping[Kind, Words]


@dataclass(frozen=True)
class DialoguePhrases:
    """The steering words as tokens."""

    ordinals: Ordinals
    """Words that pick from a list."""
    lists: Phrases[Kind]
    """Words for what a list holds."""
    previous: Phrases[None]
    """Ways to name what was spoken of before."""
    pronouns: Phrases[None]
    """Words that stand for what was spoken of before, and for nothing else."""
    subjects: Phrases[None]
    """Those that a question is about, whatever else it names, with the verb before them."""
    dummies: Phrases[None]
    """Words that look like them, and stand for nothing."""
    pairing: Phrases[None]
    """Words that stand for two things spoken of before."""
    articles: Phrases[None]
    """Words before a thing that tell nothing of its kind."""
    joining: Phrases[None]
    """Words between two kinds of one thing, or between two things."""
    against: Phrases[None]
    """Words before what something is held against."""
    which: Phrases[None]
    """Words that ask for the names of what was counted."""
    practising: Phrases[None]
    """Words that ask who does something, rather than who was counted."""
    thanking: Phrases[None]
    """Words of thanks."""
    acknowledging: Phrases[None]
    """Words that may stand around them."""
    excepting: Phrases[None]
    """Words before something that is not wanted."""
    excepted: Phrases[None]
    """Words after it."""
    unlike: Phrases[None]
    """Words before something that is not wanted if something else is named."""
    correcting: Phrases[None]
    """Openings of messages that correct what was understood."""
    turning: Phrases[None]
    """Words around the name of something else about which the same is asked."""
    doubting: Phrases[None]
    """Ends of messages that ask whether, and don't correct."""
    pointing: Phrases[None]
    """Words that point at what was said."""
    asking: Phrases[None]
    """Words with which a text asks something, where it begins or ends."""
    oneself: Phrases[None]
    """Words for whoever writes a message."""
    distress: Phrases[None]
    """Words that only somebody in distress says."""
    despair: Phrases[None]
    """Words of somebody without hope, though not only."""
    dread: Phrases[None]
    """Words of somebody who fears for all that they have, though not only."""
    exaggerating: Phrases[None]
    """Words with which people say that something is funny, hard or dull."""
    whole: Phrases[None]
    """Words that ask for everything, not for what belongs to the subject at hand."""
    languages: Phrases[Language]
    """Names of the languages."""
    kinds: Mapping[Kind, tuple[Tokens, ...]]
    """What may follow the name of an entry of a kind to say what it is."""

    @classmethod
    def load(cls, path: Path = PHRASES) -> "DialoguePhrases":
        """Load the phrases that come with the package."""
        words = TypeAdapter(_PhrasesFile).validate_python(read_document(path).tree)
        own = {field.name for field in fields(cls)}
        plain = {n: phrases_of(said) for n, said in words if n in own and isinstance(said, Words)}
        chinese: dict[Tokens, Language] = dict.fromkeys(tokenized(words.chinese), "zh")
        lists = indexed({n: kind for kind, said in words.lists.items() for n in tokenized(said)})
        return cls(
            ordinals=Ordinals.of(words.picks, lists),
            lists=lists,
            languages=indexed({**chinese, **dict.fromkeys(tokenized(words.english), "en")}),
            kinds={kind: tuple(tokenized(nouns)) for kind, nouns in words.kinds.items()},
            **plain,
        )

    @property
    def words(self) -> list[Tokens]:
        """Return the phrases: what is said in them needs no correction."""
        held: list[Phrases[Any]] = [
            one for field in fields(self) if isinstance(one := getattr(self, field.name), Phrases)
        ]
        return [said for phrases in held for said in phrases.meanings]

    def picks(self, words: Sequence[str]) -> tuple[Pick, ...]:
        """Return the places in a list that a message names, if it picks some."""
        return self.ordinals.picks(words)

    def kind(self, words: Sequence[str]) -> Kind | None:
        """Return the kind of entries that a message asks a list of."""
        found = self.lists.find(words)
        return None if found is None else self.lists.meanings[found]

    def language(self, words: Sequence[str]) -> Language | None:
        """Return the language that a message names."""
        found = self.languages.find(words)
        return None if found is None else self.languages.meanings[found]

    def excludes(self, words: Sequence[str], start: int, end: int | None = None) -> bool:
        """Return whether what stands between two positions is named as not wanted."""
        before = self._before_excluded(words, start)
        return before > 0 or (end is not None and self.after_excluded(words, end) > 0)

    def around_excluded(self, words: Sequence[str], start: int, end: int) -> tuple[int, int]:
        """Return how many words before and after a name say that it is not wanted."""
        return self._before_excluded(words, start), self.after_excluded(words, end)

    def after_excluded(self, words: Sequence[str], end: int) -> int:
        """Return how many words after a name say that it is not wanted."""
        return self.excepted.at(words, end)

    def _before_excluded(self, words: Sequence[str], start: int) -> int:
        article = int(start > 0 and words[start - 1] == "the")
        length = self.excepting.before(words, start - article)
        # 算不算 asks whether, and leaves nothing out.
        if not length or alternates(words, start - article - length):
            return 0
        return length + article

    def contrasts(self, words: Sequence[str], start: int) -> bool:
        """Return whether what starts at a position is named as something else than is wanted."""
        length = self.unlike.before(words, start)
        return length > 0 and not alternates(words, start - length)

    def corrects(self, words: Sequence[str]) -> int:
        """Return how many words at the start of a message correct what was understood."""
        start = 0
        while length := self.correcting.at(words, start):
            start += length
        return 0 if start and self.doubting.before(words, len(words)) else start

    def turns_to(self, words: Sequence[str]) -> Sequence[str]:
        """Return what a message turns to: its words without those that only say that it does."""
        start, end = self.corrects(words), len(words)
        while length := self.turning.at(words, start):
            start += length
        while end > start and (length := self.turning.before(words, end)):
            end -= length
        return words[start:end]

    def thanks(self, words: Sequence[str]) -> int:
        """Return how many words at the start of a message thank for what was said."""
        end, thanked = 0, False
        while True:
            if length := self.thanking.at(words, end):
                thanked = True
            elif not (length := self.acknowledging.at(words, end)):
                return end if thanked else 0
            end += length

    def divides(self, words: Sequence[str], start: int, end: int) -> bool:
        """Return whether words before a name tell kinds of it apart: "wholesale and retail X"."""
        if (joint := self.joining.before(words, start)) and end - start > 1:
            # "Retail X" may be a name, too: then a word like it stands for the other kind.
            other = start - joint - 1
            if other > 0 and is_unspaced(words[other]):
                return words[other] in words[start:end]
            return other > 0 and words[other - 1] in _BETWEEN
        start -= self.articles.before(words, start)
        widest = _DIVIDING[start > 0 and is_unspaced(words[start - 1])]
        edges = range(start - 1, max(start - widest, 1) - 1, -1)
        return any(self.joining.before(words, edge) in range(1, edge) for edge in edges)

    def asks_about_it(self, words: Sequence[str]) -> bool:
        """Return whether a question is about what was spoken of, whatever else it names."""
        if self.dummies.find(words):
            return False
        return any(self.subjects.at(words, start) for start in range(min(3, len(words))))

    def stands_against(self, words: Sequence[str]) -> bool:
        """Return whether a message holds something against what it names itself."""
        if self.previous.find(words) or self.pairing.find(words):
            return False
        for start in range(len(words) - 1):
            end = start + self.against.at(words, start)
            if start < end < len(words) and not self.pronouns.at(words, end):
                return True
        return False

    def asks_which(self, words: Sequence[str]) -> bool:
        """Return whether a short message asks for the names of what was counted before."""
        asks = any(self.which.at(words, start) for start in range(min(3, len(words))))
        return self.is_brief(words) and asks and self.practising.find(words) is None

    def points(self, words: Sequence[str]) -> bool:
        """Return whether a message is short and points at something."""
        return self.is_brief(words) and self.pointing.find(words) is not None

    def is_brief(self, words: Sequence[str]) -> bool:
        """Return whether a message is so short that it may only point."""
        return len(words) <= _BRIEF[any(map(is_unspaced, words))]

    def asks_nothing(self, words: Sequence[str]) -> bool:
        """Return whether a text, given without its question marks, is long and only tells."""
        if len(words) < _LONG[any(map(is_unspaced, words))]:
            return False
        edges = (words[:_EDGE], words[-_EDGE:])
        return all(self.asking.find(edge) is None for edge in edges)
