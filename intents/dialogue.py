"""Dialogue: the words that steer a conversation, and what may follow in it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..knowledge import LANGUAGES, Kind, Knowledge, Language
from .dialogue_phrases import DialoguePhrases
from .preprocessing import ProcessedMessage
from .text import Tokens, tokens
from .understanding import ABOUT_ONE, ABOUT_ONE_CASE, COMPARE, NEWS, Context, Interpretation

IT: Final = "it"
"""Label of follow-ups that leave out what they are about."""
MORE, AGAIN, PARENT, PICK = "more", "again", "parent", "pick"
USUAL: Final = 0.1
"""Bonus of what most people want: an explanation of what they name, or going on."""
_AT_HAND: Final = 0.25
"""Bonus of what the conversation is about, for a message that names nothing."""
_HOLDS: Final = 0.75
"""How well it fits such a message at least, less how well the message describes another entry."""
_REFERS: Final = 1.05
"""How well it fits a message with a pronoun, which stands for it."""
_STRONGLY: Final = 0.5
"""How much of its likeness to another entry speaks against that."""
_PLAIN: Final = 0.9
"""Weight of interpretations that a rule is nearly sure of."""
_PART: Final = 2
"""How many characters the part of a name has at least that stands for it."""
_FEW: Final = 8
"""How many entries of a kind there are at most that all stand beside one of them."""
_PAIR_ELSEWHERE: Final = 0.3
"""Bonus of comparing a case with the one like it in the place that is named."""

Scores = Mapping[str, float]
"""The scores of labels."""


@dataclass(frozen=True)
class Reading:
    """A message, read by both models, in its conversation."""

    knowledge: Knowledge
    """What there is to talk about."""
    phrases: DialoguePhrases
    """The words that steer a conversation."""
    message: ProcessedMessage
    """The message, without what it only excludes."""
    context: Context | None
    """The conversation before it, if there is something that it may refer to."""
    named: tuple[str, ...]
    """The entries that it names and that are wanted."""
    without: tuple[str, ...]
    """The entries that it names as not wanted."""
    subject: Scores
    """What its words sound like."""
    request: Scores
    """What is wanted."""
    likeness: Callable[[Sequence[str]], Scores]
    """How well each entry fits some words."""
    requested: Callable[[Tokens], Scores]
    """What some words want, names and all that stands for one masked."""


@dataclass(frozen=True)
class FollowUps:
    """What a message that names no entry may mean in a conversation."""

    reading: Reading
    """The message."""
    context: Context
    """The conversation."""
    terms: bool = False
    """Whether it names terms: what they explain is as likely to be the topic at hand's."""

    def interpretations(self, region: str | None) -> Iterator[Interpretation]:
        """Yield the ways to understand the message, given the place that it names."""
        if beside := self._beside():
            yield Interpretation("explain", (beside,), _PLAIN, _PLAIN, "context")
        if topic := self._topic():
            yield from self._about_topic(topic, region)
        elif region and self.context.intent == "cases":
            yield Interpretation("cases", (), _PLAIN, _PLAIN, "place", region)
        yield from self._moves()

    def _beside(self) -> str | None:
        """Return the only entry beside the topic of which a part of the name is turned to.

        After the drivers "and policy?" is the one that is called so, policy support.
        """
        words, knowledge = self.reading.message.tokens, self.reading.knowledge
        part, entries = (*self.reading.phrases.turns_to(words),), knowledge.entries
        if len(part) == len(words) or len("".join(part)) < _PART:
            return None
        beside = dict.fromkeys(self.context.listed)
        if topic := self._topic():
            alike = knowledge.of_kind[entries[topic].kind]
            beside.update(dict.fromkeys(alike if len(alike) <= _FEW else ()))
        found = [
            id_
            for id_ in beside
            if any(_holds(tokens(entries[id_].name.in_(lang)), part) for lang in LANGUAGES)
        ]
        return found[0] if len(found) == 1 else None

    def _topic(self) -> str | None:
        """Return the topic at hand, which news of everything don't change."""
        context = self.context
        if context.topics:
            return context.topics[0]
        return context.earlier[0] if context.earlier and context.intent == NEWS else None

    def _about_topic(self, topic: str, region: str | None) -> Iterator[Interpretation]:
        """Take the message to be about the topic at hand."""
        subject, request = self.reading.subject, self.reading.request
        words, phrases = self.reading.message.tokens, self.reading.phrases
        others = (subject[id_] for id_ in self.reading.knowledge.entries if id_ != topic)
        likeliest = max(max(others, default=0.0), 0.0)
        held = _HOLDS - likeliest
        refers = phrases.pronouns.find(words) is not None
        # "I mean the one of the central bank" points away from the topic at hand.
        if refers and not phrases.corrects(words):
            held = _REFERS - _STRONGLY * likeliest
        elif self.terms:
            return
        about = max(max(subject[IT], 0.0) + _AT_HAND, held)
        # A case has examples, but none in other places.
        case = self.reading.knowledge.entries[topic].kind is Kind.CASE
        for intent in ABOUT_ONE_CASE if case and region else ABOUT_ONE:
            place = region if intent == "cases_of" else None
            wanted = request[intent]
            yield Interpretation(intent, (topic,), about, wanted, "context", place)
        if self.context.intent == "fact" and phrases.asks_which(words):
            # What was counted is asked for by name.
            sure = max(about, _PLAIN)
            yield Interpretation("fact", (topic,), sure, _PLAIN, "context")
            yield Interpretation("cases_of", (topic,), sure, _PLAIN / 2, "context", region)
            return
        if not phrases.whole.find(words):
            # "Which cases are there?" and "what's new?" in the middle of a subject ask for its own.
            if not (case and region):
                its_own = subject["cases"] + _AT_HAND
                wanted = request["cases"]
                yield Interpretation("cases_of", (topic,), its_own, wanted, "context", region)
            if self.context.topics:
                news = subject[NEWS] + _AT_HAND
                yield Interpretation(NEWS, (topic,), news, request[NEWS], "context")
        if region:
            yield from self._elsewhere(topic, region)
        if parents := self.reading.knowledge.parents_of(topic):
            move = subject[PARENT]
            wanted = request[PARENT] + USUAL
            yield Interpretation("explain", parents[:1], move + _AT_HAND, wanted, "move")
        yield from self._compared(topic, about)

    def _compared(self, topic: str, about: float) -> Iterator[Interpretation]:
        """Compare the topic at hand with what was spoken of before, or with something unknown."""
        wanted = self.reading.request[COMPARE]
        words, phrases = self.reading.message.tokens, self.reading.phrases
        if phrases.stands_against(words):
            # It is held against something that isn't covered: what is asked is one thing about it.
            yield Interpretation("fact", (topic,), about, wanted, "context")
        elif len(pair := self._pair()) > 1:
            sure = _PLAIN if phrases.previous.find(words) else about
            yield Interpretation(COMPARE, pair, sure, wanted, "context")

    def _moves(self) -> Iterator[Interpretation]:
        context = self.context
        if context.intent:
            yield self._same(MORE, depth=context.depth + 1)
            if language := self.reading.phrases.language(self.reading.message.tokens):
                yield self._same(AGAIN, depth=context.depth, language=language)

    def _same(self, move: str, *, depth: int, language: Language | None = None) -> Interpretation:
        """Take the message to ask for the last answer in another way."""
        return Interpretation(
            self.context.intent,
            self.context.topics,
            self.reading.subject[move] + _AT_HAND,
            self.reading.request[move] + USUAL,
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
        knowledge, subject = self.reading.knowledge, self.reading.subject
        request = self.reading.request
        case = knowledge.entries[topic].kind is Kind.CASE
        alike = case_like(topic, region, knowledge) if case else None
        likeliest = max(subject[id_] for id_ in knowledge.entries if id_ != alike)
        about = max(subject[IT] + _AT_HAND, _PLAIN - max(likeliest, 0.0))
        if case:
            if alike:
                explained = request["explain"] + USUAL
                if request[COMPARE] <= request["explain"]:
                    explained = max(_PLAIN, explained)
                yield Interpretation("explain", (alike,), about, explained, "context")
                pair, wanted = (topic, alike), request[COMPARE]
                yield Interpretation(COMPARE, pair, about + _PAIR_ELSEWHERE, wanted, "context")
        elif knowledge.cases_in(region, knowledge.cases_of(topic)):
            yield Interpretation("cases_of", (topic,), about, _PLAIN, "context", region)
        else:
            yield Interpretation("cases", (), about, _PLAIN / 2, "context", region)
        if self.context.intent == "cases":
            yield Interpretation("cases", (), about, _PLAIN, "context", region)


def _holds(name: Sequence[str], part: Tokens) -> bool:
    """Return whether some words stand in a name, one after the other."""
    return any(tuple(name[i : i + len(part)]) == part for i in range(len(name)))


def case_like(case: str, region: str, knowledge: Knowledge) -> str | None:
    """Return the case in a place that is most like another, if one is."""
    shows = set(knowledge.entries[case].shows)

    def likeness(other: str) -> tuple[bool, int]:
        shared = len(shows & set(knowledge.entries[other].shows))
        return knowledge.contrast(case, other, "en") is not None, shared

    others = (other for other in knowledge.cases_in(region) if other != case)
    best = max(others, key=likeness, default=None)
    return best if best and any(likeness(best)) else None
