"""Calibration: how far to trust a matcher, learned from questions that it wasn't trained on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from ..text import tokens
from .features import FeatureSpace, Rows
from .linear_model import Logistic
from .matcher import Evidence, Matcher
from .typos import misspell

OUT_OF_SCOPE: Final = "out_of_scope"
"""The label of utterances that no intent covers."""

_ROUNDS: Final = 4
_HELD_OUT: Final = 0.5
_MAX_EXAMPLES: Final = 6000
"""How many examples take part: more would make the calibration slow, not better."""
_MAX_ASKED: Final = 200
"""How many utterances are asked about in a round."""
_THRESHOLDS: Final = np.linspace(0.02, 0.98, 97)
_TOLERANCE: Final = 0.02
"""Thresholds this close to the best MCC are as good: the sample can't tell them apart."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The chance that a label is right, and from which chance on it is worth giving."""

    regression: Logistic
    """From evidence to a chance."""
    threshold: float
    """The chance below which a label is better withheld."""

    @classmethod
    def fit(
        cls, evidence: Sequence[Evidence], truth: Sequence[str], answers: Sequence[str]
    ) -> Self:
        """Learn from questions whose answers were held back.

        Args:
            evidence: What was seen for each question.
            truth: The right label of each, `OUT_OF_SCOPE` if no label is right.
            answers: The best label of each.
        """
        labels, given = np.array(truth), np.array(answers)
        # All evidence speaks for an answer. Where a small sample has it otherwise that is chance,
        # and would make nonsense, which has no evidence at all, look certain.
        regression = Logistic.fit(evidence, (labels == given).tolist(), positive=True)
        chances = regression.chances(evidence)
        quality = np.array(
            [matthews(labels, np.where(chances >= t, given, OUT_OF_SCOPE)) for t in _THRESHOLDS]
        )
        # The middle of a broad maximum carries over to other questions better than its peak.
        threshold = _THRESHOLDS[quality >= quality.max() - _TOLERANCE].mean()
        return cls(regression, float(threshold))


def calibrate(
    texts: Sequence[str], labels: Sequence[str], space: FeatureSpace, counts: Rows
) -> Calibration:
    """Ask matchers fitted to parts of the examples about the rest of them.

    In each round a fourth of the intents is hidden altogether: their utterances stand for questions
    that no intent covers. Half of the other utterances are held out, because a question is less
    like the examples than these are like each other. All are asked twice, as they are and misspelt.

    Args:
        texts: The examples as written.
        labels: The label of each.
        space: A space that has the features of the examples.
        counts: Their counts there.
    """
    random = Random(0)  # noqa: S311 - reproducible, not secret
    sample = random.sample(range(len(texts)), min(len(texts), _MAX_EXAMPLES))
    words = {i: tokens(texts[i]) for i in sample}
    evidence: list[Evidence] = []
    truth: list[str] = []
    answers: list[str] = []
    for kept, asked in _parts(sample, labels, random):
        taught = [labels[i] for i in kept]
        part = counts.taken(np.array(kept, np.int32))
        matcher = Matcher.fit([words[i] for i in kept], taught, space, part)
        for i in asked:
            for question in (words[i], tokens(misspell(texts[i], random))):
                answer, found = matcher.match(question)
                evidence.append(found)
                truth.append(labels[i] if labels[i] in taught else OUT_OF_SCOPE)
                answers.append(answer)
    return Calibration.fit(evidence, truth, answers)


def _parts(
    sample: Sequence[int], labels: Sequence[str], random: Random
) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the examples to learn from and those to ask about."""
    intents = sorted({labels[i] for i in sample} - {OUT_OF_SCOPE})
    random.shuffle(intents)
    for turn in range(_ROUNDS):
        hidden = set(intents[turn::_ROUNDS])
        kept: list[int] = []
        asked: list[int] = []
        for i in sample:
            held_out = labels[i] in hidden or random.random() < _HELD_OUT
            (asked if held_out else kept).append(i)
        random.shuffle(asked)
        if kept and asked:
            yield kept, asked[:_MAX_ASKED]


def matthews(truth: npt.NDArray[np.str_], answers: npt.NDArray[np.str_]) -> float:
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
