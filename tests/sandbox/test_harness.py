"""The harness for authors of bots: it finds what is said, proves silence, and tells what failed."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from efinbot.sandbox.testing import BotAccount, Conversation, Person, Telegram

HOST_TEST = """
import pytest

@pytest.mark.asyncio
async def test_host(telegram):
    ada = telegram.person("Ada")
    chat = await ada.starts(telegram.bot("host_bot"))
    assert chat.messages()[0].text == "/start"
"""
HOST_SETTINGS = """
[pytest]
asyncio_default_fixture_loop_scope = function
filterwarnings = error
"""
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Help", callback_data="help")]])


async def greet(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    await update.message.reply_html("<b>Hello</b>, Ada", reply_markup=KEYBOARD)


async def help_out(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query
    await update.callback_query.edit_message_text("I can echo")
    await update.callback_query.answer("There")


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    text = update.message.text or ""
    if text.startswith("slowly"):
        await asyncio.sleep(0.05)
    if "quiet" not in text:
        await update.message.reply_text(f"echo: {text}")


@pytest_asyncio.fixture
async def running(
    telegram: Telegram, bot: BotAccount
) -> AsyncIterator[Application[Any, Any, Any, Any, Any, Any]]:
    """A bot as its author would run it."""
    builder = ApplicationBuilder().token(bot.token)
    app = builder.base_url(f"{telegram.url}/bot").base_file_url(f"{telegram.url}/file/bot").build()
    app.add_handler(CommandHandler("start", greet))
    app.add_handler(CallbackQueryHandler(help_out))
    app.add_handler(MessageHandler(filters.TEXT, echo))
    async with app:
        await app.start()
        assert app.updater
        await app.updater.start_polling(timeout=20)
        await bot.waits_for_updates()
        yield app
        await app.updater.stop()
        await app.stop()


@pytest.mark.usefixtures("running")
async def test_a_conversation(ada: Person, chat: Conversation) -> None:
    greeting = await chat.expects("Hello, Ada")
    assert greeting.json["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    assert greeting.buttons == [["Help"]]
    assert (await ada.taps(greeting, "Help")).text == "There"
    assert (await chat.expects("I can")).id == greeting.id
    await ada.says(chat, "one")
    await ada.says(chat, "two")
    assert (await chat.expects("two", without=["one"])).text == "echo: two"
    await ada.says(chat, "quiet, please")
    await chat.stays_silent()


@pytest.mark.usefixtures("running")
async def test_what_is_missing_is_shown_with_the_chat(ada: Person, chat: Conversation) -> None:
    await chat.expects("Hello")
    await ada.says(chat, "one")
    with pytest.raises(AssertionError) as caught:
        await chat.expects("two", seconds=0.2)
    assert str(caught.value).split("\n") == [
        "no bot said 'two' within 0.2 s",
        "Ada:",
        "  Ada: /start",
        "  efinbot: Hello, Ada",
        "    [Help]",
        "  Ada: one",
        "  efinbot: echo: one",
    ]


@pytest.mark.usefixtures("running")
async def test_a_bot_that_says_something_is_not_silent(ada: Person, chat: Conversation) -> None:
    await chat.expects("Hello")
    await ada.says(chat, "slowly")
    with pytest.raises(AssertionError, match="a bot said 'echo: slowly'"):
        await chat.stays_silent()


async def test_a_bot_that_does_not_run_is_not_silent(chat: Conversation) -> None:
    with pytest.raises(AssertionError, match="@efinbot_bot has 1 updates to fetch and confirm"):
        await chat.stays_silent(seconds=0.05)


async def test_a_bot_that_does_not_run_waits_for_no_updates(bot: BotAccount) -> None:
    with pytest.raises(AssertionError, match="@efinbot_bot doesn't wait for updates"):
        await bot.waits_for_updates(seconds=0.05)


@pytest.mark.usefixtures("running")
async def test_a_bot_that_says_it_is_busy_is_waited_for(
    bot: BotAccount, chat: Conversation, telegram: Telegram
) -> None:
    await chat.expects("Hello")
    working = [True]
    bot.is_busy_while(lambda: working[0])
    with pytest.raises(AssertionError, match="@efinbot_bot is busy"):
        await telegram.settled(seconds=0.3)
    working.clear()
    working.append(False)
    await telegram.settled()


@pytest.mark.usefixtures("running")
async def test_a_tap_without_an_answer_is_told(
    telegram: Telegram, ada: Person, chat: Conversation
) -> None:
    greeting = await chat.expects("Hello")
    telegram.fails("answerCallbackQuery", status=502)
    with pytest.raises(AssertionError, match="the bot left the tap on 'Help' unanswered"):
        await ada.taps(greeting, "Help", seconds=0.2)


@pytest.mark.usefixtures("running")
async def test_a_bot_comes_back_after_an_outage(
    telegram: Telegram, ada: Person, chat: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    await chat.expects("Hello")
    telegram.is_down(0.05)
    await ada.says(chat, "still there?")
    await chat.expects("echo: still there?")
    assert "NetworkError" in caplog.text


async def test_puppets_speak_for_tests_alone(
    telegram: Telegram, bot: BotAccount, ada: Person
) -> None:
    puppet = telegram.bot("weather_bot", scripted=True)
    group = telegram.group("Fintech", [ada], puppet)
    said = await puppet.says(group, "Rain")
    assert [message.text for message in group.messages()] == ["", "Rain"]
    assert said.json["from"]["is_bot"]
    # What a test says itself is no answer of a bot.
    await group.stays_silent()
    with pytest.raises(AssertionError, match="@efinbot_bot speaks for itself"):
        await bot.says(group, "Hi")


async def test_messages_are_deleted(ada: Person, chat: Conversation) -> None:
    said = await ada.says(chat, "oops")
    await ada.deletes(said)
    assert [message.text for message in chat.messages()] == ["/start"]


async def test_a_deep_link_carries_its_payload(ada: Person, bot: BotAccount) -> None:
    chat = await ada.starts(bot, "open-banking")
    assert chat.messages()[0].text == "/start open-banking"


async def test_the_port_can_be_chosen_once_it_is_free() -> None:
    async with Telegram.open() as telegram:
        port = int(telegram.url.rpartition(":")[2])
    async with Telegram.open(port=port) as telegram:
        assert telegram.url.endswith(f":{port}")


async def test_the_fixture_comes_with_the_plugin(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["efinbot.sandbox.testing"]\n')
    (tmp_path / "test_host.py").write_text(HOST_TEST)
    (tmp_path / "pytest.ini").write_text(HOST_SETTINGS)
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path))
    run = await asyncio.create_subprocess_exec(
        *command, cwd=tmp_path, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await run.communicate()
    assert run.returncode == 0, output.decode()
