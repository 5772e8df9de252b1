"""Whether single statements answer a message, a whole list does, or nothing that is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..knowledge import Kind, Knowledge, Language
from ..knowledge.models import SUMMARY
from .answer_types import FIGURES, WHETHER
from .candidates import MORE, Candidates
from .entity_linker import EntityType
from .preprocessing import ProcessedMessage
from .several_questions import ClauseAnswer, clause_answers, sure_statements
from .statement_block import Question, names_of, question_about
from .statements import ANSWERS, BEGINS, Stated, StatementRanker, close
from .text import tokens
from .understanding import LISTS_OF_ONE, Context, StatementRef, Understanding, listed_by

_ANSWERED: Final = ("explain", "fact", *LISTS_OF_ONE)
"""Intents about one entry that a single statement may answer."""
_LED: Final = ("explain", *LISTS_OF_ONE)
"""Those whose answers begin with the statement that is asked for."""
_FEW: Final[Mapping[Language, int]] = {"zh": 5, "en": 4}
"""How many tokens besides a name ask what it is, or for a list, and for nothing in it."""
_LISTLESS: Final = FIGURES | {"where"}
"""Types of answers that no list of cases gives."""
_GENERAL: Final = (SUMMARY, "benefits")
"""Sections that come nearest to what an entry is, or is good for."""
_AT_HAND: Final = ("named", "context", "order")
"""Bases of interpretations whose entry is no guess from a description, which asks what that is."""
_FIRST: Final = 0.24
"""Chance from which a statement answers a first question for one thing: of 3,900 of writers, 73 %
had an answer."""
_NEAR: Final = 0.12
"""Chance from which a statement may answer, and stands before the words that own to a gap."""
_ALSO: Final = 0.05
"""Chance from which the next one is given with it."""
_HELPS: Final = 0.1
"""Chance from which one that says what an entry is good for stands first in its explanation."""
_LEADS: Final = 0.77
"""Chance from which it answers a question that needn't be for one thing."""
_LINKED: Final = 0.58
"""Chance from which a statement of an entry answers that is linked with that of the question."""
_WEAKLY: Final = 0.3
"""Score below which a list is hardly wanted: a statement that answers comes before it."""
_TRIED: Final = 2
"""How many entries are looked into besides the one at hand."""


@dataclass(frozen=True, slots=True)
class StatementChoice:
    """Chooses the statements that answer a message; immutable, safe to share."""

    ranker: StatementRanker
    """Finds the statements that answer a question about an entry."""
    knowledge: Knowledge
    """What is known."""

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
        basis = candidates.interpretations[0].basis
        particular = self._particular(said, message)
        clauses = self._clause_answers(said, message)
        for_one = [clause for clause in clauses if clause.particular]
        several = len(clauses) > 1 and not candidates.want_list(said.intent)
        both = sure_statements(clauses) if several else ()
        if told := self._elsewhere(said, message) or (both if len(both) > 1 else ()):
            return self._fact(said, told)
        clear = basis == "order" and said.intent == "explain"
        clear |= candidates.want_explanation(said.intent)
        clear |= basis == "named" and _plain(said, message)
        may_be = _may_be_one_thing(said, message, particular) or self._is_case(said)
        if (clear and not particular) or len(said.topics) != 1 or not may_be:
            return self._led(said, message, for_one)
        if not self.ranker.blocks[said.topics[0]].asks:
            # Nobody has said what its statements answer, as in folders of before.
            return replace(said, intent="explain") if said.intent == "fact" else said
        if len(for_one) > 1 and (told := sure_statements(for_one)):
            return self._fact(said, told)
        found, best = self._one(said, message, candidates, context, particular)
        return self._led(found, message, for_one, best)

    def taught(
        self,
        said: Understanding,
        message: ProcessedMessage,
        candidates: Candidates,
        context: Context | None,
    ) -> Understanding:
        """Return an understanding of what is known word for word; see `chosen`."""
        if said.intent == "fact":
            (topic,) = said.topics
            question = question_about(message, topic, said.language)
            return _gap(said, self.ranker.rank(question, topic))
        chosen = self.chosen(said, message, candidates, context)
        return said if chosen.gap or chosen.topics != said.topics else chosen

    def of_parts(self, message: ProcessedMessage, language: Language) -> Understanding | None:
        """Return statements on several parts of an entry, as firms, if a message names these."""
        named = message.named(EntityType.ENTRY)
        if len(named) != 1:
            return None
        (topic,), language = named, message.language or language
        parts = self.ranker.blocks[topic].named_parts(message.mentions)
        if len(parts) <= 1:
            return None
        told = self.ranker.of_parts(question_about(message, topic, language), topic, parts)
        return _fact(Understanding("fact", named, language, 1.0), told)

    def _one(
        self,
        said: Understanding,
        message: ProcessedMessage,
        candidates: Candidates,
        context: Context | None,
        particular: frozenset[str],
    ) -> tuple[Understanding, Stated]:
        """Return an understanding of what may be a question for one thing, of these types.

        With it comes the statement that answers best.
        """
        basis, held = candidates.interpretations[0].basis, context.at_hand if context else ()
        several = basis == "context" and len(held) > 1
        held = held[:_TRIED] if particular and (several or basis == "worded") else ()
        found = self._found(said, message, held, particular)
        best, told = found[0], close(found)
        if best.entry in held:
            said = replace(said, topics=(best.entry,))
        # Who was given the whole list, and asks whether something is so, didn't find it there.
        given = WHETHER in particular and context and context.times_given(said.answer, "")
        if said.intent == "fact" and self._lists_who(said, particular, candidates):
            said = replace(said, intent="cases_of")
        weakly = candidates.interpretations[0].wanted < _WEAKLY
        single = given or weakly or self._is_case(said)
        listed = not single and candidates.want_list(said.intent)
        answers = ANSWERS if context else _FIRST
        if best.chance >= (answers if said.intent == "fact" or particular or weakly else _LEADS):
            answered = replace(said, statements=told[:1])
            return answered if listed and not best.verdict else self._fact(said, told), best
        if listed or (said.intent in LISTS_OF_ONE and not particular):
            return said, best
        return self._unanswered(said, candidates, found, particular), best

    def _again(self, said: Understanding, context: Context) -> Understanding:
        """Return the answer to the question before about another entry."""
        asked, topic = tokens(context.asked(self.knowledge, said.language)), said.topics[0]
        if not asked or topic in context.topics or not self.ranker.blocks[topic].asks:
            return replace(said, intent="explain")
        ranked = self.ranker.rank(Question(asked, said.language), topic)
        if ranked[0].chance >= ANSWERS:
            return _fact(said, (ranked[0].ref,))
        particular = self.ranker.types.particular(asked)
        return _gap(said, ranked) if particular else replace(said, intent="explain")

    def _led(
        self,
        said: Understanding,
        message: ProcessedMessage,
        clauses: Sequence[ClauseAnswer],
        best: Stated | None = None,
    ) -> Understanding:
        """Let an explanation, or a list, begin with the statement that is asked for.

        Args:
            said: What the message means.
            message: The message.
            clauses: What answers those of its clauses that ask for one thing.
            best: The statement that answers it best, where that is known.
        """
        whole = said.intent in _LED and not said.statements
        if not whole or len(said.topics) != 1 or message.only_names:
            return said
        (topic,), plain = said.topics, _plain(said, message)
        called = self.ranker.blocks[topic].called(names_of(topic, message.mentions))
        told = sure_statements(clauses) if clauses and not called else ()
        if not told and (called or not plain) and self.ranker.blocks[topic].asks:
            if called or best is None or best.entry != topic:
                ranked = self.ranker.rank(question_about(message, topic, said.language), topic)
                right = (s for s in ranked if not called or (s.section, s.number) in called)
                best = next(right)
            told = (best.ref,) if called or best.chance >= BEGINS else ()
        return replace(said, statements=(told[0]._replace(verdict=None),)) if told else said

    def _elsewhere(
        self, said: Understanding, message: ProcessedMessage
    ) -> tuple[StatementRef, ...]:
        """Return what an entry says of the place that cases are asked for, where there are none."""
        if said.intent != "cases_of" or not said.region or listed_by(said, self.knowledge):
            return ()
        question = question_about(message, said.topics[0], said.language)
        ranked = self.ranker.rank(question, said.topics[0])
        return tuple(one.ref for one in ranked if said.region in one.about)[:_TRIED]

    def _clause_answers(self, said: Understanding, message: ProcessedMessage) -> list[ClauseAnswer]:
        """Find what answers each clause of a question about one entry, if it has several."""
        begins = {*message.clauses, *self.ranker.types.questions(message.tokens)}
        if not begins or len(said.topics) != 1 or said.intent not in _ANSWERED:
            return []
        return clause_answers(self.ranker, message, begins, self._places(said), said.language)

    def _particular(self, said: Understanding, message: ProcessedMessage) -> frozenset[str]:
        """Return the types of the one thing that is asked for, if it is one."""
        words = message.masked_opening if said.intent == "explain" else message.tokens
        return self.ranker.types.particular(words)

    def _found(
        self,
        said: Understanding,
        message: ProcessedMessage,
        held: Sequence[str],
        particular: frozenset[str],
    ) -> list[Stated]:
        """Return the statement that answers best, and its entry's next.

        What was spoken of, held, is likelier where the entry is guessed from the words.
        """
        topic, language = said.topics[0], said.language
        if held and (found := self.ranker.best(message, held, language))[0].chance >= ANSWERS:
            return found
        found = self.ranker.best(message, self._places(said), language)
        if found[0].chance >= ANSWERS or not particular:
            return found
        linked = set(self.knowledge.neighbours[topic])
        likely = self.ranker.index.likely(message.tokens, message.language or language)[:_TRIED]
        named = [id_ for id_ in message.named(EntityType.ENTRY) if id_ != topic]
        others = dict.fromkeys((*named, *(id_ for id_ in likely if id_ in linked)))
        if others := [id_ for id_ in others if self.ranker.blocks[id_].asks]:
            other = self.ranker.best(message, others, language)
            if other[0].chance >= _LINKED and topic in other[0].about:
                return other
        return found

    def _fact(self, said: Understanding, told: tuple[StatementRef, ...]) -> Understanding:
        """Return that statements answer: those of a case in a place that is named are about it."""
        case = told[0].entry
        return _fact(replace(said, topics=(case,)) if case in self._places(said) else said, told)

    def _places(self, said: Understanding) -> Sequence[str]:
        """Return the entries that are asked about: the topic, or its cases in the place named."""
        topic = said.topics[0]
        if not said.region:
            return (topic,)
        cases = self.knowledge.cases_in(said.region, self.knowledge.cases_of(topic))
        return [id_ for id_ in cases if self.ranker.blocks[id_].asks][:_TRIED] or (topic,)

    def _unanswered(
        self,
        said: Understanding,
        candidates: Candidates,
        found: Sequence[Stated],
        particular: frozenset[str],
    ) -> Understanding:
        """Return an understanding of a question that no statement surely answers.

        Args:
            said: What it means.
            candidates: The ways to understand it.
            found: The statements that come nearest.
            particular: The types of answer that it wants.
        """
        best = found[0]
        basis = candidates.interpretations[0].basis
        guessed = basis == "worded" and particular <= {WHETHER}
        if said.intent == "fact" and (guessed or not particular):
            return replace(said, intent=candidates.instead_of_fact(said.topics))
        general = best.section in _GENERAL and particular <= {WHETHER, "who"}
        if general and said.intent != "fact" and best.chance >= _HELPS:
            return replace(said, statements=(best.ref._replace(verdict=None),))
        if not particular & FIGURES and candidates.want_explanation(said.intent):
            return said
        if particular and (said.intent == "fact" or basis in _AT_HAND):
            return _gap(said, found)
        return said

    def _is_case(self, said: Understanding) -> bool:
        """Return whether cases are wanted of a case, of which one statement may tell more."""
        kinds = [self.knowledge.entries[id_].kind for id_ in said.topics[:1]]
        return said.intent == "cases_of" and Kind.CASE in kinds

    def _lists_who(
        self, said: Understanding, particular: frozenset[str], candidates: Candidates
    ) -> bool:
        """Return whether who does something may as well be a question for cases of it."""
        request, topic = candidates.request, said.topics[0]
        if particular - {WHETHER} != frozenset(("who",)):
            return False
        case = self.knowledge.entries[topic].kind is Kind.CASE
        as_well = request["cases_of"] >= request["fact"] - MORE
        return as_well and not case and bool(self.knowledge.cases_for(topic))


def _may_be_one_thing(
    said: Understanding, message: ProcessedMessage, particular: frozenset[str]
) -> bool:
    """Return whether a single statement may answer what is wanted of an entry."""
    if said.intent not in _ANSWERED or message.only_names:
        return False
    if said.intent == "cases_of":
        return bool(particular & _LISTLESS)
    if said.intent == "drivers_of":
        return bool(particular)
    # "And in China?" asks what that is.
    return bool(particular or said.intent != "explain" or not message.named(EntityType.REGION))


def _plain(said: Understanding, message: ProcessedMessage) -> bool:
    """Return whether a message says little beside the names of what it wants to know more of."""
    names = sum(m.end - m.start for m in message.mentions if m.name.id in said.topics)
    return said.intent in _LED and len(message.tokens) - names <= _FEW[said.language]


def _fact(said: Understanding, told: tuple[StatementRef, ...]) -> Understanding:
    return replace(said, intent="fact", statements=told)


def _gap(said: Understanding, found: Sequence[Stated]) -> Understanding:
    unsure = found[0].chance >= _NEAR
    also = [one for one in found[1:_TRIED] if unsure and one.chance >= _ALSO]
    nearest = tuple(one.ref._replace(verdict=None) for one in (found[0], *also))
    return replace(said, intent="fact", statements=nearest, gap=True, unsure=unsure)
