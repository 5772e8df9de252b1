"""Prints how many answers about other entries change when one entry is edited.

Run: python benchmarks/stability.py [--edits N] [QUESTIONS.jsonl ...]. Each edit of the shipped
knowledge adds a question, an alias or a sentence to an entry, or removes a question, and an engine
is trained anew. It is asked all questions that the knowledge holds and those of the files, which
are written as in tests/questions.jsonl; all but those about the edited entry count.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import mean
from typing import Any

from efinbot.intents import Engine
from efinbot.intents.training import train
from efinbot.knowledge import LANGUAGES, SHIPPED, Entry, Knowledge, load

QUESTIONS = Path(__file__).parents[1] / "tests/questions.jsonl"
NEW = {
    "zh": ("普通人会感觉到什么不一样", "和十年前比差在哪儿", "对小店老板意味着什么"),
    "en": ("would my grandmother notice it", "who thought of it first", "is there a catch"),
}
SENTENCES = {"zh": "据报道，这一安排仍在调整。", "en": " It is reportedly still being adjusted."}


def labelled(knowledge: Knowledge, files: list[Path]) -> Iterator[tuple[str, str | None]]:
    """Yield each question with the entry that it is about."""
    for id_, entry in knowledge.entries.items():
        for language in LANGUAGES:
            for ask in entry.questions(language):
                yield ask.text, id_
            for _, statement in entry.answers():
                for ask in statement.asks.questions(language):
                    yield ask.text, id_
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            question = json.loads(line)
            yield question["text"], next(iter(question["gold"][0]["topics"]), None)


def edited(entry: Entry, random: Random) -> Entry:
    """Return an entry after a small edit."""
    tree: dict[str, Any] = entry.model_dump(by_alias=True)
    language = random.choice(LANGUAGES)
    match random.randrange(4):
        case 0:
            tree["asks"][language] = (*tree["asks"][language], random.choice(NEW[language]))
        case 1:
            kept = list(tree["asks"][language])
            del kept[random.randrange(len(kept))]
            tree["asks"][language] = kept
        case 2:
            tree["facts"][0][language] += SENTENCES[language]
        case _:
            name = f"{entry.name.in_(language)} 2.0"
            tree["aliases"][language] = (*tree["aliases"][language], name)
    return Entry.model_validate(tree)


def answers(engine: Engine, texts: list[str]) -> list[tuple[object, ...]]:
    """Return what stands for the answer to each question."""
    said = map(engine.understand, texts)
    return [(one.intent, one.topics, [ref.key for ref in one.statements]) for one in said]


def main() -> None:
    """Print the share of answers that change, by edit and in the mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path, nargs="*", default=[QUESTIONS])
    parser.add_argument("--edits", type=int, default=20, help="how many edits")
    options = parser.parse_args()
    random = Random(0)
    knowledge = load(SHIPPED)
    questions = list(labelled(knowledge, options.questions))
    texts = [text for text, _ in questions]
    before = answers(train(knowledge), texts)
    shares: list[float] = []
    for _ in range(options.edits):
        id_ = random.choice(list(knowledge.entries))
        entries = {**knowledge.entries, id_: edited(knowledge.entries[id_], random)}
        after = answers(train(replace(knowledge, entries=entries)), texts)
        pairs = zip(questions, before, after, strict=True)
        changed = [old != new for (_, about), old, new in pairs if about != id_]
        shares.append(mean(changed))
        print(f"{id_}: {shares[-1]:.3%} of {len(changed)} answers changed")
    print(f"mean {mean(shares):.3%}, most {max(shares):.3%}")


if __name__ == "__main__":
    main()
