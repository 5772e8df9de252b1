"""The engine: from a message to what is meant by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final

from ..knowledge import Knowledge, Language
from . import suggestions
from .candidates import Candidates, CandidateScorer, ScoredMessage
from .confidence import ANSWER, GUESS, OFFER, ConfidenceFeatures, ConfidenceModel
from .entity_linker import EntityLinker, EntityType
from .last_resort import LastResort
from .preprocessing import Preprocessor, ProcessedMessage
from .statement_choice import StatementChoice
from .statement_training import renewed
from .statements import StatementRanker
from .taught import TaughtQuestions
from .text import Tokens
from .understanding import (
    ABOUT_ONE,
    CARE,
    COMPARE,
    FALLBACK,
    LISTS,
    LISTS_OF_ONE,
    RULED,
    SMALL_TALK,
    Context,
    Interpretation,
    Trace,
    Understanding,
    listed_by,
)

_SURE: Final = 0.7
"""Chance of being right from which no other entries are suggested below an answer."""
_TYPED: Final = 0.85
"""Chance of being right from which no slip is looked for."""
_EXACT: Final = 0.9
"""Confidence in the intent of what is known word for word."""
_LISTS: Final = 0.8
"""How much a list must be wanted, so that a single statement doesn't answer."""
_RULES: Final = 0.4
"""How well a message must fit what a rule made of it to be answered by that, whatever its words."""
_RESTING: Final = ("pasted", "pointing", "distress")
"""Bases of interpretations that no statement answers."""
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
    ranker: StatementRanker
    """Finds the statements that answer a question about an entry."""
    exact_intents: Mapping[Tokens, str]
    """The intent of what is known word for word but for names, by its masked tokens: what is asked
    of no entry, and what isn't answered."""
    taught: TaughtQuestions
    """What the knowledge teaches word for word."""

    @property
    def knowledge(self) -> Knowledge:
        """Return what there is to talk about."""
        return self.scorer.knowledge

    @property
    def _choice(self) -> StatementChoice:
        return StatementChoice(self.ranker, self.knowledge)

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
        both = (knowledge.entries, self.knowledge.entries)
        kinds, before = ({id_: entry.kind for id_, entry in one.items()} for one in both)
        if kinds != before:
            return None
        preprocessor = replace(self.preprocessor, linker=linker)
        ranker = renewed(self.ranker, self.knowledge, knowledge, linker)
        scorer = replace(self.scorer, knowledge=knowledge, index=ranker.index)
        taught = TaughtQuestions.of(knowledge)
        return replace(self, preprocessor=preprocessor, scorer=scorer, ranker=ranker, taught=taught)

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
        exact = self.exact_intents.get(message.masked_tokens)
        confidence = self._confidence(message, best, features, exact)
        covered = confidence >= ANSWER
        language = best.language or message.language or (context and context.language) or language
        named = message.named(EntityType.AMBIGUOUS)
        ambiguous = suggestions.ambiguous_name(self.knowledge, named, best) if named else None
        guessed = exact is None and best.basis not in RULED and p_correct < GUESS
        declined = not covered or guessed or best.intent == FALLBACK
        found = self._taught(message, candidates, context, language, p_correct)
        found = found or self._choice.of_parts(message, language)
        resting = exact == FALLBACK or best.basis in _RESTING
        if not found and (ambiguous or (declined and not resting)):
            resort = LastResort(self.ranker, message, candidates)
            if ambiguous:
                found = resort.of_meant(self.knowledge.ambiguous[ambiguous], language)
            else:
                found = self._stated(resort, context, language, covered=covered)
        if found:
            said = self._continued(found, message, context)
        elif best.basis == "pointing" and covered:
            said = Understanding(FALLBACK, (), language, confidence, pointing=True)
        elif declined or ambiguous:
            said = self._refused(message, candidates, ambiguous, language, confidence)
        else:
            said = Understanding(
                intent=best.intent,
                topics=best.topics,
                language=language,
                confidence=confidence,
                suggestions=() if p_correct >= _SURE else suggestions.others(candidates),
                region=best.region,
                depth=best.depth,
                without=best.without,
                terms=message.named(EntityType.TERM),
            )
            if best.basis == "move" and context:
                said = replace(said, statements=context.stated(self.knowledge))
            else:
                rest = self.scorer.beside_pick(message, best)
                said = self._choice.chosen(said, rest, candidates, context)
            if best.basis != "move":
                said = self._continued(said, message, context)
        shown = tuple(candidates.interpretations[:_SHOWN])
        return Trace(message, shown, features._asdict(), p_correct, ANSWER, said)

    def _taught(
        self,
        message: ProcessedMessage,
        candidates: Candidates,
        context: Context | None,
        language: Language,
        p_correct: float,
    ) -> Understanding | None:
        """Return what a message means that the knowledge holds, perhaps with a slip of the keys."""
        best, taught = candidates.interpretations[0], self.taught.answer(message, context)
        if taught is None and (p_correct < _TYPED or best.basis == "distress"):
            taught = self.taught.nearly(message, context)
        if taught is None:
            return None
        said = taught.understood(language)
        if best.basis == "context" and best.topics != said.topics:
            return None  # what names nothing is about the topic at hand
        if taught.statement:
            # One statement is no answer to who wants a list, or an explanation of what is named.
            listed = best.intent in LISTS_OF_ONE and best.topics == said.topics
            if best.topics != said.topics and (best.intent, best.basis) == ("explain", "named"):
                return None
            return None if listed and best.wanted >= _LISTS else said
        return self._choice.taught(said, message, candidates, context)

    def _confidence(
        self,
        message: ProcessedMessage,
        best: Interpretation,
        features: ConfidenceFeatures,
        exact: str | None,
    ) -> float:
        """Return the chance that a message is about something that is covered."""
        if best.basis == "pasted" or not message.raw_tokens:
            return 0.0
        confidence = self.confidence.p_in_scope(features)
        if best.basis in RULED and best.about >= _RULES:
            return max(confidence, _EXACT)
        # What tells words of this subject from others says nothing of what is known exactly.
        if exact == FALLBACK:
            return min(confidence, 1 - _EXACT)
        return max(confidence, _EXACT) if exact == best.intent else confidence

    def _stated(
        self,
        resort: LastResort,
        context: Context | None,
        language: Language,
        *,
        covered: bool,
    ) -> Understanding | None:
        """Return what a statement answers, or lacks, of a message that would be declined."""
        found = resort.answer(context, language, self.scorer.named(resort.message), covered=covered)
        if found or not resort.is_gap:
            return found
        said = Understanding("fact", resort.candidates.interpretations[0].topics, language, ANSWER)
        return self._choice.chosen(said, resort.message, resort.candidates, context)

    def _refused(
        self,
        message: ProcessedMessage,
        candidates: Candidates,
        ambiguous: str | None,
        language: Language,
        confidence: float,
    ) -> Understanding:
        """Return what is offered where nothing is answered."""
        unsure = confidence >= OFFER
        named = self.scorer.named(message)
        near = suggestions.near(self.knowledge, message, named, ambiguous)
        likely = suggestions.likely(self.knowledge, candidates) if unsure else ()
        return Understanding(
            intent=FALLBACK,
            topics=(),
            language=language,
            confidence=confidence,
            suggestions=suggestions.first((*near, *likely)),
            outside=next(iter(message.named(EntityType.OUTSIDE)), None),
            named=tuple(named),
            unsure=unsure,
            ambiguous=ambiguous,
        )

    def _continued(
        self, said: Understanding, message: ProcessedMessage, context: Context | None
    ) -> Understanding:
        """Return an understanding that doesn't repeat what was said to other words."""
        digest = blake2b(message.text.encode(), digest_size=4).hexdigest()
        said = replace(said, asked=digest)
        if context is None or said.intent not in ABOUT_ONE or message.only_names:
            return said
        if said.intent == "sources" and said.topics == context.topics:
            said = replace(said, statements=context.stated(self.knowledge))
        times = context.times_given(said.answer, digest)
        if not times or said.intent == "fact":
            return replace(said, repeated=times > 0)
        return replace(said, depth=times)

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
        if said.intent in (*SMALL_TALK, CARE) or (said.intent == FALLBACK and not said.suggestions):
            return before.kept(language=said.language, at=now)
        if said.intent == FALLBACK:
            return before.offered(said, now)
        return before.moved(
            intent=said.intent,
            topics=said.topics,
            region=said.region,
            listed=self.listed(said),
            depth=said.depth,
            told=tuple(ref.key for ref in said.statements),
            given=f"{said.answer}#{said.asked}",
            language=said.language,
            at=now,
        )

    def listed(self, said: Understanding) -> tuple[str, ...]:
        """Return the entries that the answer to a message lists, in order."""
        return listed_by(said, self.knowledge)
