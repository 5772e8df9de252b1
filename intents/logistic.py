"""Logistic regression from a handful of numbers to a calibrated chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

_PENALTY: Final = 1.0
_STEPS: Final = 20

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted regression."""

    centre: Doubles
    """Mean of each input in the sample."""
    scale: Doubles
    """Its standard deviation."""
    weights: Doubles
    """Weights of the standardised inputs; the last is the intercept."""

    @classmethod
    def fit(cls, sample: Sequence[Sequence[float]], right: Sequence[bool]) -> "Logistic":
        """Learn by Newton's method, with a ridge penalty on all weights but the intercept.

        Both outcomes weigh the same, however many observations they have: a chance of one half is
        that of an observation as typical of the one as of the other.

        Args:
            sample: The inputs of each observation.
            right: What came of it; both must occur.
        """
        inputs = np.array(sample, np.float64)
        truth = np.array(right, np.float64)
        centre, scale = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), 1e-6)
        design = np.column_stack(((inputs - centre) / scale, np.ones(len(inputs))))
        importance = np.where(truth > 0, 0.5 / truth.mean(), 0.5 / (1 - truth.mean()))
        penalty = np.full(design.shape[1], _PENALTY)
        penalty[-1] = 1e-9
        weights = np.zeros(design.shape[1])
        for _ in range(_STEPS):
            chances = _sigmoid(design @ weights)
            gradient = design.T @ (importance * (chances - truth)) + penalty * weights
            certainty = importance * chances * (1 - chances)
            curvature = (design.T * certainty) @ design + np.diag(penalty)
            weights -= np.linalg.solve(curvature, gradient)
        return cls(centre, scale, weights)

    def chances(self, sample: Sequence[Sequence[float]]) -> Doubles:
        """Return the chance, from 0 to 1, of each observation."""
        standardised = (np.array(sample, np.float64) - self.centre) / self.scale
        return _sigmoid(standardised @ self.weights[:-1] + self.weights[-1])


def _sigmoid(x: Doubles) -> Doubles:
    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))
