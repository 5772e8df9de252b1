"""Learns how far to trust a model, from questions whose answers it was not told."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

import numpy as np

from ..text import tokens
from .confidence import Confidence, Evidence
from .features import FeatureSpace, Indices, Rows
from .model import KERNEL_LIMIT, Model
from .typos import misspell

_ROUNDS: Final = 4
_HELD_OUT: Final = 0.5
_MAX_EXAMPLES: Final = 6000
"""How many examples take part: more would make the calibration slow, not better."""
_MAX_ASKED: Final = 200
"""How many utterances are asked about in a round."""


def calibrate(
    texts: Sequence[str],
    owners: Indices,
    labels: int,
    space: FeatureSpace,
    counts: Rows,
    *,
    foreign: int | None,
    seed: int,
) -> Confidence:
    """Ask models fitted to parts of the examples about the rest of them.

    In each round a fourth of the intents is hidden altogether: their utterances stand for questions
    that no intent covers. Half of the other utterances are held out, because a question is less
    like the examples than these are like each other. All are asked twice, as they are and misspelt.

    Args:
        texts: The examples as written.
        owners: The position of the label of each.
        labels: How many labels there are.
        space: A space that has the features of the examples.
        counts: Their counts there.
        foreign: The label of what no intent covers, if there are examples of it.
        seed: Seed of what is held out and how it is misspelt.
    """
    random = Random(seed)  # noqa: S311 - reproducible, not secret
    if len(texts) > _MAX_EXAMPLES:
        sample = np.array(random.sample(range(len(texts)), _MAX_EXAMPLES), np.int32)
        texts = [texts[int(i)] for i in sample]
        owners, counts = owners[sample], counts.taken(sample)
    words = [tokens(text) for text in texts]
    evidence: list[Evidence] = []
    truth: list[int] = []
    answers: list[int] = []
    for kept, asked in _parts(owners, labels, foreign, random):
        chosen = np.array(kept, np.int32)
        model = Model.fit(
            [words[i] for i in kept],
            owners[chosen],
            labels,
            space,
            counts.taken(chosen),
            # As in the model to be calibrated, which sees more examples.
            kernel=len(owners) <= KERNEL_LIMIT,
        )
        taught = {int(owners[i]) for i in kept} - {foreign}
        for i in asked:
            owner = int(owners[i])
            for question in (words[i], tokens(misspell(texts[i], random))):
                scores, found = model.judge(model.read(question))
                evidence.append(found)
                truth.append(owner if owner in taught else -1)
                answers.append(int(scores.argmax()))
    return Confidence.fit(evidence, truth, answers)


def _parts(
    owners: Indices, labels: int, foreign: int | None, random: Random
) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the examples to learn from and those to ask about."""
    intents = [label for label in range(labels) if label != foreign]
    random.shuffle(intents)
    for turn in range(_ROUNDS):
        hidden = set(intents[turn::_ROUNDS])
        kept: list[int] = []
        asked: list[int] = []
        for i, owner in enumerate(owners):
            held_out = int(owner) in hidden or random.random() < _HELD_OUT
            (asked if held_out else kept).append(i)
        random.shuffle(asked)
        if kept and asked:
            yield kept, asked[:_MAX_ASKED]
