"""The small words that steer a conversation: places in lists, exclusions, corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import Field, TypeAdapter

from ..knowledge import Kind, Language, Words, read_document
from ..knowledge.models import StrictModel
from .ordinals import Ordinals, OrdinalWords, Pick
from .phrase_search import find_phrase, phrase_at, phrase_before, tokenized
from .text import Tokens, is_unspaced

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
    doubting: Words
    pointing: Words
    asking: Words
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
    lists: Mapping[Tokens, Kind]
    """Words for what a list holds."""
    previous: frozenset[Tokens]
    """Ways to name what was spoken of before."""
    pronouns: frozenset[Tokens]
    """Words that stand for what was spoken of before, and for nothing else."""
    subjects: frozenset[Tokens]
    """Those that a question is about, whatever else it names, with the verb before them."""
    dummies: frozenset[Tokens]
    """Words that look like them, and stand for nothing."""
    pairing: frozenset[Tokens]
    """Words that stand for two things spoken of before."""
    articles: frozenset[Tokens]
    """Words before a thing that tell nothing of its kind."""
    joining: frozenset[Tokens]
    """Words between two kinds of one thing, or between two things."""
    against: frozenset[Tokens]
    """Words before what something is held against."""
    which: frozenset[Tokens]
    """Words that ask for the names of what was counted."""
    practising: frozenset[Tokens]
    """Words that ask who does something, rather than who was counted."""
    thanking: frozenset[Tokens]
    """Words of thanks."""
    acknowledging: frozenset[Tokens]
    """Words that may stand around them."""
    excepting: frozenset[Tokens]
    """Words before something that is not wanted."""
    excepted: frozenset[Tokens]
    """Words after it."""
    unlike: frozenset[Tokens]
    """Words before something that is not wanted if something else is named."""
    correcting: frozenset[Tokens]
    """Openings of messages that correct what was understood."""
    doubting: frozenset[Tokens]
    """Ends of messages that ask whether, and don't correct."""
    pointing: frozenset[Tokens]
    """Words that point at what was said."""
    asking: frozenset[Tokens]
    """Words with which a text asks something, where it begins or ends."""
    distress: frozenset[Tokens]
    """Words that only somebody in distress says."""
    despair: frozenset[Tokens]
    """Words of somebody without hope, though not only."""
    dread: frozenset[Tokens]
    """Words of somebody who fears for all that they have, though not only."""
    exaggerating: frozenset[Tokens]
    """Words with which people say that something is funny, hard or dull."""
    whole: frozenset[Tokens]
    """Words that ask for everything, not for what belongs to the subject at hand."""
    languages: Mapping[Tokens, Language]
    """Names of the languages."""
    kinds: Mapping[Kind, tuple[Tokens, ...]]
    """What may follow the name of an entry of a kind to say what it is."""

    @classmethod
    def load(cls, path: Path = PHRASES) -> "DialoguePhrases":
        """Load the phrases that come with the package."""
        words = TypeAdapter(_PhrasesFile).validate_python(read_document(path).tree)
        lists = {n: kind for kind, nouns in words.lists.items() for n in tokenized(nouns)}
        chinese: dict[Tokens, Language] = dict.fromkeys(tokenized(words.chinese), "zh")
        return cls(
            ordinals=Ordinals.of(words.picks, lists),
            lists=lists,
            previous=frozenset(tokenized(words.previous)),
            pronouns=frozenset(tokenized(words.pronouns)),
            subjects=frozenset(tokenized(words.subjects)),
            dummies=frozenset(tokenized(words.dummies)),
            pairing=frozenset(tokenized(words.pairing)),
            articles=frozenset(tokenized(words.articles)),
            joining=frozenset(tokenized(words.joining)),
            against=frozenset(tokenized(words.against)),
            which=frozenset(tokenized(words.which)),
            practising=frozenset(tokenized(words.practising)),
            thanking=frozenset(tokenized(words.thanking)),
            acknowledging=frozenset(tokenized(words.acknowledging)),
            excepting=frozenset(tokenized(words.excepting)),
            excepted=frozenset(tokenized(words.excepted)),
            unlike=frozenset(tokenized(words.unlike)),
            correcting=frozenset(tokenized(words.correcting)),
            doubting=frozenset(tokenized(words.doubting)),
            pointing=frozenset(tokenized(words.pointing)),
            asking=frozenset(tokenized(words.asking)),
            distress=frozenset(tokenized(words.distress)),
            despair=frozenset(tokenized(words.despair)),
            dread=frozenset(tokenized(words.dread)),
            exaggerating=frozenset(tokenized(words.exaggerating)),
            whole=frozenset(tokenized(words.whole)),
            languages={**chinese, **dict.fromkeys(tokenized(words.english), "en")},
            kinds={kind: tuple(tokenized(nouns)) for kind, nouns in words.kinds.items()},
        )

    def picks(self, words: Sequence[str]) -> tuple[Pick, ...]:
        """Return the places in a list that a message names, if it picks some."""
        return self.ordinals.picks(words)

    def kind(self, words: Sequence[str]) -> Kind | None:
        """Return the kind of entries that a message asks a list of."""
        found = find_phrase(words, self.lists)
        return None if found is None else self.lists[found]

    def language(self, words: Sequence[str]) -> Language | None:
        """Return the language that a message names."""
        found = find_phrase(words, self.languages)
        return None if found is None else self.languages[found]

    def excludes(self, words: Sequence[str], start: int, end: int | None = None) -> bool:
        """Return whether what stands between two positions is named as not wanted."""
        before = self._before_excluded(words, start)
        return before > 0 or (end is not None and self.after_excluded(words, end) > 0)

    def around_excluded(self, words: Sequence[str], start: int, end: int) -> tuple[int, int]:
        """Return how many words before and after a name say that it is not wanted."""
        return self._before_excluded(words, start), self.after_excluded(words, end)

    def after_excluded(self, words: Sequence[str], end: int) -> int:
        """Return how many words after a name say that it is not wanted."""
        return phrase_at(words, end, self.excepted)

    def _before_excluded(self, words: Sequence[str], start: int) -> int:
        article = int(start > 0 and words[start - 1] == "the")
        length = phrase_before(words, start - article, self.excepting)
        return length + article if length else 0

    def contrasts(self, words: Sequence[str], start: int) -> bool:
        """Return whether what starts at a position is named as something else than is wanted."""
        return phrase_before(words, start, self.unlike) > 0

    def corrects(self, words: Sequence[str]) -> int:
        """Return how many words at the start of a message correct what was understood."""
        start = 0
        while length := phrase_at(words, start, self.correcting):
            start += length
        return 0 if start and phrase_before(words, len(words), self.doubting) else start

    def thanks(self, words: Sequence[str]) -> int:
        """Return how many words at the start of a message thank for what was said."""
        end, thanked = 0, False
        while True:
            if length := phrase_at(words, end, self.thanking):
                thanked = True
            elif not (length := phrase_at(words, end, self.acknowledging)):
                return end if thanked else 0
            end += length

    def divides(self, words: Sequence[str], start: int, end: int) -> bool:
        """Return whether words before a name tell kinds of it apart: "wholesale and retail X"."""
        if (joint := phrase_before(words, start, self.joining)) and end - start > 1:
            # "Retail X" may be a name, too: then a word like it stands for the other kind.
            other = start - joint - 1
            if other > 0 and is_unspaced(words[other]):
                return words[other] in words[start:end]
            return other > 0 and words[other - 1] in _BETWEEN
        start -= phrase_before(words, start, self.articles)
        widest = _DIVIDING[start > 0 and is_unspaced(words[start - 1])]
        edges = range(start - 1, max(start - widest, 1) - 1, -1)
        return any(phrase_before(words, edge, self.joining) in range(1, edge) for edge in edges)

    def asks_about_it(self, words: Sequence[str]) -> bool:
        """Return whether a question is about what was spoken of, whatever else it names."""
        if find_phrase(words, self.dummies):
            return False
        return any(phrase_at(words, start, self.subjects) for start in range(min(3, len(words))))

    def stands_against(self, words: Sequence[str]) -> bool:
        """Return whether a message holds something against what it names itself."""
        if find_phrase(words, self.previous) or find_phrase(words, self.pairing):
            return False
        for start in range(len(words) - 1):
            end = start + phrase_at(words, start, self.against)
            if start < end < len(words) and not phrase_at(words, end, self.pronouns):
                return True
        return False

    def asks_which(self, words: Sequence[str]) -> bool:
        """Return whether a short message asks for the names of what was counted before."""
        asks = any(phrase_at(words, start, self.which) for start in range(min(3, len(words))))
        return self.is_brief(words) and asks and find_phrase(words, self.practising) is None

    def points(self, words: Sequence[str]) -> bool:
        """Return whether a message is short and points at something."""
        return self.is_brief(words) and find_phrase(words, self.pointing) is not None

    def is_brief(self, words: Sequence[str]) -> bool:
        """Return whether a message is so short that it may only point."""
        return len(words) <= _BRIEF[any(map(is_unspaced, words))]

    def asks_nothing(self, words: Sequence[str]) -> bool:
        """Return whether a text, given without its question marks, is long and only tells."""
        if len(words) < _LONG[any(map(is_unspaced, words))]:
            return False
        edges = (words[:_EDGE], words[-_EDGE:])
        return all(find_phrase(edge, self.asking) is None for edge in edges)
