"""A linear head over n-gram features: one score for each label."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .features import FeatureSpace, Floats, Rows
from .solver import minimise

_PENALTY: Final = 0.6
_STEPS: Final = 20


@dataclass(frozen=True)
class Head:
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
    ) -> "Head":
        """Learn from examples.

        Args:
            space: A space that has the features of the examples.
            counts: Their counts there.
            labels: The label of each example.
            weights: How much each counts.
            balance: 0 counts every example the same, 1 every label the same.
        """
        from scipy.sparse import csr_array  # noqa: PLC0415 - only fitting needs scipy

        names = tuple(sorted(set(labels)))
        position = {label: i for i, label in enumerate(names)}
        owners = np.array([position[label] for label in labels])
        space = space.reweighted(counts)
        rows = space.weighted(counts)
        shares = np.bincount(owners) / len(owners) * len(names)
        importance = np.array(weights) / shares[owners] ** balance
        squares = _Squares(
            np.eye(len(names), dtype=np.float32)[owners],
            (importance / importance.mean()).astype(np.float32)[:, None],
        )
        matrix = csr_array((rows.values, rows.indices, rows.starts), (len(rows), rows.width))
        turned = matrix.T.tocsr()
        dual, _ = minimise(
            lambda x: matrix @ (turned @ x),
            squares,
            (len(owners), len(names)),
            penalty=_PENALTY,
            steps=_STEPS,
        )
        return cls(names, space, (turned @ dual).astype(np.float16))

    def scores(self, words: Sequence[str]) -> Mapping[str, float]:
        """Return the score of every label."""
        vector = self.space.vector(words)
        scores = vector.values @ self.weights[vector.indices].astype(np.float32)
        return dict(zip(self.labels, scores.tolist(), strict=True))


class _Squares:
    """The weighted squared distance of scores to their targets."""

    axis = 0

    def __init__(self, targets: Floats, weights: Floats) -> None:
        self._targets = targets
        self._weights = weights

    def slope(self, scores: Floats) -> Floats:
        return self._weights * (scores - self._targets)

    def curvature(self, scores: Floats, direction: Floats) -> Floats:  # noqa: ARG002 - it is constant
        return self._weights * direction * direction
