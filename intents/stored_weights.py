"""Weights that are learned once and stored, so that an edit of one entry moves no other.

:mod:`efinbot.intents.relearn` learns them; every engine is built with them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

import numpy as np
import yaml

from ..knowledge import read_document
from ..knowledge.models import StrictModel
from .classifier.linear_model import Logistic

WEIGHTS: Final = Path(__file__).parent / "data" / "weights.yaml"


class StoredLogistic(StrictModel):
    """A chance that was learned."""

    weights: tuple[float, ...]
    """What each input counts for."""
    intercept: float
    """What is added to these."""

    @classmethod
    def of(cls, learned: Logistic) -> Self:
        """Round what was learned."""
        weights: list[float] = learned.weights.round(4).tolist()
        return cls(weights=tuple(weights), intercept=round(learned.intercept, 4))

    @property
    def chance(self) -> Logistic:
        """Return what estimates the chance."""
        return Logistic(np.array(self.weights), self.intercept)


class StoredWeights(StrictModel):
    """All that is learned once."""

    lack: float
    """What it counts against an entry that others cover more of a question: see
    `efinbot.intents.candidates.CandidateScorer`."""
    statements: Mapping[str, float]
    """What each of `efinbot.intents.statements.Features` counts for."""
    answers: StoredLogistic
    """The chance that the best statement answers, given `efinbot.intents.statements.doubts`."""
    in_scope: StoredLogistic
    """The chance that a message is about something that is covered, given `ConfidenceFeatures`."""
    correct: StoredLogistic
    """The chance that its best interpretation is right, given the same."""


def load_weights() -> StoredWeights:
    """Load the weights."""
    return StoredWeights.model_validate(read_document(WEIGHTS).tree)


def store_weights(weights: StoredWeights) -> None:
    """Store weights that were learned again."""
    head = "# Learned by `python -m efinbot.intents.relearn`; not written by hand.\n"
    text = yaml.safe_dump(weights.model_dump(mode="json"), sort_keys=False)
    WEIGHTS.write_text(head + text, encoding="utf-8")
