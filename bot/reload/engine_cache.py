"""Engines ready to use: loaded from the cache, or built and cached.

Building takes seconds, so an engine is kept under a key made of everything it depends on: the YAML,
the code that builds it and the libraries whose objects are stored. A changed file is another key.
"""

import hashlib
import logging
import os
import pickle
import sys
import tempfile
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, Final

from ...intents import Engine, blocking_problems
from ...intents.dialogue_phrases import DialoguePhrases
from ...intents.entity_linker import EntityLinker
from ...intents.utterances import EXAMPLES
from ...knowledge import SHIPPED, Knowledge, KnowledgeError, Snapshot, inspect, load
from ..folders import user_folder
from .garbage import uncollected

_KEPT: Final = 8
"""How many engines the cache holds, of some 10 MB each: those used last."""
_PACKAGE: Final = Path(__file__).parents[2]
_log = logging.getLogger(__name__)


def open_engine(folder: Path = SHIPPED, cache: Path | None = None) -> Engine:
    """Return the engine for a folder of knowledge, from the cache if nothing has changed.

    Args:
        folder: The knowledge.
        cache: Folder of the cache; the user's cache folder if None. A cache that can't be read or
            written costs time, never an answer.

    Raises:
        KnowledgeError: The knowledge has problems.
    """
    where, key = cache or cache_folder(), engine_key(folder)
    path = where / file_name(key)
    if engine := load_engine(path):
        return engine
    engine = learn(folder)
    if engine_key(folder) != key:  # saved meanwhile: nobody knows which of the two was learned
        return engine
    try:
        store(engine, path)
    except OSError as error:
        _log.warning("the engine can't be cached in %s (%s)", where, error.strerror)
    return engine


def load_engine(path: Path) -> Engine | None:
    """Return the engine in a file; None if it is missing or damaged.

    In a thread, it lets answers have their turn: other threads run between two pieces of the file.
    """
    try:
        with uncollected(), path.open("rb") as file:
            engine = pickle.Unpickler(_InPieces(file)).load()  # noqa: S301 - the user's own folder
    except Exception:  # noqa: BLE001 - a damaged pickle raises anything, a missing one is usual
        return None
    with suppress(OSError):
        os.utime(path)
    return engine if isinstance(engine, Engine) else None


def read(folder: Path) -> tuple[Knowledge, EntityLinker]:
    """Return what a folder holds, with its names, for an engine that has learned already.

    Raises:
        KnowledgeError: The knowledge has problems.
    """
    inspection = inspect(folder)
    problems = blocking_problems(inspection)
    if problems or inspection.knowledge is None:
        raise KnowledgeError(problems)
    kinds = DialoguePhrases.load().kinds
    return inspection.knowledge, EntityLinker.build(inspection.knowledge, kinds)


def cache_folder() -> Path:
    """Return the folder for what can be computed again."""
    # For a user without a home it is one that can be neither read nor written.
    return user_folder("cache") or Path(os.devnull, "efinbot")


def file_name(key: str) -> str:
    """Return the name of the file that holds the engine of a key."""
    return f"engine-{key}.pickle"


def engine_key(folder: Path) -> str:
    """Return a digest of all that the engine of a folder of knowledge depends on."""
    digest = hashlib.blake2b(digest_size=16)
    for learned in (folder, EXAMPLES.parent):
        digest.update(Snapshot.of(learned).training_fingerprint.encode())
    for package in ("intents", "knowledge"):
        for path in sorted((_PACKAGE / package).rglob("*.py")):
            digest.update(path.read_bytes())
    for library in ("numpy", "opencc", "pydantic", "pypinyin"):
        digest.update(version(library).encode())
    digest.update(sys.version.encode())
    return digest.hexdigest()


def learn(folder: Path) -> Engine:
    """Return the engine for a folder of knowledge, built from scratch; this takes seconds.

    Raises:
        KnowledgeError: The knowledge has problems.
    """
    from ...intents.training import train  # noqa: PLC0415 - not needed where the cache is warm

    with uncollected():
        return train(load(folder))


class _InPieces:
    """A file that is read in pieces: between two of them, other threads get their turn."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int) -> bytes:
        time.sleep(0)
        return self._file.read(size)

    def readinto(self, buffer: bytearray) -> int:
        time.sleep(0)
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def readline(self) -> bytes:
        return self._file.readline()


def store(engine: Engine, path: Path) -> None:
    """Write the engine in one step, so that a half-written file is never read; drop old ones."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Named like an engine: what is left where a process is killed here goes as the old ones do.
    handle, temporary = tempfile.mkstemp(path.suffix, "engine-", path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            pickle.dump(engine, file, protocol=pickle.HIGHEST_PROTOCOL)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    stored = sorted(path.parent.glob("engine-*.pickle"), key=lambda p: p.stat().st_mtime)
    for old in stored[:-_KEPT]:
        old.unlink(missing_ok=True)
