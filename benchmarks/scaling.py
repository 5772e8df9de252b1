"""Compares the time of a question and its accuracy with scans by rapidfuzz and thefuzz.

Run: python benchmarks/scaling.py PLOT.png. Utterances are synthetic: words of their label's own
among words of a vocabulary that grows with their number. The questions are misspelt and held out.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from time import perf_counter
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from rapidfuzz import fuzz, process, utils
from thefuzz import process as old_process

from efinbot.intents.classifier.classifier import Classifier, Example
from efinbot.intents.classifier.typos import misspell

SIZES = (1_000, 10_000, 100_000)
QUESTIONS = 200
LABELS = 50
SCANNED = 20  # a scan of 100,000 utterances takes up to seconds
SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in ("a", "e", "i", "o", "u", "an", "or")]


class Result(NamedTuple):
    """How one matcher did at one size."""

    matcher: str
    size: int
    right: float
    p50: float
    p99: float


def utterances(size: int, random: Random) -> list[Example]:
    """Return examples in random order."""
    words = ["".join(random.choices(SYLLABLES, k=random.randint(2, 4))) for _ in range(size // 10)]
    own = [random.sample(words, 8) for _ in range(LABELS)]
    examples: list[Example] = []
    for number in range(size):
        label = number % LABELS
        chosen = random.sample(own[label], 3) + random.sample(words, 5)
        random.shuffle(chosen)
        examples.append(Example(" ".join(chosen), f"label {label}"))
    random.shuffle(examples)
    return examples


def timed(
    matcher: str, size: int, answer: Callable[[str], str], questions: Sequence[Example]
) -> Result:
    """Ask all questions."""
    times: list[float] = []
    right = 0
    for question in questions:
        start = perf_counter()
        right += answer(question.text) == question.label
        times.append(1000 * (perf_counter() - start))
    p50, p99 = np.percentile(times, (50, 99))
    return Result(matcher, size, right / len(questions), float(p50), float(p99))


def compare(size: int) -> list[Result]:
    """Compare the matchers at one size."""
    random = Random(size)
    examples = utterances(size + QUESTIONS, random)
    known, held_out = examples[:size], examples[size:]
    questions = [Example(misspell(text.text, random), text.label) for text in held_out]
    texts = [utils.default_process(example.text) for example in known]
    classifier = Classifier.fit(known)

    def scan(scorer: Callable[..., float]) -> Callable[[str], str]:
        def answer(text: str) -> str:
            _, _, i = process.extractOne(
                text, texts, scorer=scorer, processor=utils.default_process
            )
            return known[i].label

        return answer

    labels = dict(zip(texts, (example.label for example in known), strict=True))
    return [
        timed("efinbot", size, lambda text: classifier.classify(text).label, questions),
        timed("rapidfuzz WRatio", size, scan(fuzz.WRatio), questions[:SCANNED]),
        timed("rapidfuzz token_sort_ratio", size, scan(fuzz.token_sort_ratio), questions[:SCANNED]),
        timed(
            "thefuzz extractOne",
            size,
            lambda text: labels[old_process.extractOne(text, texts)[0]],
            questions[:SCANNED],
        ),
    ]


def plot(results: Sequence[Result], path: Path) -> None:
    """Draw the median times."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after the choice of backend

    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    for matcher in dict.fromkeys(result.matcher for result in results):
        mine = [result for result in results if result.matcher == matcher]
        axes.plot([r.size for r in mine], [r.p50 for r in mine], marker="o", label=matcher)
    axes.set(xscale="log", yscale="log", xlabel="utterances", ylabel="median time, ms")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path)


def main() -> None:
    """Print the table as markdown and draw the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plot", type=Path, help="where to save the plot")
    path: Path = parser.parse_args().plot
    results: list[Result] = []
    print("| matcher | utterances | right | p50 ms | p99 ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for size in SIZES:
        for result in compare(size):
            results.append(result)
            name, _, right, p50, p99 = result
            print(f"| {name} | {size:,} | {right:.2f} | {p50:.2f} | {p99:.2f} |", flush=True)
    plot(results, path)


if __name__ == "__main__":
    main()
