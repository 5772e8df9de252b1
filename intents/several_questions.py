"""Messages that ask several things at once: which clauses ask, and what answers each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ..knowledge import Language
from .entity_linker import EntityType
from .preprocessing import ProcessedMessage
from .statements import StatementRanker
from .understanding import StatementRef

BEGINS: Final = 0.15
"""Chance from which a statement begins an explanation or a list, which the reader gets all the
same, or answers a clause that asks for one thing."""
_ANSWERS: Final = 0.33
"""Chance from which it answers a clause that asks anything else."""
_TOLD: Final = 2
"""How many statements a reply gives at most."""


@dataclass(frozen=True, slots=True)
class SeveralQuestions:
    """Answers the clauses of a message one by one."""

    ranker: StatementRanker
    """Finds the statements that answer a question about an entry."""
    message: ProcessedMessage
    """The message."""

    def answers(
        self,
        entries: Sequence[str],
        language: Language,
        *,
        at_least: int,
        particular: bool,
    ) -> tuple[StatementRef, ...]:
        """Return the statements that answer clauses, as many as a reply gives.

        Args:
            entries: Ids of the entries that are asked about, at least one.
            language: The language of the message, where a clause doesn't tell.
            at_least: How many clauses must ask; nothing is returned for fewer.
            particular: Whether only clauses that ask for one thing count.
        """
        asking = [c for c in self._asking if self._is_particular(c) or not particular]
        places = frozenset(self.message.named(EntityType.REGION))
        found: dict[StatementRef, None] = {}
        for clause in asking if len(asking) >= at_least else ():
            best = self.ranker.best(clause, entries, language, places)[0]
            if best.chance >= (BEGINS if self._is_particular(clause) else _ANSWERS):
                found[best.ref] = None
        return tuple(found)[:_TOLD]

    @property
    def _asking(self) -> list[ProcessedMessage]:
        """Return the clauses that ask."""
        message, types = self.message, self.ranker.types
        begins = {0, *message.clauses, *types.questions(message.tokens)}
        edges = pairwise((*sorted(begins), len(message.tokens)))
        clauses = [message.without(end, len(message.tokens)).without(0, at) for at, end in edges]
        return [clause for clause in clauses if types.asks(clause.tokens)]

    def _is_particular(self, clause: ProcessedMessage) -> bool:
        return bool(self.ranker.types.particular(clause.tokens))
