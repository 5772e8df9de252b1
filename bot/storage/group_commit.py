"""Group commit: writes of a moment share a transaction; who awaits one knows that it is saved."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator, Iterable, Sequence
from typing import Any, Final

from .database import Database, cause
from .write_behind import WriteBehindTable

PAUSE: Final = 2.0
"""Seconds after a failed transaction in which none is tried: answers must not wait for it."""
SOON: Final = 3.0
"""Seconds within which records are committed."""
_LATER: Final = 0.05
"""Seconds within which is committed what nobody awaits: each commit takes the time of an answer."""
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
        self._wanted = False
        """Whether to commit though nobody waits."""
        self._later: asyncio.TimerHandle | None = None
        self._due = False
        """Whether to commit the records too."""
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: list[asyncio.Future[None]] = []
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        self._failed_at: float | None = None

    def written(self) -> Awaitable[None]:
        """Commit all changes up to now in a moment, or at once where that is awaited.

        Returns:
            Done when they are committed, or can't be for the time being.
        """
        if self._later is None and not self._closed:
            self._later = asyncio.get_running_loop().call_later(_LATER, self._want)
        return _OnceAwaited(self._at_once)

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
        for timer in (self._later, self._timer):
            if timer:  # set by what was written meanwhile: it would open the database again
                timer.cancel()
        await self._database.close()

    def _at_once(self) -> asyncio.Future[None]:
        return done() if self._closed or self._is_pausing() else self._join()

    def _join(self) -> asyncio.Future[None]:
        # A future for each: who is cancelled while waiting takes nobody else along.
        committed = asyncio.get_running_loop().create_future()
        self._waiting.append(committed)
        self._start()
        return committed

    def _is_pausing(self) -> bool:
        return self._failed_at is not None and _clock() - self._failed_at < PAUSE

    def _want(self) -> None:
        self._later = None
        if not self._is_pausing():
            self._wanted = True
            self._start()

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
        try:
            while self._waiting or self._wanted or self._due:
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
        self._wanted = self._due = False
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


class _OnceAwaited(Awaitable[None]):
    """What begins once it is awaited.

    Args:
        begin: Begins it.
    """

    def __init__(self, begin: Callable[[], asyncio.Future[None]]) -> None:
        self._begin = begin

    def __await__(self) -> Generator[Any, None, None]:
        return self._begin().__await__()


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
