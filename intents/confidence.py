"""How sure the classifier may be: from evidence to the chance that its best label is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_PENALTY: Final = 1.0
_STEPS: Final = 20
_REJECTED: Final = -1
_THRESHOLDS: Final = np.linspace(0.02, 0.98, 97)
# Thresholds this close to the best MCC are as good: the sample cannot tell them apart.
_TOLERANCE: Final = 0.02


class Evidence(NamedTuple):
    """What tells a right answer from a wrong one before the answer is known."""

    top_score: float
    """Score of the best label."""
    cosine: float
    """Cosine to the most similar example."""
    coverage: float
    """Share of the words that are known as written, weighted by rarity."""
    agreement: float
    """Cosine to the most similar example of the best label, relative to that of any label."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """A fitted calibration."""

    weights: Doubles
    """Logistic weights of the evidence, none negative."""
    intercept: float
    """What is added to the weighted evidence."""
    threshold: float
    """The chance from which on answers are worth giving."""

    @classmethod
    def fit(
        cls, evidence: Sequence[Evidence], truth: Sequence[int], answers: Sequence[int]
    ) -> Self:
        """Learn from questions whose answers were held back.

        Args:
            evidence: What was seen for each question.
            truth: The right label of each, negative if no label is right.
            answers: The best label of each.
        """
        labels = np.maximum(np.array(truth, np.int64), _REJECTED)
        given = np.array(answers, np.int64)
        sample = np.array(evidence, np.float64)
        weights, intercept = _logistic(sample, (labels == given).astype(np.float64))
        chances = _sigmoid(sample @ weights + intercept)
        quality = np.array(
            [matthews(labels, np.where(chances >= t, given, _REJECTED)) for t in _THRESHOLDS]
        )
        # The middle of a broad maximum carries over to other questions better than its peak.
        threshold = _THRESHOLDS[quality >= quality.max() - _TOLERANCE].mean()
        return cls(weights, intercept, float(threshold))

    def of(self, evidence: Evidence) -> float:
        """Return the chance, from 0 to 1, that the best label is right."""
        return float(_sigmoid(np.array(evidence) @ self.weights + self.intercept))


def matthews(truth: Integers, answers: Integers) -> float:
    """Return the correlation of truth and answers for any number of classes, 0 if undefined.

    The R_K of J. Gorodkin, "Comparing two K-category assignments by a K-category correlation
    coefficient" (2004), which is the MCC for two classes.
    """
    names, classes = np.unique(np.concatenate((truth, answers)), return_inverse=True)
    size = len(truth)
    expected = np.bincount(classes[:size], minlength=len(names)).astype(np.float64)
    given = np.bincount(classes[size:], minlength=len(names)).astype(np.float64)
    covariance = size * float((truth == answers).sum()) - float(expected @ given)
    variances = (size**2 - float(given @ given)) * (size**2 - float(expected @ expected))
    return covariance / variances**0.5 if variances > 0 else 0.0


def _sigmoid(x: Doubles) -> Doubles:
    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))


def _logistic(sample: Doubles, right: Doubles) -> tuple[Doubles, float]:
    """Return the weights and the intercept of a penalised logistic regression.

    All evidence speaks for an answer. Where a small sample has it otherwise that is chance, and
    would make nonsense, which has no evidence at all, look certain: such evidence is left out.
    """
    centre, scale = sample.mean(axis=0), np.maximum(sample.std(axis=0), 1e-6)
    design = np.column_stack(((sample - centre) / scale, np.ones(len(sample))))
    used = np.ones(design.shape[1], np.bool_)
    weights = _newton(design, right)
    while (weights[:-1] < 0).any():
        used[int(weights[:-1].argmin())] = False
        weights = np.zeros(design.shape[1])
        weights[used] = _newton(design[:, used], right)
    return weights[:-1] / scale, float(weights[-1] - (weights[:-1] / scale) @ centre)


def _newton(design: Doubles, right: Doubles) -> Doubles:
    """Return logistic weights by Newton's method, the last one hardly penalised."""
    penalty = np.full(design.shape[1], _PENALTY)
    penalty[-1] = 1e-3
    weights = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chances = _sigmoid(design @ weights)
        gradient = design.T @ (chances - right) + penalty * weights
        curvature = (design.T * (chances * (1 - chances))) @ design + np.diag(penalty)
        weights -= np.linalg.solve(curvature, gradient)
    return weights
