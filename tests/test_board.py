"""What the demo's page says of an edit of the knowledge."""

import asyncio
import sys
from pathlib import Path

import pytest

from efinbot.bot import Assistant
from efinbot.bot.board import Board
from efinbot.bot.reload.live import Live, Reloaded
from efinbot.bot.storage import Change
from efinbot.intents import Engine
from efinbot.knowledge import Level, Location, Problem
from efinbot.knowledge.problems import plain
from efinbot.sandbox.state.notices import Notice, NoticeItem

ERROR = Problem(Location(Path("k/a.yaml"), 3, 5), plain("no such key 'x'", "take it out"))
WARNING = Problem(Location(Path("k/b.yaml"), 1, 1), plain("it is old", "look it up"), Level.WARNING)
CHANGE = Change(1, 0.0, None, "disk", {"a.yaml": b""}, {"a.yaml": b"a"})
SAID = {
    "errors": (
        Reloaded((ERROR, ERROR)),
        "2 problems. The last good knowledge keeps answering.",
        "2处要改——仍由上一版正确的知识作答",
    ),
    "errors and a warning": (
        Reloaded((ERROR, WARNING)),
        "1 problem and 1 warning. The last good knowledge keeps answering.",
        "1处要改，1处值得看看——仍由上一版正确的知识作答",
    ),
    "all as before": (
        Reloaded(mended=True),
        "No problems any more. The knowledge has 7 entries, as before.",
        "没有要改的了，条目7个，与之前相同",
    ),
}


@pytest.fixture
def told() -> asyncio.Queue[Notice]:
    return asyncio.Queue()


@pytest.fixture
def board(told: asyncio.Queue[Notice], small_folder: Path, small_engine: Engine) -> Board:
    return Board(told.put_nowait, Live(small_folder, Assistant(small_engine)))


@pytest.mark.parametrize(("outcome", "english", "chinese"), SAID.values(), ids=SAID)
async def test_an_edit_is_summed_up(
    board: Board, told: asyncio.Queue[Notice], outcome: Reloaded, english: str, chinese: str
) -> None:
    await board.reloaded(outcome)
    notice = await told.get()
    assert notice.summary == {"en": english, "zh": chinese}
    assert len(notice.items) == len(outcome.problems)


async def test_problems_are_named_as_check_names_them(
    board: Board, told: asyncio.Queue[Notice]
) -> None:
    await board.reloaded(Reloaded((ERROR, WARNING)))
    assert (await told.get()).items == (
        NoticeItem(str(Path("k/a.yaml:3:5")), "no such key 'x'; take it out", "error"),
        NoticeItem(str(Path("k/b.yaml:1:1")), "it is old; look it up", "warning"),
    )


async def test_what_is_worth_a_look_in_a_change_is_told_when_it_is_found(
    board: Board, told: asyncio.Queue[Notice], small_folder: Path
) -> None:
    tests = small_folder / "tests"
    tests.mkdir(exist_ok=True)
    wrong = "- ask: hello\n  intent: fallback\n"
    (tests / "wrong.yaml").write_text(wrong, encoding="utf-8")
    await board.reloaded(Reloaded(changes=(CHANGE,)))
    assert (await told.get()).summary["en"] == "Knowledge reloaded. It has 7 entries."
    notice = await told.get()
    assert notice.summary["en"].startswith("Knowledge reloaded, with 1 problem")
    assert notice.summary["en"].endswith("It has 7 entries.")
    assert "'hello' is answered with 'greeting', not 'fallback'" in str(notice.items)


async def test_a_check_that_ends_without_a_result_is_logged(
    board: Board,
    told: asyncio.Queue[Notice],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("efinbot.bot.board.examine", sys.exit)  # what the process runs
    await board.reloaded(Reloaded(changes=(CHANGE,)))
    assert (await told.get()).summary["en"] == "Knowledge reloaded. It has 7 entries."
    await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
    (line,) = caplog.messages
    assert line.startswith("an edit of the knowledge could not be checked: WorkerError")
    assert told.empty()


async def test_a_hundred_problems_are_listed_and_the_others_counted(
    board: Board, told: asyncio.Queue[Notice]
) -> None:
    await board.reloaded(Reloaded((ERROR,) * 103))
    notice = await told.get()
    left = "… 3"
    assert notice.items[-1] == NoticeItem("", left, "error")
    assert notice.summary["en"].startswith("103 problems")
