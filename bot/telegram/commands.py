"""What each command does."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest

from ...intents import COMPARE, Understanding
from ...knowledge import LANGUAGES, Knowledge, Language
from ..replies.markup import escape
from .context import Turn
from .keyboards import FORGET, LANGUAGE
from .sender import Undelivered
from .service import Efinbot

Command: TypeAlias = Callable[[Turn], Awaitable[None]]

NAMES: Final[Mapping[Language, str]] = {"zh": "中文", "en": "English"}
"""The languages as their speakers call them."""
_CALLED: Final[Mapping[str, Language | None]] = {
    **dict.fromkeys(("zh", "cn", "中文", "汉语", "简体", "chinese"), "zh"),
    **dict.fromkeys(("en", "英文", "英语", "english"), "en"),
    **dict.fromkeys(("auto", "自动", "off"), None),
}
_ADMINISTRATORS: Final = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)
_DELETE: Final = ("delete", "forget", "删除")


async def _start(turn: Turn) -> None:
    """Greet, or follow a link that leads to an entry."""
    if turn.text in turn.knowledge.entries:
        await turn.reply(Understanding("explain", (turn.text,), turn.language, 1.0))
    else:
        await turn.list("greeting")


async def ask(turn: Turn) -> None:
    """Answer what is said, or else the message that this one replies to."""
    if question := turn.text or turn.message.quoted:
        await turn.ask(question)
    else:
        await turn.list("help")


async def _compare(turn: Turn) -> None:
    """Compare what is named, one thing with the topic at hand, or the last two topics."""
    understanding = turn.understand_as([COMPARE])
    if understanding.intent == COMPARE or understanding.ambiguous:
        await turn.reply(understanding, turn.text)
    else:
        words = turn.knowledge.interface.chat.which_things
        await turn.send(escape(words.in_(understanding.language)))


async def _about(turn: Turn) -> None:
    await turn.say(turn.knowledge.interface.chat.about)


async def _privacy(turn: Turn) -> None:
    words = turn.knowledge.interface.chat
    if turn.text.casefold() in _DELETE:
        await turn.bot.forget(turn.message.place.person)
        await turn.say(words.forgotten)
    else:
        button = InlineKeyboardButton(words.forget.in_(turn.language), callback_data=FORGET)
        await turn.say(words.privacy, InlineKeyboardMarkup([[button]]).to_json())


async def _lang(turn: Turn) -> None:
    """Say in which language is answered, or choose one; in groups only administrators do."""
    words, place = turn.knowledge.interface.chat, turn.message.place
    wanted = turn.text.casefold()
    if wanted in _CALLED:
        trusted = turn.message.private or turn.message.anonymous
        if not (trusted or await is_administrator(turn.bot, place.chat, place.person)):
            await turn.say(words.admins_only)
            return
        await turn.bot.state.choose_language(place.chat, _CALLED[wanted])
    await turn.send(*languages(turn.knowledge, turn.choice, turn.language))


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


async def is_administrator(bot: Efinbot, chat: int, person: int) -> bool:
    """Return whether somebody may decide for a group."""
    if person < 0:
        return False  # a channel, in whose name somebody writes
    try:
        member = await bot.delivery.call(
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

    async def answer(turn: Turn) -> None:
        if turn.text:
            await turn.reply(turn.understand_as([about_one, intent]), turn.text)
        else:
            await turn.list(intent)

    return answer


COMMANDS: Final[Mapping[str, Command]] = {
    "start": _start,
    "help": _listing("help"),
    "trends": _listing("trends"),
    "drivers": _listing("drivers", "drivers_of"),
    "tech": _listing("technologies"),
    "cases": _listing("cases", "cases_of"),
    "outlook": _listing("outlook"),
    "overview": _listing("overview"),
    "compare": _compare,
    "ask": ask,
    "lang": _lang,
    "about": _about,
    "privacy": _privacy,
}
"""The commands, in the order of the menu."""
