"""Flow control: queues for each chat, and a limit on what each person may send.

Jobs of different chats run side by side, those of one chat in order. Where more waits than can be
answered, some of it is dropped; who sends too much gets no answers for a while.
"""

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ..settings import Settings

if TYPE_CHECKING:
    from ..storage.state import State

Job: TypeAlias = Callable[[], Awaitable[None]]
"""A piece of work, which deals with its own errors."""

_OWN: Final = 32
"""How many jobs of one chat may wait, however many others there are."""
_SHARED: Final = 4096
"""How many jobs of all chats may wait before a chat with more than `_OWN` loses the newer ones."""
_MOST: Final = 2 * _SHARED
"""How many jobs of all chats may wait at all."""
_BACKPRESSURE: Final = 0.1
"""Seconds for which `room` waits at most."""
_PEOPLE: Final = 10_000
"""Of how many people it is counted what they send."""
_log = logging.getLogger(__name__)


class ChatQueues:
    """Runs jobs in a queue for each chat. A chat that has to wait holds up no other.

    Args:
        spawn: Runs a coroutine as a task and keeps a reference to it.
    """

    def __init__(self, spawn: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        self._spawn = spawn
        self._queues: dict[int, deque[Job]] = {}
        self._waiting = 0
        self._overfull: set[int | None] = set()
        self._started = asyncio.Event()

    def add(self, chat: int, job: Job) -> None:
        """Run a job after those before it in its chat, or drop it where too many wait.

        Args:
            chat: Id of the chat, or of the person where there is no chat.
            job: What to do.
        """
        queue = self._queues.get(chat)
        if self._is_full(len(queue) if queue else 0):
            self._note_drop(chat if queue else None)
            return
        self._waiting += 1
        if queue is None:
            queue = self._queues[chat] = deque([job])
            self._spawn(self._run(chat, queue))
        else:
            queue.append(job)

    async def room(self) -> None:
        """Wait a moment if many jobs wait, so that what isn't fetched yet stays at Telegram."""
        if self._waiting >= _SHARED:
            self._started.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_BACKPRESSURE):
                    await self._started.wait()

    def _is_full(self, own: int) -> bool:
        return self._waiting >= _MOST or (own >= _OWN and self._waiting >= _SHARED)

    def _note_drop(self, chat: int | None) -> None:
        """Log that a job is dropped, once for a chat; None for those of which none waits."""
        if chat not in self._overfull:
            self._overfull.add(chat)
            who = "a chat asks" if chat else "people ask"
            _log.warning("%s for more than can be answered; some of it is dropped", who)

    async def _run(self, chat: int, queue: deque[Job]) -> None:
        try:
            while queue:
                job = queue.popleft()
                self._waiting -= 1
                self._started.set()
                await job()
        finally:
            self._waiting -= len(queue)
            self._overfull.discard(chat)
            if self._waiting < _SHARED:
                self._overfull.discard(None)
            del self._queues[chat]


class RateLimit:
    """Counts what each person sends and taps, and mutes who exceeds the limit.

    Args:
        settings: The limit, its window, how long somebody is muted, and the operators, to whom no
            limit applies.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._counts: OrderedDict[int, tuple[float, int]] = OrderedDict()

    def is_muted(self, person: int, state: "State") -> bool:
        """Return whether somebody exceeded the limit lately, which outlives a restart."""
        trusted = person in self._settings.operators
        return not trusted and state.muted_until(person) > time.time()

    def exceeds(self, person: int, state: "State") -> bool:
        """Count a message or a tap; return whether it is one too many, and mute its sender then."""
        limits, now = self._settings, time.time()
        since, count = self._counts.pop(person, (now, 0))
        if now - since > limits.flood_window:
            since, count = now, 0
        self._counts[person] = (since, count + 1)
        if len(self._counts) > _PEOPLE:
            self._counts.popitem(last=False)
        if count < limits.flood_limit or person in limits.operators:
            return False
        state.mute(person, now + limits.flood_pause)
        return True
