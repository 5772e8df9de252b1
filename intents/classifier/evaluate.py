"""Evaluation: the classifier's accuracy, rejection and speed on labelled questions."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np

from .calibration import OUT_OF_SCOPE, matthews
from .classifier import Classifier, Example, ExamplesError

_COLUMNS: Final = ("text", "intent")
_CONFUSIONS: Final = 10


@dataclass(frozen=True, slots=True)
class Confusion:
    """Two labels of which one was taken for the other."""

    truth: str
    """The right label."""
    answer: str
    """The label given."""
    count: int
    """How often."""


@dataclass(frozen=True, slots=True)
class Report:
    """The results of a test."""

    in_scope_accuracy: float
    """Share of the questions some intent covers whose best label is right, nothing rejected."""
    oos_precision: float | None
    """Share of the rejected questions that no intent covers; None without such questions."""
    oos_recall: float | None
    """Share of the questions no intent covers that are rejected; None without such questions."""
    mcc: float | None
    """Multiclass Matthews correlation, rejection being a class; None without such questions."""
    p50_ms: float
    """Median time of a question in milliseconds."""
    p99_ms: float
    """Time that one question in a hundred exceeds."""
    fit_s: float
    """Time of fitting in seconds, calibration included."""
    confusions: tuple[Confusion, ...]
    """The labels most often mistaken for each other, nothing rejected."""


def evaluate(train: Sequence[Example], test: Sequence[Example]) -> Report:
    """Fit a classifier and test it.

    As in HINT3 (Arora et al. 2020), a question is rejected if its confidence is below the
    threshold; here the threshold comes from the training examples alone.

    Args:
        train: The examples to learn from.
        test: The questions to ask. Those labelled `OUT_OF_SCOPE` should be rejected.

    Raises:
        ExamplesError: If there is nothing to test, or too little to learn from.
    """
    if not test:
        raise ExamplesError(key="evaluation.no_questions")
    start = perf_counter()
    classifier = Classifier.fit(train)
    fit_s = perf_counter() - start
    return measure(classifier, test, fit_s)


def measure(classifier: Classifier, test: Sequence[Example], fit_s: float = 0.0) -> Report:
    """Test a classifier that is fitted already; see `evaluate`."""
    best: list[str] = []
    final: list[str] = []
    times: list[float] = []
    for example in test:
        start = perf_counter()
        found = classifier.classify(example.text)
        times.append(1000 * (perf_counter() - start))
        best.append(found.label)
        final.append(found.answer)
    truth = [example.label for example in test]
    covered = [(t, b) for t, b in zip(truth, best, strict=True) if t != OUT_OF_SCOPE]
    right = sum(t == b for t, b in covered)
    mistakes = Counter((t, b) for t, b in covered if t != b)
    rejects = len(covered) < len(test)
    hits = sum(t == f == OUT_OF_SCOPE for t, f in zip(truth, final, strict=True))
    return Report(
        in_scope_accuracy=right / max(len(covered), 1),
        oos_precision=hits / max(final.count(OUT_OF_SCOPE), 1) if rejects else None,
        oos_recall=hits / truth.count(OUT_OF_SCOPE) if rejects else None,
        mcc=matthews(np.array(truth), np.array(final)) if rejects else None,
        p50_ms=float(np.percentile(times, 50)),
        p99_ms=float(np.percentile(times, 99)),
        fit_s=fit_s,
        confusions=tuple(Confusion(t, b, n) for (t, b), n in mistakes.most_common(_CONFUSIONS)),
    )


def read_examples(path: Path) -> list[Example]:
    """Read labelled utterances from a CSV file with the columns "text" and "intent".

    Args:
        path: A file in UTF-8, with or without a byte order mark.

    Raises:
        ExamplesError: If a column is missing or a value empty.
    """
    examples: list[Example] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for column in _COLUMNS:
            if column not in (reader.fieldnames or ()):
                raise ExamplesError(key="evaluation.column_missing", path=path, column=column)
        line = reader.line_num + 1
        for row in reader:
            for column in _COLUMNS:
                if not (row[column] or "").strip():
                    raise ExamplesError(
                        key="evaluation.cell_empty", path=path, line=line, column=column
                    )
            examples.append(Example(row["text"], row["intent"]))
            line = reader.line_num + 1
    return examples
