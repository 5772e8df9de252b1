"""The user's folders, and what ``~`` means in a path."""

from pathlib import Path
from typing import Literal

from ..knowledge.messages import message


def user_folder(kind: Literal["cache", "data", "state"]) -> Path | None:
    """Return the user's folder for efinbot's files of a kind; None for a user without a home."""
    import platformdirs  # noqa: PLC0415 - needed by programs, and rarely by a host

    folders = platformdirs.PlatformDirs("efinbot", appauthor=False)
    try:
        path = Path(getattr(folders, f"user_{kind}_dir"))
    except RuntimeError:
        return None
    # Older versions leave ~ as it is: it would become a folder where the program was started.
    return path if path.is_absolute() else None


def expanded(path: Path) -> Path:
    """Return a path with ``~`` replaced by the home folder that it means.

    Raises:
        ValueError: There is no such home folder.
    """
    try:
        return path.expanduser()
    except RuntimeError:
        raise ValueError(message("settings.no_home", path=path)) from None


def existing(path: Path) -> Path:
    """Return a folder with ``~`` replaced.

    Raises:
        ValueError: There is no such folder.
    """
    folder = expanded(path)
    if not folder.is_dir():
        raise ValueError(message("settings.no_folder", path=path))
    return folder
