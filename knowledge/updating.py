"""Brings newer shipped knowledge into a folder that was copied from it and edited since.

Of each file three states are compared: as it was copied, of which the folder keeps the digest, as
it is, and as it is shipped now. What was not changed since it was copied follows the shipped one;
everything else stays as it is, and is told.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from .atomic_write import write_files
from .expectations import read_expectations
from .loader import SHIPPED, inspect
from .models import StrictModel
from .problems import Problem
from .snapshot import Snapshot

Parsed = TypeVar("Parsed")

COPIED: Final = ".efinbot-copied.json"
"""The file in a folder that holds the digests of what was copied, by name."""
UNDO: Final = ".efinbot-undo.json"
"""The file in a folder that holds what the last update replaced."""


class Fate(StrEnum):
    """What an update does to a file."""

    UPDATED = "updated"
    """It was not changed since it was copied, and takes the new content."""
    ADDED = "added"
    """The new version has it, and there is none of this name."""
    REMOVED = "removed"
    """It was not changed, and the new version has it no more."""
    KEPT = "kept"
    """It was changed or deleted, and the new version changed it too."""
    UNKNOWN = "unknown"
    """It differs, and it isn't known who changed it, as nothing tells what was copied."""


@dataclass(frozen=True)
class FolderUpdate:
    """What an update does to a folder."""

    fates: Mapping[str, Fate]
    """What it does, by the name of the file relative to the folder; the others need nothing."""
    files: Mapping[str, bytes | None]
    """What it writes; None removes a file."""
    here: Mapping[str, bytes] = field(repr=False)
    """The files that are in the folder and in one of the versions, as they are."""
    new: Mapping[str, bytes] = field(repr=False)
    """The files of the new version."""
    notes: Mapping[str, bytes | None] = field(repr=False)
    """What the folder remembers of it, as files of its own."""

    def of(self, fate: Fate) -> tuple[str, ...]:
        """Return the names of the files that something is done to, in order."""
        return tuple(name for name, found in self.fates.items() if found is fate)

    def problems(self, folder: Path) -> tuple[Problem, ...]:
        """Return what would keep the folder from being read after it; nothing is written."""
        after = Snapshot.of(folder).with_(
            {name: content for name, content in self.files.items() if name.endswith(".yaml")}
        )
        with tempfile.TemporaryDirectory(prefix="efinbot-") as copy:
            after.write_to(Path(copy))
            inspection = inspect(Path(copy))
            _, malformed = read_expectations(Path(copy), inspection.entry_ids)
            found = (*inspection.problems, *malformed)
            return tuple(sorted(_moved(problem, Path(copy), folder) for problem in found))

    def write(self, folder: Path) -> bool:
        """Write it, all or nothing.

        Returns:
            Whether it was written: not if somebody has edited what it replaces meanwhile.

        Raises:
            OSError: Something can't be written; everything is as it was.
        """
        before = {name: content for name, content in self.here.items() if name in self.files}
        if _content(folder, set(self.files)) != before:
            return False
        write_files(folder, {**self.files, **self.notes})
        return True


class _Undo(StrictModel):
    """What an update replaced."""

    copied: dict[str, str]
    """The digests of what was copied before it."""
    files: dict[str, str | None]
    """The content of the files before it; None where there was none."""


def shipped_files() -> Mapping[str, bytes]:
    """Return the content of the shipped knowledge, its schemas and its questions, by name."""
    paths = sorted(path for path in SHIPPED.rglob("*") if path.is_file())
    return {path.relative_to(SHIPPED).as_posix(): path.read_bytes() for path in paths}


def copied_note(files: Mapping[str, bytes]) -> bytes:
    """Return what a folder remembers of the files that were copied to it."""
    return _noted(_digests(files))


def update_of(folder: Path) -> FolderUpdate:
    """Return what an update of a folder to the shipped knowledge does; nothing is written.

    Raises:
        FileNotFoundError: There is no such folder.
        ValueError: The note of what was copied is damaged.
        OSError: The folder can't be read.
    """
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    new = shipped_files()
    copied = _read(folder / COPIED, TypeAdapter(dict[str, str]).validate_json)
    here = _content(folder, {*new, *(copied or {})})
    if copied is None:
        differing = sorted(name for name in new if _changed(here.get(name), new[name]))
        fates = dict.fromkeys(differing, Fate.UNKNOWN)
        return FolderUpdate(fates, {}, here, new, {COPIED: copied_note(new)})
    update = _compared(copied, here, new)
    notes: dict[str, bytes | None] = {COPIED: copied_note(new)} if copied != _digests(new) else {}
    if update.files:
        before = {n: here[n].decode() if n in here else None for n in update.files}
        notes[UNDO] = _noted(_Undo(copied=copied, files=before).model_dump())
    return replace(update, notes=notes)


def undo_of(folder: Path) -> FolderUpdate | None:
    """Return what taking the last update of a folder back does; None if there is none.

    What was changed since the update stays as it is.

    Raises:
        ValueError: A note of the folder is damaged.
        OSError: The folder can't be read.
    """
    undo = _read(folder / UNDO, _Undo.model_validate_json)
    copied = _read(folder / COPIED, TypeAdapter(dict[str, str]).validate_json)
    if undo is None or copied is None:
        return None
    known = {name: digest for name, digest in copied.items() if name in undo.files}
    new = {name: text.encode() for name, text in undo.files.items() if text is not None}
    update = _compared(known, _content(folder, set(undo.files)), new)
    return replace(update, notes={COPIED: _noted(undo.copied), UNDO: None})


def _read(path: Path, parsed: Callable[[bytes], Parsed]) -> Parsed | None:
    """Return what a note of the folder holds; None if it isn't there."""
    try:
        return parsed(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise ValueError(path.name) from error


def _compared(
    copied: Mapping[str, str], here: Mapping[str, bytes], new: Mapping[str, bytes]
) -> FolderUpdate:
    """Return what follows from the three states of all files."""
    mine, theirs = _digests(here), _digests(new)
    names = sorted({*copied, *here, *new})
    found = {n: _fate(copied.get(n), mine.get(n), theirs.get(n)) for n in names}
    fates = {name: fate for name, fate in found.items() if fate}
    files = {name: new.get(name) for name, fate in fates.items() if fate is not Fate.KEPT}
    return FolderUpdate(fates, files, here, new, {})


def _fate(copied: str | None, here: str | None, new: str | None) -> Fate | None:
    """Return what happens to a file, by the digests of its states; None where there is none."""
    if new in (copied, here):
        return None
    if here != copied:
        return Fate.KEPT
    if here is None:
        return Fate.ADDED
    return Fate.REMOVED if new is None else Fate.UPDATED


def _changed(one: bytes | None, other: bytes) -> bool:
    return one is None or _digest(one) != _digest(other)


def _digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: _digest(content) for name, content in files.items()}


def _digest(content: bytes) -> str:
    """Return a digest that is the same whatever ends the lines: Git may change that."""
    return hashlib.blake2b(content.replace(b"\r\n", b"\n"), digest_size=16).hexdigest()


def _content(folder: Path, names: set[str]) -> dict[str, bytes]:
    """Return the content of those files that are there."""
    paths = {name: folder / name for name in sorted(names)}
    return {name: path.read_bytes() for name, path in paths.items() if path.is_file()}


def _noted(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=0).encode() + b"\n"


def _moved(problem: Problem, copy: Path, folder: Path) -> Problem:
    """Return a problem of a copy as one of the folder."""
    path = folder / problem.location.path.relative_to(copy)
    return replace(problem, location=replace(problem.location, path=path))
