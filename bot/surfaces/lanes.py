"""Work of different chats side by side, of one chat in order."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, TypeAlias

Job: TypeAlias = Callable[[], Awaitable[None]]
"""A piece of work, which deals with its own errors."""

_LANES: Final = 256
"""How many chats are served at once; then whoever brings more work waits."""
_WAITING: Final = 32
"""How much of one chat's work may wait, so that a chat that has to wait takes no room of others."""


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

    async def run(self, lane: int, job: Job) -> None:
        """Run a job when those before it in its lane are done; too many of one lane are dropped.

        Returns when the job has been taken, not when it is done.
        """
        waiting = self._lanes.get(lane)
        if waiting is None:
            jobs = self._lanes[lane] = deque([job])
            await self._room.acquire()
            self._spawn(self._drive(lane, jobs))
        elif len(waiting) < _WAITING:
            waiting.append(job)

    async def _drive(self, lane: int, jobs: deque[Job]) -> None:
        try:
            while jobs:
                await jobs.popleft()()
        finally:
            del self._lanes[lane]
            self._room.release()
