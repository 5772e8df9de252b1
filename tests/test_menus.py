"""Command menus and descriptions, as Telegram shows them."""

import asyncio
from pathlib import Path

import pytest
from telegram import Bot

from efinbot.bot import Settings, register_menus
from efinbot.bot.app import serve
from efinbot.bot.reload.live import Live
from efinbot.bot.telegram import menus
from efinbot.intents import Engine
from efinbot.knowledge import LANGUAGES, Interface
from efinbot.sandbox.testing import BotAccount, Telegram


@pytest.fixture
def interface(engine: Engine) -> Interface:
    return engine.knowledge.interface


async def test_each_scope_and_language_has_its_menu(
    telegram: Telegram, account: BotAccount, interface: Interface
) -> None:
    async with Bot(account.token, f"{telegram.url}/bot") as bot:
        assert await register_menus(bot, interface) == 10
        menus = {
            (request.parameters["scope"]["type"], request.parameters.get("language_code", "")): [
                command["command"] for command in request.parameters["commands"]
            ]
            for request in telegram.requests("setMyCommands")
        }
    assert {language for _, language in menus} == {"", "zh"}
    private, group, admins = (
        menus[scope, "zh"]
        for scope in ("all_private_chats", "all_group_chats", "all_chat_administrators")
    )
    assert set(private) - set(admins) == {"start"}
    assert set(admins) - set(group) == {"lang"}
    assert {"ask", "trends", "compare", "privacy"} <= set(group)


async def test_what_is_shown_already_is_left_alone(
    telegram: Telegram, account: BotAccount, interface: Interface
) -> None:
    async with Bot(account.token, f"{telegram.url}/bot") as bot:
        await register_menus(bot, interface)
        assert await register_menus(bot, interface) == 0
        changed = interface.chat.model_copy(update={"short_description": interface.chat.about})
        shorter = interface.chat.short_description.model_copy(update={"en": "Ask me."})
        changed = interface.chat.model_copy(update={"short_description": shorter})
        assert await register_menus(bot, interface.model_copy(update={"chat": changed})) == 1


async def test_a_prefix_stands_before_every_command(
    telegram: Telegram, account: BotAccount, interface: Interface
) -> None:
    async with Bot(account.token, f"{telegram.url}/bot") as bot:
        await register_menus(bot, interface, "fin_")
        commands = await bot.get_my_commands({"type": "all_private_chats"})
    assert all(command.command.startswith("fin_") for command in commands)


async def test_the_bot_sets_them_when_it_starts(
    telegram: Telegram, efinbot: BotAccount, interface: Interface
) -> None:
    await telegram.settled()
    async with Bot(efinbot.token, f"{telegram.url}/bot") as bot:
        for code, language in {"": LANGUAGES[1], "zh": LANGUAGES[0]}.items():
            described = await bot.get_my_description(code)
            assert described.description == interface.chat.description.in_(language)


async def test_trouble_with_menus_keeps_nobody_waiting(
    telegram: Telegram, account: BotAccount, settings: Settings, live: Live
) -> None:
    telegram.fails("getMyCommands", status=500)
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(settings, live, stop))
    chat = await telegram.person("Ada", language_code="en").starts(account)
    await chat.expects("Hello!")
    stop.set()
    await serving


async def test_menus_are_set_however_often_that_fails(
    telegram: Telegram,
    account: BotAccount,
    settings: Settings,
    live: Live,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses = (0.0, 0.0)
    monkeypatch.setattr(menus, "_PAUSES", pauses)
    telegram.fails("getMyCommands", status=500, times=len(pauses) + 2)
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(settings, live, stop))
    await telegram.person("Ada").starts(account)
    await telegram.settled()
    stop.set()
    await serving
    assert len(telegram.requests("setMyCommands")) == 6


async def test_an_edit_of_the_texts_is_shown_without_a_restart(
    telegram: Telegram, account: BotAccount, settings: Settings, small_folder: Path
) -> None:
    live = Live.open(small_folder)
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(settings, live, stop))
    await telegram.person("Ada").starts(account)
    await telegram.settled()
    before = live.assistant.engine.knowledge.interface.chat.short_description.en
    file = small_folder / "interface.yaml"
    file.write_text(file.read_text("utf-8").replace(before, "Ask me about tea!"), "utf-8")
    await live.reload()
    async with Bot(account.token, f"{telegram.url}/bot") as bot, asyncio.timeout(10):
        shown = await bot.get_my_short_description()
        while shown.short_description == before:
            shown = await bot.get_my_short_description()
    stop.set()
    await serving
    assert shown.short_description == "Ask me about tea!"
    assert len(telegram.requests("setMyShortDescription")) == 3
