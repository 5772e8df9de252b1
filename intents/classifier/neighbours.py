"""The examples most like a question, through an inverted index."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from .features import Floats, Indices, Rows, Starts, Vector, runs

_BUDGET: Final = 1000
"""How many entries of the index are read to find candidates among many examples."""
_CANDIDATES: Final = 16


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The examples by feature (the CSC format) and the features by example."""

    starts: Starts
    """Where the examples of each feature start, and where the last ones end."""
    examples: Indices
    """The examples that have the feature."""
    values: Floats
    """The value of the feature in these examples."""
    rows: Rows
    """The features of each example."""

    @classmethod
    def of(cls, rows: Rows) -> Self:
        """Index the features of examples."""
        order = np.argsort(rows.indices, kind="stable")
        counts = np.bincount(rows.indices, minlength=rows.width)
        starts = np.concatenate(([0], np.cumsum(counts)))
        return cls(starts, rows.owners[order], rows.values[order], rows)

    def cosines(self, vector: Vector) -> Floats:
        """Return the cosine of a question to every example."""
        lengths = self.starts[vector.indices + 1] - self.starts[vector.indices]
        entries = runs(self.starts[vector.indices], lengths)
        products = self.values[entries] * np.repeat(vector.values, lengths)
        sums = np.bincount(self.examples[entries], products, len(self.rows))
        return sums.astype(np.float32)

    def nearest(self, vector: Vector) -> tuple[Indices, Floats]:
        """Return examples among which the nearest most probably are, and the cosines to them.

        The rarest features of the question propose candidates, so that the cost does not depend on
        the number of examples.
        """
        starts = self.starts[vector.indices]
        lengths = self.starts[vector.indices + 1] - starts
        order = np.argsort(lengths, kind="stable")
        read = np.cumsum(lengths[order])
        order = order[: max(1, int(np.searchsorted(read, _BUDGET, side="right")))]
        entries = runs(starts[order], lengths[order])[:_BUDGET]
        weights = np.repeat(vector.values[order], lengths[order])[:_BUDGET]
        found, places = np.unique(self.examples[entries], return_inverse=True)
        sums = np.bincount(places, self.values[entries] * weights, len(found))
        candidates = found[np.argsort(-sums, kind="stable")[:_CANDIDATES]]
        return candidates, self._cosines_to(candidates, vector)

    def _cosines_to(self, examples: Indices, vector: Vector) -> Floats:
        chosen = self.rows.taken(examples)
        spread = np.zeros(self.rows.width, np.float32)
        spread[vector.indices] = vector.values
        products = chosen.values * spread[chosen.indices]
        return np.bincount(chosen.owners, products, len(examples)).astype(np.float32)
