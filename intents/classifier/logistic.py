"""Logistic regression from a handful of numbers to a calibrated chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from operator import mul
from typing import Final, Self

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]

_PENALTY: Final = 1.0
_STEPS: Final = 20
_CERTAIN: Final = 30.0
"""Logarithm of the odds beyond which a chance is as good as 0 or 1."""


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
    penalty = np.full(design.shape[1], _PENALTY)
    penalty[-1] = 1e-3
    weights = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chances = _sigmoid(design @ weights)
        gradient = design.T @ (importance * (chances - right)) + penalty * weights
        certainty = importance * chances * (1 - chances)
        weights -= np.linalg.solve((design.T * certainty) @ design + np.diag(penalty), gradient)
    return weights
