"""Messages that ask several things at once: which clauses ask, and what answers each."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from ..knowledge import Language
from .entity_linker import EntityType
from .preprocessing import ProcessedMessage
from .statements import ANSWERS, BEGINS, GIVEN, Stated, StatementRanker
from .understanding import StatementRef


class ClauseAnswer(NamedTuple):
    """What answers a clause, if anything does."""

    stated: Stated
    """The statement that answers it best."""
    particular: bool
    """Whether it asks for one thing, which less sure a statement answers."""


def clause_answers(
    ranker: StatementRanker,
    message: ProcessedMessage,
    begins: Iterable[int],
    entries: Sequence[str],
    language: Language,
) -> list[ClauseAnswer]:
    """Find what answers each clause of a message that asks something.

    Args:
        ranker: Finds the statements that answer a question about an entry.
        message: The message.
        begins: The tokens with which its clauses begin.
        entries: Ids of the entries that are asked about, at least one.
        language: The language of the message, where a clause doesn't tell.
    """
    types, places = ranker.types, frozenset(message.named(EntityType.REGION))
    edges = pairwise((*sorted({0, *begins}), len(message.tokens)))
    clauses = [message.without(end, len(message.tokens)).without(0, at) for at, end in edges]
    return [
        ClauseAnswer(
            ranker.best(clause, entries, language, places)[0],
            bool(types.particular(clause.tokens)),
        )
        for clause in clauses
        if types.asks(clause.tokens)
    ]


def sure_statements(answers: Iterable[ClauseAnswer]) -> tuple[StatementRef, ...]:
    """Return the statements that are sure enough to be told, as many as a reply gives."""
    sure = (
        stated.ref
        for stated, particular in answers
        if stated.chance >= (BEGINS if particular else ANSWERS)
    )
    return tuple(dict.fromkeys(sure))[:GIVEN]
