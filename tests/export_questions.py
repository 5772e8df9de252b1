"""Write the questions that the shipped knowledge is tested with: `tests/*.yaml` beside it.

They are those of `questions.jsonl` that are answered right, and clearly so, also by engines that
were taught less: what hangs by a hair would fail with any change of the knowledge. Run it with the
interpreter of `.venv`.
"""

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from efinbot.bot import open_engine
from efinbot.intents import FALLBACK, Context, Engine, Understanding
from efinbot.intents.regression_tests import matches
from efinbot.intents.training import train
from efinbot.knowledge import SHIPPED, Entry, Knowledge
from efinbot.knowledge.expectations import Expectation

QUESTIONS: Final = Path(__file__).parent / "questions.jsonl"
HEAD: Final = "# yaml-language-server: $schema=../schema/tests.json\n"
FILES: Final = {
    "plain": "plain",
    "paraphrase": "paraphrases",
    "typo": "typos",
    "script": "scripts",
    "compare": "comparisons",
    "smalltalk": "small-talk",
    "dialogue": "conversations",
    "oos": "declined",
    "oos-near": "declined",
    "oos-english": "declined",
    "challenge": "paraphrases",
    "driver": "plain",
    "region": "plain",
}
"""The file of each kind of question, by the first of its tags that is one."""
CLEAR: Final = (0.25, 0.8)
"""Confidence up to which a refusal, and from which an answer, is clear."""

FORGETFUL: Final = 4
"""How many engines are taught less."""
FORGOTTEN: Final = 0.1
"""Share of the questions that each of them is not taught."""

Question = dict[str, Any]


def main() -> None:
    """Write the files again."""
    whole = open_engine()
    chance = random.Random(0)  # noqa: S311 - for repeatable samples
    thinned = (without_some(whole.knowledge, chance) for _ in range(FORGETFUL))
    engines = [whole, *map(train, thinned)]
    talks: defaultdict[str, list[Question]] = defaultdict(list)
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        talks[question.get("chat", question["id"])].append(question)
    files: defaultdict[str, list[str]] = defaultdict(list)
    for talk in talks.values():
        answered = [list(clear_turns(engine, talk)) for engine in engines]
        # As far as all agree: a follow-up may have several right answers.
        turns = [row[0] for row in zip(*answered, strict=False) if len({str(t) for t in row}) == 1]
        # A conversation of one turn is none.
        kind = next((tag for tag in talk[0]["tags"] if tag in FILES), None)
        if kind and len(turns) >= min(len(talk), 2):
            files[FILES[kind]].append(written(turns))
    folder = SHIPPED / "tests"
    folder.mkdir(exist_ok=True)
    for name, conversations in files.items():
        text = HEAD + "".join(conversations)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def without_some(knowledge: Knowledge, chance: random.Random) -> Knowledge:
    """Return a knowledge without some of the questions that its entries are asked for."""

    def thinned(entry: Entry) -> Entry:
        kept = {
            language: tuple(ask for ask in asks if chance.random() >= FORGOTTEN) or asks
            for language, asks in (("zh", entry.asks.zh), ("en", entry.asks.en))
        }
        return entry.model_copy(update={"asks": entry.asks.model_copy(update=kept)})

    entries = {id_: thinned(entry) for id_, entry in knowledge.entries.items()}
    return replace(knowledge, entries=entries)


def clear_turns(engine: Engine, talk: list[Question]) -> Iterator[Expectation]:
    """Yield the questions of a conversation until one is not answered clearly and right."""
    context: Context | None = None
    for question in talk:
        said = engine.understand(question["text"], context)
        context = engine.remember(context, said, now=0.0)
        wanted = [Expectation(ask=question["text"], **gold) for gold in question["gold"]]
        right = next((one for one in wanted if matches(said, one)), None)
        if right is None or not is_clear(said):
            return
        yield right


def is_clear(said: Understanding) -> bool:
    """Return whether a small change leaves an answer what it is."""
    declined, answered = CLEAR
    return said.confidence <= declined if said.intent == FALLBACK else said.confidence >= answered


def written(turns: list[Expectation]) -> str:
    """Return a conversation as an item of a YAML list."""
    first, *then = turns
    lines = ["- " + "\n  ".join(keys(first))]
    if then:
        lines.append("  then:")
        lines += ["    - " + "\n      ".join(keys(turn)) for turn in then]
    return "\n".join(lines) + "\n"


def keys(turn: Expectation) -> Iterator[str]:
    """Yield the lines of a question."""
    yield f"ask: {json.dumps(turn.ask, ensure_ascii=False)}"
    yield f"intent: {turn.intent}"
    if turn.topics:
        yield f"topics: [{', '.join(turn.topics)}]"


if __name__ == "__main__":
    main()
