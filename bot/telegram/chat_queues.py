"""Work of different chats side by side, of one chat in order."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, TypeAlias

Job: TypeAlias = Callable[[], Awaitable[None]]
"""A piece of work, which deals with its own errors."""

_LANES: Final = 256
"""How many chats are served at once; then whoever brings more work waits."""
_WAITING: Final = 32
"""How much of one chat's work may wait at any rate, whatever others bring."""
_SHARED: Final = 4096
"""How much work of all chats may wait before a chat with more than that loses some."""
_log = logging.getLogger(__name__)


class Lanes:
    """Runs jobs, each in the lane of its chat."""

    def __init__(self, spawn: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        """Make the lanes.

        Args:
            spawn: Runs a coroutine as a task and keeps hold of it.
        """
        self._spawn = spawn
        self._lanes: dict[int, deque[Job]] = {}
        self._room = asyncio.Semaphore(_LANES)
        self._taken = 0
        self._full: set[int] = set()

    async def run(self, lane: int, job: Job) -> None:
        """Run a job when those before it in its lane are done; too many of one lane are dropped.

        Returns when the job has been taken, not when it is done.
        """
        waiting = self._lanes.get(lane)
        if waiting is None:
            jobs = self._lanes[lane] = deque([job])
            self._taken += 1
            try:
                await self._room.acquire()
            except asyncio.CancelledError:
                self._end(lane, jobs)
                raise
            self._spawn(self._drive(lane, jobs))
        elif len(waiting) < _WAITING or self._taken < _SHARED:
            waiting.append(job)
            self._taken += 1
        elif lane not in self._full:
            self._full.add(lane)
            _log.warning("a chat asks for more than can be answered; some of it is dropped")

    async def _drive(self, lane: int, jobs: deque[Job]) -> None:
        try:
            while jobs:
                job = jobs.popleft()
                self._taken -= 1
                await job()
        finally:
            self._end(lane, jobs)
            self._room.release()

    def _end(self, lane: int, jobs: deque[Job]) -> None:
        self._taken -= len(jobs)
        self._full.discard(lane)
        del self._lanes[lane]
