"""Work of different chats side by side, of one chat in order, and not without end."""

import asyncio
import logging

import pytest

from efinbot.bot.telegram import chat_queues
from efinbot.bot.telegram.chat_queues import Job, Lanes


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little room: two lanes, two jobs a lane at any rate, four in all."""
    monkeypatch.setattr(chat_queues, "_LANES", 2)
    monkeypatch.setattr(chat_queues, "_WAITING", 2)
    monkeypatch.setattr(chat_queues, "_SHARED", 4)


class Desk:
    """Jobs that wait until they may go on, and what has been done."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.done: list[str] = []

    def job(self, name: str) -> Job:
        async def work() -> None:
            await self.open.wait()
            self.done.append(name)

        return work


@pytest.mark.usefixtures("small")
async def test_only_who_brings_too_much_loses_some_and_the_log_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Desk()
    async with asyncio.TaskGroup() as tasks:
        work = Lanes(tasks.create_task)
        for number in range(9):
            await work.run(1, desk.job(f"a{number}"))
        for number in range(2):
            await work.run(2, desk.job(f"b{number}"))
        desk.open.set()
    assert [name for name in desk.done if name[0] == "a"] == ["a0", "a1", "a2", "a3"]
    assert [name for name in desk.done if name[0] == "b"] == ["b0", "b1"]
    assert [one.levelno for one in caplog.records] == [logging.WARNING]
    async with asyncio.TaskGroup() as tasks:
        work = Lanes(tasks.create_task)
        await work.run(1, desk.job("c"))
    assert desk.done[-1] == "c"


@pytest.mark.usefixtures("small")
async def test_who_gives_up_waiting_for_a_lane_leaves_it_free() -> None:
    desk = Desk()
    async with asyncio.TaskGroup() as tasks:
        work = Lanes(tasks.create_task)
        await work.run(1, desk.job("a"))
        await work.run(2, desk.job("b"))
        third = asyncio.create_task(work.run(3, desk.job("c")))
        await asyncio.sleep(0)
        third.cancel()
        await asyncio.wait({third})
        desk.open.set()
        await work.run(3, desk.job("d"))
    assert sorted(desk.done) == ["a", "b", "d"]
