"""A bot about tea, in a folder of its own, with two operators."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from efinbot.bot import Settings
from efinbot.bot.app import serve
from efinbot.bot.reload.live import Live
from efinbot.sandbox.testing import BotAccount, Conversation, Person, Said, Telegram

MATCHA = """\
kind: case
name: {zh: 抹茶, en: Matcha}
aliases: {zh: [碾茶], en: [powdered green tea]}
brief: {zh: 日本的绿茶粉, en: Japan's green tea powder}
summary: {zh: 抹茶是磨成粉的绿茶。, en: Matcha is green tea ground to powder.}
facts:
  - {zh: 用石磨慢慢磨。, en: Stone mills grind it slowly.}
challenges:
  - {zh: 好的很贵。, en: Good matcha is dear.}
shows: [oxidation]
asks:
  zh: [绿色的粉末是什么, 用茶筅打的那种, 石磨磨出来的茶, 日本茶道喝什么]
  en: [what is the green powder, the tea whisked with bamboo, tea ground by stone mills]
"""
PATIENCE = 30.0
"""Seconds that an engine may take to be built on a busy machine."""


@dataclass(frozen=True)
class Workshop:
    """The bot, who may operate it, and who may not."""

    telegram: Telegram
    bot: BotAccount
    folder: Path
    live: Live
    olga: Person
    otto: Person
    ada: Person

    async def chat(self, person: Person) -> Conversation:
        """Return somebody's chat with the bot, greeted."""
        chat = await person.starts(self.bot)
        await chat.expects("")
        return chat

    def holds(self, name: str) -> bytes | None:
        """Return what a file of the folder holds."""
        path = self.folder / name
        return path.read_bytes() if path.exists() else None


@asynccontextmanager
async def opened(
    telegram: Telegram, account: BotAccount, folder: Path, tmp_path: Path, **settings: object
) -> AsyncGenerator[Workshop]:
    """Run the bot on a folder."""
    olga, otto, ada = (
        telegram.person(name, language_code="en") for name in ("Olga", "Otto", "Ada")
    )
    chosen = Settings.model_validate(
        {
            "token": SecretStr(account.token),
            "api_url": telegram.url,
            "database_url": SecretStr(f"sqlite:///{tmp_path / 'state.sqlite3'}"),
            "flood_limit": 1000,
            "knowledge": folder,
            "operators": frozenset((olga.id, otto.id)),
            **settings,
        }
    )
    live = Live.open(folder)
    stop = asyncio.Event()
    running = asyncio.create_task(serve(chosen, live, stop))
    try:
        await account.waits_for_updates()
        yield Workshop(telegram, account, folder, live, olga, otto, ada)
    finally:
        stop.set()
        await running


def saved(path: Path, content: bytes) -> None:
    """Save a file in one step, as editors do: nobody reads half of it."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content)
    beside.replace(path)


async def button(workshop: Workshop, chat: Conversation, data: str) -> Said:
    """Return a message of the bot with a button that it never made."""
    async with Bot(workshop.bot.token, f"{workshop.telegram.url}/bot") as api:
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("?", callback_data=data)]])
        await api.send_message(chat.id, "a button", reply_markup=keyboard)
    return await chat.expects("a button")


def data_of(said: Said, label: str) -> str:
    """Return what a button below a message sends."""
    rows = said.json["reply_markup"]["inline_keyboard"]
    return next(one["callback_data"] for row in rows for one in row if one["text"] == label)


async def decided(chat: Conversation, *fragments: str) -> Said:
    """Return what the bot says when it has done what takes a while."""
    return await chat.expects(*fragments, seconds=PATIENCE)
