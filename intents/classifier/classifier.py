"""The classifier: which intent an utterance has, and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from ..spelling import Repair
from ..text import normalize, split, tokens
from .calibration import calibrate
from .confidence import Confidence
from .features import FeatureSpace, Floats
from .model import KERNEL_LIMIT, Model

OUT_OF_SCOPE: Final = "out_of_scope"
"""The label of utterances that no intent covers."""

_SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled utterance."""

    text: str
    """The utterance as written."""
    label: str
    """Its intent, or `OUT_OF_SCOPE`."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A label that a text may have."""

    label: str
    """The label."""
    score: float
    """Its score: near 1 for texts like its examples, near 0 for others."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """What the classifier makes of a text."""

    text: str
    """The text as read, normalised."""
    repairs: tuple[Repair, ...]
    """Words that were replaced by known ones."""
    candidates: tuple[Candidate, ...]
    """The best labels, best first."""
    confidence: float
    """The chance, from 0 to 1, that the first candidate is right."""
    evidence: Mapping[str, float]
    """What the confidence was computed from."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """Ranks the labels of a text; immutable, picklable, safe to share between threads."""

    labels: tuple[str, ...]
    """The labels, sorted."""
    model: Model
    """What was learnt from the examples."""
    calibration: Confidence
    """How far to trust it."""

    @classmethod
    def fit(cls, examples: Sequence[Example], *, seed: int = _SEED) -> Self:
        """Learn labels from examples, and calibrate the confidence on held-out ones.

        Args:
            examples: Labelled utterances; those without a word are ignored.
            seed: Seed of what is held out and misspelt for the calibration.

        Raises:
            ValueError: If the examples with a word have fewer than two labels.
        """
        read = [(words, example) for example in examples if (words := tokens(example.text))]
        labels = tuple(sorted({example.label for _, example in read}))
        if len(labels) < 2:  # noqa: PLR2004 - one label leaves nothing to decide
            message = f"examples of at least two labels are needed, got {len(labels)}"
            raise ValueError(message)
        position = {label: i for i, label in enumerate(labels)}
        owners = np.array([position[example.label] for _, example in read], np.int32)
        utterances = [words for words, _ in read]
        space, counts = FeatureSpace.learn(utterances)
        calibration = calibrate(
            [example.text for _, example in read],
            owners,
            len(labels),
            space,
            counts,
            foreign=position.get(OUT_OF_SCOPE),
            seed=seed,
        )
        model = Model.fit(
            utterances,
            owners,
            len(labels),
            space,
            counts,
            kernel=len(owners) <= KERNEL_LIMIT,
        )
        return cls(labels, model, calibration)

    @property
    def threshold(self) -> float:
        """The confidence below which an answer is better withheld."""
        return self.calibration.threshold

    def rank(self, text: str, top: int = 5) -> Ranking:
        """Rank the labels of a text.

        Args:
            text: Any text.
            top: How many candidates to return.
        """
        text = normalize(text)
        reading = self.model.read(split(text))
        scores, evidence = self.model.judge(reading)
        best = [int(i) for i in np.argsort(-scores, kind="stable")[:top]]
        return Ranking(
            text=text,
            repairs=reading.repairs,
            candidates=tuple(Candidate(self.labels[i], float(scores[i])) for i in best),
            confidence=self.calibration.of(evidence),
            evidence=evidence._asdict(),
        )

    def scores(self, text: str | Sequence[str]) -> Floats:
        """Return the scores of all labels, in the order of `labels`, of a text or its tokens."""
        words = tokens(text) if isinstance(text, str) else text
        return self.model.scores(self.model.read(words).vector)
