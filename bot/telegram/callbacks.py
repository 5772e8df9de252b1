"""Callback queries: a tap on a button changes what the message shows, in place."""

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeAlias

from telegram import CallbackQuery, Message

from ...knowledge import LANGUAGES, Language, Text
from ..storage import Place
from .answers import conversation, spoken_in
from .commands import is_administrator, languages
from .feedback import rate, rating_in
from .keyboards import FORGET, LANGUAGE, OPERATE, Page, data_of, target
from .sender import Undelivered
from .services import Services

OperatorButtons: TypeAlias = Callable[[CallbackQuery, str], Awaitable[Text | None]]
"""Does what a button below a message to an operator says; returns what is to be said of it."""


async def tapped(
    bot: Services, operators: OperatorButtons, query: CallbackQuery, began: float
) -> None:
    """Do what a button of this bot says, and answer the tap exactly once.

    Args:
        bot: The bot.
        operators: Does what the operators' buttons say.
        query: The tap.
        began: When it reached the bot, by `time.perf_counter`.
    """
    words, person, limit = bot.knowledge.interface.chat, query.from_user.id, bot.rate_limit
    notice: Text | None = words.apology
    try:
        if limit.is_muted(person, bot.state) or limit.exceeds(person, bot.state):
            notice = words.slow_down
        else:
            notice = await _do(bot, operators, query, began)
    finally:
        await _notify(bot, query, notice)


async def _do(
    bot: Services, operators: OperatorButtons, query: CallbackQuery, began: float
) -> Text | None:
    """Do what a button says; return what is to be said of it."""
    data = data_of(query.data)
    if data == FORGET:
        await bot.forget(query.from_user.id)
        return bot.knowledge.interface.chat.forgotten
    if data.startswith(OPERATE):
        return await operators(query, data)
    if data.startswith(LANGUAGE):
        return await _language(bot, query, data.removeprefix(LANGUAGE))
    if rating := rating_in(data, bot.knowledge):
        return rate(bot, query, rating)
    return await _lead_on(bot, query, data, began)


async def _notify(bot: Services, query: CallbackQuery, notice: Text | None) -> None:
    """End the waiting that a tap shows, with a notice if there is something to say."""
    text = notice.in_(_language_of(bot, query)) if notice else None
    api = bot.application.bot
    with suppress(Undelivered):  # the tap is too old to be answered
        await bot.sender.call(
            query.from_user.id, lambda _: api.answer_callback_query(query.id, text)
        )


async def _lead_on(bot: Services, query: CallbackQuery, data: str, began: float) -> Text | None:
    """Show the answer that a button leads to; a button of another knowledge is refused."""
    runtime, place = bot.runtime, _place(query)
    found = target(data, runtime.knowledge)
    if found is None:
        return runtime.knowledge.interface.chat.stale
    said = found.understanding
    rated = place is not None and bot.takes_votes[place.chat == place.person]
    page = runtime.page(said, found.origin, rated=rated)
    await _show(bot, query, page)
    if place:
        context = conversation(bot, place)
        reply = runtime.assistant.reply_to(said, context, time.time())
        bot.state.remember(place, reply.context)
    message = query.message and query.message.message_id
    bot.question_log.tapped(said, began, place and place.chat, message)
    return None


async def _show(bot: Services, query: CallbackQuery, page: Page) -> None:
    """Show a page in place of what was tapped, or below it where that can't be changed any more."""
    place = _place(query)
    chat = place.chat if place else query.from_user.id
    try:
        await bot.sender.edit(chat, page.html, page.markup, _shown_in(query))
    except Undelivered:
        if place is None:
            raise
        await bot.sender.send(place, page.html, page.markup)


async def _language(bot: Services, query: CallbackQuery, wanted: str) -> Text | None:
    """Choose the language of a chat; in groups only administrators do."""
    words, place = bot.knowledge.interface.chat, _place(query)
    choice: Language | None = next((one for one in LANGUAGES if one == wanted), None)
    if place is None or (choice is None and wanted != "auto"):
        return words.stale
    if place.chat != place.person and not await is_administrator(bot, place.chat, place.person):
        return words.admins_only
    spoken = spoken_in(query.from_user.language_code)
    html, markup = languages(bot.knowledge, choice, choice or spoken)
    await bot.sender.edit(place.chat, html, markup, _shown_in(query))
    bot.state.choose_language(place.chat, choice)
    return None


def _place(query: CallbackQuery) -> Place | None:
    """Return the conversation that a tap belongs to; None below a message sent inline."""
    message = query.message
    if message is None:
        return None
    topic = isinstance(message, Message) and message.is_topic_message and message.message_thread_id
    return Place(message.chat.id, topic or 0, query.from_user.id)


def _shown_in(query: CallbackQuery) -> dict[str, int | str]:
    """Return what tells the message below which a button was tapped."""
    if query.message:
        return {"message_id": query.message.message_id}
    return {"inline_message_id": query.inline_message_id or ""}


def _language_of(bot: Services, query: CallbackQuery) -> Language:
    chosen = bot.state.language(query.message.chat.id) if query.message else None
    return chosen or spoken_in(query.from_user.language_code)
