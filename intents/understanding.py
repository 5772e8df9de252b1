"""What a message was understood to mean: plain, immutable data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ..knowledge import Kind, Language
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
