"""What all handlers of one bot share: settings, what answers, sender, state."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Self

from ...intents import Completion
from ...knowledge import Knowledge, Snapshot
from ..assistant import Assistant
from ..reload.live import Live, Observer, Reloaded
from ..settings import Feedback, Settings
from ..storage import Place
from .flow_control import RateLimit
from .keyboards import Page, Pages
from .question_log import QuestionLog
from .sender import Host, Sender

if TYPE_CHECKING:
    from ..storage.state import State

BEFORE: Final = -742
"""Handler group in front of those that hosts use."""
BEHIND: Final = 742
"""Handler group behind those that hosts use, so that a host's guards come first."""
_PAGES: Final = 8192


@dataclass(frozen=True, slots=True)
class Runtime:
    """The parts that answer, made from one knowledge: who holds a runtime sees no change in it."""

    assistant: Assistant
    """Answers."""
    page: Callable[..., Page]
    """Answers with their buttons, as `Pages.page`; remembered, as there are only so many."""
    completion: Completion
    """Finishes names that somebody is typing."""
    knowledge: Knowledge
    """What there is to talk about."""

    @classmethod
    def of(cls, assistant: Assistant, username: str) -> Self:
        """Return the runtime of an assistant.

        Args:
            assistant: Answers.
            username: Of the bot, without the ``@``.
        """
        knowledge, pages = assistant.engine.knowledge, Pages(assistant, username)
        return cls(assistant, lru_cache(_PAGES)(pages.page), Completion(knowledge), knowledge)


class Services(Observer):
    """What the handlers share. Nothing is opened or sent when it is made.

    Args:
        application: The host.
        live: Answers, and follows its folder.
        settings: How to behave.
    """

    state: "State"
    """What outlives a restart; there after `ready`."""
    runtime: Runtime
    """What answers now; there after `ready`."""

    def __init__(self, application: Host, live: Live, settings: Settings) -> None:
        self.application = application
        self.settings = settings
        self.live = live
        live.observers.append(self)
        self.sender = Sender(application, self._migrated)
        self.rate_limit = RateLimit(settings)
        self.question_log = QuestionLog(lambda: self.state.records, keeps_questions=settings.record)
        self.takes_votes = {
            True: settings.feedback is not Feedback.OFF,
            False: settings.feedback is Feedback.EVERYWHERE,
        }
        """Whether people can vote on answers, in private (True) and in groups (False)."""
        self.answers: OrderedDict[tuple[int, int], int] = OrderedDict()
        """Which message answered which, by chat and question, as far as that is remembered."""
        self.is_ready = False
        """Whether the state is open."""
        self._state_url = settings.state_url()
        self._begun: Snapshot | None = live.snapshot
        self._is_retired = False
        self._opening = asyncio.Lock()

    @property
    def knowledge(self) -> Knowledge:
        """Return what there is to talk about."""
        return self.live.assistant.engine.knowledge

    def is_operator(self, place: Place) -> bool:
        """Return whether a conversation is an operator's own."""
        return place.person in self.settings.operators and place.chat == place.person

    async def forget(self, person: int) -> None:
        """Drop everything that is known of a person."""
        self.question_log.forget(person)
        await self.state.forget(person)

    async def ready(self) -> None:
        """Open the state, if it isn't open; the application must be initialised."""
        async with self._opening:
            if self.is_ready:
                return
            bot = self.application.bot
            if not self._is_retired:
                from ..storage.state import State  # noqa: PLC0415 - long to import

                now = time.time()
                self.state = await State.open(self._state_url, bot.id, now)
                if begun := self._begun:
                    await self.state.history.resume(self.live.folder, begun, now)
                    self._begun = None
                self.is_ready = True
            self.runtime = Runtime.of(self.live.assistant, bot.username or "")

    async def close(self) -> None:
        """Close the state; it is opened again when it is needed."""
        await self.live.close()
        if self.is_ready:
            self.is_ready = False
            await self.state.close()

    async def retire(self) -> None:
        """Close the state for good; answers that are still under way go on from memory."""
        async with self._opening:
            self._is_retired = True
            if self in self.live.observers:
                self.live.observers.remove(self)
            if not hasattr(self, "state"):
                from ..storage.state import State  # noqa: PLC0415 - long to import

                self.state = State(0)
            await self.close()

    def adopted(self) -> None:
        """Answer with another runtime from now on."""
        if self.is_ready:
            self.runtime = Runtime.of(self.live.assistant, self.application.bot.username or "")

    async def reloaded(self, outcome: Reloaded) -> None:
        """Keep a change of the knowledge."""
        await self.ready()
        for change in outcome.changes:
            await self.state.history.note(change)

    async def _migrated(self, old: int, new: int) -> None:
        await self.ready()
        await self.state.move(old, new)
