"""From a message to what is meant by it."""

from dataclasses import dataclass
from typing import Final

from ..knowledge import Knowledge, Language
from .deciding import ANSWER, OFFER, Known, weigh
from .dialogue import Context
from .interpreting import Interpreter, Scores
from .lexicon import Sort
from .logistic import Logistic
from .reading import Reader, Reading
from .understanding import FALLBACK, LISTS, SMALL_TALK, Interpretation, Trace, Understanding

_SURE: Final = 0.9
"""Confidence from which no other entries are suggested beside an answer."""
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

    @property
    def knowledge(self) -> Knowledge:
        """Return what there is to talk about."""
        return self.interpreter.knowledge

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

    def trace(
        self, text: str, context: Context | None = None, language: Language = "en"
    ) -> Trace:
        """Understand a message, and say how that came about; see :meth:`understand`."""
        reading = self.reader.read(text)
        found, subject, request = self.interpreter.interpret(reading, context)
        evidence = weigh(reading, found, subject, request, self.known)
        confidence = float(self.scope.chances([evidence])[0]) if reading.raw else 0.0
        sure = float(self.right.chances([evidence])[0])
        best = found[0]
        spoken = best.language or reading.language or (context.language if context else None)
        ambiguous = self._ambiguous(reading, best)
        if confidence < ANSWER or ambiguous:
            outcome = self._undecided(
                reading, found, subject, confidence, spoken or language, ambiguous
            )
        else:
            outcome = Understanding(
                intent=best.intent,
                topics=best.topics,
                language=spoken or language,
                confidence=confidence,
                suggestions=self._others(best, found, sure),
                region=best.region,
                depth=best.depth,
                terms=_terms(reading),
            )
        return Trace(reading, tuple(found[:_SHOWN]), {**evidence._asdict(),'sure':sure}, ANSWER, outcome)

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
        match understanding.intent:
            case "cases" if region:
                return knowledge.cases_in(region)
            case intent if intent in LISTS:
                return knowledge.of_kind(LISTS[intent])
            case "cases_of":
                cases = knowledge.cases_for(understanding.topics[0])
                return knowledge.cases_in(region, cases) if region else cases
            case "drivers_of":
                return knowledge.drivers_of(understanding.topics[0])
            case "explain":
                return knowledge.points_of(understanding.topics[0])
            case "compare":
                return understanding.topics
            case _:
                return ()

    def _undecided(
        self,
        reading: Reading,
        found: list[Interpretation],
        subject: Scores,
        confidence: float,
        language: Language,
        ambiguous: str | None,
    ) -> Understanding:
        """Decline, and offer what is nearest."""
        knowledge = self.knowledge
        outside = next((m.name.id for m in reading.mentions if m.name.sort is Sort.OUTSIDE), None)
        offered: list[str] = []
        if ambiguous:
            offered += knowledge.ambiguous[ambiguous]
        if outside:
            offered += knowledge.outside[outside].near
        offered += self.interpreter.named(reading)
        if confidence >= OFFER:
            offered += [topic for i in found for topic in i.topics]
            offered += sorted(knowledge.entries, key=lambda id_: -subject[id_])[:_SUGGESTIONS]
        return Understanding(
            intent=FALLBACK,
            topics=(),
            language=language,
            confidence=confidence,
            suggestions=tuple(dict.fromkeys(offered))[:_SUGGESTIONS],
            outside=outside,
            unsure=confidence >= OFFER,
            ambiguous=ambiguous,
        )

    def _others(
        self, best: Interpretation, found: list[Interpretation], confidence: float
    ) -> tuple[str, ...]:
        """Return what else may have been meant, where an answer is not quite sure."""
        if confidence >= _SURE or best.intent in SMALL_TALK:
            return ()
        others = [topic for i in found for topic in i.topics if topic not in best.topics]
        return tuple(dict.fromkeys(others))[:_SUGGESTIONS]

    def _ambiguous(self, reading: Reading, best: Interpretation) -> str | None:
        """Return the name that the best interpretation hangs on, if it may mean several entries."""
        if best.basis != "named" or len(best.topics) != 1:
            return None
        for mention in reading.mentions:
            if mention.name.sort is Sort.AMBIGUOUS:
                if self.knowledge.ambiguous[mention.name.id][0] == best.topics[0]:
                    return mention.name.id
        return None


def _terms(reading: Reading) -> tuple[str, ...]:
    return tuple(m.name.id for m in reading.mentions if m.name.sort is Sort.TERM)
