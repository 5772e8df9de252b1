import numpy as np
import pytest

from efinbot.intents.classifier.features import FeatureSpace, Rows
from efinbot.intents.classifier.heads import KernelHead, LinearHead
from efinbot.intents.classifier.neighbours import Neighbours
from efinbot.intents.classifier.solver import CrossEntropy, Loss, SquaredHinge, minimise
from efinbot.intents.text import tokens

EXAMPLES = (
    ("where is my card", 0),
    ("the card has not arrived", 0),
    ("track my card", 0),
    ("close my account", 1),
    ("i want to delete the account", 1),
    ("what is the exchange rate", 2),
    ("exchange rate for dollars", 2),
)
TARGETS = np.eye(3, dtype=np.float32)[[label for _, label in EXAMPLES]]


@pytest.fixture(scope="module")
def space() -> FeatureSpace:
    return FeatureSpace.fit([tokens(text) for text, _ in EXAMPLES])


@pytest.fixture(scope="module")
def rows(space: FeatureSpace) -> Rows:
    return space.weighted(space.counts([tokens(text) for text, _ in EXAMPLES]))


QUESTIONS = [("has my card arrived", 0), ("delete account", 1), ("dollar exchange rates", 2)]


@pytest.mark.parametrize(("text", "label"), QUESTIONS)
def test_the_linear_head_generalises(
    space: FeatureSpace, rows: Rows, text: str, label: int
) -> None:
    assert LinearHead.fit(rows, TARGETS).scores(space.vector(tokens(text))).argmax() == label


@pytest.mark.parametrize(("text", "label"), QUESTIONS)
def test_the_kernel_head_generalises(
    space: FeatureSpace, rows: Rows, text: str, label: int
) -> None:
    cosines = Neighbours.of(rows).cosines(space.vector(tokens(text)))
    assert KernelHead.fit(rows, TARGETS).scores(cosines).argmax() == label


def test_scores_are_near_one_for_the_label_of_an_example_and_lower_for_others(
    space: FeatureSpace, rows: Rows
) -> None:
    linear, kernel = LinearHead.fit(rows, TARGETS), KernelHead.fit(rows, TARGETS)
    neighbours = Neighbours.of(rows)
    for text, label in EXAMPLES:
        vector = space.vector(tokens(text))
        for scores in (linear.scores(vector), kernel.scores(neighbours.cosines(vector))):
            assert scores[label] == pytest.approx(1, abs=0.35)
            assert np.delete(scores, label).max() < 0.5


def test_a_text_without_features_is_scored_by_the_bias(space: FeatureSpace, rows: Rows) -> None:
    head = LinearHead.fit(rows, TARGETS)
    np.testing.assert_array_equal(head.scores(space.vector([])), head.bias)


@pytest.mark.parametrize("loss", [SquaredHinge(TARGETS), CrossEntropy(TARGETS)])
def test_the_minimum_is_stationary(rows: Rows, loss: Loss) -> None:
    """With respect to the weights, the gradient is X'(penalty A + dloss): zero at the minimum."""
    dense = np.zeros((len(rows), rows.width), np.float32)
    dense[rows.owners, rows.indices] = rows.values
    gram = dense @ dense.T
    solution, scores = minimise(lambda x: gram @ x, loss, TARGETS.shape, penalty=0.5, steps=60)
    np.testing.assert_allclose(scores, gram @ solution, atol=1e-4)
    gradient = dense.T @ (0.5 * solution + loss.slope(scores))
    assert np.abs(gradient).max() < 1e-3


@pytest.mark.parametrize("loss", [SquaredHinge(TARGETS), CrossEntropy(TARGETS)])
def test_curvature_is_the_derivative_of_the_slope(loss: Loss) -> None:
    random = np.random.default_rng(0)
    scores = random.normal(size=TARGETS.shape).astype(np.float32)
    direction = random.normal(size=TARGETS.shape).astype(np.float32)
    step = np.float32(1e-2)
    ahead, behind = loss.slope(scores + step * direction), loss.slope(scores - step * direction)
    expected = ((ahead - behind) * direction).sum() / (2 * step)
    assert loss.curvature(scores, direction).sum() == pytest.approx(float(expected), rel=0.05)
