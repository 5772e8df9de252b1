"""What all handlers of one bot share: settings, live knowledge, sender, state."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from telegram import User

from ...intents import Context
from ...knowledge import Knowledge, Language, Snapshot
from ..reload.live import Live, Reloaded
from ..settings import Settings
from ..storage import Place
from .question_log import QuestionLog
from .rate_limit import RateLimit
from .runtime import Runtime
from .sender import Host, Sender

if TYPE_CHECKING:
    from ..storage import State

BEFORE: Final = -742
"""Handler group in front of those that hosts use."""
BEHIND: Final = 742
"""Handler group behind those that hosts use, so that a host's guards come first."""
_ANSWERS: Final = 10_000
"""How many answers are remembered, to be edited when their question is."""


class Services:
    """What the handlers share. Nothing is opened or sent when it is made.

    Args:
        application: The host.
        live: Answers, and follows its folder.
        settings: How to behave.
    """

    def __init__(self, application: Host, live: Live, settings: Settings) -> None:
        self.application = application
        self.settings = settings
        self.live = live
        live.observers.append(self)
        self.sender = Sender(application, self._migrated)
        self.rate_limit = RateLimit(settings, lambda: self.state)
        self.question_log = QuestionLog(lambda: self.state.records, keeps_questions=settings.record)
        self._state: State | None = None
        self._state_url = settings.state_url()
        self._begun: Snapshot | None = live.snapshot
        self._runtime: Runtime | None = None
        self._is_open = False
        self._is_retired = False
        self._opening = asyncio.Lock()
        self._answers: OrderedDict[tuple[int, int], int] = OrderedDict()

    @property
    def knowledge(self) -> Knowledge:
        """Return what there is to talk about."""
        return self.live.assistant.engine.knowledge

    @property
    def is_alone(self) -> bool:
        """Return whether nobody else handles the updates of this bot."""
        return all(group in (BEFORE, BEHIND) for group in self.application.handlers)

    @property
    def me(self) -> User:
        """Return the bot's account."""
        return self.application.bot.bot

    @property
    def state(self) -> "State":
        """Return what outlives a restart; only after `ready`."""
        if self._state is None:
            message = "the state is opened by ready()"
            raise RuntimeError(message)
        return self._state

    @property
    def runtime(self) -> Runtime:
        """Return what answers now; only once the application is initialised."""
        if self._runtime is None:
            self._runtime = Runtime.of(self.live.assistant, self.me.username or "")
        return self._runtime

    def is_operator(self, place: Place) -> bool:
        """Return whether a conversation is an operator's own."""
        return place.person in self.settings.operators and place.chat == place.person

    def dialogue(self, place: Place, knowledge: Knowledge) -> Context | None:
        """Return what a conversation is about, if it still goes on and is about this knowledge.

        The language chosen for the chat stands in place of the one that was spoken.
        """
        context, chosen = self.state.dialogue(place), self.state.language(place.chat)
        if context is None or not context.alive(time.time()):
            return None
        context = context.within(knowledge)
        return replace(context, language=chosen) if chosen else context

    def language(self, place: Place, language_code: str) -> Language:
        """Return the language to answer in where a message doesn't tell.

        Args:
            place: The conversation: its chosen language, or else see `spoken`.
            language_code: Language of the person's app.
        """
        return self.state.language(place.chat) or self.spoken(place, language_code)

    def spoken(self, place: Place, language_code: str) -> Language:
        """Return the language that was spoken last, or else that of the person's app."""
        context = self.state.dialogue(place)
        spoken = context.language if context and context.alive(time.time()) else None
        return spoken or spoken_in(language_code)

    async def forget(self, person: int) -> None:
        """Drop everything that is known of a person."""
        self.question_log.forget(person)
        await self.state.forget(person)

    def answer_to(self, chat: int, question: int) -> int | None:
        """Return the id of the message that answered a question, if that is remembered."""
        return self._answers.get((chat, question))

    def answered(self, chat: int, question: int, answer: int) -> None:
        """Remember which message answered a question."""
        self._answers[chat, question] = answer
        if len(self._answers) > _ANSWERS:
            self._answers.popitem(last=False)

    async def ready(self) -> None:
        """Open the state, if it isn't open."""
        if self._is_open:
            return
        async with self._opening:
            if not (self._is_open or self._is_retired):
                from ..storage import State  # noqa: PLC0415 - long to import

                now = time.time()
                self._state = await State.open(self._state_url, self.me.id, now)
                if begun := self._begun:
                    await self._state.history.resume(self.live.folder, begun, now)
                    self._begun = None
                self._is_open = True

    async def close(self) -> None:
        """Close the state; it is opened again when it is needed."""
        await self.live.close()
        if self._is_open:
            self._is_open = False
            await self.state.close()

    async def retire(self) -> None:
        """Close the state for good; answers that are still under way go on from memory."""
        async with self._opening:
            self._is_retired = True
            if self in self.live.observers:
                self.live.observers.remove(self)
            from ..storage import State  # noqa: PLC0415 - long to import

            self._state = self._state or State(0)
            await self.close()

    def adopted(self) -> None:
        """Answer with another runtime from now on."""
        self._runtime = None

    async def reloaded(self, outcome: Reloaded) -> None:
        """Keep a change of the knowledge."""
        await self.ready()
        for change in outcome.changes:
            await self.state.history.note(change)

    async def _migrated(self, old: int, new: int) -> None:
        await self.ready()
        await self.state.move(old, new)


def spoken_in(language_code: str | None) -> Language:
    """Return the language nearest to that of somebody's app, e.g. ``zh-hans``."""
    return "zh" if (language_code or "").lower().startswith("zh") else "en"
