"""A linear head over n-gram features: one score for each label."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from .features import FeatureSpace, Floats, Rows
from .matrix import Matrix
from .solver import minimise

_PENALTY: Final = 0.6
_STEPS: Final = 18


@dataclass(frozen=True)
class RidgeHead:
    """Scores the labels of tokenised text; immutable, safe to share.

    Ridge regression of label indicators: unlike a margin's or a likelihood's, its scores stay near
    the share of like examples that have the label, so scores of two heads can be added.
    """

    labels: tuple[str, ...]
    """The labels, sorted."""
    space: FeatureSpace
    """The features."""
    weights: npt.NDArray[np.float16]
    """Features by labels; half precision is more than the examples can tell apart."""

    @classmethod
    def fit(
        cls,
        space: FeatureSpace,
        counts: Rows,
        labels: Sequence[str],
        weights: Sequence[float],
        balance: float = 0.0,
    ) -> Self:
        """Learn from examples.

        Args:
            space: A space that has the features of the examples.
            counts: Their counts there.
            labels: The label of each example.
            weights: How much each counts.
            balance: 0 counts every example the same, 1 every label the same.
        """
        names = tuple(sorted(set(labels)))
        position = {label: i for i, label in enumerate(names)}
        owners = np.array([position[label] for label in labels])
        space = space.reweighted(counts)
        rows = space.weighted(counts)
        shares = np.bincount(owners) / len(owners) * len(names)
        importance = np.array(weights) / shares[owners] ** balance
        targets = np.eye(len(names), dtype=np.float32)[owners]
        importance = (importance / importance.mean()).astype(np.float32)[:, np.newaxis]
        squares = _Squares(targets, importance)
        matrix = Matrix(rows)
        dual, _ = minimise(
            lambda x: matrix.forward(matrix.backward(x)),
            squares,
            (len(owners), len(names)),
            penalty=_PENALTY,
            steps=_STEPS,
        )
        return cls(names, space, matrix.backward(dual).astype(np.float16))

    def scores(self, words: Sequence[str]) -> Mapping[str, float]:
        """Return the score of every label."""
        vector = self.space.vector(words)
        scores = vector.values @ self.weights.take(vector.indices, axis=0).astype(np.float32)
        return dict(zip(self.labels, scores.tolist(), strict=True))


class _Squares:
    """The weighted squared distance of scores to their targets."""

    axis = 0

    def __init__(self, targets: Floats, weights: Floats) -> None:
        self._targets = targets
        self._weights = weights

    def slope(self, scores: Floats) -> Floats:
        errors: Floats = scores - self._targets
        return self._weights * errors

    def curvature(self, scores: Floats, direction: Floats) -> Floats:  # noqa: ARG002 - it is constant
        squared: Floats = direction * direction
        return self._weights * squared
