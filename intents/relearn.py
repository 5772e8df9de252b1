"""Learning the stored weights again.

    python -m efinbot.intents.relearn

learns them from the shipped knowledge, writes them to `data/weights.yaml`, and says how well they
do on asks that were held out. After it, answers about any entry may change a little.
"""

import sys
from typing import Final

import numpy as np

from ..knowledge import load
from . import confidence_weights, statement_weights
from .stored_weights import StoredLogistic, StoredWeights, store_weights

_SHOWN: Final = 3
"""Statements among which the right one is looked for."""


def main() -> None:
    """Learn the weights, store them, and say how good they are."""
    knowledge = load()
    lack, in_scope, correct = confidence_weights.learn(knowledge)
    features, answers, found = statement_weights.learn(knowledge)
    store_weights(
        StoredWeights(
            lack=round(lack, 3),
            statements=features._asdict(),
            answers=StoredLogistic.of(answers),
            in_scope=StoredLogistic.of(in_scope),
            correct=StoredLogistic.of(correct),
        )
    )
    places = np.array(found)
    sys.stdout.write(
        f"{len(places)} held-out asks: the right statement first {(places == 0).mean():.1%},"
        f" among three {(places < _SHOWN).mean():.1%}\n"
    )


if __name__ == "__main__":
    main()
