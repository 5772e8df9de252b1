"""Changes of the knowledge: which files, by whom, and what was there before."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Self, cast

from ...knowledge import Snapshot

_LEVEL: Final = 1
"""YAML is a quarter of its size even so, and better takes several times as long."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who made a change in Telegram."""

    id: int
    """Their Telegram id."""
    name: str
    """What they are called there."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the knowledge that went live."""

    number: int
    """Counts up; 0 until it is kept."""
    at: float
    """When it went live, in seconds since the epoch."""
    author: Author | None
    """Who made it; None if that isn't known, as on disk."""
    origin: str
    """How it was made: ``disk``, ``upload``, ``gap`` or ``rollback``."""
    before: Mapping[str, bytes | None]
    """The files that changed as they were, by name relative to the folder; None: not there."""
    after: Mapping[str, bytes | None]
    """The same files as they are now."""

    @classmethod
    def between(
        cls, before: Snapshot, after: Snapshot, at: float, author: Author | None, origin: str
    ) -> Self | None:
        """Return the change, still without a number, that made one state of a folder of another.

        Args:
            before: What the folder held.
            after: What it holds.
            at: See the fields, and so on.
            author: Who made it.
            origin: How.

        Returns:
            The change; None if there is none.
        """
        names = before.changed(after)
        was, now = ({name: one.files.get(name) for name in names} for one in (before, after))
        return cls(0, at, author, origin, was, now) if names else None


@dataclass(frozen=True, slots=True)
class Packed:
    """A change as the database has it, without its number."""

    at: float
    """See `Change.at`, and so on."""
    author: Author | None
    origin: str
    before: bytes
    """The files, as `pack` makes them."""
    after: bytes

    @property
    def size(self) -> int:
        """Return how many bytes the files take."""
        return len(self.before) + len(self.after)

    @classmethod
    def of(cls, change: Change) -> "Packed":
        """Pack a change; this takes some milliseconds for a whole folder."""
        before, after = pack(change.before), pack(change.after)
        return cls(change.at, change.author, change.origin, before, after)

    def change(self, number: int) -> Change:
        """Return the change."""
        before, after = unpack(self.before), unpack(self.after)
        return Change(number, self.at, self.author, self.origin, before, after)


class Held(NamedTuple):
    """A folder of knowledge as the bot knows it."""

    folder: str
    """Where it is."""
    files: bytes
    """What it holds, as `pack` makes it."""

    @classmethod
    def of(cls, folder: Path, snapshot: Snapshot) -> "Held":
        """Pack what a folder holds; this takes some milliseconds."""
        return cls(str(folder.absolute()), pack(snapshot.files))

    def snapshot(self) -> Snapshot:
        """Return what it holds."""
        held = unpack(self.files)
        return Snapshot({name: content for name, content in held.items() if content is not None})

    def after(self, change: Change) -> "Held":
        """Return the folder as a change leaves it."""
        files = {**unpack(self.files), **change.after}
        return Held(self.folder, pack({n: held for n, held in files.items() if held is not None}))


def to_held(folder: str, files: bytes) -> Held | None:
    """Return what was kept; None if it can't be unpacked."""
    held = Held(folder, files)
    try:
        held.snapshot()
    except ValueError:
        return None
    return held


def to_row(packed: Packed) -> tuple[object, ...]:
    """Return the values of the columns behind the number."""
    author = packed.author
    who = (author.id, author.name) if author else (None, None)
    return packed.at, *who, packed.origin, packed.before, packed.after


def from_row(  # noqa: PLR0917 - one a column
    at: float, author: int | None, name: str | None, origin: str, before: bytes, after: bytes
) -> Packed | None:
    """Return what was kept; None if it can't be unpacked."""
    who = None if author is None else Author(author, name or "")
    packed = Packed(at, who, origin, before, after)
    try:
        packed.change(0)
    except ValueError:
        return None
    return packed


def pack(files: Mapping[str, bytes | None]) -> bytes:
    """Return files as one: a JSON array of names and sizes, a line break, what they hold."""
    table = [(name, None if content is None else len(content)) for name, content in files.items()]
    contents = (content for content in files.values() if content)
    return zlib.compress(b"".join((json.dumps(table).encode(), b"\n", *contents)), _LEVEL)


def unpack(packed: bytes) -> Mapping[str, bytes | None]:
    """Return the files that were packed.

    Raises:
        ValueError: Something else was packed, or it is damaged.
    """
    try:
        head, _, rest = zlib.decompress(packed).partition(b"\n")
    except zlib.error as error:
        raise ValueError(str(error)) from None
    files: dict[str, bytes | None] = {}
    start = 0
    for name, size in cast("list[tuple[str, int | None]]", json.loads(head)):
        files[name] = None if size is None else rest[start : start + size]
        start += size or 0
    return files
