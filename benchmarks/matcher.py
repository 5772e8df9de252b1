"""Prints how good and how fast the classifier is on sets of questions.

Run: python benchmarks/matcher.py FOLDER. Every folder in FOLDER with train.csv and test.csv is a
set; test_typo.csv, if there, holds the same questions misspelt.
"""

import argparse
from pathlib import Path
from time import perf_counter

from efinbot.intents.classifier.classifier import Classifier
from efinbot.intents.classifier.evaluate import measure, read_examples

HEADINGS = (
    "set",
    "accuracy",
    "with typos",
    "MCC",
    "rejection precision",
    "rejection recall",
    "p50 ms",
    "p99 ms",
    "fit s",
)


def row(folder: Path) -> list[str]:
    """Return the results for one set."""
    train = read_examples(folder / "train.csv")
    start = perf_counter()
    classifier = Classifier.fit(train)
    clean = measure(classifier, read_examples(folder / "test.csv"), perf_counter() - start)
    misspelt = folder / "test_typo.csv"
    typos = measure(classifier, read_examples(misspelt)) if misspelt.exists() else None
    return [
        folder.name,
        f"{clean.in_scope_accuracy:.3f}",
        "" if typos is None else f"{typos.in_scope_accuracy:.3f}",
        *(
            "" if value is None else f"{value:.3f}"
            for value in (clean.mcc, clean.oos_precision, clean.oos_recall)
        ),
        f"{clean.p50_ms:.2f}",
        f"{clean.p99_ms:.2f}",
        f"{clean.fit_s:.1f}",
    ]


def main() -> None:
    """Print the table as markdown, row by row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the sets are")
    folder: Path = parser.parse_args().folder
    print(f"| {' | '.join(HEADINGS)} |")
    print(f"|{' --- |' * len(HEADINGS)}")
    for train in sorted(folder.glob("*/train.csv")):
        print(f"| {' | '.join(row(train.parent))} |", flush=True)


if __name__ == "__main__":
    main()
