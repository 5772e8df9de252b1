"""What a message means, and what a conversation remembers of that: plain, immutable data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from ..knowledge import Kind, Knowledge, Language
from .preprocessing import ProcessedMessage

LISTS: Final[Mapping[str, Kind]] = {
    "drivers": Kind.DRIVER,
    "trends": Kind.TREND,
    "technologies": Kind.TECHNOLOGY,
    "cases": Kind.CASE,
    "outlook": Kind.OUTLOOK,
}
"""The intents that ask for all entries of a kind."""
SMALL_TALK: Final = ("greeting", "thanks", "help")
"""The intents that ask for nothing of the knowledge."""
TOPICLESS: Final = ("overview", *LISTS, *SMALL_TALK)
"""The intents without a topic, but for the fallback."""
ABOUT_ONE: Final = ("explain", "cases_of", "drivers_of", "challenges_of")
"""The intents about one entry."""
ABOUT_ONE_CASE: Final = tuple(intent for intent in ABOUT_ONE if intent != "cases_of")
"""Those of them that a case can be asked."""
COMPARE: Final = "compare"
"""The intent about two or more entries."""
FALLBACK: Final = "fallback"
"""Nothing here answers the message, or it is too unsure."""
LIFETIME: Final = 30 * 60
"""Seconds after which a conversation is forgotten: what comes later starts a new one."""
_REMEMBERED: Final = 8


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a message means."""

    intent: str
    """One of the intents of the question contract."""
    topics: tuple[str, ...]
    """Ids of the entries that it is about."""
    language: Language
    """Language to answer in."""
    confidence: float
    """The chance, from 0 to 1, that the message is about something that is covered."""
    suggestions: tuple[str, ...] = ()
    """Ids of up to three entries that may have been meant."""
    region: str | None = None
    """Code of the region that cases are asked for."""
    depth: int = 0
    """How often more was asked about the same: 0 is the first answer."""
    terms: tuple[str, ...] = ()
    """Ids of the glossary terms by which topics were named."""
    outside: str | None = None
    """Id of a thing that was named and isn't covered."""
    unsure: bool = False
    """Whether the suggestions may well be what was meant, though not surely enough."""
    ambiguous: str | None = None
    """A name in the message that may mean several entries: the suggestions."""


class Interpretation(NamedTuple):
    """One way to understand a message; a tuple, because dozens are made for each."""

    intent: str
    """The intent."""
    topics: tuple[str, ...]
    """The entries that it would be about."""
    about: float
    """How well the message fits these entries or this list: near 1 for a name."""
    wanted: float
    """How well it fits the intent."""
    basis: str
    """Where the topics come from: named, worded, list, context, place, order, move."""
    region: str | None = None
    """Region of the cases asked for."""
    depth: int = 0
    """See `Understanding.depth`."""
    language: Language | None = None
    """Language to answer in, where the message asks for one."""


@dataclass(frozen=True, slots=True)
class Context:
    """What was last talked about in one conversation."""

    intent: str = ""
    """Intent of the last answer about something."""
    topics: tuple[str, ...] = ()
    """Entries it was about; for a comparison, in the order in which they were named."""
    earlier: tuple[str, ...] = ()
    """Entries talked about before these, the latest first."""
    region: str | None = None
    """Region that the last answer was limited to."""
    listed: tuple[str, ...] = ()
    """Entries that the last answer listed, in order: what "the second one" counts."""
    depth: int = 0
    """How often "more" was asked about the same."""
    language: Language | None = None
    """Language of the last answer."""
    at: float = 0.0
    """When that was, in seconds since the epoch."""

    def alive(self, now: float) -> bool:
        """Return whether the conversation still goes on."""
        return now - self.at <= LIFETIME

    @property
    def has_subject(self) -> bool:
        """Whether there is an answer or an offer that a message may refer to."""
        return bool(self.intent or self.listed)

    def within(self, knowledge: Knowledge) -> "Context":
        """Return the context, emptied if it holds what a knowledge hasn't any more."""
        ids = (*self.topics, *self.earlier, *self.listed)
        if all(id_ in knowledge.entries for id_ in ids) and (
            self.region is None or self.region in knowledge.regions
        ):
            return self
        return Context(language=self.language, at=self.at)

    def moved(
        self,
        *,
        intent: str,
        topics: tuple[str, ...],
        region: str | None,
        listed: tuple[str, ...],
        depth: int,
        language: Language,
        at: float,
    ) -> "Context":
        """Return the context after an answer about something."""
        left = tuple(topic for topic in self.topics if topic not in topics)
        earlier = tuple(dict.fromkeys((*left, *self.earlier)))
        return Context(
            intent=intent,
            topics=topics,
            earlier=tuple(t for t in earlier if t not in topics)[:_REMEMBERED],
            region=region,
            listed=listed,
            depth=depth,
            language=language,
            at=at,
        )

    def offered(self, listed: tuple[str, ...], *, language: Language, at: float) -> "Context":
        """Return the context after entries were offered: "the first one" counts these."""
        return replace(self, listed=listed, language=language, at=at)

    def kept(self, *, language: Language, at: float) -> "Context":
        """Return the context after small talk: the subject stays."""
        return replace(self, language=language, at=at)


@dataclass(frozen=True, slots=True)
class Trace:
    """How an understanding came about, for people who ask why."""

    message: ProcessedMessage
    """The message after preprocessing."""
    interpretations: tuple[Interpretation, ...]
    """The best interpretations, best first."""
    features: Mapping[str, float]
    """What the confidence was computed from."""
    p_correct: float
    """The chance, from 0 to 1, that the best interpretation is right."""
    threshold: float
    """Confidence from which a question is answered."""
    understanding: Understanding = field(repr=False)
    """The outcome."""
