"""Whether single statements answer a message, a whole list does, or nothing that is known."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from ..knowledge import Kind, Knowledge, Language
from ..knowledge.models import SUMMARY
from .answer_types import WHETHER
from .candidates import Candidates
from .entity_linker import EntityType
from .preprocessing import ProcessedMessage
from .statement_block import Question, question_about
from .statements import Stated, StatementRanker
from .text import tokens
from .understanding import (
    ABOUT_ONE,
    COMPARE,
    FALLBACK,
    LISTS_OF_ONE,
    Context,
    StatementRef,
    Understanding,
)

_ANSWERED: Final = ("explain", "fact", *LISTS_OF_ONE)
"""Intents about one entry that a single statement may answer."""
_FIGURES: Final = frozenset(("date", "money", "number", "share"))
"""Types of answers that no list of examples has."""
_PARTICULAR: Final = _FIGURES | {"who", "where", WHETHER}
"""Types of answers of which an entry lacks the one that is asked for, or has it."""
_GENERAL: Final = (SUMMARY, "benefits")
"""Sections that come nearest to what an entry is, or is good for."""
_AT_HAND: Final = ("named", "context", "order")
"""Bases of interpretations whose entry is no guess from a description, which asks what that is."""

_ANSWERS: Final = 0.3
"""Chance from which a statement is given as the answer to a question for one thing; below it, it is
the nearest to a gap. The chance was learned where most questions have no answer; where most have
one, it is about two thirds."""
_LEADS: Final = 0.7
"""Chance from which it answers a question that needn't be for one thing."""
_LINKED: Final = 0.5
"""Chance from which a statement of an entry answers that the question isn't about, but that is
linked with it; and one of what is spoken of, whatever a message sounds like."""
_DESPITE: Final = 0.7
"""Chance from which a statement of an entry that is named answers a message that sounds like
nothing that is covered."""
_ELSEWHERE: Final = 0.8
"""Chance from which one of any other entry does."""
_CLOSE: Final = 0.5
"""Difference of scores below which the second statement is given, too."""
_CLEAR: Final = 0.1
"""By how much more dangers must be wanted than one thing to be the answer for want of one: this
keeps 78 % of the questions for dangers that ask whether, and 15 % of those for one thing."""
_PLAIN: Final = 0.5
"""By how much more an explanation must be wanted than one thing, so that no statement leads it."""
_BRIEF: Final = 5
"""How many tokens a follow-up has at most that nothing but the talk tells the subject of."""
_ASKS: Final = 2
"""How many tokens a question has at least."""
_TRIED: Final = 2
"""How many entries are looked into besides the one at hand."""


@dataclass(frozen=True, slots=True)
class StatementChoice:
    """Chooses the statements that answer a message; immutable, safe to share."""

    ranker: StatementRanker
    """Finds the statements that answer a question about an entry."""
    knowledge: Knowledge
    """What is known."""

    def is_gap(self, message: ProcessedMessage, candidates: Candidates) -> bool:
        """Return whether one thing is asked about an entry that is surely meant."""
        best = candidates.interpretations[0]
        sure = best.basis in ("named", "context") and best.intent in ABOUT_ONE
        # A few words in the middle of a talk are about it, whatever else they sound like.
        follows = best.basis == "context" and len(message.tokens) <= _BRIEF
        foreign = candidates.request[FALLBACK] > best.wanted and not follows
        if not sure or len(best.topics) != 1 or foreign or message.named(EntityType.OUTSIDE):
            return False
        return bool(self.ranker.types.wanted(message.tokens) & _PARTICULAR)

    def chosen(
        self,
        said: Understanding,
        message: ProcessedMessage,
        candidates: Candidates,
        context: Context | None,
    ) -> Understanding:
        """Return an understanding with the statements that answer the question best.

        Args:
            said: What the message means.
            message: The message.
            candidates: The ways to understand it.
            context: The conversation before it.
        """
        if candidates.again and context and len(said.topics) == 1:
            return self._again(said, context)
        particular = self._particular(said, message)
        explained = not particular and _wants_explanation(said, candidates)
        if len(said.topics) != 1 or explained or not _may_be_one_thing(said, message, particular):
            return said
        if not self.ranker.blocks[said.topics[0]].asks:
            # Nobody has said what its statements answer, as in folders of before.
            return replace(said, intent="explain") if said.intent == "fact" else said
        if several := self._several(said, message):
            return _fact(said, several)
        return self._one(said, message, candidates, context, particular)

    def _one(
        self,
        said: Understanding,
        message: ProcessedMessage,
        candidates: Candidates,
        context: Context | None,
        particular: frozenset[str],
    ) -> Understanding:
        """Return an understanding of what may be a question for one thing, of these types."""
        basis, held = candidates.interpretations[0].basis, context.at_hand if context else ()
        only = context is not None and held != context.topics and basis == "context"
        held = held[:_TRIED] if particular and (only or basis == "worded") else ()
        best, told = self._found(said, message, held, particular)
        if best.entry in held:
            said = replace(said, topics=(best.entry,))
        # Who was given the whole list, and asks whether something is so, didn't find it there.
        given = WHETHER in particular and context and context.times_given(said.answer, "")
        listed = not given and _wants_list(said, candidates)
        if best.chance >= (_ANSWERS if said.intent == "fact" or particular else _LEADS):
            answered = replace(said, statements=told[:1])
            return answered if listed and not best.verdict else _fact(said, told)
        if listed or (said.intent in LISTS_OF_ONE and not particular):
            return said
        return self._unanswered(said, candidates, best, particular)

    def _again(self, said: Understanding, context: Context) -> Understanding:
        """Return the answer to the question before about another entry."""
        asked, topic = tokens(context.asked(self.knowledge, said.language)), said.topics[0]
        if not asked or topic in context.topics or not self.ranker.blocks[topic].asks:
            return replace(said, intent="explain")
        best, *_ = self.ranker.rank(Question(asked, said.language), topic)
        if best.chance >= _ANSWERS:
            return _fact(said, (best.ref,))
        particular = self.ranker.types.wanted(asked) & _PARTICULAR
        return _gap(said, best) if particular else replace(said, intent="explain")

    def _several(self, said: Understanding, message: ProcessedMessage) -> tuple[StatementRef, ...]:
        """Return the answers to a message of which several clauses ask for one thing each."""
        if not message.clauses:
            return ()
        edges = pairwise((0, *message.clauses, len(message.tokens)))
        clauses = [message.without(end, len(message.tokens)).without(0, at) for at, end in edges]
        asking = [c for c in clauses if self.ranker.types.wanted(c.tokens) & _PARTICULAR]
        if len(asking) == 1:
            return ()
        best = [self._best(clause, self._places(said), said.language)[0] for clause in asking]
        return tuple(dict.fromkeys(one.ref for one in best if one.chance >= _ANSWERS))[:_TRIED]

    def _particular(self, said: Understanding, message: ProcessedMessage) -> frozenset[str]:
        """Return the types of the one thing that is asked for, if it is one."""
        words = message.masked_opening if said.intent == "explain" else message.tokens
        return self.ranker.types.wanted(words) & _PARTICULAR

    def _found(
        self,
        said: Understanding,
        message: ProcessedMessage,
        held: Sequence[str],
        particular: frozenset[str],
    ) -> tuple[Stated, tuple[StatementRef, ...]]:
        """Return the statement that answers best, and what to tell with it.

        Args:
            said: What the message means.
            message: The message.
            held: What was spoken of, if the entry is guessed from the words: that is likelier.
            particular: The types of answer that are wanted.
        """
        topic, language = said.topics[0], said.language
        if held and (found := self._best(message, held, language))[0].chance >= _ANSWERS:
            return found
        found = self._best(message, self._places(said), language)
        if found[0].chance >= _ANSWERS or not particular:
            return found
        linked = set(self.knowledge.neighbours[topic])
        likely = self.ranker.likely(question_about(message, topic, language), _TRIED)
        if others := [id_ for id_ in likely if id_ in linked]:
            other = self._best(message, others, language)
            if other[0].chance >= _LINKED and topic in other[0].about:
                return other
        return found

    def rescued(
        self,
        message: ProcessedMessage,
        candidates: Candidates,
        context: Context | None,
        language: Language,
        *,
        named: Collection[str],
    ) -> Understanding | None:
        """Return an understanding of a message that sounds like nothing that is covered.

        Args:
            message: The message.
            candidates: The ways to understand it.
            context: The conversation before it.
            language: Language to answer in.
            named: The entries that it names.

        Returns:
            The answer of a statement that fits all the same; None if there is none.
        """
        compares = message.named(EntityType.OUTSIDE) and _compares(candidates)
        if compares or len(message.tokens) < _ASKS:
            return None
        at_hand = context.topics if context and not named else ()
        elsewhere: Sequence[str] = ()
        if not (named or at_hand) or message.named(EntityType.OUTSIDE):
            # What follows on something is hardly ever about anything else that it doesn't name.
            elsewhere = self.ranker.likely(question_about(message, "", language), _TRIED)
        tried = ((named, _DESPITE), (at_hand, _LINKED), (elsewhere, _ELSEWHERE))
        for entries, least in tried:
            asked = [id_ for id_ in entries if self.ranker.blocks[id_].asks][:_TRIED]
            if asked:
                best, told = self._best(message, asked, language)
                if best.chance >= least:
                    said = Understanding("fact", (best.entry,), language, best.chance)
                    return replace(said, statements=told)
        return None

    def _places(self, said: Understanding) -> Sequence[str]:
        """Return the entries that are asked about: the topic, or its cases in the place named."""
        topic = said.topics[0]
        if not said.region:
            return (topic,)
        cases = self.knowledge.cases_in(said.region, self.knowledge.cases_of(topic))
        return [id_ for id_ in cases if self.ranker.blocks[id_].asks][:_TRIED] or (topic,)

    def _best(
        self, message: ProcessedMessage, entries: Iterable[str], language: Language
    ) -> tuple[Stated, tuple[StatementRef, ...]]:
        """Return the statement of some entries that answers best, and what to tell with it."""
        ranked = [self.ranker.rank(question_about(message, id_, language), id_) for id_ in entries]
        best, *others = max(ranked, key=lambda found: found[0].chance)
        close = [one for one in others[:1] if best.score - one.score < _CLOSE]
        return best, tuple(one.ref for one in (best, *close))

    def _unanswered(
        self,
        said: Understanding,
        candidates: Candidates,
        best: Stated,
        particular: frozenset[str],
    ) -> Understanding:
        """Return an understanding of a question that no statement surely answers.

        Args:
            said: What it means.
            candidates: The ways to understand it.
            best: The statement that comes nearest.
            particular: The types of answer that it wants.
        """
        nearest = best.ref._replace(verdict=None)
        basis = candidates.interpretations[0].basis
        guessed = basis == "worded" and particular <= {WHETHER}
        if said.intent == "fact" and (guessed or not particular):
            return replace(said, intent=_instead(said, candidates))
        if not particular & _FIGURES and _wants_explanation(said, candidates):
            return said
        if (
            said.intent == "fact"
            and particular == frozenset(("who",))
            and self._has_cases(said, candidates)
        ):
            return replace(said, intent="cases_of")
        general = best.section in _GENERAL and particular <= {WHETHER}
        if general and said.intent != "fact" and best.chance >= _ANSWERS:
            return replace(said, statements=(nearest,))
        if particular and (said.intent == "fact" or basis in _AT_HAND):
            return _gap(said, best)
        return replace(said, statements=(nearest,)) if best.chance >= _ANSWERS else said

    def _has_cases(self, said: Understanding, candidates: Candidates) -> bool:
        """Return whether who does something may as well be a question for cases of it."""
        request, topic = candidates.request, said.topics[0]
        case = self.knowledge.entries[topic].kind is Kind.CASE
        as_well = request["cases_of"] >= request["fact"] - _CLEAR
        return as_well and not case and bool(self.knowledge.cases_for(topic))


def _may_be_one_thing(
    said: Understanding, message: ProcessedMessage, particular: frozenset[str]
) -> bool:
    """Return whether a single statement may answer what is wanted of an entry."""
    if said.intent not in _ANSWERED or message.only_names:
        return False
    if said.intent == "cases_of":
        return bool(particular & _FIGURES)
    if said.intent == "drivers_of":
        return bool(particular)
    # "And in China?" asks what that is.
    return bool(particular or said.intent != "explain" or not message.named(EntityType.REGION))


def _wants_explanation(said: Understanding, candidates: Candidates) -> bool:
    """Return whether clearly what an entry is is wanted, and not one thing about it."""
    request = candidates.request
    return said.intent == "explain" and request["explain"] - max(request["fact"], 0.0) >= _PLAIN


def _wants_list(said: Understanding, candidates: Candidates) -> bool:
    """Return whether a list is wanted rather than one thing."""
    if said.intent != "challenges_of":
        return said.intent in LISTS_OF_ONE
    request = candidates.request
    return request["challenges_of"] - max(request["fact"], 0.0) >= _CLEAR


def _compares(candidates: Candidates) -> bool:
    """Return whether a comparison is wanted rather than anything about one entry."""
    request = candidates.request
    return request[COMPARE] > max(request[intent] for intent in ABOUT_ONE)


def _fact(said: Understanding, told: tuple[StatementRef, ...]) -> Understanding:
    return replace(said, intent="fact", statements=told)


def _gap(said: Understanding, best: Stated) -> Understanding:
    nearest = best.ref._replace(verdict=None)
    return replace(said, intent="fact", statements=(nearest,), gap=True)


def _instead(said: Understanding, candidates: Candidates) -> str:
    """Return what else is wanted of an entry, where it isn't one fact: most likely what it is."""
    others = {
        one.intent: one.wanted
        for one in reversed(candidates.interpretations)
        if one.topics == said.topics and one.intent in LISTS_OF_ONE
    }
    likeliest = max(others, key=others.__getitem__, default="explain")
    lead = others.get(likeliest, 0.0) - candidates.request["explain"]
    return likeliest if lead >= _CLEAR else "explain"
