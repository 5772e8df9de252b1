"""What tapping a button does: the message shows something else, in place."""

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeAlias

from telegram import CallbackQuery, Message

from ...knowledge import LANGUAGES, Language, Text
from ..storage import Place
from . import votes
from .commands import is_administrator, languages
from .context import spoken_in
from .keyboards import FORGET, LANGUAGE, OPERATE, PREFIX, data_of, target
from .sender import Undelivered
from .service import Efinbot
from .votes import Vote

Operate: TypeAlias = Callable[[CallbackQuery, str], Awaitable[Text | None]]
"""Does what a button with some data below a message to an operator says."""


async def tapped(bot: Efinbot, query: CallbackQuery, began: float, operate: Operate) -> None:
    """Do what a button of this bot says, and answer the tap exactly once.

    Args:
        bot: The bot.
        query: The tap.
        began: When it reached the bot, by `time.perf_counter`.
        operate: Does what the operators' buttons say.
    """
    words, person = bot.knowledge.interface.chat, query.from_user.id
    notice: Text | None = words.apology
    try:
        if bot.is_muted(person) or await bot.mutes(person):
            notice = words.slow_down
        else:
            notice = await _done(bot, query, began, operate)
    finally:
        await _answer(bot, query, notice)


async def _done(bot: Efinbot, query: CallbackQuery, began: float, operate: Operate) -> Text | None:
    """Do what a button says; return what is to be said of it."""
    data = data_of(query.data)
    if data == FORGET:
        await bot.forget(query.from_user.id)
        return bot.knowledge.interface.chat.forgotten
    if data.startswith(OPERATE):
        return await operate(query, data)
    if data.startswith(LANGUAGE):
        return await _language(bot, query, data.removeprefix(LANGUAGE))
    if vote := votes.read(data.removeprefix(PREFIX), bot.knowledge):
        return _votes(bot, query, vote)
    return await _leads_on(bot, query, data, began)


async def _answer(bot: Efinbot, query: CallbackQuery, notice: Text | None) -> None:
    """End the waiting that a tap shows, with a notice if there is something to say."""
    text = notice.in_(_language_of(bot, query)) if notice else None
    person = query.from_user.id
    with suppress(Undelivered):  # the tap is too old to be answered
        await bot.delivery.call(
            person, lambda _: bot.application.bot.answer_callback_query(query.id, text)
        )


def _votes(bot: Efinbot, query: CallbackQuery, vote: Vote) -> Text:
    """Count what somebody finds of an answer; the same button takes that back."""
    words, message, engine = (
        bot.knowledge.interface.chat,
        query.message,
        bot.edition.assistant.engine,
    )
    # Telegram's id of a private chat is that of the person.
    if message is None or not bot.settings.takes_votes(
        private=message.chat.id == query.from_user.id
    ):
        return words.stale
    where = message.chat.id, message.message_id, query.from_user.id
    if bot.recorder.voted(vote, engine, *where) != vote.value:
        return words.liked if vote.value > 0 else words.disliked
    bot.recorder.voted(Vote(0), engine, *where)
    return words.unvoted


async def _leads_on(bot: Efinbot, query: CallbackQuery, data: str, began: float) -> Text | None:
    """Show the answer that a button leads to; a button of another knowledge is refused."""
    edition = bot.edition
    found = target(data, edition.knowledge)
    if found is None:
        return edition.knowledge.interface.chat.stale
    said, place = found.understanding, _place(query)
    private = place is not None and place.chat == place.person
    rated = place is not None and bot.settings.takes_votes(private=private)
    page = edition.pages.page(said, found.origin, rated=rated)
    if place is None:
        inline = {"inline_message_id": query.inline_message_id or ""}
        await bot.edit(query.from_user.id, page.html, page.markup, inline)
        bot.recorder.tapped(said, began, None, None)
        return None
    context = bot.dialogue(place, edition.knowledge)
    reply = edition.assistant.reply_to(said, context, time.time())
    await bot.state.remember(place, reply.context)
    try:
        await bot.edit(place.chat, page.html, page.markup, _message(query))
    except Undelivered:
        await bot.send(place, page.html, page.markup)
    bot.recorder.tapped(said, began, place.chat, query.message and query.message.message_id)
    return None


async def _language(bot: Efinbot, query: CallbackQuery, wanted: str) -> Text | None:
    """Choose the language of a chat; in groups only administrators do."""
    words, place = bot.knowledge.interface.chat, _place(query)
    choice: Language | None = next((one for one in LANGUAGES if one == wanted), None)
    if place is None or (choice is None and wanted != "auto"):
        return words.stale
    if place.chat != place.person and not await is_administrator(bot, place.chat, place.person):
        return words.admins_only
    await bot.state.choose_language(place.chat, choice)
    html, markup = languages(bot.knowledge, choice, choice or _language_of(bot, query))
    await bot.edit(place.chat, html, markup, _message(query))
    return None


def _place(query: CallbackQuery) -> Place | None:
    """Return the conversation that a tap belongs to; None below a message sent inline."""
    message = query.message
    if message is None:
        return None
    topic = isinstance(message, Message) and message.is_topic_message and message.message_thread_id
    return Place(message.chat.id, topic or 0, query.from_user.id)


def _message(query: CallbackQuery) -> dict[str, int | str]:
    return {"message_id": query.message.message_id} if query.message else {}


def _language_of(bot: Efinbot, query: CallbackQuery) -> Language:
    chosen = bot.state.language(query.message.chat.id) if query.message else None
    return chosen or spoken_in(query.from_user.language_code)
