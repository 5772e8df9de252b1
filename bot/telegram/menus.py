"""Command menus and the bot's descriptions, as Telegram shows them before anybody asks."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain, repeat
from typing import Final

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from ...knowledge import Interface, Language, Text
from ...knowledge.messages import translations
from ..redaction import described
from ..reload.live import Live, Observer
from ..settings import Settings
from .commands import COMMANDS
from .sender import seconds_to_wait

OPERATOR_MENU: Final[Mapping[str, str]] = {
    "reload": "operators.menu_reload",
    "check": "operators.menu_check",
    "stats": "operators.menu_stats",
    "gaps": "operators.menu_gaps",
    "history": "operators.menu_history",
    "rollback": "operators.menu_rollback",
}
"""The operators' commands, in order, and the keys of the messages that say what they do."""
_LANGUAGES: Final[Mapping[str, Language]] = {"": "en", "zh": "zh"}
"""What is shown for each language of the app; empty for all that have nothing of their own."""
_PRIVATE: Final = tuple(COMMANDS)
_ADMINISTRATORS: Final = tuple(name for name in COMMANDS if name != "start")
_GROUPS: Final = tuple(name for name in _ADMINISTRATORS if name != "lang")
_PAUSES: Final = (10.0, 60.0, 600.0)
"""Seconds after which setting the menus is tried again; the last of them from then on."""
_log = logging.getLogger(__name__)


class MenuKeeper(Observer):
    """Keeps menus and descriptions as the interface has them: from the start, and after edits.

    Args:
        bot: The bot.
        live: Has the interface, and follows its folder.
        settings: The prefix of commands, and the operators, who are shown theirs.
    """

    def __init__(self, bot: Bot, live: Live, settings: Settings) -> None:
        self._bot = bot
        self._live = live
        self._settings = settings
        self._changed = asyncio.Event()

    def adopted(self) -> None:
        """Look whether other texts are to be shown."""
        self._changed.set()

    async def run(self) -> None:
        """Keep them until cancelled; what fails is tried again."""
        self._live.observers.append(self)
        shown: Interface | None = None
        try:
            while True:
                if self._interface != shown:
                    shown = await self._show()
                await self._changed.wait()
                self._changed.clear()
        finally:
            self._live.observers.remove(self)

    @property
    def _interface(self) -> Interface:
        return self._live.assistant.engine.knowledge.interface

    async def _show(self) -> Interface:
        """Set what differs, however often that fails; return the interface that is shown."""
        pauses = chain(_PAUSES, repeat(_PAUSES[-1]))
        while True:
            interface = self._interface
            prefix, operators = self._settings.command_prefix, self._settings.operators
            try:
                changed = await register_menus(self._bot, interface, prefix, operators)
            except TelegramError as error:
                _log.warning("the menus could not be set: %s", described(error))
                wait = seconds_to_wait(error) if isinstance(error, RetryAfter) else 0.0
                await asyncio.sleep(max(next(pauses), wait))
            else:
                _log.info("menus and descriptions: %d changed", changed)
                return interface


async def register_menus(
    bot: Bot, interface: Interface, prefix: str = "", operators: Iterable[int] = ()
) -> int:
    """Tell Telegram what to show of the bot; what it shows already is left alone.

    Args:
        bot: The bot.
        interface: The texts.
        prefix: Stands before the name of every command.
        operators: Ids of those who are shown the operators' commands too, in their private chats.

    Returns:
        How many things had to be changed.
    """
    captions = interface.chat.commands
    private, groups, administrators = (
        {name: _text(captions, name) for name in names}
        for names in (_PRIVATE, _GROUPS, _ADMINISTRATORS)
    )
    scopes: Sequence[tuple[BotCommandScope, Mapping[str, Text]]] = (
        (BotCommandScopeAllPrivateChats(), private),
        (BotCommandScopeAllGroupChats(), groups),
        (BotCommandScopeAllChatAdministrators(), administrators),
    )
    changed = 0
    for code, language in _LANGUAGES.items():
        for scope, names in scopes:
            changed += await _show(bot, _menu(names, language, prefix), scope, code)
        changed += await _describe(bot, interface, language, code)
    operations = {name: Text(**translations(key)) for name, key in OPERATOR_MENU.items()}
    for person in operators:
        with suppress(BadRequest, Forbidden):  # somebody who has never opened the bot
            for code, language in _LANGUAGES.items():
                menu = _menu({**private, **operations}, language, prefix)
                changed += await _show(bot, menu, BotCommandScopeChat(person), code)
    return changed


async def _show(bot: Bot, menu: Sequence[BotCommand], scope: BotCommandScope, code: str) -> bool:
    """Set a menu; return whether it had to be changed."""
    if await bot.get_my_commands(scope, code or None) == menu:
        return False
    return await bot.set_my_commands(menu, scope, code or None)


def _menu(names: Mapping[str, Text], language: Language, prefix: str) -> tuple[BotCommand, ...]:
    return tuple(BotCommand(prefix + name, text.in_(language)) for name, text in names.items())


def _text(captions: object, name: str) -> Text:
    return getattr(captions, name)


async def _describe(bot: Bot, interface: Interface, language: Language, code: str) -> int:
    """Set the description and the short description; return how many had to be changed."""
    changed = 0
    words = interface.chat
    description, short = words.description.in_(language), words.short_description.in_(language)
    if (await bot.get_my_description(code or None)).description != description:
        await bot.set_my_description(description, code or None)
        changed += 1
    if (await bot.get_my_short_description(code or None)).short_description != short:
        await bot.set_my_short_description(short, code or None)
        changed += 1
    return changed
