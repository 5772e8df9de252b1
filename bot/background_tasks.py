"""Tasks that nobody waits for: kept until they end, and ended together."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


class BackgroundTasks:
    """The tasks that something has started and that are still under way."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        """Start a task; asyncio itself would let it be freed half-way."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def cancel(self) -> None:
        """End all tasks, and wait until they have ended."""
        for task in (tasks := {*self._tasks}):
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
