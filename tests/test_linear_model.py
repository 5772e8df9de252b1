import numpy as np
import pytest

from efinbot.intents.classifier import linear_model
from efinbot.intents.classifier.features import FeatureSpace, Rows
from efinbot.intents.classifier.linear_model import LinearModel
from efinbot.intents.text import tokens

EXAMPLES = {
    "where is my card": "card",
    "the card has not arrived": "card",
    "track my card": "card",
    "close my account": "account",
    "i want to delete the account": "account",
    "what is the exchange rate": "rate",
    "exchange rate for dollars": "rate",
}
LABELS = list(EXAMPLES.values())


@pytest.fixture(scope="module")
def space() -> FeatureSpace:
    return FeatureSpace.fit([tokens(text) for text in EXAMPLES])


@pytest.fixture(scope="module")
def rows(space: FeatureSpace) -> Rows:
    return space.weighted(space.counts([tokens(text) for text in EXAMPLES]))


@pytest.mark.parametrize(
    ("text", "label"),
    [("has my card arrived", "card"), ("delete account", "account"), ("dollar rates", "rate")],
)
def test_other_wordings_are_recognised(
    space: FeatureSpace, rows: Rows, text: str, label: str
) -> None:
    scores = LinearModel.fit(rows, LABELS).scores(space.vector(tokens(text)))
    assert max(scores, key=scores.__getitem__) == label


def test_scores_are_near_one_for_the_label_of_an_example_and_near_zero_for_others(
    space: FeatureSpace, rows: Rows
) -> None:
    model = LinearModel.fit(rows, LABELS)
    for text, label in EXAMPLES.items():
        scores = model.scores(space.vector(tokens(text)))
        assert scores.pop(label) == pytest.approx(1, abs=0.35)
        assert max(scores.values()) < 0.3


def test_a_text_without_known_features_has_no_score(space: FeatureSpace, rows: Rows) -> None:
    assert set(LinearModel.fit(rows, LABELS).scores(space.vector([])).values()) == {0.0}


def test_an_example_that_counts_more_is_fitted_better(space: FeatureSpace, rows: Rows) -> None:
    vector = space.vector(tokens("close my account"))
    weights = [5.0 if text == "close my account" else 1.0 for text in EXAMPLES]
    plain, weighted = LinearModel.fit(rows, LABELS), LinearModel.fit(rows, LABELS, weights)
    assert plain.scores(vector)["account"] < weighted.scores(vector)["account"] <= 1.02


def test_labels_fitted_apart_score_as_labels_fitted_together(
    space: FeatureSpace, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    vector = space.vector(tokens("has my card arrived"))
    together = LinearModel.fit(rows, LABELS).scores(vector)
    monkeypatch.setattr(linear_model, "_LABELS_AT_ONCE", 2)
    assert LinearModel.fit(rows, LABELS).scores(vector) == pytest.approx(together, abs=1e-3)


def test_the_minimum_is_stationary(rows: Rows) -> None:
    """The gradient by the weights is zero at the minimum."""
    model = LinearModel.fit(rows, LABELS)
    weights = model.weights * model.steps[:, np.newaxis]
    dense = np.zeros((len(rows), rows.width), np.float32)
    owners = np.repeat(np.arange(len(rows)), np.diff(rows.starts))
    dense[owners, rows.indices] = rows.values
    for number, label in enumerate(model.labels):
        scores = dense @ weights[:, number]
        has = np.array([label == other for other in LABELS])
        errors = np.where(has, np.minimum(scores - 1, 0), np.maximum(scores, 0))
        gradient = dense.T @ errors + linear_model.PENALTY * weights[:, number]
        assert np.abs(gradient).max() < 0.01
