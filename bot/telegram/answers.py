"""Answers to messages: understood, composed, sent, and only then remembered."""

import time
from dataclasses import replace

from ...intents import Understanding
from ...knowledge import Text
from ..assistant import Answer
from ..replies.markup import escape
from .context import MessageContext
from .question_log import Asked
from .runtime import Runtime
from .sender import Undelivered
from .services import Services


async def answer(bot: Services, message: MessageContext, text: str) -> None:
    """Answer a question."""
    runtime = bot.runtime
    dialogue = bot.dialogue(message.place, runtime.knowledge)
    language = bot.language(message.place, message.language_code)
    found = runtime.assistant.answer(text, dialogue, time.time(), language)
    await _give(bot, message, runtime, found, text, on_its_own=dialogue is None)


async def answer_understood(
    bot: Services, message: MessageContext, understanding: Understanding, text: str = ""
) -> None:
    """Answer what is understood already, by the words behind a command if there are any."""
    runtime = bot.runtime
    dialogue = bot.dialogue(message.place, runtime.knowledge)
    found = runtime.assistant.reply_to(understanding, dialogue, time.time())
    await _give(bot, message, runtime, found, text)


async def answer_with(bot: Services, message: MessageContext, intent: str) -> None:
    """Answer with what has no topic, such as a list."""
    language = bot.language(message.place, message.language_code)
    await answer_understood(bot, message, Understanding(intent, (), language, 1.0))


async def reply_text(
    bot: Services, message: MessageContext, text: Text, markup: str | None = None
) -> None:
    """Reply with something that is no answer to a question."""
    language = bot.language(message.place, message.language_code)
    await reply(bot, message, escape(text.in_(language)), markup)


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
    bot.answered(place.chat, message.message, sent)
    return sent


def _earlier(bot: Services, message: MessageContext) -> int | None:
    """Return the id of what answered a message before it was edited."""
    return bot.answer_to(message.place.chat, message.message) if message.edited else None


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
    rated = bot.settings.takes_votes(private=message.private)
    page = runtime.pages.page(replace(said, confidence=1.0), rated=rated)
    earlier = _earlier(bot, message)
    sent = await reply(bot, message, page.html, page.markup)
    bot.state.remember(message.place, found.context)
    asked = Asked(text, said, found.sure, message.private, on_its_own, message.began)
    bot.question_log.asked(asked, runtime.assistant.engine, message.place.chat, sent, earlier)
