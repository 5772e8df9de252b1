"""Prints how many questions are answered right, with engines trained with several seeds.

Run: python benchmarks/seeds.py [QUESTIONS.jsonl ...]. A seed chooses the names that carrier phrases
are filled with and what is held out for calibration, so the results of one seed are partly luck.
Each line of a file is a question as in tests/questions.jsonl: ``text``, ``tags`` and ``gold``, each
with the ``intent`` and ``topics`` that are right; questions of one ``chat`` are one conversation.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from efinbot.intents import TOPICLESS, Context, Engine
from efinbot.intents.training import train
from efinbot.knowledge import SHIPPED, load

QUESTIONS = Path(__file__).parents[1] / "tests/questions.jsonl"


def asked(engine: Engine, path: Path) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield each question of a file, and whether it is understood."""
    chats: dict[str, Context] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        chat = question.get("chat")
        said = engine.understand(question["text"], chats.get(chat) if chat else None)
        if chat:
            chats[chat] = engine.remember(chats.get(chat), said, now=0.0)
        topics = set() if said.intent in (*TOPICLESS, "fallback") else set(said.topics)
        gold = [(one["intent"], set(one["topics"])) for one in question["gold"]]
        # One fact serves where an explanation is wanted, and a gap where nothing is.
        served = ("fact", "explain") if said.intent == "fact" else (said.intent,)
        honest = said.gap and gold[0][0] == "fallback"
        yield question, honest or any((intent, topics) in gold for intent in served)


def main() -> None:
    """Print a table of each file as markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path, nargs="*", default=[QUESTIONS])
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds")
    options = parser.parse_args()
    knowledge = load(SHIPPED)
    shares: defaultdict[tuple[Path, str], list[float]] = defaultdict(list)
    sizes: dict[tuple[Path, str], int] = {}
    for seed in range(options.seeds):
        engine = train(knowledge, seed=seed)
        for path in options.questions:
            verdicts: defaultdict[str, list[bool]] = defaultdict(list)
            for question, right in asked(engine, path):
                for tag in (*question["tags"], "all"):
                    verdicts[tag].append(right)
            for tag, found in verdicts.items():
                shares[path, tag].append(mean(found))
                sizes[path, tag] = len(found)
    for path in options.questions:
        print(f"\n{path.name}, {options.seeds} seeds\n")
        print("| kind | questions | mean | standard deviation |\n| --- | ---: | ---: | ---: |")
        for (file, tag), found in shares.items():
            if file == path:
                print(f"| {tag} | {sizes[path, tag]} | {mean(found):.4f} | {stdev(found):.4f} |")


if __name__ == "__main__":
    main()
