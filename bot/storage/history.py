"""The history of the knowledge, and how its folder was when the bot last answered from it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from ...knowledge import Snapshot
from . import changes
from .changes import Change, Held, Packed
from .tables import CHANGES, FOLDERS
from .write_behind import WriteBehindTable

_MOST_CHANGES: Final = 50
_CHANGES_SIZE: Final = 4_000_000
"""Bytes of all changes, packed: a dozen folders like the shipped one, thousands of entries."""


class History:
    """What was changed in the knowledge; a write returns when it is committed.

    Args:
        bot: The bot's Telegram id.
        written: Returns when what changed is committed.
    """

    def __init__(self, bot: int, written: Callable[[], Awaitable[None]]) -> None:
        self._written = written
        self._noting = asyncio.Lock()
        self._changes: WriteBehindTable[Packed] = WriteBehindTable(
            CHANGES,
            bot,
            _MOST_CHANGES,
            encode=changes.to_row,
            decode=changes.from_row,
            order="number",
        )
        self._folder: WriteBehindTable[Held] = WriteBehindTable(
            FOLDERS, bot, 1, encode=tuple, decode=changes.to_held
        )
        self.tables: tuple[WriteBehindTable[Any], ...] = (self._changes, self._folder)
        """What is to be written."""

    async def changes(self) -> Sequence[Change]:
        """Return the latest changes of the knowledge, the latest last, unpacked in a thread."""
        kept = [*self._changes.rows.items()]
        return await asyncio.to_thread(lambda: [one.change(int(number)) for (number,), one in kept])

    async def note(self, change: Change) -> Change:
        """Keep a change of the knowledge, for which the oldest make room; return it numbered."""
        async with self._noting:
            held = self._folder.rows.get(())
            packed, later = await asyncio.to_thread(
                lambda: (Packed.of(change), held and held.after(change))
            )
            number = max((int(number) for (number,) in self._changes.rows), default=0) + 1
            self._changes.put((number,), packed)
            if later:
                self._folder.put((), later)
            size = sum(kept.size for kept in self._changes.rows.values())
            while size > _CHANGES_SIZE and len(self._changes.rows) > 1:
                ((key, oldest),) = self._changes.oldest(1)
                size -= oldest.size
                self._changes.drop(key)
        await self._written()
        return replace(change, number=number)

    async def resume(self, folder: Path, snapshot: Snapshot, at: float) -> None:
        """Go on from a folder as it is, and keep what has happened to it meanwhile as a change.

        So nothing is missing that was edited while the bot did not run, or written just before it
        was killed.

        Args:
            folder: Where the knowledge is. Of another one than before, nothing is known.
            snapshot: What it holds.
            at: When, in seconds since the epoch.
        """
        held, now = self._folder.rows.get(()), await asyncio.to_thread(Held.of, folder, snapshot)
        if held is None or held.folder != now.folder:
            self._folder.put((), now)
            await self._written()
            return
        before = await asyncio.to_thread(held.snapshot)
        if change := Change.between(before, snapshot, at, None, "disk"):
            await self.note(change)
