"""Fits the scores of all labels at once by conjugate gradients in the span of the examples.

Under a squared penalty the best weights are a combination of the examples, W = X'A. Every step is
therefore taken on A (examples by labels), and the examples enter through products with their Gram
matrix K = XX' alone: a kernel will do. In the coordinates A the gradient by W is penalty A + dloss,
so a step costs one product with K, and line searches, which move along known scores, cost none.
"""

from collections.abc import Callable
from typing import Final, Protocol

import numpy as np

from .features import Floats

Product = Callable[[Floats], Floats]

_LINE_STEPS: Final = 2
_FARTHEST: Final = np.float32(1e6)
_TINY: Final = 1e-12
_CONVERGED: Final = 1e-10


class Loss(Protocol):
    """How bad scores (examples by labels) are; a convex function."""

    @property
    def axis(self) -> int | None:
        """What a sum over the loss runs over: 0 if each label is a problem of its own."""
        ...

    def slope(self, scores: Floats) -> Floats:
        """Return the derivative by each score."""
        ...

    def curvature(self, scores: Floats, direction: Floats) -> Floats:
        """Return the second derivative along a direction, as summands."""
        ...


class SquaredHinge:
    """Each label against the rest: max(0, 1 - score) squared, the score negated for the rest."""

    axis = 0

    def __init__(self, targets: Floats) -> None:
        self._signs = np.where(targets > 0, np.float32(1), np.float32(-1))

    def slope(self, scores: Floats) -> Floats:
        """Return the derivative by each score."""
        return -2 * self._signs * np.maximum(1 - self._signs * scores, 0)

    def curvature(self, scores: Floats, direction: Floats) -> Floats:
        """Return the second derivative along a direction, as summands."""
        return 2 * direction * direction * (self._signs * scores < 1)


class CrossEntropy:
    """All labels against each other: minus the log-likelihood of their softmax."""

    axis = None

    def __init__(self, targets: Floats) -> None:
        self._targets = (targets > 0).astype(np.float32)

    def slope(self, scores: Floats) -> Floats:
        """Return the derivative by each score."""
        return _softmax(scores) - self._targets

    def curvature(self, scores: Floats, direction: Floats) -> Floats:
        """Return the second derivative along a direction, as summands."""
        chances = _softmax(scores)
        mean = (chances * direction).sum(axis=1, keepdims=True)
        return chances * direction * (direction - mean)


def minimise(
    product: Product, loss: Loss, shape: tuple[int, int], *, penalty: float, steps: int
) -> tuple[Floats, Floats]:
    """Minimise loss(KA) + penalty / 2 trace(A'KA).

    Nonlinear conjugate gradients (Polak and Ribière 1969, starting afresh where their factor turns
    negative) in the metric of K, with Newton's method along each line.

    Args:
        product: Multiplies a matrix by K.
        loss: The loss of scores.
        shape: The number of examples and of labels.
        penalty: The weight of the squared length of the weights.
        steps: How many products with K to spend.

    Returns:
        A, and the scores KA of the examples.
    """
    solution, scores = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    direction, movement = np.zeros_like(solution), np.zeros_like(scores)
    last_image, last_square = np.zeros_like(scores), np.ones((), np.float32)
    start = np.zeros((), np.float32)
    for _ in range(steps):
        slope = loss.slope(scores)
        gradient = penalty * solution + slope
        image = penalty * scores + product(slope)
        square = (gradient * image).sum(loss.axis)
        change = square - (gradient * last_image).sum(loss.axis)
        # In the first step the direction so far is zero, so this factor does not matter.
        factor = np.maximum(change / np.maximum(last_square, _TINY), 0)
        start = np.maximum(start, square)
        # Where a gradient is rounding error by now, it leads nowhere.
        moving = square > _CONVERGED * start
        direction = moving * (factor * direction - gradient)
        movement = moving * (factor * movement - image)
        last_image, last_square = image, square
        step = _line_minimum(
            loss,
            scores,
            movement,
            penalty * (direction * scores).sum(loss.axis),
            penalty * (direction * movement).sum(loss.axis),
        )
        solution += step * direction
        scores += step * movement
    return solution, scores


def _line_minimum(
    loss: Loss, scores: Floats, movement: Floats, tilt: Floats, stiffness: Floats
) -> Floats:
    """Return how far to go along a movement of the scores, for each label or for all.

    Newton's method, kept between what was too short and what was too far.

    Args:
        loss: The loss of scores.
        scores: Where the line starts.
        movement: Where it leads.
        tilt: First derivative of the penalty at the start.
        stiffness: Second derivative of the penalty.
    """
    step, short = np.zeros_like(tilt), np.zeros_like(tilt)
    far = np.full_like(tilt, np.inf)
    for _ in range(_LINE_STEPS):
        reached = scores + step * movement
        first = tilt + step * stiffness + (loss.slope(reached) * movement).sum(loss.axis)
        second = stiffness + loss.curvature(reached, movement).sum(loss.axis)
        short, far = np.where(first <= 0, step, short), np.where(first <= 0, far, step)
        newton = step - first / np.maximum(second, _TINY)
        inside = (short <= newton) & (newton <= far)
        step = np.where(inside, newton, (short + np.minimum(far, _FARTHEST)) / 2)
    return step


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
