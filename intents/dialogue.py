"""Dialogue: the words that steer a conversation, and what may follow in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import Field, TypeAdapter

from ..knowledge import Kind, Knowledge, Language, Words, read_document
from ..knowledge.models import StrictModel
from .text import Tokens, tokens
from .understanding import ABOUT_ONE, ABOUT_ONE_CASE, COMPARE, Context, Interpretation

PHRASES: Final = Path(__file__).parent / "data" / "phrases.yaml"

IT: Final = "it"
"""Label of follow-ups that leave out what they are about."""
MORE, AGAIN, PARENT, PICK = "more", "again", "parent", "pick"
USUAL: Final = 0.1
"""Bonus of what most people want: an explanation of what they name, or going on."""
_AT_HAND: Final = 0.25
"""Bonus of what the conversation is about, for a message that names nothing."""
_PLAIN: Final = 0.9
"""Weight of interpretations that a rule is nearly sure of."""
_PAIR_ELSEWHERE: Final = 0.3
"""Bonus of comparing a case with the one like it in the place that is named."""

Scores = Mapping[str, float]
"""The scores of labels."""


class _PhrasesFile(StrictModel):
    ordinals: tuple[Words, ...]
    last: Words
    previous: Words
    excepting: Words = Field(alias="except")
    whole: Words
    chinese: Words
    english: Words
    kinds: Mapping[Kind, Words]


@dataclass(frozen=True)
class DialoguePhrases:
    """The steering words as tokens."""

    ordinals: Mapping[Tokens, int]
    """Positions in a list, counted from 0; -1 is the last."""
    previous: frozenset[Tokens]
    """Ways to name what was spoken of before."""
    excepting: frozenset[Tokens]
    """Words before something that is not wanted."""
    whole: frozenset[Tokens]
    """Words that ask for everything, not for what belongs to the subject at hand."""
    languages: Mapping[Tokens, Language]
    """Names of the languages."""
    kinds: Mapping[Kind, tuple[Tokens, ...]]
    """What may follow the name of an entry of a kind to say what it is."""

    @classmethod
    def load(cls) -> "DialoguePhrases":
        """Load the phrases that come with the package."""
        words = TypeAdapter(_PhrasesFile).validate_python(read_document(PHRASES).tree)
        ordinals = {
            phrase: place
            for place, names in enumerate(words.ordinals)
            for phrase in _tokenized(names)
        }
        ordinals |= dict.fromkeys(_tokenized(words.last), -1)
        ordinals |= {(str(place + 1),): place for place in range(len(words.ordinals))}
        chinese: dict[Tokens, Language] = dict.fromkeys(_tokenized(words.chinese), "zh")
        return cls(
            ordinals=ordinals,
            previous=frozenset(_tokenized(words.previous)),
            excepting=frozenset(_tokenized(words.excepting)),
            whole=frozenset(_tokenized(words.whole)),
            languages={**chinese, **dict.fromkeys(_tokenized(words.english), "en")},
            kinds={kind: tuple(_tokenized(nouns)) for kind, nouns in words.kinds.items()},
        )

    def ordinal(self, words: Sequence[str]) -> int | None:
        """Return the place in a list that a message names, the longest name winning."""
        found = find_phrase(words, self.ordinals)
        return None if found is None else self.ordinals[found]

    def language(self, words: Sequence[str]) -> Language | None:
        """Return the language that a message names."""
        found = find_phrase(words, self.languages)
        return None if found is None else self.languages[found]

    def excludes(self, words: Sequence[str], start: int) -> bool:
        """Return whether what starts at a position is named as not wanted."""
        longest = max(map(len, self.excepting))
        return any(
            tuple(words[max(0, start - n) : start]) in self.excepting for n in range(1, longest + 1)
        )


def find_phrase(
    words: Sequence[str], phrases: Mapping[Tokens, object] | frozenset[Tokens]
) -> Tokens | None:
    """Return the longest of the phrases that a message holds."""
    best: Tokens | None = None
    for length in {len(phrase) for phrase in phrases}:
        for start in range(len(words) - length + 1):
            window = tuple(words[start : start + length])
            if window in phrases and (best is None or length > len(best)):
                best = window
    return best


def _tokenized(words: Words) -> list[Tokens]:
    return [tuple(tokens(word)) for word in (*words.zh, *words.en)]


@dataclass(frozen=True)
class FollowUps:
    """What a message that names no entry may mean in a conversation."""

    knowledge: Knowledge
    """What there is to talk about."""
    phrases: DialoguePhrases
    """Words that steer a conversation."""
    context: Context
    """The conversation."""
    words: Sequence[str]
    """The tokens of the message."""
    subject: Scores
    """What its words sound like."""
    request: Scores
    """What is wanted."""

    def interpretations(self, region: str | None) -> Iterator[Interpretation]:
        """Yield the ways to understand the message, given the place that it names."""
        if self.context.topics:
            yield from self._about_topic(self.context.topics[0], region)
        elif region and self.context.intent == "cases":
            yield Interpretation("cases", (), _PLAIN, _PLAIN, "place", region)
        yield from self._moves()

    def _about_topic(self, topic: str, region: str | None) -> Iterator[Interpretation]:
        """Take the message to be about the topic at hand."""
        about = max(self.subject[IT], 0.0) + _AT_HAND
        is_case = self.knowledge.entries[topic].kind is Kind.CASE
        for intent in ABOUT_ONE_CASE if is_case else ABOUT_ONE:
            yield Interpretation(intent, (topic,), about, self.request[intent], "context")
        if not (is_case or find_phrase(self.words, self.phrases.whole)):
            # "Which cases are there?" in the middle of a subject asks for its own.
            its_own = self.subject["cases"] + _AT_HAND
            yield Interpretation("cases_of", (topic,), its_own, self.request["cases"], "context")
        if region:
            yield from self._elsewhere(topic, region)
        if parents := self.knowledge.parents_of(topic):
            move = self.subject[PARENT]
            wanted = self.request[PARENT] + USUAL
            yield Interpretation("explain", parents[:1], move + _AT_HAND, wanted, "move")
        if pair := self._pair():
            sure = _PLAIN if find_phrase(self.words, self.phrases.previous) else about
            yield Interpretation(COMPARE, pair, sure, self.request[COMPARE], "context")

    def _moves(self) -> Iterator[Interpretation]:
        context = self.context
        place = self.phrases.ordinal(self.words)
        if place is not None and -len(context.listed) <= place < len(context.listed):
            chosen = (context.listed[place],)
            # "More on the third" is about the third, not more of the same.
            picked = max(self.request[PICK], 0.0) + max(self.request[MORE], 0.0) + USUAL
            for intent in ABOUT_ONE:
                yield Interpretation(intent, chosen, _PLAIN, self.request[intent] + picked, "order")
        if context.intent:
            yield self._same(MORE, depth=context.depth + 1)
            if language := self.phrases.language(self.words):
                yield self._same(AGAIN, depth=context.depth, language=language)

    def _same(self, move: str, *, depth: int, language: Language | None = None) -> Interpretation:
        """Take the message to ask for the last answer in another way."""
        return Interpretation(
            self.context.intent,
            self.context.topics,
            self.subject[move] + _AT_HAND,
            self.request[move] + USUAL,
            "move",
            self.context.region,
            depth,
            language,
        )

    def _pair(self) -> tuple[str, ...]:
        """Return the two entries that "they" are."""
        context = self.context
        if len(context.topics) > 1:
            return context.topics[:2]
        if len(context.listed) == 2:  # noqa: PLR2004 - two make a pair
            return context.listed
        if context.earlier and context.topics:
            return (context.earlier[0], context.topics[0])
        return context.listed[:2]

    def _elsewhere(self, topic: str, region: str) -> Iterator[Interpretation]:
        """Take a topic to another place: its cases there, or the case there that is like it."""
        knowledge = self.knowledge
        likeliest = max(self.subject[id_] for id_ in knowledge.entries)
        about = max(self.subject[IT] + _AT_HAND, _PLAIN - max(likeliest, 0.0))
        if knowledge.entries[topic].kind is Kind.CASE:
            if alike := self._alike(topic, region):
                yield Interpretation("explain", (alike,), about, _PLAIN, "context")
                pair, wanted = (topic, alike), self.request[COMPARE]
                yield Interpretation(COMPARE, pair, about + _PAIR_ELSEWHERE, wanted, "context")
        elif knowledge.cases_in(region, knowledge.cases_of(topic)):
            yield Interpretation("cases_of", (topic,), about, _PLAIN, "context", region)
        else:
            yield Interpretation("cases", (), about, _PLAIN / 2, "context", region)
        if self.context.intent == "cases":
            yield Interpretation("cases", (), about, _PLAIN, "context", region)

    def _alike(self, case: str, region: str) -> str | None:
        knowledge = self.knowledge
        shows = set(knowledge.entries[case].shows)

        def likeness(other: str) -> tuple[bool, int]:
            shared = len(shows & set(knowledge.entries[other].shows))
            return knowledge.contrast(case, other, "en") is not None, shared

        others = (other for other in knowledge.cases_in(region) if other != case)
        best = max(others, key=likeness, default=None)
        return best if best and any(likeness(best)) else None
