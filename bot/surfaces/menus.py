"""What Telegram shows of the bot before anybody asks: command menus and descriptions."""

from collections.abc import Mapping, Sequence
from typing import Final

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)

from ...knowledge import Interface, Language, Text
from .commands import COMMANDS

_LANGUAGES: Final[Mapping[str, Language]] = {"": "en", "zh": "zh"}
"""What is shown for each language of the app; empty for all that have nothing of their own."""
_PRIVATE: Final = tuple(COMMANDS)
_ADMINISTRATORS: Final = tuple(name for name in COMMANDS if name != "start")
_GROUPS: Final = tuple(name for name in _ADMINISTRATORS if name != "lang")


async def register_menus(bot: Bot, interface: Interface, prefix: str = "") -> int:
    """Tell Telegram what to show of the bot; what it shows already is left alone.

    Args:
        bot: The bot.
        interface: The texts.
        prefix: Stands before the name of every command.

    Returns:
        How many things had to be changed.
    """
    scopes: Sequence[tuple[BotCommandScope, Sequence[str]]] = (
        (BotCommandScopeAllPrivateChats(), _PRIVATE),
        (BotCommandScopeAllGroupChats(), _GROUPS),
        (BotCommandScopeAllChatAdministrators(), _ADMINISTRATORS),
    )
    changed = 0
    for code, language in _LANGUAGES.items():
        for scope, names in scopes:
            menu = _menu(interface, names, language, prefix)
            if await bot.get_my_commands(scope, code or None) != menu:
                await bot.set_my_commands(menu, scope, code or None)
                changed += 1
        changed += await _describe(bot, interface, language, code)
    return changed


def _menu(
    interface: Interface, names: Sequence[str], language: Language, prefix: str
) -> tuple[BotCommand, ...]:
    captions = interface.chat.commands
    return tuple(
        BotCommand(prefix + name, _caption(getattr(captions, name), language)) for name in names
    )


def _caption(text: Text, language: Language) -> str:
    return text.in_(language)


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
