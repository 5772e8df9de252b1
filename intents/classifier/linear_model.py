"""Linear models: scores of labels by n-gram features, and chances by a handful of numbers.

`LinearModel` scores every label of a text; `Logistic` makes calibrated chances of what is seen of
such scores.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import exp
from operator import mul
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from .features import Floats, Rows, Vector

PENALTY: Final = 0.3
"""Weight of the squared weights of the model, in examples."""
_ROUNDS: Final = 15
_LABELS_AT_ONCE: Final = 12
"""How many labels are fitted at once: the fewer, the less memory and the more time that takes."""
_WORKERS: Final = min(os.cpu_count() or 1, 2)
"""How many fits run at the same time: each takes memory of its own."""
_COUNTED: Final = 0.5
"""The share of the examples that count, being short of their targets, by and large."""
_TINY: Final = 1e-20
_MOST_STEPS: Final = np.float32(127)

Doubles = npt.NDArray[np.float64]
_CHANCE_PENALTY: Final = 1.0
_NEWTON_STEPS: Final = 20
_CERTAIN: Final = 30.0
"""Logarithm of the odds beyond which a chance is as good as 0 or 1."""


@dataclass(frozen=True)
class LinearModel:
    """Scores the labels of texts by their features; immutable, safe to share.

    A support vector machine for each label, with squared hinge loss and without a bias: the scores
    are near 1 for texts like the label's examples, and near 0 for others and for unknown words.
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
        weights: Sequence[float] | None = None,
        balance: float = 0.0,
    ) -> Self:
        """Learn from examples.

        Args:
            rows: The features of the examples.
            labels: The label of each example.
            weights: How much each counts; all the same if None.
            balance: 0 counts every example the same, 1 every label the same.

        Returns:
            The model; without an example it knows no label.
        """
        if not labels:
            shape = (rows.width, 0)
            return cls((), np.zeros(shape, np.int8), np.zeros(rows.width, np.float32))
        names = tuple(sorted(set(labels)))
        position = {label: i for i, label in enumerate(names)}
        owners = np.array([position[label] for label in labels])
        shares = np.bincount(owners) / len(owners) * len(names)
        importance = np.array(weights or 1.0) / shares[owners] ** balance
        importance = (importance / importance.mean()).astype(np.float32)[:, np.newaxis]
        matrix = _Matrix(rows)
        easing = _easing(matrix, importance)
        # The weights of all labels take much memory. They are kept as halves until it is known how
        # large those of each feature are, and then rounded further.
        blocks = np.array_split(np.arange(len(names)), -(-len(names) // _LABELS_AT_ONCE))

        def solve(block: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.float16], Floats]:
            solution = _fit(matrix, owners[:, np.newaxis] == block, importance, easing)
            return solution.astype(np.float16), np.abs(solution).max(axis=1)

        # Numpy and scipy let other threads work meanwhile.
        with ThreadPoolExecutor(_WORKERS) as workers:
            solved = [*workers.map(solve, blocks)]
        most = np.maximum.reduce([largest for _, largest in solved], initial=_TINY)
        steps: Floats = np.divide(most, _MOST_STEPS)
        rounded = np.empty((rows.width, len(names)), np.int8)
        for block, (half, _) in zip(blocks, solved, strict=True):
            rounded[:, block] = np.rint(half / steps[:, np.newaxis])
        return cls(names, rounded, steps)

    def scores(self, vector: Vector) -> dict[str, float]:
        """Return the score of every label, given the features of a text."""
        values = vector.values * self.steps.take(vector.indices)
        scores = values @ self.weights.take(vector.indices, axis=0).astype(np.float32)
        return dict(zip(self.labels, scores.tolist(), strict=True))


class _Matrix:
    """The features X of examples, to be multiplied."""

    def __init__(self, rows: Rows) -> None:
        # Imported here: only learning needs scipy.
        from scipy.sparse import csr_array  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs]

        shape = (len(rows), rows.width)
        # With starts as short as the indices, scipy takes these as they are.
        starts = rows.starts.astype(np.int32)
        self._rows: Any = csr_array((rows.values, rows.indices, starts), shape)
        self._columns: Any = self._rows.T

    def forward(self, x: npt.NDArray[Any]) -> Floats:
        """Return Xx."""
        return self._rows @ x

    def backward(self, x: npt.NDArray[Any]) -> Floats:
        """Return X'x."""
        return self._columns @ x

    def squares(self, x: npt.NDArray[Any]) -> Floats:
        """Return X'x with the features squared."""
        return self._columns.power(2) @ x


def _easing(matrix: _Matrix, importance: Floats) -> Floats:
    """Return what the gradient of each feature's weights is multiplied by, as a column.

    What many examples have bends the loss so much that steps which suit it hardly move the weights
    of anything else. The square root evens that out best.
    """
    return (1 + _COUNTED / PENALTY * matrix.squares(importance)) ** np.float32(-0.5)


def _fit(
    matrix: _Matrix,
    labelled: npt.NDArray[np.bool_],
    importance: Floats,
    easing: Floats,
) -> Floats:
    """Return the weights for some labels: features by labels.

    Minimises the weighted squares of what scores lack to 1 where an example has the label, and
    exceed 0 where it hasn't, plus the penalty: by preconditioned nonlinear conjugate gradients
    (Polak and Ribière 1969, restarting where their factor turns negative), with two steps of
    Newton's method along each line.

    Args:
        matrix: The features X of the examples.
        labelled: Examples by labels: which example has which label.
        importance: How much each example counts, as a column.
        easing: The preconditioner: see `_easing`.
    """
    own = labelled.nonzero()
    owned = importance[own[0], 0]
    # All is worked on in place: to make such large matrices takes longer than to fill them.
    shape = len(easing), labelled.shape[1]
    weights, direction, last, part = (np.zeros(shape, np.float32) for _ in range(4))
    scores, reached, slope, bend = (np.zeros(labelled.shape, np.float32) for _ in range(4))
    last_square = np.full(labelled.shape[1], np.inf, np.float32)

    def derive(scores: Floats) -> None:
        """Find the slope and the bend of the loss of each score: nil beyond its target."""
        np.multiply(np.maximum(scores, 0, out=slope), importance, out=slope)
        np.multiply(np.greater_equal(scores, 0, out=bend), importance, out=bend)
        lack = scores[own] - 1
        slope[own] = np.minimum(lack, 0) * owned
        bend[own] = (lack < 0) * owned

    for _ in range(_ROUNDS):
        derive(scores)
        gradient = matrix.backward(slope)
        gradient += np.multiply(weights, PENALTY, out=part)
        eased = np.multiply(gradient, easing, out=part)
        square = _products(gradient, eased)
        factor = np.maximum((square - _products(last, eased)) / last_square, 0)
        last, last_square = gradient, np.maximum(square, _TINY)
        direction *= factor
        direction -= eased
        movement = matrix.forward(direction)
        penalty_slope = PENALTY * _products(weights, direction)
        penalty_bend = PENALTY * _products(direction, direction)
        step = np.zeros_like(square)
        for _ in range(2):
            derive(np.add(scores, np.multiply(movement, step, out=reached), out=reached))
            tilt = _products(slope, movement) + penalty_slope + step * penalty_bend
            bend *= movement
            length = tilt / np.maximum(_products(bend, movement) + penalty_bend, _TINY)
            step = np.maximum(step - length, 0)
        weights += np.multiply(direction, step, out=part)
        scores += np.multiply(movement, step, out=reached)
    return weights


def _products(first: npt.NDArray[Any], second: npt.NDArray[Any]) -> Floats:
    """Return the product of each column of a matrix with that of another."""
    return np.einsum("ij,ij->j", first, second)


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted regression."""

    weights: Doubles
    """Weight of each input."""
    intercept: float
    """What is added to the weighted inputs."""

    @classmethod
    def fit(
        cls,
        sample: Sequence[Sequence[float]],
        truth: Sequence[bool],
        *,
        weights: Sequence[float] | None = None,
        balanced: bool = False,
        positive: bool = False,
    ) -> Self:
        """Learn the weights, under a squared penalty on those of the standardised inputs.

        Args:
            sample: The inputs of each observation.
            truth: What came of it; both outcomes must occur.
            weights: How much each observation counts; all the same if None.
            balanced: Whether both outcomes weigh the same, however many observations they have: a
                chance of one half is then that of an observation as typical of one as of the other.
            positive: Whether inputs whose weight would be negative are left out, one by one.
        """
        inputs, right = np.array(sample, np.float64), np.array(truth, np.float64)
        centre, scale = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), 1e-6)
        design = np.column_stack(((inputs - centre) / scale, np.ones(len(inputs))))
        importance = np.ones(len(inputs), np.float64)
        if weights is not None:
            importance = np.array(weights, np.float64)
            importance /= importance.mean()
        if balanced:
            share = float((importance * right).sum() / importance.sum())
            importance = importance * np.where(right > 0, 0.5 / share, 0.5 / (1 - share))
        used = np.ones(design.shape[1], np.bool_)
        found = _newton(design, right, importance)
        while positive and (found[:-1] < 0).any():
            used[int(found[:-1].argmin())] = False
            found = np.zeros(design.shape[1])
            found[used] = _newton(design[:, used], right, importance)
        scaled = found[:-1] / scale
        return cls(scaled, float(found[-1] - scaled @ centre))

    def chance(self, inputs: Sequence[float]) -> float:
        """Return the chance, from 0 to 1, for one observation."""
        # As `chances`, but without numpy, which takes longer for so few numbers.
        log_odds = sum(map(mul, inputs, self.weights.tolist()), self.intercept)
        return 1 / (1 + exp(-min(max(log_odds, -_CERTAIN), _CERTAIN)))

    def chances(self, sample: Sequence[Sequence[float]]) -> Doubles:
        """Return the chance, from 0 to 1, for each observation."""
        return _sigmoid(np.array(sample, np.float64) @ self.weights + self.intercept)


def _sigmoid(x: Doubles) -> Doubles:
    return 1 / (1 + np.exp(-np.clip(x, -_CERTAIN, _CERTAIN)))


def _newton(design: Doubles, right: Doubles, importance: Doubles) -> Doubles:
    """Return logistic weights by Newton's method, the last one hardly penalised."""
    penalty = np.full(design.shape[1], _CHANCE_PENALTY)
    penalty[-1] = 1e-3
    weights = np.zeros(design.shape[1])
    for _ in range(_NEWTON_STEPS):
        chances = _sigmoid(design @ weights)
        gradient = design.T @ (importance * (chances - right)) + penalty * weights
        certainty = importance * chances * (1 - chances)
        weights -= np.linalg.solve((design.T * certainty) @ design + np.diag(penalty), gradient)
    return weights
