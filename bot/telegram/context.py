"""Somebody's turn in a conversation: a message, and all that it takes to answer it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ...intents import Context, Understanding
from ...knowledge import Knowledge, Language, Text
from ..assistant import Answer
from ..replies.markup import escape
from .incoming import Incoming
from .question_log import Question
from .runtime import Edition
from .sender import Undelivered
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
    began: float = field(default_factory=time.perf_counter)
    """When it reached the bot."""

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
        answer = assistant.answer(text, context, time.time(), self.language)
        await self._give(answer, text, on_its_own=context is None)

    def understand_as(self, intents: Sequence[str]) -> Understanding:
        """Understand what stands behind a command; see `Engine.understand_as`."""
        engine = self.edition.assistant.engine
        return engine.understand_as(intents, self.text, self.context, self.language)

    async def reply(self, understanding: Understanding, text: str = "") -> None:
        """Answer what is understood already, by the words behind a command if there are any."""
        answer = self.edition.assistant.reply_to(understanding, self.context, time.time())
        await self._give(answer, text)

    async def list(self, intent: str) -> None:
        """Answer with what has no topic, such as a list."""
        await self.reply(Understanding(intent, (), self.language, 1.0))

    async def say(self, text: Text, markup: str | None = None) -> None:
        """Say something that is no answer to a question."""
        await self.send(escape(text.in_(self.language)), markup)

    async def send(self, html: str, markup: str | None = None) -> int:
        """Send a text, in place of the earlier one if the message was edited; return its id."""
        place, message, bot = self.message.place, self.message.message, self.bot
        if answer := self._earlier:
            try:
                await bot.edit(place.chat, html, markup, {"message_id": answer})
            except Undelivered:
                pass  # the earlier answer is gone
            else:
                return answer
        quotes = None if self.message.private else message
        sent = await bot.send(place, html, markup, quotes=quotes)
        bot.answered(place.chat, message, sent)
        return sent

    @property
    def _earlier(self) -> int | None:
        """Return the id of what answered the message before it was edited."""
        message = self.message
        return self.bot.answer_to(message.place.chat, message.message) if self.edited else None

    async def _give(self, answer: Answer, text: str, *, on_its_own: bool = False) -> None:
        """Send an answer, and remember it: what has been answered is known after a restart."""
        bot, message, said = self.bot, self.message, answer.understanding
        await bot.state.remember(message.place, answer.context)
        rated = bot.settings.takes_votes(private=message.private)
        page = self.edition.pages.page(replace(said, confidence=1.0), rated=rated)
        earlier = self._earlier
        sent = await self.send(page.html, page.markup)
        question = Question(text, said, answer.sure, message.private, on_its_own, self.began)
        bot.recorder.asked(
            question, self.edition.assistant.engine, message.place.chat, sent, earlier
        )


def spoken_in(language_code: str | None) -> Language:
    """Return the language nearest to that of somebody's app, e.g. ``zh-hans``."""
    return "zh" if (language_code or "").lower().startswith("zh") else "en"
