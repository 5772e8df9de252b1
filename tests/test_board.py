"""What the demo's page says of an edit of the knowledge."""

from pathlib import Path

import pytest

from efinbot.bot.board import Board
from efinbot.bot.sandbox.notices import Notice, Remark
from efinbot.knowledge import Level, Place, Problem

ERROR = Problem(Place(Path("k/a.yaml"), 3, 5), "no such key 'x'", "take it out")
WARNING = Problem(Place(Path("k/b.yaml"), 1, 1), "it is old", "look it up", Level.WARNING)
SAID = {
    "errors": (
        *([ERROR, ERROR], False),
        "2 to mend – the last good knowledge keeps answering",
        "2 处要改——仍由上一版正确的知识作答",
    ),
    "errors and a warning": (
        *([ERROR, WARNING], False),
        "1 to mend, 1 warning – the last good knowledge keeps answering",
        "1 处要改，1 处警告——仍由上一版正确的知识作答",
    ),
    "warnings": (
        *([WARNING, WARNING], True),
        "2 warnings – knowledge live: 52 entries",
        "2 处警告——知识已生效：52 个条目",
    ),
    "nothing": (*([], True), "Knowledge reloaded: 52 entries", "知识已重新载入：52 个条目"),
}


@pytest.fixture
def told() -> list[Notice]:
    return []


@pytest.fixture
def board(told: list[Notice]) -> Board:
    return Board(told.append)


@pytest.mark.parametrize(("problems", "changed", "english", "chinese"), SAID.values(), ids=SAID)
def test_an_edit_is_summed_up(
    *,
    board: Board,
    told: list[Notice],
    problems: list[Problem],
    changed: bool,
    english: str,
    chinese: str,
) -> None:
    board.reloaded(problems, 52, changed=changed)
    (notice,) = told
    assert notice.summary == {"en": english, "zh": chinese}
    assert len(notice.remarks) == len(problems)


def test_problems_are_named_as_check_names_them(board: Board, told: list[Notice]) -> None:
    board.reloaded([ERROR, WARNING], 52, changed=False)
    assert told[0].remarks == (
        Remark(str(Path("k/a.yaml:3:5")), "no such key 'x'; take it out", "error"),
        Remark(str(Path("k/b.yaml:1:1")), "it is old; look it up", "warning"),
    )


def test_what_was_mended_by_going_back_is_said_once(board: Board, told: list[Notice]) -> None:
    board.reloaded([], 52, changed=False)
    assert told == []
    board.reloaded([ERROR], 52, changed=False)
    board.reloaded([], 52, changed=False)
    assert told[-1].summary["en"] == "Nothing to mend any more: 52 entries, as before"
    assert told[-1].remarks == ()
    board.reloaded([], 52, changed=False)
    assert len(told) == 2


def test_a_hundred_problems_are_listed_and_the_others_counted(
    board: Board, told: list[Notice]
) -> None:
    board.reloaded([ERROR] * 103, 52, changed=False)
    *_, last = told[0].remarks
    assert last == Remark("", "… 3 more; efinbot check lists them all", "error")
    assert told[0].summary["en"].startswith("103 to mend")
