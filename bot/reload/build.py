"""`python -m efinbot.bot.reload.build FOLDER`: build the engine of a folder, and cache it."""

import logging
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from ...intents import Engine
from .engine_cache import (
    cache_folder,
    engine_key,
    file_name,
    learn,
    load_engine,
    open_engine,
    store,
)
from .subprocess_worker import environment

_TEMPORARY: Final = "efinbot-engine-"
_log = logging.getLogger(__name__)


def open_built(folder: Path) -> Engine:
    """Return the engine for a folder; one that isn't cached is built in a process of its own.

    So the memory that learning takes is given back. The process is killed if this is interrupted.

    Args:
        folder: The knowledge.

    Raises:
        KnowledgeError: The knowledge has problems.
    """
    cached = cache_folder() / file_name(engine_key(folder))
    if engine := load_engine(cached):
        return engine
    try:
        process = subprocess.run(  # noqa: S603 - this module
            [sys.executable, "-P", "-m", __name__, str(folder)],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding=sys.getfilesystemencoding(),
            env=environment(),
            start_new_session=True,  # what is typed to end the bot ends this when the bot does
        )
        path = Path(process.stdout.removesuffix("\n"))
        engine = take(path)
    except (OSError, subprocess.CalledProcessError):
        return open_engine(folder)  # which says what is wrong with the knowledge
    if path != cached:
        _log.warning("the engine can't be cached in %s", cached.parent)
    return engine


def build(folder: Path) -> Path:
    """Build the engine of a folder of knowledge, unless it is cached; return the file it is in.

    Where the cache can't be written, or the folder is saved meanwhile, that is a temporary file.

    Raises:
        KnowledgeError: The knowledge has problems.
        OSError: No file can be written.
    """
    key = engine_key(folder)
    path = cache_folder() / file_name(key)
    if load_engine(path):
        return path
    engine = learn(folder)
    if engine_key(folder) == key:
        with suppress(OSError):
            store(engine, path)
            return path
    path = Path(tempfile.mkdtemp(prefix=_TEMPORARY)) / path.name
    store(engine, path)
    return path


def take(path: Path) -> Engine:
    """Return the engine that was built into a file; a temporary file goes.

    Raises:
        OSError: It can't be read.
    """
    engine = load_engine(path)
    if path.parent.name.startswith(_TEMPORARY):
        shutil.rmtree(path.parent, ignore_errors=True)
    if engine is None:
        message = f"the engine in {path} can't be read"
        raise OSError(message)
    return engine


if __name__ == "__main__":
    sys.stdout.write(f"{build(Path(sys.argv[1]))}\n")
