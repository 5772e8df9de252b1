"""Write-behind: one bot's rows of one table, answered from memory and written later."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, Generic, TypeAlias, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

Key: TypeAlias = tuple[int | str, ...]
"""The values of a table's primary key after the bot."""
T = TypeVar("T")
V = TypeVar("V")

_SLICE: Final = 500
"""Rows a statement: so many are prepared before the event loop goes on with something else."""


@dataclass(frozen=True, slots=True)
class Changes(Generic[V]):
    """What the database lacks."""

    gone: list[Key]
    changed: list[tuple[Key, V]]
    new: list[tuple[Key, V]]
    whole: bool
    """Whether the new ones are all there are, because what the database holds is not known."""

    def __bool__(self) -> bool:
        return self.whole or bool(self.gone or self.changed or self.new)


class WriteBehindTable(Generic[V]):
    """The rows of one bot in one table, the latest last, and which of them are still to be written.

    What is to be written is kept as keys alone. So a change that fails to be written is not queued,
    and one that is overtaken before it is written costs nothing.

    Args:
        table: The table; its primary key starts with the column ``bot``.
        bot: The bot's Telegram id.
        limit: How many rows are kept; beyond that the oldest are dropped.
        encode: Makes the values of the other columns.
        decode: Makes the value from them, or None if they are of no use.
        order: Column by which rows were written; any order if None.
    """

    def __init__(
        self,
        table: sa.Table,
        bot: int,
        limit: int,
        *,
        encode: Callable[[V], tuple[object, ...]],
        decode: Callable[..., V | None],
        order: str | None = None,
    ) -> None:
        self._bot = bot
        self._limit = limit
        self._encode = encode
        self._decode = decode
        self.rows: OrderedDict[Key, V] = OrderedDict()
        """The rows by key, the oldest first; changed by `put` and `drop` alone."""
        self._changed: dict[Key, bool] = {}
        self._whole = False
        # A bind parameter may not be named like a column in an UPDATE.
        keys = {f"key_{column.name}": column for column in table.primary_key}
        values = {column.name: column for column in table.columns if not column.primary_key}
        self._keys = list(keys)
        self._updated = [*keys, *values]
        self._inserted = [*(column.name for column in keys.values()), *values]
        own = table.c.bot == bot
        row = [column == sa.bindparam(name) for name, column in keys.items()]
        self._select = sa.select(*keys.values(), *values.values()).where(own)
        if order:
            self._select = self._select.order_by(table.c[order])
        self._delete_all = sa.delete(table).where(own)
        self._delete = sa.delete(table).where(*row)
        self._update = sa.update(table).where(*row)
        self._insert = sa.insert(table)

    def oldest(self, number: int) -> list[tuple[Key, V]]:
        """Return the rows that were set longest ago."""
        return list(islice(self.rows.items(), number))

    def put(self, key: Key, value: V) -> None:
        """Set the value for a key, which makes it the latest."""
        self._note(key)
        self.rows[key] = value
        self.rows.move_to_end(key)
        if len(self.rows) > self._limit:
            self.drop(next(iter(self.rows)))

    def drop(self, key: Key) -> None:
        """Remove a key, if it is there."""
        if key in self.rows:
            self._note(key)
            del self.rows[key]

    def lose_track(self) -> None:
        """Assume nothing about the database: all rows are written again."""
        self._whole = True
        self._changed.clear()

    @property
    def changed(self) -> bool:
        """Whether something is to be written."""
        return self._whole or bool(self._changed)

    def take(self) -> Changes[V]:
        """Return what is to be written, which from now on counts as written."""
        rows = self.rows
        changes: Changes[V] = Changes(
            gone=[], changed=[], new=list(rows.items()) if self._whole else [], whole=self._whole
        )
        for key, stored in self._changed.items():
            if key in rows:
                (changes.changed if stored else changes.new).append((key, rows[key]))
            elif stored:
                changes.gone.append(key)
        self._whole = False
        self._changed.clear()
        return changes

    async def load(self, connection: AsyncConnection) -> None:
        """Read the rows; those of no use are dropped, as are the oldest if there are too many."""
        width = len(self._keys)
        for row in await connection.execute(self._select):
            key: Key = tuple(row[1:width])
            value = self._decode(*row[width:])
            if value is None:
                self._changed[key] = True
            else:
                self.rows[key] = value
        while len(self.rows) > self._limit:
            self.drop(next(iter(self.rows)))

    async def write(self, connection: AsyncConnection, changes: Changes[V]) -> None:
        """Write what was taken."""
        bot = self._bot
        if changes.whole:
            await connection.execute(self._delete_all)
        for part in _sliced(changes.gone):
            keys = [dict(zip(self._keys, (bot, *key), strict=True)) for key in part]
            await connection.execute(self._delete, keys)
        for part in _sliced(changes.changed):
            rows = [
                dict(zip(self._updated, (bot, *key, *self._encode(value)), strict=True))
                for key, value in part
            ]
            await connection.execute(self._update, rows)
        for part in _sliced(changes.new):
            rows = [
                dict(zip(self._inserted, (bot, *key, *self._encode(value)), strict=True))
                for key, value in part
            ]
            await connection.execute(self._insert, rows)

    def _note(self, key: Key) -> None:
        """Note that a row is about to change, and whether the database may hold it."""
        if not self._whole:
            self._changed.setdefault(key, key in self.rows)
            if len(self._changed) > 2 * self._limit:
                self.lose_track()


def _sliced(items: list[T]) -> Iterator[list[T]]:
    return (items[start : start + _SLICE] for start in range(0, len(items), _SLICE))
