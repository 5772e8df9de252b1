"""What an engine makes of what it was taught: where a name or a question leads astray."""

from dataclasses import replace
from pathlib import Path

import pytest

from efinbot.intents import Engine
from efinbot.intents.entity_linker import EntityType, Name
from efinbot.intents.lint import Lint
from efinbot.knowledge import inspect

PARTICULAR = "make it specific to 'wuyi', or remove it"
APART = "keep it where it fits best, or say what sets the two apart"
SPECIFIC = "remove it, or make it more specific"


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def found(folder: Path, engine: Engine) -> list[str]:
    inspection = inspect(folder)
    assert inspection.problems == ()
    problems = Lint(inspection, engine).problems()
    return [str(problem).replace(f"{folder}/", "") for problem in sorted(problems)]


def test_the_small_knowledge_leads_nobody_astray(small_folder: Path, small_engine: Engine) -> None:
    assert found(small_folder, small_engine) == []


def test_an_ask_that_another_statement_answers_is_named(
    small_folder: Path, small_engine: Engine
) -> None:
    fact = "最老的几棵树已不再采摘。, en: The oldest trees are no longer picked."
    asks = "asks: {en: [are there fakes, which trees]}"
    change(small_folder, "entries/wuyi.yaml", fact, f"{fact}, {asks}")
    risk = "假货多。, en: There are many fakes."
    asks = "asks: {en: [are there fakes]}"
    change(small_folder, "entries/wuyi.yaml", risk, f"{risk}, {asks}")
    knowledge = inspect(small_folder).knowledge
    assert knowledge
    engine = small_engine.with_knowledge(knowledge, small_engine.preprocessor.linker)
    assert engine
    (problem,) = found(small_folder, engine)
    assert problem.partition(": warning: ")[2] == (
        "'are there fakes' is answered with another statement, "
        "'The oldest trees are no longer picked.'; "
        "ask it there, or say in it what is particular to this one"
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        pytest.param(
            "entries/cold-brew.yaml",
            "[冷泡]",
            "[冷泡, 泡]",
            [
                "4:20: the alias '泡' is a single character, which is part of other words too; "
                + SPECIFIC
            ],
            id="alias-of-one-character",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "[Da Hong Pao]",
            "[Da Hong Pao, People]",
            [
                f"4:40: the alias 'People' is an everyday word; {SPECIFIC}",
            ],
            id="alias-that-is-an-everyday-word",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "[Da Hong Pao]",
            "[Da Hong Pao, good morning]",
            [f"4:40: the alias 'good morning' is answered with 'greeting'; {SPECIFIC}"],
            id="alias-that-is-small-talk",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "[Da Hong Pao]",
            "[Da Hong Pao, the Darjeeling]",
            ["4:40: the alias 'the Darjeeling' is answered with 'explain darjeeling'; " + SPECIFIC],
            id="alias-that-another-entry-wins",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "最老的几棵树在哪",
            "大吉岭是什么茶",
            ["15:28: '大吉岭是什么茶' is answered with 'explain darjeeling'; " + PARTICULAR],
            id="question-that-another-entry-wins",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "最老的几棵树在哪",
            "喜马拉雅脚下的茶园！",
            [
                "15:28: '喜马拉雅脚下的茶园！' is answered with 'explain darjeeling'; "
                + PARTICULAR,
                "16:8: '喜马拉雅脚下的茶园' is listed for 'wuyi' too (entries/wuyi.yaml:15:28); "
                + APART,
            ],
            id="question-of-two-entries",
        ),
    ],
)
def test_what_leads_astray_is_named_with_its_place(
    small_folder: Path, small_engine: Engine, file: str, *, old: str, new: str, expected: list[str]
) -> None:
    change(small_folder, file, old, new)
    said = [what.replace(": warning: ", ": ", 1) for what in found(small_folder, small_engine)]
    assert sorted(what.partition(":")[2] for what in said) == sorted(expected)
    assert {what.partition(":")[0] for what in said} >= {file}


def test_an_entry_that_no_question_reaches_is_named(
    small_folder: Path, small_engine: Engine
) -> None:
    path = small_folder / "entries" / "wuyi.yaml"
    text, _, _ = path.read_text(encoding="utf-8").partition("asks:")
    path.write_text(f"{text}asks: {{zh: [今天几点了], en: [who won the cup]}}\n", encoding="utf-8")
    unreached, *declined = found(small_folder, small_engine)
    assert unreached == (
        "entries/wuyi.yaml:14:1: warning: none of these questions is answered with 'wuyi'; "
        "write more of them, in words that fit only this entry"
    )
    assert [text.partition("warning: ")[2] for text in declined] == [
        f"'{question}' is declined; {PARTICULAR}" for question in ("今天几点了", "who won the cup")
    ]


def test_an_alias_that_all_talk_about_is_named(small_folder: Path, small_engine: Engine) -> None:
    """The engine has counted in whose questions each name stands."""
    name = Name.of(EntityType.ENTRY, "wuyi", "Da Hong Pao")
    doubting = replace(small_engine.scorer, reliability={name: 0.05})
    assert found(small_folder, replace(small_engine, scorer=doubting)) == [
        (
            "entries/wuyi.yaml:4:27: warning: the alias 'Da Hong Pao' is mostly used for other "
            f"entries; {SPECIFIC}"
        )
    ]
