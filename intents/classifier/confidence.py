"""How sure the classifier may be: from evidence to the chance that its best label is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from .logistic import Logistic

Integers = npt.NDArray[np.int64]

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

    regression: Logistic
    """From evidence to a chance."""
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
        # All evidence speaks for an answer. Where a small sample has it otherwise that is chance,
        # and would make nonsense, which has no evidence at all, look certain.
        regression = Logistic.fit(evidence, (labels == given).tolist(), positive=True)
        chances = regression.chances(evidence)
        quality = np.array(
            [matthews(labels, np.where(chances >= t, given, _REJECTED)) for t in _THRESHOLDS]
        )
        # The middle of a broad maximum carries over to other questions better than its peak.
        threshold = _THRESHOLDS[quality >= quality.max() - _TOLERANCE].mean()
        return cls(regression, float(threshold))

    def of(self, evidence: Evidence) -> float:
        """Return the chance, from 0 to 1, that the best label is right."""
        return self.regression.chance(evidence)


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
