"""efinbot inside a host's application: it adds, and takes nothing away."""

import asyncio
import importlib.util
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import Forbidden
from telegram.ext import (
    AIORateLimiter,
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from efinbot.bot import Assistant, Settings, install
from efinbot.bot.reload.live import Live
from efinbot.bot.telegram import update_handler
from efinbot.bot.telegram.update_handler import Work
from efinbot.sandbox.testing import BotAccount, Person, Telegram

EXAMPLE = Path(__file__).parent.parent / "examples" / "host_bot.py"
Host = Application[Any, Any, Any, Any, Any, Any]


@pytest.fixture
def ada(telegram: Telegram) -> Person:
    return telegram.person("Ada", language_code="en")


def builder(telegram: Telegram, account: BotAccount) -> Any:  # noqa: ANN401 - generic in six types
    token, url = account.token, telegram.url
    return ApplicationBuilder().token(token).base_url(f"{url}/bot").base_file_url(f"{url}/file/bot")


@asynccontextmanager
async def polling(application: Host) -> AsyncIterator[Host]:
    """Run an application as a host does that owns its loop."""
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        yield application
        await application.updater.stop()
        await application.stop()
    if application.post_shutdown:
        await application.post_shutdown(application)


def says(text: str) -> Callable[[Update, object], Any]:
    """Return a handler of a host that says something."""

    async def answer(update: Update, _: object) -> None:
        assert update.effective_chat
        await update.get_bot().send_message(update.effective_chat.id, text)

    return answer


async def test_the_example_works_as_its_description_says(
    telegram: Telegram,
    account: BotAccount,
    ada: Person,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("EFINBOT_DATABASE_URL", f"sqlite:///{tmp_path / 'state.sqlite3'}")
    spec = importlib.util.spec_from_file_location("host_bot", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    application = module.build(account.token, telegram.url)
    async with polling(application):
        chat = await ada.starts(account)
        await chat.expects("Welcome! Ask me about e-finance")
        await ada.says(chat, "what is open banking")
        await chat.expects("Open banking and platforms")
        await ada.says(chat, "/feedback")
        await chat.expects("How do you like this bot?")
        await ada.says(chat, "what is DeFi to me?")
        await chat.expects("Noted, thank you.")
        await ada.says(chat, "any cases?")
        await chat.expects("Open banking and platforms: cases")
        await chat.stays_silent()


async def test_installing_twice_is_installing_once(
    telegram: Telegram, account: BotAccount, settings: Settings, live: Live
) -> None:
    application = builder(telegram, account).build()
    first = install(application, settings, live)
    second = install(application, settings, live)
    assert second == first
    assert [*application.handlers.values()] == [[first.observer], [first.handler]]


async def test_what_was_installed_can_be_removed(
    telegram: Telegram, account: BotAccount, settings: Settings, live: Live, ada: Person
) -> None:
    application = builder(telegram, account).build()
    application.add_handler(MessageHandler(filters.TEXT, says("the host")))
    installation = install(application, settings, live)
    async with polling(application):
        chat = await ada.starts(account)
        await chat.expects("Hello!")
        await installation.remove()
        await ada.says(chat, "open banking")
        await chat.expects("the host")
        await chat.stays_silent()
    assert list(application.handlers) == [0]
    assert application.post_shutdown is None


async def test_the_host_sees_every_update(
    telegram: Telegram, account: BotAccount, settings: Settings, live: Live, ada: Person
) -> None:
    application = builder(telegram, account).build()
    seen: list[str] = []

    async def watch(update: Update, _: object) -> None:
        seen.append(update.effective_message.text if update.effective_message else "")

    application.add_handler(MessageHandler(filters.ALL, watch), group=1000)
    install(application, settings, live)
    async with polling(application):
        chat = await ada.starts(account)
        await ada.says(chat, "open banking")
        await chat.expects("Open banking and platforms")
        await chat.stays_silent()
    assert seen == ["/start", "open banking"]


async def test_commands_inline_queries_and_buttons_of_the_host_stay_its_own(
    telegram: Telegram, account: BotAccount, settings: Settings, live: Live, ada: Person
) -> None:
    application = builder(telegram, account).build()

    async def nothing(update: Update, _: object) -> None:
        assert update.inline_query
        await update.inline_query.answer([])

    async def button(update: Update, _: object) -> None:
        assert update.callback_query
        await update.callback_query.answer("the host's button")

    application.add_handler(CommandHandler("trends", says("the host's trends")))
    application.add_handler(InlineQueryHandler(nothing))
    application.add_handler(CallbackQueryHandler(button, "^host"))
    install(application, settings, live)
    async with polling(application):
        chat = await ada.starts(account)
        await chat.expects("Hello!")
        await ada.says(chat, "/trends")
        await chat.expects("the host's trends")
        await chat.stays_silent()
        assert len(await ada.asks_inline(account, "open banking")) == 0
        async with Bot(account.token, f"{telegram.url}/bot") as api:
            keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("?", callback_data="host:1")]])
            await api.send_message(chat.id, "x", reply_markup=keyboard)
        assert (await ada.taps(await chat.expects("x"), "?")).text == "the host's button"
        await ada.says(chat, "/frobnicate")
        await chat.stays_silent()


async def test_a_prefix_keeps_commands_apart(
    telegram: Telegram, account: BotAccount, settings: Settings, live: Live, ada: Person
) -> None:
    application = builder(telegram, account).build()
    application.add_handler(CommandHandler("trends", says("the host's trends")))
    install(application, settings.model_copy(update={"command_prefix": "fin_"}), live)
    async with polling(application):
        chat = await ada.starts(account)
        await ada.says(chat, "/trends")
        await chat.expects("the host's trends")
        await ada.says(chat, "/fin_trends")
        await chat.expects("The trends")
        await ada.says(chat, "/cases")
        await chat.stays_silent()


async def test_of_an_operators_files_those_of_knowledge_are_taken_and_the_others_the_hosts(
    telegram: Telegram, account: BotAccount, settings: Settings, live: Live, ada: Person
) -> None:
    application = builder(telegram, account).build()
    application.add_handler(
        MessageHandler(filters.Document.FileExtension("zip"), says("the host's archive"))
    )
    install(application, settings.model_copy(update={"operators": frozenset({ada.id})}), live)
    async with polling(application):
        chat = await ada.starts(account)
        await chat.expects("Hello!")
        await ada.says(chat, document=("pix.zip", b"PK"))
        await chat.expects("the host's archive")
        await chat.stays_silent()
        assert telegram.requests("getFile") == []
        await ada.says(chat, document=("pix.yaml", b"a: [b"))
        await chat.expects("“entries/pix.yaml” can't be read and was dropped:")


async def test_plain_messages_can_be_left_to_the_host(
    telegram: Telegram, account: BotAccount, settings: Settings, live: Live, ada: Person
) -> None:
    application = builder(telegram, account).build()
    install(application, settings.model_copy(update={"free_text": False}), live)
    async with polling(application):
        chat = await ada.starts(account)
        await chat.expects("Hello!")
        await ada.says(chat, "open banking")
        await chat.stays_silent()
        await ada.says(chat, "/ask open banking")
        await chat.expects("Open banking and platforms")


async def test_it_works_with_the_hosts_rate_limiter_persistence_and_concurrency(  # noqa: PLR0917
    telegram: Telegram,
    account: BotAccount,
    settings: Settings,
    live: Live,
    ada: Person,
    tmp_path: Path,
) -> None:
    for said, answer in [
        ("open banking", "Open banking"),
        ("any cases?", "Open banking and platforms: cases"),
    ]:
        application = (
            builder(telegram, account)
            .rate_limiter(AIORateLimiter())
            .persistence(PicklePersistence(tmp_path / "host.pickle", update_interval=0.05))
            .concurrent_updates(concurrent_updates=True)
            .build()
        )

        async def count(_: Update, context: Any) -> None:  # noqa: ANN401 - the host's context
            context.bot_data["seen"] = context.bot_data.get("seen", 0) + 1

        application.add_handler(MessageHandler(filters.ALL, count))
        install(application, settings, live)
        async with polling(application):
            chat = ada.chat_with(account)
            if said == "open banking":
                await ada.starts(account)
            await ada.says(chat, said)
            await chat.expects(answer)
            await chat.stays_silent()
            seen = application.bot_data
    assert seen == {"seen": 3}


async def test_the_hosts_error_handlers_hear_of_mistakes(
    telegram: Telegram, account: BotAccount, settings: Settings, assistant: Assistant, ada: Person
) -> None:
    class Failing(Assistant):
        def answer(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - it never returns
            raise RuntimeError

    heard: list[tuple[object, Exception]] = []

    async def hear(update: object, context: Any) -> None:  # noqa: ANN401 - the host's context
        heard.append((update, context.error))

    application = builder(telegram, account).build()
    application.add_error_handler(hear)
    install(application, settings, Live(settings.knowledge, Failing(assistant.engine)))
    async with polling(application):
        chat = await ada.starts(account)
        await ada.says(chat, "open banking")
        await chat.expects("Something went wrong")
        await chat.stays_silent()
    [(update, error)] = heard
    assert isinstance(update, Update)
    assert isinstance(error, RuntimeError)


async def test_a_host_may_install_it_while_it_runs(
    telegram: Telegram, account: BotAccount, settings: Settings, live: Live, ada: Person
) -> None:
    application = builder(telegram, account).build()
    async with polling(application):
        installation = install(application, settings, live)
        chat = await ada.starts(account)
        await chat.expects("Hello!")
        await asyncio.wait_for(installation.remove(), 5)


async def test_removed_while_busy_it_answers_what_it_has_taken_and_opens_nothing_again(  # noqa: PLR0917 - fixtures
    telegram: Telegram,
    account: BotAccount,
    settings: Settings,
    live: Live,
    ada: Person,
    tmp_path: Path,
) -> None:
    application = builder(telegram, account).build()
    installation = install(application, settings, live)
    async with polling(application):
        chat = await ada.starts(account)
        await chat.expects("Hello!")
        telegram.fails("sendMessage", delay=0.3)
        await ada.says(chat, "/trends")
        await ada.says(chat, "/cases")
        await account.waits_for_updates()
        await installation.remove()
        await chat.expects("The trends")
        await chat.expects("The cases")
        await ada.says(chat, "/drivers")
        await chat.stays_silent()
    assert not list(tmp_path.glob("*-wal")), "the database is open still"  # noqa: ASYNC240 - one look


async def test_an_apology_that_fails_costs_no_other_answer(  # noqa: PLR0917 - fixtures
    telegram: Telegram,
    account: BotAccount,
    settings: Settings,
    assistant: Assistant,
    ada: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Failing(Assistant):
        def answer(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - it never returns
            raise RuntimeError

    async def unable(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr(update_handler, "reply_text", unable)
    application = builder(telegram, account).build()
    install(application, settings, Live(settings.knowledge, Failing(assistant.engine)))
    async with polling(application):
        chat = ada.chat_with(account)
        await ada.starts(account)
        await ada.says(chat, "open banking")
        await ada.says(chat, "/trends")
        await chat.expects("Hello!")
        await chat.expects("The trends")


async def test_a_refusal_that_repeats_the_address_is_logged_without_the_token(
    telegram: Telegram,
    account: BotAccount,
    settings: Settings,
    live: Live,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "efinbot")
    application = builder(telegram, account).build()
    installation = install(application, settings, live)

    async def refused(_: int) -> None:
        message = f"Forbidden: /bot{account.token}/sendMessage"
        raise Forbidden(message)

    async def job() -> None:
        await installation.services.sender.call(1, refused)

    async with polling(application):
        await installation.handler.handle(Update(1), Work(1, job))
    assert "not delivered: forbidden: /bot<token>/sendmessage" in caplog.messages
    await installation.remove()
