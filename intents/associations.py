"""Which words of questions go with which words of the statements that answer them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log
from typing import Any, Final, Self

import numpy as np

from .classifier.features import Floats, Indices, Rows
from .classifier.linear_model import Doubles

_ROUNDS: Final = 3
"""Rounds of expectation maximisation: more learn the asks by heart."""
_SEEN: Final = 2
"""How many questions must hold a word: what is seen once tells nothing of other questions."""
_DOUBT: Final = 2.0
"""Questions added to those beside each word of statements, in which anything may be asked."""
_ABOUT: Final = 0.7
"""How much of a question is taken to be about the statement; the rest may be anything."""
_LEAST: Final = 1.0
"""How much likelier than usual a word must be to be kept."""
_NONE: Final = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True)
class Associations:
    """Lexical translation probabilities, as IBM model 1 has them (Brown et al. 1993)."""

    asked: Indices
    """Positions of the units of questions that are known well enough."""
    usual: Floats
    """How likely each of them is in any question."""
    likely: Any
    """How likely it is beside a unit of a statement: a sparse matrix of these units, the last of
    which is the empty one, by those of questions."""

    @classmethod
    def learn(cls, pairs: Sequence[tuple[Indices, Indices]], width: int) -> Self:
        """Learn from questions, each with the statement that answers it.

        Args:
            pairs: Positions of the units of the question and of the statement; see `coverage.units`
                and `coverage.stated_units`.
            width: How many positions there are.
        """
        every = np.concatenate([_NONE, *(asked for asked, _ in pairs)])
        counts = np.bincount(every, minlength=width)
        known = counts >= _SEEN
        columns = np.cumsum(known, dtype=np.int32) - 1
        # Units of questions mean the same whichever question for a statement they are in.
        together: defaultdict[bytes, list[Indices]] = defaultdict(list)
        for asked, stated in pairs:
            together[stated.tobytes()].append(columns[asked[known[asked]]])
        # Every statement also holds the empty unit, beside which anything may be asked.
        texts = [np.append(np.frombuffer(text, np.int32), np.int32(width)) for text in together]
        questions = _matrix([np.concatenate(one) for one in together.values()], known.sum())
        questions.sum_duplicates()
        holders = _matrix(texts, width + 1).T.tocsr()
        likely = _product(holders, questions)
        likely.data[:] = 1
        for _ in range(_ROUNDS):
            shares = questions.copy()
            for number, text in enumerate(texts):
                own = slice(*shares.indptr[number : number + 2])
                shares.data[own] /= _beside(likely, text)[shares.indices[own]]
            likely.data *= _product(holders, shares).data
            beside = _DOUBT + likely.sum(axis=1)
            likely.data /= np.repeat(beside, np.diff(likely.indptr)).astype(np.float32)
        usual = ((counts[known] + 0.5) / (counts[known].sum() + 1)).astype(np.float32)
        return cls(np.flatnonzero(known).astype(np.int32), usual, likely)

    def expected(self, texts: Sequence[Indices]) -> Rows:
        """Return what is likely to be asked beside statements.

        Args:
            texts: Positions of the units of each; see `stated_units`.

        Returns:
            For each the units of questions that are likelier than usual, and how much each adds to
            the logarithm of the likelihood.
        """
        held = np.diff(self.likely.indptr) > 0
        found: list[Indices] = []
        gains: list[Floats] = []
        for text in texts:
            known = text[held[text]]
            chances = _beside(self.likely, known) / max(len(known), 1)
            ratio = _ABOUT / (1 - _ABOUT) * chances / self.usual
            likelier = ratio > _LEAST
            found.append(self.asked[likelier])
            gains.append(np.log1p(ratio[likelier]).astype(np.float32))
        starts = np.array([0, *accumulate(map(len, found))], np.int64)
        width = self.likely.shape[0] - 1
        return Rows(starts, np.concatenate(found), np.concatenate(gains), width)


def _beside(likely: Any, units: Indices) -> Doubles:  # noqa: ANN401 - scipy has no types
    """Return how likely each unit of questions is beside some units of statements, in all."""
    return likely[units].T @ np.ones(len(units))


def _product(one: Any, other: Any) -> Any:  # noqa: ANN401 - scipy has no types
    """Return the product of two sparse matrices, the places of each row in order."""
    product = one @ other
    product.sort_indices()
    return product


def _matrix(rows: Sequence[Indices], width: int) -> Any:  # noqa: ANN401 - scipy has no types
    """Return a sparse matrix that has ones at some places of each row."""
    # Imported here: only learning needs scipy.
    from scipy.sparse import csr_array  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs]

    starts = np.array([0, *accumulate(map(len, rows))], np.int32)
    indices = np.concatenate([_NONE, *rows])
    values = np.ones(len(indices), np.float32)
    return csr_array((values, indices, starts), (len(rows), width))


def likelihoods(expected: Rows, known: Indices, length: int) -> Floats:
    """Return how much likelier a question is beside statements than anywhere, as logarithms.

    Args:
        expected: Of the statements; see `Associations.expected`.
        known: Positions of the units of the question that are known.
        length: How many units it has.

    Returns:
        The mean over the units of the question, by statement; at least the logarithm of
        ``1 - _ABOUT``.
    """
    held = np.zeros(expected.width, np.float32)
    held[known] = 1
    return expected.products(held) / np.float32(max(length, 1)) + np.float32(log(1 - _ABOUT))
