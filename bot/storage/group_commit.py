"""Group commit: all waiting writes go into one transaction, and each waits until it is saved."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from typing import Any, Final

from .database import Database, cause
from .write_behind import WriteBehindTable

PAUSE: Final = 2.0
"""Seconds after a failed transaction in which none is tried: answers must not wait for it."""
SOON: Final = 3.0
"""Seconds within which records are committed."""
_INTERVAL: Final = 0.01
"""Seconds between the beginnings of commits under load: a few large ones cost less than many."""
_log = logging.getLogger(__name__)


class GroupCommit:
    """Writes what tables hold; what arrives during a commit goes into the next one.

    A failure is logged once and never reaches who writes: memory goes on answering, and what the
    database lacks is written when it works again.

    Args:
        database: Where to write to.
        tables: What to write.
        records: What nobody waits for, and what would make each commit longer: written within some
            seconds of `soon`.
    """

    def __init__(
        self,
        database: Database,
        tables: Sequence[WriteBehindTable[Any]],
        records: Sequence[WriteBehindTable[Any]],
    ) -> None:
        self._database = database
        self._tables = tables
        self._records = records
        self._due = False
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: list[asyncio.Future[None]] = []
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        self._failed_at: float | None = None

    def written(self) -> asyncio.Future[None]:
        """Commit all changes up to now; done when they are, or can't be for the time being."""
        pausing = self._failed_at is not None and _clock() - self._failed_at < PAUSE
        return done() if self._closed or pausing else self._join()

    def soon(self) -> None:
        """Have the records committed within some seconds."""
        if self._timer is None and not self._closed:
            self._timer = asyncio.get_running_loop().call_later(SOON, self._hurry)

    async def close(self) -> None:
        """Write what is left and close the database."""
        if self._closed:
            return
        self._due = True
        if any(table.changed for table in (*self._tables, *self._records)):
            await self._join()
        while self._task:
            await asyncio.wait({self._task})
        self._closed = True
        if self._timer:  # set by what was recorded meanwhile: it would open the database again
            self._timer.cancel()
        await self._database.close()

    def _join(self) -> asyncio.Future[None]:
        # A future for each: who is cancelled while waiting takes nobody else along.
        committed = asyncio.get_running_loop().create_future()
        self._waiting.append(committed)
        self._start()
        return committed

    def _hurry(self) -> None:
        self._timer = None
        self._due = True
        self._start()

    def _start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        """Commit until nobody waits and nothing is due."""
        waiting: list[asyncio.Future[None]] = []
        begun = 0.0
        try:
            while self._waiting or self._due:
                if len(waiting) > 1:
                    await asyncio.sleep(begun + _INTERVAL - _clock())
                begun = _clock()
                waiting, self._waiting = self._waiting, []
                if await self._commit():
                    _release(waiting)
                else:
                    break
        finally:
            self._task = None
            _release((*waiting, *self._waiting))
            self._waiting = []

    async def _commit(self) -> bool:
        # Taken from all tables at one moment: an update never counts as handled without what its
        # handling has changed.
        tables = (*self._tables, *self._records) if self._due else self._tables
        self._due = False
        taken = [(table, table.take()) for table in tables]
        if not any(changes for _, changes in taken):
            return True
        try:
            async with self._database.transaction() as connection:
                for table, changes in taken:
                    await table.write(connection, changes)
        except BaseException as error:
            for table, _ in taken:
                table.lose_track()
            if not isinstance(error, Exception):
                raise
            if self._failed_at is None:
                _log.warning(
                    "what is new is kept in memory only, until it can be stored: %s", cause(error)
                )
            self._failed_at = _clock()
            return False
        if self._failed_at is not None:
            _log.info("all is stored again")
            self._failed_at = None
        return True


def done() -> asyncio.Future[None]:
    """Return what is done already."""
    nothing = asyncio.get_running_loop().create_future()
    nothing.set_result(None)
    return nothing


def _release(waiting: Iterable[asyncio.Future[None]]) -> None:
    for committed in waiting:
        if not committed.done():
            committed.set_result(None)


def _clock() -> float:
    return asyncio.get_running_loop().time()
