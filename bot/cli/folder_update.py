"""`efinbot init --update` and `--undo`: newer shipped knowledge in a folder of one's own."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import typer

from ...knowledge import SHIPPED
from ...knowledge.messages import message
from ...knowledge.updating import Fate, FolderUpdate, undo_of, update_of
from .application import refuse

_COUNTED: Final[Mapping[Fate, str]] = {
    Fate.UPDATED: "updating.updated",
    Fate.KEPT: "updating.kept",
    Fate.ADDED: "updating.added",
    Fate.REMOVED: "updating.removed",
}
"""What is summed up, in this order."""
_FILES: Final[Mapping[Fate, str]] = {
    Fate.UPDATED: "updating.updated_file",
    Fate.ADDED: "updating.added_file",
    Fate.REMOVED: "updating.removed_file",
}
"""What is said of a file that is written."""


def update(folder: Path, *, undo: bool, dry_run: bool) -> None:
    """Update a folder, or take its last update back, and say what becomes of which file.

    Args:
        folder: The folder.
        undo: Whether to take the last update back.
        dry_run: Whether only to say what would happen.

    Raises:
        Exit: The folder couldn't be read afterwards; nothing was written.
        BadParameter: It is no folder that can be updated.
    """
    found = _found(folder, undo=undo)
    if problems := found.problems(folder):
        typer.echo(message("updating.broken", folder=folder), err=True)
        typer.echo("\n".join(map(str, problems)), err=True)
        raise typer.Exit(1)
    if not dry_run:
        _write(found, folder)
    elif found.fates:
        typer.echo(message("updating.dry_run", folder=folder))
    typer.echo("\n".join(_report(folder, found, undo=undo, dry_run=dry_run)))


def _found(folder: Path, *, undo: bool) -> FolderUpdate:
    """Return what is to be done to a folder; end if it is none that can be updated."""
    if folder.resolve() == SHIPPED.resolve():
        refuse(message("updating.shipped", folder=folder))
    try:
        found = undo_of(folder) if undo else update_of(folder)
    except FileNotFoundError:
        refuse(message("updating.no_folder", folder=folder))
    except ValueError as error:
        refuse(message("updating.damaged", folder=folder, file=error))
    except OSError as error:
        refuse(message("updating.not_read", folder=folder, reason=error.strerror))
    return found or refuse(message("updating.nothing_to_undo", folder=folder))


def _write(found: FolderUpdate, folder: Path) -> None:
    """Write an update; end if that isn't possible."""
    try:
        written = found.write(folder)
    except OSError as error:
        refuse(message("updating.not_written", folder=folder, reason=error.strerror))
    if not written:
        refuse(message("updating.edited", folder=folder))


def _report(folder: Path, found: FolderUpdate, *, undo: bool, dry_run: bool) -> Iterator[str]:
    """Yield the lines that say what an update does."""
    if not found.fates:
        yield message("updating.nothing", folder=folder)
        return
    if found.of(Fate.UNKNOWN):
        yield message("updating.unknown", folder=folder)
    else:
        yield _summary(found)
    for name in found.fates:
        yield f"  {message(_told(name, found, undo=undo), file=name)}"
    if undo:
        return
    if found.of(Fate.KEPT) or found.of(Fate.UNKNOWN):
        yield message("updating.compare", shipped=SHIPPED)
    if found.files and not dry_run:
        yield message("updating.undo", folder=folder)


def _summary(found: FolderUpdate) -> str:
    """Return how many files it does what to, the updated ones first."""
    counts = {key: len(found.of(fate)) for fate, key in _COUNTED.items()}
    first = _COUNTED[Fate.UPDATED]
    told = {key: count for key, count in counts.items() if count or key == first}
    return ", ".join(message(key, count=count) for key, count in told.items()) + "."


def _told(name: str, found: FolderUpdate, *, undo: bool) -> str:
    """Return the key of the message that says what becomes of a file."""
    fate, here = found.fates[name], name in found.here
    if fate is Fate.UNKNOWN:
        return "updating.unknown_differs" if here else "updating.unknown_missing"
    if fate in _FILES:
        return _FILES[fate]
    if undo:
        return "updating.kept_since"
    if not here:
        return "updating.kept_deleted"
    return "updating.kept_changed" if name in found.new else "updating.kept_dropped"
