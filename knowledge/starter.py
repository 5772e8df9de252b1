"""A folder of knowledge to start from: a copy of the shipped one."""

from pathlib import Path
from typing import Final

from .loader import SHIPPED
from .updating import COPIED, copied_note, shipped_files

_INSTALLED: Final = frozenset({"site-packages", "dist-packages"})
"""Where packages are, which updates replace."""


def is_installed(folder: Path) -> bool:
    """Return whether a folder is the knowledge of an installed package, which updates replace."""
    return folder.resolve() == SHIPPED.resolve() and not _INSTALLED.isdisjoint(SHIPPED.parts)


def start(folder: Path) -> int:
    """Copy the shipped knowledge, its schemas and its questions, and note what was copied.

    Args:
        folder: Where to; made if it is missing. Hidden files in it, such as `.git`, are left alone.

    Returns:
        How many entries were copied.

    Raises:
        FileExistsError: Something else is in the folder already.
        OSError: It can't be written.
    """
    if folder.exists() and any(not path.name.startswith(".") for path in folder.iterdir()):
        raise FileExistsError
    files = shipped_files()
    for name, content in {**files, COPIED: copied_note(files)}.items():
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        # The content alone: what is installed may be read-only, the copy is to be edited.
        copy.write_bytes(content)
    return len(list((folder / "entries").iterdir()))
