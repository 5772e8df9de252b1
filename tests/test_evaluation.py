from pathlib import Path

import numpy as np
import pytest

from efinbot.intents.classifier.calibration import OUT_OF_SCOPE, Calibration, matthews
from efinbot.intents.classifier.classifier import Example, ExamplesError
from efinbot.intents.classifier.evaluate import Confusion, evaluate, read_examples
from efinbot.intents.classifier.matcher import Evidence
from efinbot.knowledge.messages import message

TRAIN = [
    Example(f"{start} {subject}", label)
    for label, subjects in {
        "cards": ("my card", "a lost card", "card delivery"),
        "rates": ("exchange rates", "the dollar rate", "currency rates"),
        "accounts": ("open accounts", "savings account", "account closure"),
    }.items()
    for subject in subjects
    for start in ("what about", "tell me of", "explain", "info on", "questions on", "help with")
]


def test_a_report_counts_answers_and_rejections() -> None:
    test = [
        Example("help with card deliveries", "cards"),
        Example("the dollar rates", "rates"),
        Example("savings accounts", "cards"),
        Example("zebras hunt quietly", OUT_OF_SCOPE),
        Example("tomorrow brings rain", OUT_OF_SCOPE),
    ]
    report = evaluate(TRAIN, test)
    assert report.in_scope_accuracy == pytest.approx(2 / 3)
    assert report.oos_recall == 1
    assert report.oos_precision == 1
    assert report.confusions == (Confusion("cards", "accounts", 1),)
    # Truth a b a o o, answers a b c o o: 4 of 5 right, so (4*5 - 7) / sqrt((25 - 7) * (25 - 9)).
    assert report.mcc == pytest.approx(13 / (18 * 16) ** 0.5)
    assert 0 < report.p50_ms <= report.p99_ms
    assert report.fit_s > 0


def test_rejection_is_not_judged_without_questions_to_reject() -> None:
    report = evaluate(TRAIN, [Example("my card", "cards")])
    assert report.in_scope_accuracy == 1
    assert (report.oos_precision, report.oos_recall, report.mcc) == (None, None, None)


def test_an_empty_test_is_an_error() -> None:
    with pytest.raises(ExamplesError, match="no_questions"):
        evaluate(TRAIN, [])


@pytest.mark.parametrize(
    ("truth", "answers", "expected"),
    [
        ([0, 1, 2, 0], [0, 1, 2, 0], 1.0),
        ([0, 1, 0, 1], [1, 0, 1, 0], -1.0),
        ([0, 1, 2, 0], [0, 0, 0, 0], 0.0),
        # Two classes: (tp tn - fp fn) / sqrt(...) with tp 3, tn 2, fp 1, fn 2.
        ([1, 1, 1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0, 0, 1], 4 / (4 * 5 * 3 * 4) ** 0.5),
    ],
    ids=["perfect", "opposite", "constant", "binary"],
)
def test_matthews(truth: list[int], answers: list[int], expected: float) -> None:
    found = matthews(np.array(truth, np.str_), np.array(answers, np.str_))
    assert found == pytest.approx(expected)


def test_confidence_grows_with_the_evidence_and_the_threshold_separates() -> None:
    strong, weak = Evidence(1.0, 0.9, 1.0), Evidence(0.2, 0.2, 0.3)
    calibration = Calibration.fit(
        [strong, weak] * 20,
        truth=["a", OUT_OF_SCOPE, "b", OUT_OF_SCOPE] * 10,
        answers=["a", "a", "b", "b"] * 10,
    )
    chance = calibration.regression.chance
    assert chance(weak) < calibration.threshold <= chance(strong)


def write(folder: Path, content: str) -> Path:
    path = folder / "set.csv"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_byte_order_mark_and_lines_inside_quotes_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, '\ufefftext,intent\n"two\nlines",a\n开放银行,b\n')
    assert read_examples(path) == [Example("two\nlines", "a"), Example("开放银行", "b")]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("text,label\nhello,a\n", "set.csv:1: the column 'intent' is missing"),
        ("", "set.csv:1: the column 'text' is missing"),
        ("text,intent\nhello,a\n ,b\n", "set.csv:3: the column 'text' is empty"),
        ('text,intent\n"two\nlines",a\nhello,\n', "set.csv:4: the column 'intent' is empty"),
        ("text,intent\nhello\n", "set.csv:2: the column 'intent' is empty"),
    ],
    ids=["missing column", "empty file", "empty text", "empty intent", "short row"],
)
def test_errors_name_file_and_line(tmp_path: Path, content: str, problem: str) -> None:
    with pytest.raises(ExamplesError) as error:
        read_examples(write(tmp_path, content))
    assert message(error.value.key, **error.value.values).endswith(problem)
