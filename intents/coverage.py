"""How much of a question is said, or was asked before, about a statement."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, count
from math import log
from typing import Final, Self

import numpy as np

from .associations import units
from .classifier.features import Floats, Indices, Rows
from .text import StringIndex

_PRIOR: Final = 0.5
"""Questions added to those that hold a unit, so that a new one tells much, but not everything."""

_NONE: Final = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What each unit of a question tells: the rarer in questions, the more (Spärck Jones 1972)."""

    positions: StringIndex
    """The position of each unit of the questions and statements that are known."""
    information: Floats
    """What each tells."""
    unknown: float
    """What any other unit tells."""

    @classmethod
    def learn(
        cls, questions: Iterable[Sequence[str]], texts: Iterable[Sequence[str]]
    ) -> tuple[Self, list[Indices]]:
        """Learn from questions and statements; return the units of each question, too.

        Args:
            questions: The tokens of each question.
            texts: The tokens of each statement.
        """
        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        asked = [np.array([numbers[one] for one in units(words)], np.int32) for words in questions]
        for words in texts:
            for unit in units(words):
                numbers[unit]  # pyright: ignore[reportUnusedExpression] - it gets the next number
        times = np.bincount(np.concatenate([_NONE, *asked]), minlength=len(numbers))
        information = -np.log((times + _PRIOR) / (len(asked) + 1)).astype(np.float32)
        unknown = log((len(asked) + 1) / _PRIOR)
        return cls(StringIndex(numbers), information, unknown), asked

    def placed(self, asked: Sequence[str]) -> Indices:
        """Return the positions of those units that are known."""
        return np.array(self.positions.found(asked), np.int32)

    def rows(self, statements: Sequence[Sequence[Indices]]) -> Rows:
        """Return which units each statement covers.

        Args:
            statements: The units of all that is said and asked about each.
        """
        found = [np.unique(np.concatenate(one)) for one in statements]
        starts = np.array([0, *accumulate(map(len, found))], np.int64)
        indices = np.concatenate(found)
        return Rows(starts, indices, np.ones(len(indices), np.uint8), len(self.positions))

    def alike(self, one: Sequence[str], other: Sequence[str]) -> float:
        """Return the share of what two questions tell that both do, from 0 to 1 (Jaccard)."""
        units_of = {*units(one)}, {*units(other)}
        both, either = units_of[0] & units_of[1], units_of[0] | units_of[1]
        return sum(map(self._tells, both)) / max(sum(map(self._tells, either)), self.unknown / 2)

    def _tells(self, unit: str) -> float:
        position = self.positions.get(unit)
        return self.unknown if position is None else float(self.information[position])

    def shares(self, known: Indices, length: int, covered: Rows) -> Floats:
        """Return how much of what a question tells each statement covers, from 0 to 1.

        Args:
            known: Its units that are known; see `placed`.
            length: How many units it has.
            covered: Of the statements, as `rows` has them.
        """
        told = np.zeros(len(self.positions), np.float32)
        told[known] = self.information[known]
        total = float(told[known].sum()) + self.unknown * (length - len(known))
        return covered.products(told) / max(total, self.unknown / 2)
