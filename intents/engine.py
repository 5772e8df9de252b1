"""The engine: from a message to what is meant by it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import islice
from typing import Final

from ..knowledge import Kind, Knowledge, Language
from .candidates import Candidates, CandidateScorer, ScoredMessage
from .confidence import ANSWER, GUESS, OFFER, ConfidenceModel
from .entity_linker import EntityLinker, EntityType
from .preprocessing import Preprocessor, ProcessedMessage
from .text import Tokens
from .understanding import (
    ABOUT_ONE,
    COMPARE,
    FALLBACK,
    LISTS,
    SMALL_TALK,
    TOPICLESS,
    Context,
    Interpretation,
    Trace,
    Understanding,
)

_SURE: Final = 0.9
"""Chance of being right from which no other entries are suggested below an answer."""
_EXACT: Final = 0.9
"""Confidence in the intent of what is known word for word."""
_SUGGESTIONS: Final = 3
_SHOWN: Final = 6


@dataclass(frozen=True)
class Engine:
    """Understands messages. Immutable, without I/O: safe to share between tasks and threads."""

    preprocessor: Preprocessor
    """Corrects messages, and finds the names in them."""
    scorer: CandidateScorer
    """Finds and scores what a message may mean."""
    confidence: ConfidenceModel
    """Estimates how sure the best of it is."""
    exact_intents: Mapping[Tokens, str]
    """The intent of what is known word for word but for names, by its masked tokens: what is asked
    of no entry, and what isn't answered."""

    @property
    def knowledge(self) -> Knowledge:
        """Return what there is to talk about."""
        return self.scorer.knowledge

    def with_knowledge(self, knowledge: Knowledge, linker: EntityLinker) -> "Engine | None":
        """Return the engine with the texts, names and links of another knowledge.

        What has been learned stays: the new names are recognised, new questions aren't.
        So this takes no time, while learning takes seconds.

        Args:
            knowledge: What there is to talk about.
            linker: Finds its names.

        Returns:
            The engine; None if the knowledge has other entries, of which nothing has been learned.
        """
        if _kinds(knowledge) != _kinds(self.knowledge):
            return None
        preprocessor = replace(self.preprocessor, linker=linker)
        scorer = replace(self.scorer, knowledge=knowledge)
        return replace(self, preprocessor=preprocessor, scorer=scorer)

    def read(self, text: str) -> ScoredMessage:
        """Do the larger part of understanding a message: what no conversation changes."""
        return self.scorer.scored(self.preprocessor.process(text))

    def understand(
        self, text: str | ScoredMessage, context: Context | None = None, language: Language = "en"
    ) -> Understanding:
        """Understand a message.

        Args:
            text: The message, of any length and content, or what `read` made of it.
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
        read = self.read(text)
        message, candidates = read.message, self.scorer.candidates(read, context)
        said = self._decided(message, candidates, context, language).understanding
        if COMPARE in intents:
            named = self.scorer.named(message)
            at_hand = context.topics[: max(2 - len(named), 0)] if context else ()
            topics = tuple(dict.fromkeys((*at_hand, *named)))
            return replace(said, intent=COMPARE, topics=topics) if len(topics) > 1 else said
        for one in candidates.interpretations:
            sure = one.basis == "named" or (one.intent in LISTS and one.region)
            if one.intent in intents and sure and not said.ambiguous:
                terms = message.named(EntityType.TERM)
                return Understanding(
                    one.intent, one.topics, said.language, 1.0, region=one.region, terms=terms
                )
        if said.intent in ABOUT_ONE and intents[0] in ABOUT_ONE:
            return replace(said, intent=intents[0])
        return said

    def trace(
        self, text: str | ScoredMessage, context: Context | None = None, language: Language = "en"
    ) -> Trace:
        """Understand a message, and say how that came about; see :meth:`understand`."""
        read = self.read(text) if isinstance(text, str) else text
        candidates = self.scorer.candidates(read, context)
        return self._decided(read.message, candidates, context, language)

    def _decided(
        self,
        message: ProcessedMessage,
        candidates: Candidates,
        context: Context | None,
        language: Language,
    ) -> Trace:
        """Decide whether the best interpretation is answered."""
        best = candidates.interpretations[0]
        features = self.confidence.features(message, candidates)
        p_correct = self.confidence.p_correct(features)
        # What tells words of this subject from others says nothing of what is known exactly.
        exact = self.exact_intents.get(message.masked_tokens)
        confidence = self.confidence.p_in_scope(features) if message.raw_tokens else 0.0
        if exact == FALLBACK:
            confidence = min(confidence, 1 - _EXACT)
        elif exact == best.intent:
            confidence = max(confidence, _EXACT)
        told = best.language or message.language or (context.language if context else None)
        ambiguous = self._ambiguous(message, best)
        guessed = exact is None and p_correct < GUESS
        if confidence < ANSWER or ambiguous or guessed or best.intent == FALLBACK:
            outside = next(iter(message.named(EntityType.OUTSIDE)), None)
            unsure = confidence >= OFFER
            near = self._near(message, outside, ambiguous)
            said = Understanding(
                intent=FALLBACK,
                topics=(),
                language=told or language,
                confidence=confidence,
                suggestions=_first((*near, *self._likely(candidates)) if unsure else near),
                outside=outside,
                unsure=unsure,
                ambiguous=ambiguous,
            )
        else:
            said = Understanding(
                intent=best.intent,
                topics=best.topics,
                language=told or language,
                confidence=confidence,
                suggestions=() if p_correct >= _SURE else _others(candidates),
                region=best.region,
                depth=best.depth,
                terms=message.named(EntityType.TERM),
            )
        shown = tuple(candidates.interpretations[:_SHOWN])
        return Trace(message, shown, features._asdict(), p_correct, ANSWER, said)

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
        return found

    def _near(
        self, message: ProcessedMessage, outside: str | None, ambiguous: str | None
    ) -> tuple[str, ...]:
        """Return the entries that a message names or that are nearest to what it names."""
        knowledge = self.knowledge
        meanings = knowledge.ambiguous[ambiguous] if ambiguous else ()
        instead = knowledge.outside[outside].near if outside else ()
        return (*meanings, *instead, *self.scorer.named(message))

    def _likely(self, candidates: Candidates) -> Iterator[str]:
        """Yield the entries that a message is most likely about."""
        yield from (topic for one in candidates.interpretations for topic in one.topics)
        subject = candidates.subject
        yield from nlargest(_SUGGESTIONS, self.knowledge.entries, key=subject.__getitem__)

    def _ambiguous(self, message: ProcessedMessage, best: Interpretation) -> str | None:
        """Return the name that the best interpretation hangs on, if it may mean several entries."""
        if best.basis != "named" or len(best.topics) != 1:
            return None
        means = self.knowledge.ambiguous
        names = message.named(EntityType.AMBIGUOUS)
        return next((name for name in names if means[name][0] == best.topics[0]), None)


def _kinds(knowledge: Knowledge) -> Mapping[str, Kind]:
    return {id_: entry.kind for id_, entry in knowledge.entries.items()}


def _others(candidates: Candidates) -> tuple[str, ...]:
    """Return what else may have been meant, for an answer that is not quite sure."""
    best = candidates.interpretations[0]
    if best.intent in TOPICLESS:
        return ()
    topics = (topic for one in candidates.interpretations for topic in one.topics)
    return _first(topic for topic in topics if topic not in best.topics)


def _first(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(islice(dict.fromkeys(ids), _SUGGESTIONS))
