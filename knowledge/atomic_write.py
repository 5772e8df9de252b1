"""Atomic writes: nobody reads half of a file, and a change is made completely or not at all."""

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

_MODE: Final = 0o666
"""Mode of a file that is new, less what the process's umask takes away."""


def write_files(folder: Path, files: Mapping[str, bytes | None]) -> None:
    """Write and delete files of a folder: all of them, or none if anything fails.

    What is written is a new file that takes the place of the old one, with its mode and, where the
    system lets us, its owner. So readers see the old content or the new one.

    Args:
        folder: The folder.
        files: Content by name relative to it, with ``/`` between folders, which are made if they
            are missing; None deletes a file.

    Raises:
        ValueError: A name leads out of the folder, or nowhere.
        OSError: Something can't be written, or is a symbolic link; everything is as it was.
    """
    places = {name: _place(folder, name) for name in files}
    changes: list[_FileChange] = []
    with ExitStack() as undo:
        for name, content in files.items():
            changes.append(_staged(places[name], content, undo))
        for change in changes:
            undo.callback(change.restore)
            change.make()
        undo.pop_all()
    for change in changes:
        change.tidy()
    for parent in {path.parent for path in places.values()}:
        _sync(parent)


def _place(folder: Path, name: str) -> Path:
    """Return the path of a file, after looking at all that leads to it."""
    parts = PurePosixPath(name).parts
    if (
        not parts
        or name.endswith("/")
        or any(p in ("/", "//", "..") for p in parts)
        or "\\" in name
    ):
        message = f"'{name}' names no file in the folder"
        raise ValueError(message)
    path = folder
    for part in parts:
        path /= part
        if path.is_symlink():
            raise OSError(errno.ELOOP, "it is a symbolic link", str(path))
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    return path


@dataclass(frozen=True)
class _FileChange:
    """A change of one file, ready to be made in one step."""

    path: Path
    new: Path | None
    """The new content, in a file beside it; None to delete it."""
    old: Path | None
    """Another name of the file as it was; None if there was none."""

    def make(self) -> None:
        if self.new:
            self.new.replace(self.path)
        elif self.old:
            self.path.unlink()

    def restore(self) -> None:
        if self.old:
            self.old.replace(self.path)
        else:
            self.path.unlink(missing_ok=True)

    def tidy(self) -> None:
        if self.old:
            self.old.unlink(missing_ok=True)


def _staged(path: Path, content: bytes | None, undo: ExitStack) -> _FileChange:
    """Write what needs room on the disk, and keep the file as it was at hand."""
    for parent in _missing(path.parent):
        parent.mkdir()
        undo.callback(parent.rmdir)
    status = path.stat() if path.exists() else None
    old = _beside(path, undo) if status else None
    if old and status:
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        _keep(path, old, status)
    new = None if content is None else _beside(path, undo)
    if new and content is not None:
        _write(new, content, status)
    return _FileChange(path, new, old)


def _keep(path: Path, old: Path, status: os.stat_result) -> None:
    """Give a file another name; where the file system has no such names, copy it."""
    try:
        old.hardlink_to(path)
    except OSError:
        _write(old, path.read_bytes(), status)


def _write(path: Path, content: bytes, like: os.stat_result | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, _MODE), "wb") as file:
        if like:
            with contextlib.suppress(OSError, AttributeError):
                os.fchown(file.fileno(), like.st_uid, like.st_gid)
            path.chmod(stat.S_IMODE(like.st_mode))
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _beside(path: Path, undo: ExitStack) -> Path:
    """Return the name of a temporary file in the same folder, hidden from who reads knowledge."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    undo.callback(beside.unlink, missing_ok=True)
    return beside


def _missing(folder: Path) -> Iterator[Path]:
    """Yield a folder that is missing and those above it, the topmost first."""
    if not folder.exists():
        yield from _missing(folder.parent)
        yield folder


def _sync(folder: Path) -> None:
    """Make new names outlive a loss of power; not every system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
