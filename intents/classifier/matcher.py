"""Matches texts with labelled utterances: spelling corrections, n-gram features, a linear model."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Final, NamedTuple, Self

from ..spelling import SpellingCorrector, Vocabulary
from .features import FeatureSpace, Rows, Vector, blend
from .linear_model import LinearModel

_AS_WRITTEN: Final = 0.3
"""Share of the text as written where words were corrected: what a correction gets wrong, it may
still get right."""


class Evidence(NamedTuple):
    """What tells a right label from a wrong one before the right one is known."""

    score: float
    """Score of the best label."""
    margin: float
    """Its lead over the next."""
    coverage: float
    """Share of the text as written that is known; see `FeatureSpace.coverage`."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """Finds the best label of a text; immutable, picklable, safe to share between threads."""

    space: FeatureSpace
    """The features."""
    spelling: SpellingCorrector
    """Corrects misspelt words."""
    model: LinearModel
    """Scores labels by features."""

    @classmethod
    def fit(
        cls,
        utterances: Sequence[Sequence[str]],
        labels: Sequence[str],
        space: FeatureSpace,
        counts: Rows,
    ) -> Self:
        """Learn from tokenised utterances.

        Args:
            utterances: The tokens of each example.
            labels: The label of each.
            space: A space that has the features of the utterances.
            counts: Their counts there.
        """
        space = space.reweighted(counts)
        return cls(
            space=space,
            spelling=SpellingCorrector(Vocabulary.of(utterances)),
            model=LinearModel.fit(space.weighted(counts), labels),
        )

    def match(self, words: Sequence[str]) -> tuple[str, Evidence]:
        """Return the best label of a tokenised text, and the evidence for it."""
        scores = self.model.scores(self._features(words))
        best, *others = nlargest(2, scores, key=scores.__getitem__)
        return best, Evidence(
            score=scores[best],
            margin=scores[best] - max((scores[label] for label in others), default=0.0),
            coverage=self.space.coverage(words),
        )

    def _features(self, words: Sequence[str]) -> Vector:
        corrected, corrections = self.spelling.correct(words)
        vector = self.space.vector(corrected)
        return blend(vector, self.space.vector(words), _AS_WRITTEN) if corrections else vector
