"""All ways to understand a message, weighed: what it is about, and what is wanted of it.

Two heads judge a message. The *subject* head sees its words and says which entry, list or follow-up
they sound like. The *request* head sees it with every name masked and says what is wanted done. An
interpretation is a pair of the two; names in the message, and the conversation before it, count as
what it is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from ..knowledge import Knowledge
from .candidates import ASK, USUAL, Scores, Weighing
from .classifier.features import FeatureSpace, Vector
from .classifier.linear_model import LinearModel
from .dialogue import Context
from .dialogue_phrases import Phrases
from .entity_linker import Name, Sort, meant
from .preprocessing import STAND_IN, Reading
from .understanding import COMPARE, Interpretation

_INEXACT: Final = 0.8
"""The share of this for a name with a slip."""
_CLEAR: Final = 0.5
"""Score from which the first clause about an entry is a question, which decides what is wanted, and
from which a comparison is wanted even if one entry is named."""


@dataclass(frozen=True)
class Interpreter:
    """Weighs the ways to understand a message; immutable, safe to share."""

    knowledge: Knowledge
    """What there is to talk about."""
    space: FeatureSpace
    """The features of words that both heads judge by."""
    subject: LinearModel
    """What the words of a message sound like."""
    request: LinearModel
    """What is wanted, judged by the message without its names."""
    reliability: Mapping[Name, float]
    """How surely each name means that its entry is the subject, from 0 to 1."""
    phrases: Phrases
    """Words that steer a conversation."""

    def interpret(
        self, reading: Reading, context: Context | None
    ) -> tuple[list[Interpretation], Scores, Scores]:
        """Weigh the ways to understand a message.

        Returns:
            The interpretations, best first, and the scores of both heads.
        """
        words = self.space.vector(reading.words)
        rest = words if reading.rest == reading.words else self.space.vector(reading.rest)
        subject = self.subject.scores(words)
        request = self._requested(reading, rest)
        weighing = Weighing(self, reading, subject, request, context)
        found = sorted(weighing.all(), key=attrgetter("score"), reverse=True)
        return found, subject, request

    def named(self, reading: Reading) -> Mapping[str, float]:
        """Return the entries that a message names, each with the weight of its name."""
        weights: dict[str, float] = {}
        for mention in reading.mentions:
            if (id_ := meant(mention.name, self.knowledge)) is not None:
                weight = self.reliability.get(mention.name, 1.0)
                weight *= 1 if mention.exact else _INEXACT
                weights[id_] = max(weight, weights.get(id_, 0.0))
        return weights

    def _requested(self, reading: Reading, rest: Vector) -> Scores:
        if reading.bare:
            # Somebody wants to know what that is, or how these differ.
            return {**dict.fromkeys(self.request.labels, 0.0), "explain": 1.0}
        scores = self._asked(rest)
        if len(reading.opening) < len(reading.rest) and not _compares(reading, scores):
            first = self._asked(self.space.vector(reading.opening))
            if max(first.values()) >= _CLEAR:
                return first
        return scores

    def _asked(self, rest: Vector) -> Scores:
        scores = self.request.scores(rest)
        scores["explain"] = max(scores["explain"], 0.0) + max(scores.pop(ASK, 0.0), 0.0) + USUAL
        return scores


def _compares(reading: Reading, request: Scores) -> bool:
    """Return whether a comparison is wanted most, and of several entries or clearly."""
    if max(request, key=request.__getitem__) != COMPARE:
        return False
    return reading.rest.count(STAND_IN[Sort.ENTRY]) > 1 or request[COMPARE] >= _CLEAR
