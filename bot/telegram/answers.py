"""Answers to messages: understood, composed, sent, and only then remembered."""

import time
from dataclasses import replace
from typing import Final

from ...intents import Context, Understanding
from ...knowledge import Language, Text
from ..assistant import Answer
from ..replies.markup import escape
from ..storage import Place
from .context import MessageContext
from .question_log import Asked
from .sender import Undelivered
from .services import Runtime, Services

_REMEMBERED: Final = 10_000
"""How many answers are remembered, to be edited when their question is."""


async def ask(bot: Services, message: MessageContext) -> None:
    """Answer what is said, or else the message that this one replies to."""
    question = message.text or message.quoted
    if not question:
        await answer_with(bot, message, "help")
        return
    runtime, context = bot.runtime, conversation(bot, message.place)
    if message.edited and context:
        # Its earlier answer is replaced, so nothing of it has been said.
        context = replace(context, given=())
    found = runtime.assistant.answer(question, context, time.time(), language_of(bot, message))
    await _give(bot, message, runtime, found, question, on_its_own=context is None)


async def answer_understood(
    bot: Services, message: MessageContext, understanding: Understanding, text: str = ""
) -> None:
    """Answer what is understood already, by the words behind a command if there are any."""
    runtime, context = bot.runtime, conversation(bot, message.place)
    found = runtime.assistant.reply_to(understanding, context, time.time())
    await _give(bot, message, runtime, found, text)


async def answer_with(bot: Services, message: MessageContext, intent: str) -> None:
    """Answer with what has no topic, such as a list."""
    understanding = Understanding(intent, (), language_of(bot, message), 1.0)
    await answer_understood(bot, message, understanding)


async def reply_text(
    bot: Services, message: MessageContext, text: Text, markup: str | None = None
) -> None:
    """Reply with something that is no answer to a question."""
    await reply(bot, message, escape(text.in_(language_of(bot, message))), markup)


async def reply(
    bot: Services, message: MessageContext, html: str, markup: str | None = None
) -> int:
    """Send a text, in place of the earlier one if the message was edited; return its id."""
    place = message.place
    if earlier := _earlier(bot, message):
        try:
            await bot.sender.edit(place.chat, html, markup, {"message_id": earlier})
        except Undelivered:
            pass  # the earlier answer is gone
        else:
            return earlier
    quotes = None if message.private else message.message
    sent = await bot.sender.send(place, html, markup, quotes=quotes)
    bot.answers[place.chat, message.message] = sent
    if len(bot.answers) > _REMEMBERED:
        bot.answers.popitem(last=False)
    return sent


def conversation(bot: Services, place: Place) -> Context | None:
    """Return what a conversation is about, if it still goes on and is about what answers now.

    The language chosen for the chat stands in place of the one that was spoken.
    """
    context, chosen = bot.state.dialogue(place), bot.state.language(place.chat)
    if context is None or not context.alive(time.time()):
        return None
    context = context.within(bot.runtime.knowledge)
    return replace(context, language=chosen) if chosen else context


def language_of(bot: Services, message: MessageContext) -> Language:
    """Return the language to answer in where a message doesn't tell: the chosen, or `spoken`."""
    return bot.state.language(message.place.chat) or spoken(bot, message)


def spoken(bot: Services, message: MessageContext) -> Language:
    """Return the language that was spoken last, or else that of the person's app."""
    context = bot.state.dialogue(message.place)
    last = context.language if context and context.alive(time.time()) else None
    return last or spoken_in(message.language_code)


def spoken_in(language_code: str | None) -> Language:
    """Return the language nearest to that of somebody's app, e.g. ``zh-hans``."""
    return "zh" if (language_code or "").lower().startswith("zh") else "en"


def _earlier(bot: Services, message: MessageContext) -> int | None:
    """Return the id of what answered a message before it was edited, if that is remembered."""
    return bot.answers.get((message.place.chat, message.message)) if message.edited else None


async def _give(
    bot: Services,
    message: MessageContext,
    runtime: Runtime,
    found: Answer,
    text: str,
    *,
    on_its_own: bool = False,
) -> None:
    """Send an answer, then remember it: nobody waits until that is stored."""
    said = found.understanding
    rated = bot.takes_votes[message.private]
    page = runtime.page(replace(said, confidence=1.0), rated=rated)
    earlier = _earlier(bot, message)
    sent = await reply(bot, message, page.html, page.markup)
    bot.state.remember(message.place, found.context)
    asked = Asked(text, said, found.sure, message.private, on_its_own, message.began)
    engine, words = runtime.assistant.engine, found.read or text
    bot.question_log.asked(asked, words, engine, message.place.chat, sent, earlier=earlier)
