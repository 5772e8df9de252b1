"""A linear head over n-gram features: one score for each label."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from .features import Floats, Rows, Vector
from .matrix import Matrix
from .solver import Product

_PENALTY: Final = 0.6
_ROUNDS: Final = 14
_TINY: Final = 1e-20
_MOST_STEPS: Final = np.float32(127)
_BY_COLUMN: Final = "ij,ij->j"
"""The product of each column of two matrices, as Einstein writes it."""


@dataclass(frozen=True)
class RidgeHead:
    """Scores the labels of texts by their features; immutable, safe to share.

    Ridge regression of label indicators: unlike a margin's or a likelihood's, its scores stay near
    the share of like examples that have the label, so scores of two heads can be added.
    """

    labels: tuple[str, ...]
    """The labels, sorted."""
    weights: npt.NDArray[np.int8]
    """Features by labels, in steps: fewer bytes to fetch and more than examples can tell apart."""
    steps: Floats
    """The size of the steps of each feature."""

    @classmethod
    def fit(
        cls,
        rows: Rows,
        labels: Sequence[str],
        weights: Sequence[float],
        balance: float = 0.0,
    ) -> Self:
        """Learn from examples.

        Args:
            rows: The features of the examples.
            labels: The label of each example.
            weights: How much each counts.
            balance: 0 counts every example the same, 1 every label the same.
        """
        names = tuple(sorted(set(labels)))
        position = {label: i for i, label in enumerate(names)}
        owners = np.array([position[label] for label in labels])
        shares = np.bincount(owners) / len(owners) * len(names)
        importance = np.array(weights) / shares[owners] ** balance
        targets = np.eye(len(names), dtype=np.float32)[owners]
        importance = (importance / importance.mean()).astype(np.float32)[:, np.newaxis]
        matrix = Matrix(rows)
        dual = _least_squares(
            lambda x: matrix.forward(matrix.backward(x)), targets, importance, steps=_ROUNDS
        )
        learnt = matrix.backward(dual)
        steps: Floats = np.maximum(np.abs(learnt).max(axis=1), _TINY) / _MOST_STEPS
        return cls(names, np.rint(learnt / steps[:, np.newaxis]).astype(np.int8), steps)

    def scores(self, vector: Vector) -> dict[str, float]:
        """Return the score of every label, given the features of a text."""
        values = vector.values * self.steps.take(vector.indices)
        scores = values @ self.weights.take(vector.indices, axis=0).astype(np.float32)
        return dict(zip(self.labels, scores.tolist(), strict=True))


def _least_squares(product: Product, targets: Floats, weights: Floats, *, steps: int) -> Floats:
    """Minimise the weighted squares of KA - targets, plus the penalty on trace(A'KA).

    Conjugate gradients (Hestenes and Stiefel 1952) in the metric of K, as in :mod:`.solver`, but
    with what a quadratic makes cheaper: the length of each step is known, no line is searched.

    Args:
        product: Multiplies a matrix (examples by labels) by K.
        targets: What the scores should be.
        weights: How much each example counts, as a column.
        steps: How many products with K to spend.

    Returns:
        A.
    """
    solution, scores = np.zeros_like(targets), np.zeros_like(targets)
    direction, movement = np.zeros_like(targets), np.zeros_like(targets)
    last = np.full(targets.shape[1], np.inf, np.float32)
    for _ in range(steps):
        errors: Floats = scores - targets
        slope: Floats = weights * errors
        image = product(slope) + _PENALTY * scores
        gradient = slope + _PENALTY * solution
        square = np.einsum(_BY_COLUMN, gradient, image)
        factor = square / last
        direction = factor * direction - gradient
        movement = factor * movement - image
        bend = np.einsum(_BY_COLUMN, _PENALTY * direction + weights * movement, movement)
        step = square / np.maximum(bend, _TINY)
        solution += step * direction
        scores += step * movement
        last = np.maximum(square, _TINY)
    return solution
