"""Manners under trouble: nothing is lost, nobody waits for others, nobody hears it twice."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from pydantic import SecretStr

from efinbot.bot import Assistant, Settings, app
from efinbot.bot.app import serve
from efinbot.bot.reload.live import Live
from efinbot.sandbox.testing import BotAccount, Conversation, Person, Telegram


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"flood_limit": 6, "flood_window": 60.0, "flood_pause": 1.5})


@asynccontextmanager
async def running(settings: Settings, live: Live) -> AsyncIterator[None]:
    """Run the bot for a while."""
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(settings, live, stop))
    yield
    stop.set()
    await serving


@pytest.fixture
def ada(telegram: Telegram) -> Person:
    return telegram.person("Ada", language_code="en")


@pytest.fixture
async def chat(efinbot: BotAccount, ada: Person) -> Conversation:
    chat = await ada.starts(efinbot)
    await chat.expects("Hello!")
    return chat


async def test_a_chat_that_must_wait_holds_up_nobody_else(
    telegram: Telegram, efinbot: BotAccount, chat: Conversation, ada: Person
) -> None:
    telegram.fails("sendMessage", retry_after=1, chat=chat)
    await ada.says(chat, "/trends")
    await ada.says(chat, "/cases")
    other = await telegram.person("Bob", language_code="en").starts(efinbot)
    await other.expects("Hello!", seconds=0.9)
    await chat.expects("The trends")
    await chat.expects("The cases")


async def test_a_long_wait_is_kept_for_its_chat_and_logged_once(
    telegram: Telegram,
    efinbot: BotAccount,
    chat: Conversation,
    ada: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "efinbot")
    before = len(telegram.requests("sendMessage"))
    telegram.fails("sendMessage", retry_after=3000, chat=chat)
    await ada.says(chat, "/trends")
    await telegram.settled()
    await ada.says(chat, "/cases")
    await chat.stays_silent()
    assert len(telegram.requests("sendMessage")) == before + 1
    other = await telegram.person("Bob", language_code="en").starts(efinbot)
    await other.expects("Hello!")
    assert [line for line in caplog.messages if "pause" in line or "delivered" in line] == [
        "Telegram wants a pause of 3000 s in a chat; its answers are dropped"
    ]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bot, when it is stopped, wait for no answer that must wait long."""
    monkeypatch.setattr(app, "_GRACE", 0.4)


# Before the bot, as what is used is put away in the reverse order.
@pytest.mark.usefixtures("impatient", "efinbot")
async def test_hundreds_of_waiting_chats_hold_up_no_other(
    telegram: Telegram, efinbot: BotAccount
) -> None:
    telegram.fails("sendMessage", retry_after=60, times=300)
    for number in range(300):
        await telegram.person(f"P{number}", language_code="en").starts(efinbot)
    await telegram.settled(seconds=20)
    assert len(telegram.requests("sendMessage")) == 300
    other = await telegram.person("Bob", language_code="en").starts(efinbot)
    await other.expects("Hello!")


FAULTS = {
    "an error of the server": {"status": 502},
    "a second error": {"status": 500, "times": 2},
    "a connection cut before": {"reset": "before"},
    "a slow answer": {"delay": 0.5},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_an_answer_gets_through(
    telegram: Telegram, chat: Conversation, ada: Person, fault: dict[str, object]
) -> None:
    telegram.fails("sendMessage", **fault)
    await ada.says(chat, "/trends")
    await chat.expects("The trends")
    await chat.stays_silent()


async def test_an_outage_is_survived(
    telegram: Telegram, chat: Conversation, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.is_down(0.7)
    await ada.says(chat, "/trends")
    await chat.expects("The trends", seconds=10)
    assert sum("updates can't be fetched" in line for line in caplog.messages) <= 1


async def test_an_update_delivered_twice_is_answered_once(
    efinbot: BotAccount, chat: Conversation, ada: Person
) -> None:
    efinbot.repeats_updates()
    await ada.says(chat, "/trends")
    await chat.expects("The trends")
    await chat.stays_silent()


async def test_who_blocked_the_bot_is_let_be(
    telegram: Telegram, efinbot: BotAccount, chat: Conversation, ada: Person
) -> None:
    telegram.fails("sendMessage", delay=0.2)
    await ada.says(chat, "/trends")
    await ada.blocks(efinbot)
    await telegram.settled()
    await ada.blocks(efinbot, blocked=False)
    await ada.says(chat, "/cases")
    await chat.expects("The cases")


async def test_a_group_that_threw_it_out_is_let_be(
    telegram: Telegram, efinbot: BotAccount, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    group = telegram.group("Fintech", [ada], efinbot)
    telegram.fails("sendMessage", delay=0.2)
    await ada.says(group, "/trends")
    group.removes(efinbot)
    await telegram.settled()
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


async def test_who_floods_is_told_once_and_then_ignored_for_a_while(
    chat: Conversation, ada: Person
) -> None:
    for _ in range(12):
        await ada.says(chat, "/trends")
    await chat.expects("That is too fast for me.")
    await chat.stays_silent()
    await asyncio.sleep(1.6)
    await ada.says(chat, "/cases")
    await chat.expects("That is too fast for me.")


async def test_who_floods_with_taps_is_told_too(chat: Conversation, ada: Person) -> None:
    await ada.says(chat, "/lang")
    shown = await chat.expects("I answer in")
    notices = [(await ada.taps(shown, "Follow the question")).text for _ in range(8)]
    assert notices[0] == ""
    assert notices[-1].startswith("That is too fast for me.")


async def test_operators_are_never_too_fast(
    account: BotAccount, settings: Settings, live: Live, ada: Person
) -> None:
    settings = settings.model_copy(update={"operators": frozenset({ada.id})})
    async with running(settings, live):
        chat = await ada.starts(account)
        await chat.expects("Hello!")
        for _ in range(8):
            await ada.says(chat, "/lang")
            shown = await chat.expects("I answer in")
        notices = [(await ada.taps(shown, "Follow the question")).text for _ in range(8)]
    assert notices == [""] * 8


class Failing(Assistant):
    """An assistant with a mistake in it, which quotes what was said."""

    def answer(self, text: str, *_: object, **__: object) -> None:  # type: ignore[override]
        message = f"cannot cope with {text}"
        raise KeyError(message)


async def test_a_mistake_is_logged_with_its_place_and_apologised_for_once(
    account: BotAccount,
    settings: Settings,
    assistant: Assistant,
    ada: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(
        serve(settings, Live(settings.knowledge, Failing(assistant.engine)), stop)
    )
    chat = await ada.starts(account)
    await chat.expects("Hello!")
    await ada.says(chat, "my secret question")
    await chat.expects("Something went wrong")
    await chat.stays_silent()
    await ada.says(chat, "/trends")
    await chat.expects("The trends")
    stop.set()
    await running
    [logged] = [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]
    assert "KeyError" in logged
    assert "test_trouble.py" in logged
    assert "secret" not in logged


async def test_after_a_restart_the_conversation_goes_on_and_nothing_is_answered_twice(
    telegram: Telegram,
    account: BotAccount,
    settings: Settings,
    live: Live,
    ada: Person,
) -> None:
    chat = ada.chat_with(account)
    for said, answer in [
        ("/start", "Hello!"),
        ("open banking", "Open banking"),
        ("any cases?", "cases"),
    ]:
        if said == "/start":
            await ada.starts(account)
        else:
            await ada.says(chat, said)
        stop = asyncio.Event()
        running = asyncio.create_task(serve(settings, live, stop))
        await chat.expects(answer)
        await chat.stays_silent()
        stop.set()
        await running
    assert len(telegram.requests("sendMessage")) == 3


async def test_what_was_fetched_is_answered_before_it_stops(
    telegram: Telegram,
    account: BotAccount,
    settings: Settings,
    live: Live,
) -> None:
    people = [telegram.person(f"P{number}", language_code="en") for number in range(40)]
    chats = [await person.starts(account) for person in people]
    stop = asyncio.Event()
    running = asyncio.create_task(serve(settings, live, stop))
    await chats[0].expects("Hello!")
    stop.set()
    await running
    handled = len(telegram.requests("sendMessage"))
    restarted = asyncio.Event()
    running = asyncio.create_task(serve(settings, live, restarted))
    for chat in chats[1:]:
        await chat.expects("Hello!")
    restarted.set()
    await running
    assert handled >= 1
    assert len(telegram.requests("sendMessage")) == 40


async def test_without_storage_questions_are_answered(
    settings: Settings,
    account: BotAccount,
    live: Live,
    ada: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings = settings.model_copy(update={"database_url": SecretStr("sqlite:////")})
    stop = asyncio.Event()
    running = asyncio.create_task(serve(settings, live, stop))
    chat = await ada.starts(account)
    await chat.expects("Hello!")
    await ada.says(chat, "open banking")
    await chat.expects("Open banking and platforms")
    await ada.says(chat, "any cases?")
    await chat.expects("Open banking and platforms: cases")
    stop.set()
    await running
    assert len([one for one in caplog.records if one.levelno >= logging.WARNING]) == 1


async def test_told_to_wait_before_it_knows_its_name_it_waits(
    telegram: Telegram, account: BotAccount, settings: Settings, live: Live, ada: Person
) -> None:
    telegram.fails("getMe", retry_after=1)
    stop = asyncio.Event()
    running = asyncio.create_task(serve(settings, live, stop))
    chat = await ada.starts(account)
    await chat.expects("Hello!")
    stop.set()
    await running


async def test_a_token_refused_for_updates_alone_is_tried_again_after_a_pause(  # noqa: PLR0917 - fixtures
    telegram: Telegram,
    account: BotAccount,
    settings: Settings,
    live: Live,
    ada: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    telegram.fails("getUpdates", status=404, times=2)
    stop = asyncio.Event()
    running = asyncio.create_task(serve(settings, live, stop))
    chat = await ada.starts(account)
    await chat.expects("Hello!", seconds=10)
    stop.set()
    await running
    assert [line for line in caplog.messages if "refuses" in line] == [
        "Telegram refuses the token; connecting again in 1 s",
        "Telegram refuses the token; connecting again in 2 s",
    ]


async def test_stopping_does_not_wait_for_a_chat_that_must_wait_long(  # noqa: PLR0917 - fixtures
    telegram: Telegram,
    account: BotAccount,
    settings: Settings,
    live: Live,
    ada: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(app, "_GRACE", 0.4)
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(settings, live, stop))
    chat = await ada.starts(account)
    await chat.expects("Hello!")
    telegram.fails("sendMessage", retry_after=200)
    await ada.says(chat, "/trends")
    await telegram.settled()
    stop.set()
    await asyncio.wait_for(serving, 5)
    assert "stopped while answers were waiting for Telegram; those are dropped" in caplog.messages


async def test_cancelled_it_stops_in_order(
    account: BotAccount,
    settings: Settings,
    live: Live,
    ada: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    serving = asyncio.create_task(serve(settings, live, asyncio.Event()))
    chat = await ada.starts(account)
    await chat.expects("Hello!")
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving
    assert serving.cancelled()
    assert caplog.records == []


async def test_what_came_while_it_was_away_is_all_answered(
    telegram: Telegram, account: BotAccount, settings: Settings, live: Live
) -> None:
    people = [telegram.person(f"P{number}", language_code="en") for number in range(60)]
    group = telegram.group("Fintech", people, account)
    for person in people:
        await person.says(group, "/trends@efinbot_bot")
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(settings, live, stop))
    await group.expects("The trends")
    await telegram.settled(seconds=20)
    stop.set()
    await serving
    assert len(telegram.requests("sendMessage")) == 60
