"""Everything learnt from examples but how far to trust it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from ..spelling import Repair, Repairer, Vocabulary
from .confidence import Evidence
from .features import FeatureSpace, Floats, Indices, Rows, Vector, blend
from .heads import KernelHead, LinearHead
from .neighbours import Neighbours

KERNEL_LIMIT: Final = 2000
"""Up to this many examples the kernel head has a say; beyond, it costs more than it adds."""
_KERNEL_SHARE: Final = np.float32(1 / 3)
# What a repair gets wrong the text as written may still get right.
_RAW_SHARE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the model sees it."""

    words: tuple[str, ...]
    """Its tokens as written."""
    repairs: tuple[Repair, ...]
    """Words that were replaced by known ones."""
    vector: Vector
    """Its features."""


@dataclass(frozen=True, slots=True)
class Model:
    """Scores the labels of a text and gathers the evidence for the best one."""

    space: FeatureSpace
    """The features."""
    repairer: Repairer
    """Mends misspelt words."""
    owners: Indices
    """The label of every example."""
    linear: LinearHead
    """Scores labels by features."""
    kernel: KernelHead | None
    """Scores labels by similarity to every example, if these are few."""
    neighbours: Neighbours
    """Finds similar examples."""

    @classmethod
    def fit(
        cls,
        utterances: Sequence[Sequence[str]],
        owners: Indices,
        labels: int,
        space: FeatureSpace,
        counts: Rows,
        *,
        kernel: bool,
    ) -> Self:
        """Learn from tokenised utterances.

        Args:
            utterances: The tokens of each example.
            owners: The position of its label.
            labels: How many labels there are.
            space: A space that has the features of the utterances.
            counts: Their counts there.
            kernel: Whether to fit a kernel head too.
        """
        space = space.reweighted(counts)
        rows = space.weighted(counts)
        targets = np.eye(labels, dtype=np.float32)[owners]
        return cls(
            space=space,
            repairer=Repairer(Vocabulary.of(utterances)),
            owners=owners,
            linear=LinearHead.fit(rows, targets),
            kernel=KernelHead.fit(rows, targets) if kernel else None,
            neighbours=Neighbours.of(rows),
        )

    def read(self, words: Sequence[str]) -> Reading:
        """Mend a tokenised text and take its features."""
        mended, repairs = self.repairer.repair(words)
        vector = self.space.vector(mended)
        if repairs:
            vector = blend(vector, self.space.vector(words), _RAW_SHARE)
        return Reading(tuple(words), tuple(repairs), vector)

    def scores(self, vector: Vector) -> Floats:
        """Return the scores of all labels."""
        scores = self.linear.scores(vector)
        if self.kernel is None:
            return scores
        return _mixed(scores, self.kernel.scores(self.neighbours.cosines(vector)))

    def judge(self, reading: Reading) -> tuple[Floats, Evidence]:
        """Return the scores of all labels and the evidence for the best."""
        scores = self.linear.scores(reading.vector)
        if self.kernel is None:
            nearest, cosines = self.neighbours.nearest(reading.vector)
            owners = self.owners[nearest]
        else:
            cosines, owners = self.neighbours.cosines(reading.vector), self.owners
            scores = _mixed(scores, self.kernel.scores(cosines))
        return scores, self._evidence(reading, scores, cosines, owners)

    def coverage(self, words: Sequence[str]) -> float:
        """Return the share of words that are known as written, weighted by rarity."""
        frequency = self.repairer.vocabulary.frequency
        size = 1 + len(self.owners)
        counts = [frequency.get(word, 0) for word in words]
        rarity = np.log(size / (1 + np.array(counts))) + 1
        return float(rarity[np.array(counts) > 0].sum() / rarity.sum()) if words else 0.0

    def _evidence(
        self, reading: Reading, scores: Floats, cosines: Floats, owners: Indices
    ) -> Evidence:
        best = int(scores.argmax())
        nearest = float(cosines.max(initial=0))
        own = float(cosines[owners == best].max(initial=0))
        return Evidence(
            top_score=float(scores[best]),
            cosine=nearest,
            coverage=self.coverage(reading.words),
            agreement=own / nearest if nearest else 0.0,
        )


def _mixed(linear: Floats, kernel: Floats) -> Floats:
    mixed = linear.copy()
    mixed += _KERNEL_SHARE * (kernel - linear)
    return mixed
