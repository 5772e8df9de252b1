"""What a message means, and what a conversation remembers of that: plain, immutable data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from ..knowledge import Entry, Fact, Kind, Knowledge, Language
from ..knowledge.models import Verdict
from .preprocessing import ProcessedMessage

LISTS: Final[Mapping[str, Kind]] = {
    "drivers": Kind.DRIVER,
    "trends": Kind.TREND,
    "technologies": Kind.TECHNOLOGY,
    "cases": Kind.CASE,
    "outlook": Kind.OUTLOOK,
}
"""The intents that ask for all entries of a kind."""
LIST_OF_KIND: Final = {kind: whole for whole, kind in LISTS.items()}
"""The intent that asks for all entries of a kind, by kind."""
LISTS_OF_ONE: Final = ("cases_of", "drivers_of", "challenges_of")
"""The intents that ask for a list of an entry."""
SMALL_TALK: Final = ("greeting", "thanks", "help", "identity")
"""The intents that ask for nothing of the knowledge."""
CARE: Final = "care"
"""Somebody is in distress: nothing is explained, and nothing recorded."""
NEWS: Final = "news"
"""The intent about what is new, of one entry or of all."""
TOPICLESS: Final = ("overview", *LISTS, NEWS, *SMALL_TALK, CARE)
"""The intents without a topic, but for the fallback."""
ABOUT_ONE: Final = (
    "explain",
    "fact",
    "cases_of",
    "drivers_of",
    "challenges_of",
    "sources",
    "simpler",
    "timeline",
    NEWS,
)
"""The intents about one entry."""
ABOUT_ONE_CASE: Final = tuple(intent for intent in ABOUT_ONE if intent != "cases_of")
"""Those of them that a case can be asked."""
RULED: Final = ("order", "without", "pointing", "distress")
"""The bases of interpretations that a rule made, for which words that tell nothing don't matter."""
COMPARE: Final = "compare"
"""The intent about two or more entries."""
FALLBACK: Final = "fallback"
"""Nothing here answers the message, or it is too unsure."""
LIFETIME: Final = 30 * 60
"""Seconds after which a conversation is forgotten: what comes later starts a new one."""
_GAP: Final = "gap"
_REMEMBERED: Final = 8
_GIVEN: Final = 16


class StatementRef(NamedTuple):
    """A statement of the knowledge."""

    entry: str
    """Id of its entry."""
    section: str
    """The list of the entry in which it stands."""
    number: int
    """Its place there, counted from 0."""
    verdict: Verdict | None = None
    """The answer to a question that asks whether."""

    @property
    def key(self) -> str:
        """Return what stands for the statement."""
        return f"{self.entry}.{self.section}.{self.number}"

    @classmethod
    def of(cls, key: str, knowledge: Knowledge) -> "StatementRef | None":
        """Return the statement that a key stands for; None if the knowledge lacks it."""
        id_, section, number = key.rsplit(".", 2)
        entry = knowledge.entries.get(id_)
        known = entry and entry.statement(section, int(number))
        return cls(id_, section, int(number)) if known else None

    def within(self, knowledge: Knowledge) -> Fact:
        """Return the statement.

        Raises:
            KeyError: The knowledge lacks it.
        """
        statement = knowledge.entries[self.entry].statement(self.section, self.number)
        if statement is None:
            raise KeyError(self.key)
        return statement


def statement_refs(id_: str, entry: Entry) -> Iterator[StatementRef]:
    """Return references to all statements of an entry, in order."""
    return (StatementRef(id_, *route) for route, _ in entry.placed())


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
    named: tuple[str, ...] = ()
    """Entries that a message names which isn't answered: what is spoken of all the same."""
    unsure: bool = False
    """Whether the suggestions, or the statement of a gap, may well be what was meant."""
    without: tuple[str, ...] = ()
    """Entries that a list leaves out, because they are not wanted."""
    pointing: bool = False
    """Whether the message points at something, and nothing was said before."""
    ambiguous: str | None = None
    """A name in the message that may mean several entries: the suggestions."""
    statements: tuple[StatementRef, ...] = ()
    """What answers the question best; for a gap, what comes nearest to it."""
    repeated: bool = False
    """Whether the same was said before, in answer to other words."""
    asked: str = ""
    """A digest of the words; empty where there are none, as for a tap."""
    gap: bool = False
    """Whether the entry is known, but not what is asked about it."""
    script: str = ""
    """The characters to answer in; empty for those of the knowledge."""

    @property
    def answer(self) -> str:
        """Return what stands for the answer."""
        keys = (ref.key for ref in self.statements)
        intent = _GAP if self.gap else self.intent
        return " ".join((intent, self.region or "", *self.topics, *self.without, *keys))


def listed_by(understanding: Understanding, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the entries that the answer to a message lists, in order."""
    region = understanding.region
    topic = understanding.topics[0] if understanding.topics else ""
    match understanding.intent:
        case "cases" if region:
            found = knowledge.cases_in(region)
        case intent if intent in LISTS:
            found = knowledge.of_kind[LISTS[intent]]
        case "cases_of":
            cases = tuple(case for case in knowledge.cases_for(topic) if case != topic)
            found = knowledge.cases_in(region, cases) if region else cases
        case "drivers_of":
            found = knowledge.drivers_of(topic)
        case "explain":
            found = knowledge.points_of[topic]
        case _:
            found = understanding.topics
    return tuple(id_ for id_ in found if id_ not in understanding.without)


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
    """Where the topics come from: named, worded, list, context, place, order, without,
    distress, move; pasted, where a text asks nothing; or pointing, where there is nothing that
    they could come from."""
    region: str | None = None
    """Region of the cases asked for."""
    depth: int = 0
    """See `Understanding.depth`."""
    language: Language | None = None
    """Language to answer in, where the message asks for one."""
    without: tuple[str, ...] = ()
    """Entries that are not wanted."""


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
    told: tuple[str, ...] = ()
    """Keys of the statements that the last answer gave: what "source?" is about."""
    given: tuple[str, ...] = ()
    """Answers given so far, the latest last, each with a digest of the words that it was given to:
    other words go on with what wasn't said."""
    language: Language | None = None
    """Language of the last answer."""
    script: str = ""
    """Characters that were written last."""
    at: float = 0.0
    """When that was, in seconds since the epoch."""

    def alive(self, now: float) -> bool:
        """Return whether the conversation still goes on."""
        return now - self.at <= LIFETIME

    @property
    def has_subject(self) -> bool:
        """Whether there is an answer or an offer that a message may refer to."""
        return bool(self.intent or self.listed)

    @property
    def at_hand(self) -> tuple[str, ...]:
        """Entries that "it" may be, the likeliest first: the only case that was listed is one."""
        only = self.listed if self.intent == "cases_of" and len(self.listed) == 1 else ()
        return (*only, *self.topics)

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
        told: tuple[str, ...],
        given: str,
        language: Language,
        at: float,
    ) -> "Context":
        """Return the context after an answer about something."""
        return Context(
            intent=intent,
            topics=topics,
            earlier=self._before(topics),
            region=region,
            listed=self._still_listed(topics, listed),
            depth=depth,
            told=told or (self.told if topics == self.topics else ()),
            given=(*self.given, given)[-_GIVEN:],
            language=language,
            at=at,
        )

    def stated(self, knowledge: Knowledge) -> tuple[StatementRef, ...]:
        """Return the statements that the last answer gave, as far as they are known still."""
        told = (StatementRef.of(key, knowledge) for key in self.told)
        return tuple(ref for ref in told if ref)

    def asked(self, knowledge: Knowledge, language: Language) -> str:
        """Return a question that the last answer answers, without names; words aren't remembered.

        Returns:
            A question of the knowledge's own; empty if there is none, or no answer was known.
        """
        if self.given and self.given[-1].startswith(_GAP):
            return ""
        asks = (
            ask
            for ref in self.stated(knowledge)
            for ask in ref.within(knowledge).asks.questions(language)
        )
        return next((ask.text for ask in asks if ask.follows and not ask.verdict), "")

    def times_given(self, answer: str, digest: str) -> int:
        """Return how often an answer was given to other words; 0 if it was given to these.

        Args:
            answer: What stands for the answer.
            digest: Of the words; empty for a tap.
        """
        digests = [
            seen
            for key, _, seen in (g.rpartition("#") for g in self.given)
            if key == answer and seen
        ]
        return 0 if not digest or digest in digests else len(digests)

    def _before(self, topics: tuple[str, ...]) -> tuple[str, ...]:
        """Return what was talked about before these entries, the latest first."""
        before = dict.fromkeys((*self.topics, *self.earlier))
        return tuple(topic for topic in before if topic not in topics)[:_REMEMBERED]

    def _still_listed(self, topics: tuple[str, ...], listed: tuple[str, ...]) -> tuple[str, ...]:
        """Return what an answer lists, or the list of which it took one entry."""
        one_of_these = len(topics) == 1 and topics[0] in self.listed
        return self.listed if one_of_these and len(listed) <= 1 else listed

    def offered(self, understanding: Understanding, at: float) -> "Context":
        """Return the context after entries were offered: "the first one" counts these."""
        said = understanding
        listed = replace(self, listed=said.suggestions, language=said.language, at=at)
        if len(said.named) != 1 or said.named == self.topics:
            return listed
        earlier = self._before(said.named)
        return replace(listed, intent="explain", topics=said.named, earlier=earlier, told=())

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
