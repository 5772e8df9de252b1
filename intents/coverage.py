"""How much of a question is said, or was asked before, about a statement."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log
from typing import Final, Self

import numpy as np

from .associations import units
from .classifier.features import Floats, Rows

_PRIOR: Final = 0.5
"""Questions added to those that hold a unit, so that a new one tells much, but not everything."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What each unit of a question tells: the rarer in questions, the more (Spärck Jones 1972)."""

    positions: Mapping[str, int]
    """The position of each unit of the questions and statements that are known."""
    information: Floats
    """What each tells."""
    unknown: float
    """What any other unit tells."""

    @classmethod
    def learn(cls, questions: Sequence[Sequence[str]], texts: Iterable[Sequence[str]]) -> Self:
        """Learn from questions and statements.

        Args:
            questions: The tokens of each question.
            texts: The tokens of each statement.
        """
        counts = Counter(unit for words in questions for unit in units(words))
        held = (unit for words in texts for unit in units(words))
        known = dict.fromkeys((*counts, *held))
        shares = [(counts[unit] + _PRIOR) / (len(questions) + 1) for unit in known]
        positions = {unit: position for position, unit in enumerate(known)}
        information = -np.log(np.array(shares, np.float32))
        return cls(positions, information, log((len(questions) + 1) / _PRIOR))

    def rows(self, texts: Sequence[Iterable[Sequence[str]]]) -> Rows:
        """Return which units each statement covers.

        Args:
            texts: The tokens of all that is said and asked about each statement.
        """
        known = self.positions
        found = [
            sorted({known[unit] for words in one for unit in units(words) if unit in known})
            for one in texts
        ]
        starts = np.array([0, *accumulate(map(len, found))], np.int64)
        indices = np.array([position for one in found for position in one], np.int32)
        return Rows(starts, indices, np.ones(len(indices), np.float32), len(self.positions))

    def alike(self, one: Sequence[str], other: Sequence[str]) -> float:
        """Return the share of what two questions tell that both do, from 0 to 1 (Jaccard)."""
        units_of = {*units(one)}, {*units(other)}
        both, either = units_of[0] & units_of[1], units_of[0] | units_of[1]
        return sum(map(self._tells, both)) / max(sum(map(self._tells, either)), self.unknown / 2)

    def _tells(self, unit: str) -> float:
        position = self.positions.get(unit)
        return self.unknown if position is None else float(self.information[position])

    def shares(self, asked: Sequence[str], covered: Rows) -> Floats:
        """Return how much of what a question tells each statement covers, from 0 to 1.

        Args:
            asked: The units of the question.
            covered: Of the statements, as `rows` has them.
        """
        known = [self.positions[unit] for unit in asked if unit in self.positions]
        told = np.zeros(len(self.positions), np.float32)
        told[known] = self.information[known]
        total = float(told[known].sum()) + self.unknown * (len(asked) - len(known))
        return covered.products(told) / max(total, self.unknown / 2)
