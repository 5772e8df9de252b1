"""Prints how fast a question is answered, how fast the bot starts, and what memory it takes.

Run: python benchmarks/answering.py. Each figure is printed next to its budget; the exit code
is 1 if one is over.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import psutil

from efinbot.bot import Assistant, open_engine

QUESTIONS = Path(__file__).parent.parent / "tests" / "questions.jsonl"
ROUNDS = 5
STARTS = 5


def answering(assistant: Assistant) -> list[float]:
    """Return the milliseconds that each question takes, understanding and reply, best of rounds."""
    texts = [json.loads(line)["text"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    return [min(_milliseconds(assistant, text) for _ in range(ROUNDS)) for text in texts]


def hostile(assistant: Assistant) -> float:
    """Return the milliseconds that the worst of some inputs of 4,096 characters takes."""
    return max(min(_milliseconds(assistant, text) for _ in range(ROUNDS)) for text in _hostile())


def _hostile() -> Iterator[str]:
    chance = random.Random(1)
    han = [chr(code) for code in range(0x4E00, 0x9FA6)]
    for characters in ("a", "开", "開", " ", "😂", "e\u0301", "a ", "1.", "-", "\u200b", "ﷺ"):
        yield (characters * 4096)[:4096]
    yield "".join(chance.choices(han, k=4096))
    yield "".join(chance.choices([*map(chr, range(33, 127)), " "], k=4096))
    yield "".join(chr(chance.randrange(1, 0xD800)) for _ in range(4096))
    yield ("open banking 开放银行 kaifang yinhang " * 200)[:4096]
    yield ("opne bnaking blokchain 开放因行 普会金融 " * 200)[:4096]


def _milliseconds(assistant: Assistant, text: str) -> float:
    start = perf_counter()
    assistant.answer(text, None, 0.0)
    return (perf_counter() - start) * 1e3


def _seconds(action: Callable[[], object]) -> float:
    start = perf_counter()
    action()
    return perf_counter() - start


def first_answer() -> list[float]:
    """Return the seconds from process start to answer of ``efinbot ask``, with a warm cache."""
    command = [sys.executable, "-m", "efinbot.bot", "ask", "什么是开放银行"]
    ask = lambda: subprocess.run(command, check=True, capture_output=True)  # noqa: E731, S603
    ask()
    return [_seconds(ask) for _ in range(STARTS)]


def importing() -> float:
    """Return how many times as long a host waits for ``install`` as for python-telegram-bot."""
    return _import_seconds("from efinbot.bot import install") / _import_seconds(
        "import telegram.ext"
    )


def _import_seconds(statement: str) -> float:
    code = f"from time import perf_counter as now; t = now(); {statement}; print(now() - t)"
    command = [sys.executable, "-c", code]
    return min(float(subprocess.check_output(command)) for _ in range(STARTS))  # noqa: S603


def memory() -> float:
    """Return the megabytes that a process holds that has answered all questions, cache warm."""
    command = [sys.executable, "-m", "efinbot.bot", "ask", "--jsonl"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
    if process.stdin is None or process.stdout is None:
        raise AssertionError
    for line in QUESTIONS.read_bytes().splitlines(keepends=True):
        process.stdin.write(line)
        process.stdin.flush()
        process.stdout.readline()
    resident = psutil.Process(process.pid).memory_info().rss / 2**20
    process.stdin.close()
    process.wait()
    return resident


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        cold = _seconds(open_engine)
        assistant = Assistant(open_engine())
        times = sorted(answering(assistant))
        rows = [
            ("one question, p50", median(times), 0.35, "ms"),
            ("one question, p99", quantiles(times, n=100)[-1], 2.0, "ms"),
            ("4,096 hostile characters, worst", hostile(assistant), 10.0, "ms"),
            ("first answer of `efinbot ask`, warm cache", median(first_answer()), 1.0, "s"),
            ("cold build of the shipped knowledge", cold, 8.0, "s"),
            ("importing `install`, times `telegram.ext`", importing(), 3.0, "×"),
            ("resident memory", memory(), 150.0, "MB"),
        ]
    print("| measured | figure | budget |\n| --- | --- | --- |")
    for name, figure, budget, unit in rows:
        print(f"| {name} | {figure:.2f} {unit} | {budget:g} {unit} |")
    sys.exit(any(figure > budget for _, figure, budget, _ in rows))


if __name__ == "__main__":
    main()
