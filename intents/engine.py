"""From a message to what is meant by it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import islice
from typing import Final

from ..knowledge import Kind, Knowledge, Language
from .candidates import Scores
from .classifier.logistic import Logistic
from .confidence import ANSWER, GUESS, OFFER, Known, weigh
from .dialogue import Context
from .entity_linker import Lexicon, Sort
from .interpreter import Interpreter
from .preprocessing import Reader, Reading
from .understanding import (
    ABOUT_ONE,
    COMPARE,
    FALLBACK,
    LISTS,
    SMALL_TALK,
    TOPICLESS,
    Interpretation,
    Trace,
    Understanding,
)

_SURE: Final = 0.9
"""Confidence from which no other entries are suggested beside an answer."""
_BY_HEART: Final = 0.9
"""How sure the intent is of what is known word for word."""
_SUGGESTIONS: Final = 3
_SHOWN: Final = 6


@dataclass(frozen=True)
class Engine:
    """Understands messages. Immutable, without I/O: safe to share between tasks and threads."""

    interpreter: Interpreter
    """Weighs what a message may mean."""
    reader: Reader
    """Reads messages."""
    known: Known
    """The words of everything that is answered."""
    scope: Logistic
    """The chance that a message is about something that is covered."""
    right: Logistic
    """The chance that its best interpretation is right."""
    by_heart: Mapping[tuple[str, ...], str]
    """The intent of what is known word for word but for names, as `Reading.rest`: what is asked of
    no entry, and what isn't answered."""

    @property
    def knowledge(self) -> Knowledge:
        """Return what there is to talk about."""
        return self.interpreter.knowledge

    def speaking(self, knowledge: Knowledge, lexicon: Lexicon) -> "Engine | None":
        """Return the engine with the texts, names and links of another knowledge.

        What has been learned stays: the new names are recognised, new questions aren't.
        So this takes no time, while learning takes seconds.

        Args:
            knowledge: What there is to talk about.
            lexicon: Its names.

        Returns:
            The engine; None if the knowledge has other entries, of which nothing has been learned.
        """
        if _kinds(knowledge) != _kinds(self.knowledge):
            return None
        interpreter = replace(self.interpreter, knowledge=knowledge)
        return replace(self, interpreter=interpreter, reader=replace(self.reader, lexicon=lexicon))

    def understand(
        self, text: str, context: Context | None = None, language: Language = "en"
    ) -> Understanding:
        """Understand a message.

        Args:
            text: The message, of any length and content.
            context: The conversation before it, if it still goes on.
            language: Language to answer in where neither the message nor the conversation tells.
        """
        return self.trace(text, context, language).understanding

    def understand_as(
        self,
        intents: Sequence[str],
        text: str,
        context: Context | None = None,
        language: Language = "en",
    ) -> Understanding:
        """Understand the words after a command: it says what is wanted, they say about what.

        Args:
            intents: What may be wanted, the likeliest about one entry first.
            text: The words.
            context: The conversation before it, if it still goes on.
            language: Language to answer in where nothing else tells.

        Returns:
            One of the intents where the words name an entry or a place that it fits, or are
            understood to be about an entry; otherwise whatever they mean on their own.
        """
        reading = self.reader.read(text)
        interpreted = self.interpreter.interpret(reading, context)
        said = self._judged(reading, interpreted, context, language).understanding
        if COMPARE in intents:
            named = self.interpreter.named(reading)
            at_hand = context.topics[: max(2 - len(named), 0)] if context else ()
            topics = tuple(dict.fromkeys((*at_hand, *named)))
            return replace(said, intent=COMPARE, topics=topics) if len(topics) > 1 else said
        for one in interpreted[0]:
            sure = one.basis == "named" or (one.intent in LISTS and one.region)
            if one.intent in intents and sure and not said.ambiguous:
                terms = tuple(_named(reading, Sort.TERM))
                return Understanding(
                    one.intent, one.topics, said.language, 1.0, region=one.region, terms=terms
                )
        if said.intent in ABOUT_ONE and intents[0] in ABOUT_ONE:
            return replace(said, intent=intents[0])
        return said

    def trace(self, text: str, context: Context | None = None, language: Language = "en") -> Trace:
        """Understand a message, and say how that came about; see :meth:`understand`."""
        reading = self.reader.read(text)
        interpreted = self.interpreter.interpret(reading, context)
        return self._judged(reading, interpreted, context, language)

    def _judged(
        self,
        reading: Reading,
        interpreted: tuple[Sequence[Interpretation], Scores, Scores],
        context: Context | None,
        language: Language,
    ) -> Trace:
        """Decide whether the best interpretation is answered; see `Interpreter.interpret`."""
        found, subject, request = interpreted
        evidence = weigh(reading, found, subject, request, self.known)
        confidence = self.scope.chance(evidence) if reading.raw else 0.0
        sure = self.right.chance(evidence)
        best = found[0]
        # What tells words of this subject from others says nothing of what is known by heart.
        known = self.by_heart.get(reading.rest)
        if known == FALLBACK:
            confidence = min(confidence, 1 - _BY_HEART)
        elif known == best.intent:
            confidence = max(confidence, _BY_HEART)
        spoken = best.language or reading.language or (context.language if context else None)
        ambiguous = self._ambiguous(reading, best)
        guessed = known is None and sure < GUESS
        if confidence < ANSWER or ambiguous or guessed or best.intent == FALLBACK:
            outside = next(_named(reading, Sort.OUTSIDE), None)
            unsure = confidence >= OFFER
            near = self._near(reading, outside, ambiguous)
            said = Understanding(
                intent=FALLBACK,
                topics=(),
                language=spoken or language,
                confidence=confidence,
                suggestions=_first((*near, *self._likely(found, subject)) if unsure else near),
                outside=outside,
                unsure=unsure,
                ambiguous=ambiguous,
            )
        else:
            said = Understanding(
                intent=best.intent,
                topics=best.topics,
                language=spoken or language,
                confidence=confidence,
                suggestions=() if sure >= _SURE else _others(best, found),
                region=best.region,
                depth=best.depth,
                terms=tuple(_named(reading, Sort.TERM)),
            )
        weighed = {**evidence._asdict(), "right": sure}
        return Trace(reading, tuple(found[:_SHOWN]), weighed, ANSWER, said)

    def remember(
        self, context: Context | None, understanding: Understanding, now: float
    ) -> Context:
        """Return what a conversation remembers after an answer.

        Args:
            context: What it remembered before.
            understanding: What was answered.
            now: Seconds since the epoch.
        """
        before = context or Context()
        said = understanding
        if said.intent in SMALL_TALK or (said.intent == FALLBACK and not said.suggestions):
            return before.kept(language=said.language, at=now)
        if said.intent == FALLBACK:
            return before.offered(said.suggestions, language=said.language, at=now)
        return before.moved(
            intent=said.intent,
            topics=said.topics,
            region=said.region,
            listed=self.listed(said),
            depth=said.depth,
            language=said.language,
            at=now,
        )

    def listed(self, understanding: Understanding) -> tuple[str, ...]:
        """Return the entries that the answer to a message lists, in order."""
        knowledge, region = self.knowledge, understanding.region
        topic = understanding.topics[0] if understanding.topics else ""
        match understanding.intent:
            case "cases" if region:
                found = knowledge.cases_in(region)
            case intent if intent in LISTS:
                found = knowledge.of_kind(LISTS[intent])
            case "cases_of":
                cases = tuple(case for case in knowledge.cases_for(topic) if case != topic)
                found = knowledge.cases_in(region, cases) if region else cases
            case "drivers_of":
                found = knowledge.drivers_of(topic)
            case "explain":
                found = knowledge.points_of(topic)
            case _:
                found = understanding.topics
        return found

    def _near(
        self, reading: Reading, outside: str | None, ambiguous: str | None
    ) -> tuple[str, ...]:
        """Return the entries that a message names or that are nearest to what it names."""
        knowledge = self.knowledge
        meanings = knowledge.ambiguous[ambiguous] if ambiguous else ()
        instead = knowledge.outside[outside].near if outside else ()
        return (*meanings, *instead, *self.interpreter.named(reading))

    def _likely(self, found: Sequence[Interpretation], subject: Scores) -> Iterator[str]:
        """Yield the entries that a message is most likely about."""
        yield from (topic for interpretation in found for topic in interpretation.topics)
        yield from nlargest(_SUGGESTIONS, self.knowledge.entries, key=subject.__getitem__)

    def _ambiguous(self, reading: Reading, best: Interpretation) -> str | None:
        """Return the name that the best interpretation hangs on, if it may mean several entries."""
        if best.basis != "named" or len(best.topics) != 1:
            return None
        means = self.knowledge.ambiguous
        names = _named(reading, Sort.AMBIGUOUS)
        return next((name for name in names if means[name][0] == best.topics[0]), None)


def _kinds(knowledge: Knowledge) -> Mapping[str, Kind]:
    return {id_: entry.kind for id_, entry in knowledge.entries.items()}


def _named(reading: Reading, sort: Sort) -> Iterator[str]:
    return (mention.name.id for mention in reading.mentions if mention.name.sort is sort)


def _others(best: Interpretation, found: Sequence[Interpretation]) -> tuple[str, ...]:
    """Return what else may have been meant, beside an answer that is not quite sure."""
    if best.intent in TOPICLESS:
        return ()
    topics = (topic for interpretation in found for topic in interpretation.topics)
    return _first(topic for topic in topics if topic not in best.topics)


def _first(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(islice(dict.fromkeys(ids), _SUGGESTIONS))
