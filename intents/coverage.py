"""How much of a question is said, or was asked before, about a statement."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, count, pairwise
from math import log
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from ..knowledge import LANGUAGES, Language
from .classifier.features import Floats, Indices, Rows, Starts
from .text import StringIndex, Tokens, is_unspaced

_STEM: Final = 6
"""Characters of a word that count."""
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

    def told(self, words: Sequence[str]) -> float:
        """Return how much some words tell."""
        asked = units(words)
        known = self.placed(asked)
        return float(self.information[known].sum()) + self.unknown * (len(asked) - len(known))

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
        return covered.products(told) / self.total(told[known], length - len(known))

    def total(self, told: Floats, unknown: int) -> float:
        """Return how much a question tells in all: something, however little it says.

        Args:
            told: What each of its units tells that are known.
            unknown: How many are not.
        """
        return max(float(told.sum()) + self.unknown * unknown, self.unknown / 2)


@dataclass(frozen=True, slots=True)
class StatementIndex:
    """The statements of all entries by the units that they cover; immutable, safe to share."""

    coverage: Coverage
    """What each unit of a question tells."""
    postings: Mapping[Language, Rows]
    """The places of the statements that cover each unit."""
    entries: tuple[str, ...]
    """The entries that have statements, in the order of these."""
    starts: Starts
    """The place of the first statement of each entry."""
    asked: npt.NDArray[np.bool_]
    """Of which entries somebody has said what their statements answer."""

    @classmethod
    def of(
        cls,
        coverage: Coverage,
        covered: Mapping[str, Mapping[Language, Rows]],
        asked: Container[str],
    ) -> Self:
        """Index the statements of some entries.

        Args:
            coverage: What each unit of a question tells.
            covered: Which units each statement covers, by entry, as `Coverage.rows` has them.
            asked: The entries of which somebody has said what their statements answer.
        """
        postings: dict[Language, Rows] = {}
        for language in LANGUAGES if covered else ():
            joined = Rows.joined([rows[language] for rows in covered.values()])
            postings[language] = joined.transposed()
        counts = [len(rows[LANGUAGES[0]]) for rows in covered.values()]
        known = np.array([id_ in asked for id_ in covered], np.bool_)
        return cls(coverage, postings, tuple(covered), np.cumsum([0, *counts])[:-1], known)

    def likely(self, words: Tokens, language: Language) -> list[str]:
        """Return the entries, those with the statements that cover most of a question first.

        Args:
            words: The tokens of the question.
            language: Its language.
        """
        order: list[int] = np.argsort(-self._shares(words, language), kind="stable").tolist()
        return [self.entries[i] for i in order]

    def lacks(self, words: Tokens, language: Language) -> dict[str, float]:
        """Return how much less of a question each entry's statements cover than the best one.

        Args:
            words: The tokens of the question.
            language: Its language.

        Returns:
            From 0 to 1 by entry; 0 where nobody has said what its statements answer.
        """
        shares = self._shares(words, language)
        lacks = (shares.max(initial=0) - shares) * self.asked
        return dict(zip(self.entries, lacks.tolist(), strict=True))

    def _shares(self, words: Tokens, language: Language) -> Floats:
        """Return the share of what a question tells that one statement of each entry covers."""
        asked = units(words)
        known = self.coverage.placed(asked)
        told, rows = self.coverage.information[known], self.postings[language].taken(known)
        weights = np.repeat(told, np.diff(rows.starts))
        sums = np.bincount(rows.indices, weights, minlength=rows.width)
        every = self.coverage.total(told, len(asked) - len(known))
        return (np.maximum.reduceat(sums, self.starts) / every).astype(np.float32)


def units(words: Sequence[str]) -> tuple[str, ...]:
    """Return what is associated: words by their beginning, characters and pairs of characters.

    Args:
        words: Tokens.
    """
    singles = (f"#{len(w)}" if w.isdecimal() else w if is_unspaced(w) else w[:_STEM] for w in words)
    pairs = (a + b for a, b in pairwise(words) if is_unspaced(a) and is_unspaced(b))
    return tuple(dict.fromkeys((*singles, *pairs)))


def stated_units(words: Sequence[str]) -> tuple[str, ...]:
    """Return the units of a statement: of characters only the pairs, which alone tell enough.

    Args:
        words: Tokens.
    """
    return tuple(unit for unit in units(words) if len(unit) > 1 or not is_unspaced(unit))
