"""The classifier: which intent an utterance has, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from ..text import tokens
from .calibration import OUT_OF_SCOPE, Calibration, calibrate
from .features import FeatureSpace
from .matcher import Matcher


class ExamplesError(ValueError):
    """Examples can't be used.

    Args:
        key: What is wrong: the key of a message of the catalogue.
        values: What that message is filled in with.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled utterance."""

    text: str
    """The utterance as written."""
    label: str
    """Its intent, or `OUT_OF_SCOPE`."""


@dataclass(frozen=True, slots=True)
class Classification:
    """What the classifier makes of a text."""

    label: str
    """The best label, however unsure."""
    p_correct: float
    """The chance, from 0 to 1, that it is right."""
    answer: str
    """The label where that is sure enough, else `OUT_OF_SCOPE`."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """Finds the label of a text; immutable, picklable, safe to share between threads."""

    matcher: Matcher
    """What was learned from the examples."""
    calibration: Calibration
    """How far to trust it."""

    @classmethod
    def fit(cls, examples: Sequence[Example]) -> Self:
        """Learn labels from examples, and calibrate the confidence on held-out ones.

        Args:
            examples: Labelled utterances; those without a word are ignored.

        Raises:
            ExamplesError: If the examples with a word have fewer than two labels.
        """
        examples = [example for example in examples if tokens(example.text)]
        labels = [example.label for example in examples]
        if len(set(labels)) < 2:  # noqa: PLR2004 - one label leaves nothing to decide
            raise ExamplesError(key="evaluation.too_few_intents")
        texts = [example.text for example in examples]
        utterances = [tokens(text) for text in texts]
        space, counts = FeatureSpace.learn(utterances)
        calibration = calibrate(texts, labels, space, counts)
        return cls(Matcher.fit(utterances, labels, space, counts), calibration)

    def classify(self, text: str) -> Classification:
        """Find the label of a text.

        Args:
            text: Any text.
        """
        label, evidence = self.matcher.match(tokens(text))
        p_correct = self.calibration.regression.chance(evidence)
        sure = p_correct >= self.calibration.threshold
        return Classification(label, p_correct, label if sure else OUT_OF_SCOPE)
