"""Somebody's turn in a conversation: a message, and all that it takes to answer it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...intents import Context, Understanding
from ...knowledge import Knowledge, Language, Text
from ..assistant import Answer
from ..markup import escape
from .delivery import Undelivered
from .edition import Edition
from .incoming import Incoming
from .service import Efinbot


@dataclass(frozen=True, slots=True)
class Turn:
    """A message of somebody, and the ways to answer it."""

    bot: Efinbot
    """Everything that is shared."""
    edition: Edition
    """What answers."""
    message: Incoming
    """What was said, by whom and where."""
    edited: bool
    """Whether it was said before and has been changed: so is its answer."""

    @property
    def knowledge(self) -> Knowledge:
        """Return what there is to talk about."""
        return self.edition.knowledge

    @property
    def text(self) -> str:
        """Return what was said beside the command."""
        return self.message.text

    @property
    def choice(self) -> Language | None:
        """Return the language that was chosen for this chat."""
        return self.bot.state.language(self.message.place.chat)

    @property
    def context(self) -> Context | None:
        """Return what this conversation is about, with the chosen language in place of its own."""
        context = self.bot.dialogue(self.message.place, self.knowledge)
        return replace(context, language=self.choice) if context and self.choice else context

    @property
    def language(self) -> Language:
        """Return the language to answer in where the message doesn't tell."""
        context = self.context
        spoken = self.choice or (context.language if context else None)
        return spoken or spoken_in(self.message.language_code)

    async def ask(self, text: str) -> None:
        """Answer a question."""
        context, assistant = self.context, self.edition.assistant
        await self.give(assistant.answer(text, context, time.time(), self.language))

    def understand_as(self, intents: Sequence[str]) -> Understanding:
        """Understand what stands behind a command; see `Engine.understand_as`."""
        engine = self.edition.assistant.engine
        return engine.understand_as(intents, self.text, self.context, self.language)

    async def reply(self, understanding: Understanding) -> None:
        """Answer what is understood already."""
        assistant = self.edition.assistant
        await self.give(assistant.reply_to(understanding, self.context, time.time()))

    async def list(self, intent: str) -> None:
        """Answer with what has no topic, such as a list."""
        await self.reply(Understanding(intent, (), self.language, 1.0))

    async def give(self, answer: Answer) -> None:
        """Send an answer, and remember it: what has been answered is known after a restart."""
        await self.bot.state.remember(self.message.place, answer.context)
        page = self.edition.pages.page(replace(answer.understanding, confidence=1.0))
        await self.send(page.html, page.markup)

    async def say(self, text: Text, markup: str | None = None) -> None:
        """Say something that is no answer to a question."""
        await self.send(escape(text.in_(self.language)), markup)

    async def send(self, html: str, markup: str | None = None) -> None:
        """Send a text; in place of the earlier one if the message was edited."""
        place, message, bot = self.message.place, self.message.message, self.bot
        if self.edited and (answer := bot.answer_to(place.chat, message)):
            try:
                await bot.edit(place.chat, html, markup, {"message_id": answer})
            except Undelivered:
                pass  # the earlier answer is gone
            else:
                return
        quotes = None if self.message.private else message
        bot.answered(place.chat, message, await bot.send(place, html, markup, quotes=quotes))


def spoken_in(language_code: str | None) -> Language:
    """Return the language nearest to that of somebody's app, e.g. ``zh-hans``."""
    return "zh" if (language_code or "").lower().startswith("zh") else "en"
