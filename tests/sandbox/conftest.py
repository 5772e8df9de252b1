"""A local Telegram with one bot and one person, and ways to ask it."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from asking import Ask
from paging import Page
from telegram import Bot

from efinbot.sandbox.testing import BotAccount, Conversation, Person, Telegram, telegram

__all__ = ["telegram"]


@pytest.fixture
def bot(telegram: Telegram) -> BotAccount:
    return telegram.bot("efinbot_bot", first_name="efinbot")


@pytest.fixture
def ada(telegram: Telegram) -> Person:
    return telegram.person("Ada", username="ada", language_code="en")


@pytest.fixture
def bo(telegram: Telegram) -> Person:
    return telegram.person("Bo", language_code="zh-hans")


@pytest_asyncio.fixture
async def chat(ada: Person, bot: BotAccount) -> Conversation:
    return await ada.starts(bot)


@pytest_asyncio.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def ask(telegram: Telegram, bot: BotAccount, http: aiohttp.ClientSession) -> Ask:
    async def asked(method: str, /, **parameters: object) -> dict[str, Any]:
        url = f"{telegram.url}/bot{bot.token}/{method}"
        async with http.post(url, json=parameters) as response:
            body = await response.json()
            assert response.status == body.get("error_code", 200)
            return body

    return asked


@pytest.fixture
def page(http: aiohttp.ClientSession, telegram: Telegram) -> Page:
    return Page(http, telegram.url)


@pytest_asyncio.fixture
async def ptb(telegram: Telegram, bot: BotAccount) -> AsyncIterator[Bot]:
    """The bot as python-telegram-bot speaks for it."""
    roots = {"base_url": f"{telegram.url}/bot", "base_file_url": f"{telegram.url}/file/bot"}
    async with Bot(bot.token, **roots) as opened:
        yield opened
