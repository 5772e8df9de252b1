"""What a reload webhook is sent of an edit of the knowledge."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from plain_problems import plain

from efinbot.bot import Assistant
from efinbot.bot.reload.live import Live, Reloaded
from efinbot.bot.reload.webhook import ReloadWebhook
from efinbot.bot.storage import Change
from efinbot.intents import Engine
from efinbot.knowledge import Level, Location, Problem

ERROR = Problem(Location(Path("k/a.yaml"), 3, 5), plain("no such key 'x'", "take it out"))
WARNING = Problem(Location(Path("k/b.yaml"), 1, 1), plain("it is old", "look it up"), Level.WARNING)
CHANGE = Change(1, 0.0, None, "disk", {"a.yaml": b""}, {"a.yaml": b"a"})
SAID = {
    "errors": (
        Reloaded((ERROR, ERROR)),
        "refused",
        {
            "en": "2 problems. The bot keeps answering from the last good version.",
            "zh": "2处要改——仍由上一版正确的知识作答",
        },
    ),
    "an error and a warning": (
        Reloaded((ERROR, WARNING)),
        "refused",
        {
            "en": "1 problem and 1 warning. The bot keeps answering from the last good version.",
            "zh": "1处要改，1处值得看看——仍由上一版正确的知识作答",
        },
    ),
    "all as before": (
        Reloaded(fixed=True),
        "fixed",
        {
            "en": "The problems are fixed. The knowledge has 7 entries, as before.",
            "zh": "没有要改的了，条目7个，与之前相同",
        },
    ),
}


class Receiver:
    """Takes what is sent, and answers as it is told to."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.statuses: list[int] = []

    async def take(self, request: web.Request) -> web.Response:
        self.events.put_nowait(await request.json())
        return web.Response(status=self.statuses.pop(0) if self.statuses else 204)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def webhook(
    receiver: Receiver, small_folder: Path, small_engine: Engine
) -> AsyncIterator[ReloadWebhook]:
    application = web.Application()
    application.router.add_post("/reloads", receiver.take)
    async with (
        TestServer(application) as server,
        ReloadWebhook(
            str(server.make_url("/reloads")), Live(small_folder, Assistant(small_engine))
        ) as webhook,
    ):
        yield webhook


@pytest.mark.parametrize(("outcome", "event", "summary"), SAID.values(), ids=SAID)
async def test_an_edit_is_summed_up(
    webhook: ReloadWebhook,
    receiver: Receiver,
    outcome: Reloaded,
    event: str,
    summary: dict[str, str],
) -> None:
    await webhook.reloaded(outcome)
    sent = await receiver.events.get()
    assert (sent["event"], sent["summary"]) == (event, summary)
    assert len(sent["problems"]) == len(outcome.problems)


async def test_problems_have_the_fields_of_the_check(
    webhook: ReloadWebhook, receiver: Receiver
) -> None:
    await webhook.reloaded(Reloaded((WARNING,)))
    assert (await receiver.events.get())["problems"] == [
        {
            "level": "warning",
            "file": str(Path("k/b.yaml")),
            "line": 1,
            "column": 1,
            "what": "it is old",
            "fix": "look it up",
            "said": {"zh": "it is old; look it up", "en": "it is old; look it up"},
        }
    ]


async def test_what_a_check_finds_in_a_live_edit_follows(
    webhook: ReloadWebhook, receiver: Receiver, small_folder: Path
) -> None:
    tests = small_folder / "tests"
    tests.mkdir(exist_ok=True)
    wrong = "- ask: hello\n  intent: fallback\n"
    (tests / "wrong.yaml").write_text(wrong, encoding="utf-8")
    await webhook.reloaded(Reloaded(changes=(CHANGE,)))
    live = await receiver.events.get()
    assert (live["event"], live["files"]) == ("live", ["a.yaml"])
    assert live["summary"]["en"] == "Knowledge reloaded. It has 7 entries."
    checked = await receiver.events.get()
    assert checked["event"] == "checked"
    assert checked["summary"]["en"].startswith("Knowledge reloaded, with 1 problem")
    assert "'hello' is answered with 'greeting', not 'fallback'" in str(checked["problems"])


async def test_a_check_that_ends_without_a_result_is_logged(
    webhook: ReloadWebhook,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("efinbot.bot.reload.webhook.examine", sys.exit)  # what the process runs
    await webhook.reloaded(Reloaded(changes=(CHANGE,)))
    assert (await receiver.events.get())["event"] == "live"
    while not caplog.messages:  # noqa: ASYNC110 - a line of the log sets no event
        await asyncio.sleep(0.01)
    (line,) = caplog.messages
    assert line.startswith("an edit of the knowledge could not be checked: WorkerError")
    assert receiver.events.empty()


async def test_a_hundred_problems_are_sent_and_the_others_counted(
    webhook: ReloadWebhook, receiver: Receiver
) -> None:
    await webhook.reloaded(Reloaded((ERROR,) * 103))
    sent = await receiver.events.get()
    assert len(sent["problems"]) == 100
    assert sent["more"] == 3
    assert sent["summary"]["en"].startswith("103 problems.")


async def test_events_come_in_order_and_failures_are_logged_once(
    webhook: ReloadWebhook, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.statuses = [500, 500, 204, 500]
    outcomes: Sequence[Reloaded] = [Reloaded((ERROR,) * count) for count in (1, 2, 3, 4, 5)]
    for outcome in outcomes:
        await webhook.reloaded(outcome)
    sent = [await receiver.events.get() for _ in outcomes]
    assert [len(event["problems"]) for event in sent] == [1, 2, 3, 4, 5]
    assert [line.partition(":")[0] for line in caplog.messages] == [
        "the reload webhook can't be reached"
    ] * 2
