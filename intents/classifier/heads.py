"""The two ways from features to a score for every label.

The linear head has a weight for every feature and label, the mean of a support vector machine and a
softmax regression: the former is better with few examples a label, the latter with many labels. The
kernel head, a support vector machine on exp(2(cos - 1)), adds conjunctions of features; its cost at
question time grows with the examples.

Scores are scaled to be near 1 for the right label and near 0 for the others.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from .features import Floats, Rows, Vector
from .matrix import Matrix
from .solver import CrossEntropy, SquaredHinge, minimise

_KERNEL_WIDTH: Final = 2.0
_KERNEL_PENALTY: Final = 1 / 3
_HINGE_PENALTY: Final = 1.0
_SOFTMAX_PENALTY: Final = 0.1
_STEPS: Final = 12
_TINY: Final = 1e-6
_HALF: Final = np.float32(0.5)
_QUARTER: Final = np.float32(0.25)


def widened(cosines: Floats) -> Floats:
    """Return the kernel of cosines."""
    return np.exp(_KERNEL_WIDTH * (cosines - 1))


@dataclass(frozen=True, slots=True)
class LinearHead:
    """Scores from the weights of the features."""

    weights: Floats
    """Features by labels."""
    bias: Floats
    """The score of a text without features, by label."""

    @classmethod
    def fit(cls, rows: Rows, targets: Floats) -> Self:
        """Learn the weights.

        Args:
            rows: The features of the examples.
            targets: Examples by labels: above zero for the label of the example.
        """
        matrix = Matrix(rows)

        def product(x: Floats) -> Floats:
            return matrix.forward(matrix.backward(x))

        hinge, hinge_scores = minimise(
            # The bias is the weight of one more feature, which every example has.
            lambda x: product(x) + x.sum(axis=0),
            SquaredHinge(targets),
            targets.shape,
            penalty=_HINGE_PENALTY,
            steps=_STEPS,
        )
        # Without a bias: it would favour common labels, and unknown questions look like those.
        soft, soft_scores = minimise(
            product, CrossEntropy(targets), targets.shape, penalty=_SOFTMAX_PENALTY, steps=_STEPS
        )
        # The softmax knows differences only: its scale and level are made those of the hinge, whose
        # scores run from -1 to 1. A half of the mean of both thus runs from -1/2 to 1/2.
        soft = _centred(soft) * _spread(hinge_scores) / max(_spread(soft_scores), _TINY)
        hinge += hinge.mean(axis=1, keepdims=True)
        return cls(matrix.backward(_QUARTER * (hinge + soft)), _QUARTER * hinge.sum(axis=0) + _HALF)

    def scores(self, vector: Vector) -> Floats:
        """Return the score of every label."""
        return vector.values @ self.weights[vector.indices] + self.bias


@dataclass(frozen=True, slots=True)
class KernelHead:
    """Scores from the similarity to every example."""

    coefficients: Floats
    """Examples by labels."""

    @classmethod
    def fit(cls, rows: Rows, targets: Floats) -> Self:
        """Learn the coefficients; see `LinearHead.fit` for the arguments."""
        kernel = widened(Matrix(rows).gram())
        # No bias: the kernel of unrelated texts is not zero and serves as one.
        dual, _ = minimise(
            lambda x: kernel @ x,
            SquaredHinge(targets),
            targets.shape,
            penalty=_KERNEL_PENALTY,
            steps=_STEPS,
        )
        return cls(_HALF * dual)

    def scores(self, cosines: Floats) -> Floats:
        """Return the score of every label, given the cosine to every example."""
        return widened(cosines) @ self.coefficients + _HALF


def _centred(values: Floats) -> Floats:
    return values - values.mean(axis=1, keepdims=True)


def _spread(scores: Floats) -> float:
    """Return the standard deviation of scores about their mean in each row."""
    return float(_centred(scores).std())
