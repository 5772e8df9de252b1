"""What each command does."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeAlias

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest

from ...intents import COMPARE, NEWS, Understanding
from ...knowledge import LANGUAGES, Knowledge, Language
from ..replies.markup import escape
from .answers import (
    answer_understood,
    answer_with,
    ask,
    conversation,
    language_of,
    reply,
    reply_text,
    spoken,
)
from .context import MessageContext
from .keyboards import FORGET, LANGUAGE
from .sender import Undelivered
from .services import Services

Command: TypeAlias = Callable[[Services, MessageContext], Awaitable[None]]
"""Does what a command says."""

NAMES: Final[Mapping[str, str]] = {"zh": "中文", "en": "English"}
"""The languages as their speakers call them."""
_CALLED: Final[Mapping[str, Language | None]] = {
    **dict.fromkeys(("zh", "cn", "中文", "汉语", "简体", "chinese"), "zh"),
    **dict.fromkeys(("en", "英文", "英语", "english"), "en"),
    **dict.fromkeys(("auto", "自动", "off"), None),
}
_ADMINISTRATORS: Final = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)
_DELETE: Final = ("delete", "forget", "删除")


async def unknown(bot: Services, message: MessageContext) -> None:
    """Say that there is no such command."""
    await reply_text(bot, message, bot.knowledge.interface.chat.unknown_command)


async def _start(bot: Services, message: MessageContext) -> None:
    """Greet, or follow a link that leads to an entry."""
    if message.text in bot.knowledge.entries:
        language = language_of(bot, message)
        understanding = Understanding("explain", (message.text,), language, 1.0)
        await answer_understood(bot, message, understanding)
    else:
        await answer_with(bot, message, "greeting")


async def _compare(bot: Services, message: MessageContext) -> None:
    """Compare what is named, one thing with the topic at hand, or the last two topics."""
    understanding = _understand_as(bot, message, [COMPARE])
    if understanding.intent == COMPARE or understanding.ambiguous:
        await answer_understood(bot, message, understanding, message.text)
    else:
        words = bot.knowledge.interface.chat.which_things
        await reply(bot, message, escape(words.in_(understanding.language)))


async def _about(bot: Services, message: MessageContext) -> None:
    await reply_text(bot, message, bot.knowledge.interface.chat.about)


async def _privacy(bot: Services, message: MessageContext) -> None:
    """Say what is kept about a person, or delete it: that is said when it is done."""
    words = bot.knowledge.interface.chat
    if message.text.casefold() in _DELETE:
        await bot.forget(message.place.person)
        await reply_text(bot, message, words.forgotten)
    else:
        label = words.forget.in_(language_of(bot, message))
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=FORGET)]])
        await reply_text(bot, message, words.privacy, keyboard.to_json())


async def _lang(bot: Services, message: MessageContext) -> None:
    """Say in which language is answered, or choose one; in groups only administrators do."""
    place, wanted = message.place, message.text.casefold()
    choice, chooses = bot.state.language(place.chat), wanted in _CALLED
    if chooses:
        trusted = message.private or message.anonymous
        if not (trusted or await is_administrator(bot, place.chat, place.person)):
            await reply_text(bot, message, bot.knowledge.interface.chat.admins_only)
            return
        choice = _CALLED[wanted]
    language = choice or spoken(bot, message)
    await reply(bot, message, *languages(bot.knowledge, choice, language))
    if chooses:
        bot.state.choose_language(place.chat, choice)


def languages(knowledge: Knowledge, choice: Language | None, language: Language) -> tuple[str, str]:
    """Return what is said of the language of answers, and the keyboard that chooses one."""
    words = knowledge.interface.chat
    now = words.language_now if choice else words.language_free
    said = now.in_(language).format(name=NAMES[choice]) if choice else now.in_(language)
    buttons = [
        InlineKeyboardButton(NAMES[one], callback_data=f"{LANGUAGE}{one}") for one in LANGUAGES
    ]
    free = InlineKeyboardButton(words.language_auto.in_(language), callback_data=f"{LANGUAGE}auto")
    text = escape(f"{said}\n{words.language_choices.in_(language)}")
    return text, InlineKeyboardMarkup([buttons, [free]]).to_json()


async def is_administrator(bot: Services, chat: int, person: int) -> bool:
    """Return whether somebody may decide for a group."""
    if person < 0:
        return False  # a channel, in whose name somebody writes
    try:
        member = await bot.sender.call(
            chat, lambda chat: bot.application.bot.get_chat_member(chat, person)
        )
    except (BadRequest, Undelivered):
        return False  # somebody who has left, or a group that shows its members to nobody
    return member.status in _ADMINISTRATORS


def _listing(intent: str, about_one: str = "explain") -> Command:
    """Return a command that gives a whole list, or what it says of what is named behind it.

    Args:
        intent: The list.
        about_one: What is wanted of something that is named.
    """

    async def give(bot: Services, message: MessageContext) -> None:
        if message.text:
            understanding = _understand_as(bot, message, [about_one, intent])
            await answer_understood(bot, message, understanding, message.text)
        else:
            await answer_with(bot, message, intent)

    return give


def _understand_as(bot: Services, message: MessageContext, intents: Sequence[str]) -> Understanding:
    """Understand what stands behind a command; see `Engine.understand_as`."""
    dialogue = conversation(bot, message.place)
    language = language_of(bot, message)
    return bot.runtime.assistant.engine.understand_as(intents, message.text, dialogue, language)


COMMANDS: Final[Mapping[str, Command]] = {
    "start": _start,
    "help": _listing("help"),
    "trends": _listing("trends"),
    "drivers": _listing("drivers", "drivers_of"),
    "tech": _listing("technologies"),
    "cases": _listing("cases", "cases_of"),
    "new": _listing(NEWS, NEWS),
    "outlook": _listing("outlook"),
    "overview": _listing("overview"),
    "compare": _compare,
    "ask": ask,
    "lang": _lang,
    "about": _about,
    "privacy": _privacy,
}
"""The commands, in the order of the menu."""
