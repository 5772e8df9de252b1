"""Learning what each sign of a right statement counts for, from asks that are held out."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ..knowledge import LANGUAGES, Knowledge
from ..knowledge.models import Intent
from .answer_types import AnswerTypes
from .classifier.features import FeatureSpace
from .classifier.linear_model import Doubles, Logistic
from .entity_linker import EntityLinker
from .sampling import Pool, Sampler
from .statement_block import asked_about
from .statement_training import UNLEARNED, asked, fitted
from .statements import CLOSE, Features, doubts
from .training import train

_PARTS: Final = 5
"""Parts of the asks of which one is held out at a time."""
_PENALTY: Final = 1.0
"""Weight of the squared weights, in asks."""
_ROUNDS: Final = 50
_SHORTEST: Final = 1e-12
"""Square of the length below which a step is not halved any more."""
_LEAST: Final = 1e-3
"""Gain below which the weights are good enough."""
_MISSING: Final = 5.0
"""How many asks a question for what is missing counts for: the other gaps are asks as well, but of
what is taken away, while these were written to come close to what is there."""
_GAPS: Final = 0.5
"""Share of the held-out asks that are asked as if the knowledge lacked their statement."""


class Examined(NamedTuple):
    """What a ranker that didn't know an ask makes of it."""

    features: Doubles
    """Statements of the entry by features."""
    right: int
    """The statement that answers; -1 if none does, as of another entry."""
    lottery: float
    """From 0 to 1, drawn once and for all."""
    weight: float = 1.0
    """How many asks it counts for when the chance is learned."""


def examine(
    knowledge: Knowledge,
    linker: EntityLinker,
    space: FeatureSpace,
    parts: Iterable[int] = range(_PARTS),
) -> list[list[Examined]]:
    """Put each ask to a ranker that has learned from the other parts of the asks.

    Args:
        knowledge: What is known.
        linker: Finds names.
        space: Where questions have their features.
        parts: The parts that are held out, one at a time, from 0.

    Returns:
        The asks by part.
    """
    asks = asked(knowledge.entries, linker, AnswerTypes.load())
    lots = [Sampler(0).fraction("statement", ask.text, ask.entry) for ask in asks]
    missing = [
        (id_, asked_about(ask.text, id_, language, linker))
        for id_, entry in knowledge.entries.items()
        for language in LANGUAGES
        for ask in entry.questions(language)
        if ask.intent is Intent.FACT
    ]
    elsewhere = Pool(Sampler(0), ((id_, id_) for id_ in knowledge.entries))
    examined: list[list[Examined]] = []
    for part in parts:
        held = [int(lot * _PARTS) == part for lot in lots]
        taught = [ask for ask, out in zip(asks, held, strict=True) if not out]
        ranker = fitted(knowledge, linker, space, taught, UNLEARNED)
        found: list[Examined] = []
        for ask, lot, out in zip(asks, lots, held, strict=True):
            if out:
                block = ranker.blocks[ask.entry]
                features, _ = ranker.features(ask.question, block)
                right = block.routes.index(ask.route)
                found.append(Examined(features.astype(np.float64), right, lot * _PARTS % 1))
                other = elsewhere.choose(ask.text)
                # "Since when?" may well be answered elsewhere.
                if other != ask.entry and not ask.question.others and not ask.follows:
                    features, _ = ranker.features(ask.question, ranker.blocks[other])
                    found.append(Examined(features.astype(np.float64), -1, 1.0))
        for id_, question in missing[part::_PARTS]:
            features, _ = ranker.features(question, ranker.blocks[id_])
            found.append(Examined(features.astype(np.float64), -1, 1.0, _MISSING))
        examined.append(found)
    return examined


def places(examined: Iterable[Examined], weights: npt.NDArray[np.float64]) -> list[int]:
    """Return the place of the right statement of each ask under some weights, 0 for the first."""
    scores = ((one.features @ weights, one.right) for one in examined if one.right >= 0)
    return [int((found > found[right]).sum()) for found, right in scores]


def fit_weights(examined: Sequence[Examined]) -> npt.NDArray[np.float64]:
    """Return the weights under which the right statements are likeliest to come first.

    A conditional logit (McFadden 1974) under a squared penalty, by Newton's method.
    """
    examined = [one for one in examined if one.right >= 0]
    weights = np.zeros(examined[0].features.shape[1])
    loss = _loss(examined, weights)
    for _ in range(_ROUNDS):
        gradient, curvature = -_PENALTY * weights, _PENALTY * np.eye(len(weights))
        for one in examined:
            chances = _softmax(one.features @ weights)
            mean = chances @ one.features
            gradient += one.features[one.right] - mean
            curvature += (one.features * chances[:, None]).T @ one.features - np.outer(mean, mean)
        step = np.linalg.solve(curvature, gradient)
        while (reached := _loss(examined, weights + step)) > loss and step @ step > _SHORTEST:
            step /= 2
        weights, gained, loss = weights + step, loss - reached, reached
        if gained < _LEAST:
            break
    return weights


def fit_confidence(examined: Sequence[Examined], weights: npt.NDArray[np.float64]) -> Logistic:
    """Learn how far the best statement may be trusted, from asks that it answers and gaps.

    A gap is an ask whose statement is taken away, one that is put to another entry, or a question
    for what is missing.
    """
    sample: list[list[float]] = []
    truth: list[bool] = []
    counts: list[float] = []
    for one in examined:
        gap = one.right < 0 or one.lottery < _GAPS
        removed = gap and one.right >= 0
        features = np.delete(one.features, one.right, axis=0) if removed else one.features
        if not len(features):
            continue
        scores = features @ weights
        best = int(scores.argmax())
        others = np.delete(scores, best)
        leads = np.full(len(scores), scores[best] - others.max() if len(others) else 1.0)
        sample.append(doubts(features, scores, leads)[best].tolist())
        told = int((scores > scores[best] - CLOSE).sum() > 1)
        counts.append(one.weight)
        truth.append(not gap and one.right in scores.argsort()[::-1][: told + 1])
    return Logistic.fit(sample, truth, weights=counts)


def _softmax(scores: Doubles) -> Doubles:
    raised = np.exp(scores - scores.max())
    return raised / raised.sum()


def _loss(examined: Sequence[Examined], weights: npt.NDArray[np.float64]) -> float:
    penalty = _PENALTY / 2 * float(weights @ weights)
    return penalty - sum(
        float(np.log(_softmax(one.features @ weights)[one.right])) for one in examined
    )


def learn(knowledge: Knowledge) -> tuple[Features, Logistic, list[int]]:
    """Learn the weights from a knowledge.

    Returns:
        The weight of each feature, the chance that the best statement answers, and the place that
        the right statement of each held-out ask has, 0 for the first.
    """
    engine = train(knowledge)
    parts = examine(knowledge, engine.preprocessor.linker, engine.scorer.space)
    found: list[int] = []
    for part in parts:
        others = [one for other in parts if other is not part for one in other]
        found += places(part, fit_weights(others))
    everything = [one for part in parts for one in part]
    weights = fit_weights(everything)
    features = Features(*weights.round(3).tolist())
    return features, fit_confidence(everything, weights), found
