"""Jobs of different chats side by side, of one chat in order, and not without end."""

import asyncio
import logging

import pytest

from efinbot.bot.telegram import flow_control
from efinbot.bot.telegram.flow_control import ChatQueues, Job


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little room: two jobs a chat at any rate, four before a chat loses more, eight in all."""
    monkeypatch.setattr(flow_control, "_OWN", 2)
    monkeypatch.setattr(flow_control, "_SHARED", 4)
    monkeypatch.setattr(flow_control, "_MOST", 8)


class Gate:
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
    gate = Gate()
    async with asyncio.TaskGroup() as tasks:
        queues = ChatQueues(tasks.create_task)
        for number in range(9):
            queues.add(1, gate.job(f"a{number}"))
        for number in range(2):
            queues.add(2, gate.job(f"b{number}"))
        gate.open.set()
    assert [name for name in gate.done if name[0] == "a"] == ["a0", "a1", "a2", "a3"]
    assert [name for name in gate.done if name[0] == "b"] == ["b0", "b1"]
    assert [one.levelno for one in caplog.records] == [logging.WARNING]
    async with asyncio.TaskGroup() as tasks:
        queues = ChatQueues(tasks.create_task)
        queues.add(1, gate.job("c"))
    assert gate.done[-1] == "c"


@pytest.mark.usefixtures("small")
async def test_what_waits_of_all_chats_has_an_end(caplog: pytest.LogCaptureFixture) -> None:
    gate = Gate()
    async with asyncio.TaskGroup() as tasks:
        queues = ChatQueues(tasks.create_task)
        for chat in range(12):
            queues.add(chat, gate.job(str(chat)))
        gate.open.set()
    assert gate.done == [str(chat) for chat in range(8)]
    assert [one.levelno for one in caplog.records] == [logging.WARNING]


@pytest.mark.usefixtures("small")
async def test_room_is_waited_for_until_a_job_begins_but_not_for_ever() -> None:
    gate = Gate()
    async with asyncio.TaskGroup() as tasks:
        queues = ChatQueues(tasks.create_task)
        for chat in range(5):
            queues.add(chat, gate.job(str(chat)))
        await queues.room()
        gate.open.set()
        await queues.room()
    assert len(gate.done) == 5
