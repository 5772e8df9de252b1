"""Results that may be needed again, in small JSON files in the cache folder."""

import contextlib
from hashlib import blake2b
from pathlib import Path
from typing import Final, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from ...knowledge.atomic_write import write_files
from .engine_cache import cache_folder

T = TypeVar("T")

_KEPT: Final = 500


class Notebook(Generic[T]):
    """Notes of one kind. What can't be read or written is only worked out again.

    Args:
        kind: What the notes are about, as a part of a file's name.
        shape: Reads and writes a note.
        folder: Where they are; the user's cache folder if None.
    """

    def __init__(self, kind: str, shape: TypeAdapter[T], folder: Path | None = None) -> None:
        self._kind = kind
        self._shape = shape
        self._folder = folder or cache_folder()

    def read(self, *about: str) -> T | None:
        """Return the note about something, if there is one."""
        with contextlib.suppress(OSError, ValidationError):
            return self._shape.validate_json((self._folder / self._name(about)).read_bytes())
        return None

    def write(self, note: T, *about: str) -> None:
        """Keep a note about something; the oldest notes go."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            notes = self._folder.glob(f"{self._kind}-*.json")
            old = sorted(notes, key=lambda path: path.stat().st_mtime)[: -_KEPT + 1]
            gone = dict.fromkeys((path.name for path in old), None)
            write_files(self._folder, {**gone, self._name(about): self._shape.dump_json(note)})

    def _name(self, about: tuple[str, ...]) -> str:
        digest = blake2b("\0".join(about).encode(errors="surrogateescape"), digest_size=16)
        return f"{self._kind}-{digest.hexdigest()}.json"
