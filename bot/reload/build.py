"""`python -m efinbot.bot.reload.build FOLDER`: build the engine of a folder, and cache it."""

import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from ...intents import Engine
from .engine_cache import cache_folder, engine_key, file_name, learn, load_engine, store

_TEMPORARY: Final = "efinbot-engine-"


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
