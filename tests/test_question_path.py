"""Which modules a question passes, from the update handler to the reply."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType

import pytest

from efinbot.bot import Settings
from efinbot.bot.app import serve
from efinbot.bot.reload.live import Live
from efinbot.sandbox.testing import BotAccount, Telegram

MOST = 30
"""How many modules a question may pass."""
ROOMS = ("efinbot.bot.", "efinbot.intents.", "efinbot.knowledge.")
BEGIN, END = "UpdateHandler._take", "State.remember"
"""The first function of a question's way, and the first after its answer has been sent."""


@contextmanager
def traced() -> Iterator[dict[str, None]]:
    """Gather the modules whose functions run from the handler until an answer has been sent."""
    passed: dict[str, None] = {}
    # A task inherits it from the one that starts it: what goes on beside the question lacks it.
    is_on_its_way = ContextVar("is_on_its_way", default=False)

    def note(frame: FrameType, event: str, _: object) -> None:
        module, function = frame.f_globals.get("__name__", ""), frame.f_code.co_qualname
        if event != "call" or not module.startswith(ROOMS):
            return
        if function in (BEGIN, END):
            is_on_its_way.set(function == BEGIN)
        if is_on_its_way.get():
            passed[module.removeprefix("efinbot.")] = None

    sys.setprofile(note)
    try:
        yield passed
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("what is open banking", "Open banking and platforms"),
        ("什么是开放银行", "开放银行"),
    ],
    ids=["en", "zh"],
)
async def test_a_question_passes_few_modules(
    telegram: Telegram,
    account: BotAccount,
    settings: Settings,
    live: Live,
    *,
    question: str,
    title: str,
) -> None:
    ada = telegram.person("Ada", language_code="en")
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(settings, live, stop))
    chat = await ada.starts(account)
    await chat.expects("Hello!")
    await ada.says(chat, question)
    await chat.expects(title)
    with traced() as passed:
        await ada.says(chat, question)
        await chat.expects(title)
    stop.set()
    await serving
    print("\n".join(f"{number}. `{one}`" for number, one in enumerate(passed, 1)))  # noqa: T201 - for the guide
    assert len(passed) <= MOST
    assert not [one for one in passed if one.startswith(("bot.admin", "bot.reload", "bot.cli"))]
