"""Watches a folder of knowledge for changes."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from watchfiles import awatch  # pyright: ignore[reportUnknownVariableType] - trio may be missing

_QUIET: Final = 150
"""Milliseconds without a change after which an editor is done with saving."""
_PATIENCE: Final = 1000
"""Milliseconds after which changes are told that go on and on."""
_GLANCE: Final = 1000
"""How often, in milliseconds, it is checked whether another folder stands in the watched one's
place."""
_AGAIN: Final = 2.0
"""Seconds after which a folder is looked for again that is not there, or can't be watched."""
_log = logging.getLogger(__name__)


async def changes(folder: Path) -> AsyncIterator[None]:
    """Tell when something in a folder may have changed, once for all that one saving does.

    Args:
        folder: The folder. If it is taken away, what comes in its place is watched.

    Yields:
        Nothing, soon after each change.
    """
    while True:
        watched = _identity(folder)
        try:
            async for seen in awatch(
                folder,
                watch_filter=None,
                debounce=_PATIENCE,
                step=_QUIET,
                rust_timeout=_GLANCE,
                yield_on_timeout=True,
            ):
                if seen:
                    yield
                if _identity(folder) != watched:
                    break
        # Whatever the system refuses, also while the folder is not there; in a group come names of
        # files that are no UTF-8.
        except (OSError, RuntimeError, ExceptionGroup):
            if watched:
                _log.warning("changes in the folder of knowledge can't be seen; trying again")
            await asyncio.sleep(_AGAIN)
        yield


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
