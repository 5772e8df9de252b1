"""What Telegram shows of the bot before anybody asks: command menus and descriptions."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
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
from telegram.error import BadRequest, Forbidden

from ...knowledge import Interface, Language, Text
from ...knowledge.messages import translations
from ..admin.menu import MENU
from .commands import COMMANDS

_LANGUAGES: Final[Mapping[str, Language]] = {"": "en", "zh": "zh"}
"""What is shown for each language of the app; empty for all that have nothing of their own."""
_PRIVATE: Final = tuple(COMMANDS)
_ADMINISTRATORS: Final = tuple(name for name in COMMANDS if name != "start")
_GROUPS: Final = tuple(name for name in _ADMINISTRATORS if name != "lang")


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
    operations = {name: Text(**translations(key)) for name, key in MENU.items()}
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
