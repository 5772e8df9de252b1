"""Storage: what must survive a restart, in a database."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from .changes import Author, Change
from .missed_questions import Missed, Outcome
from .place import Place

if TYPE_CHECKING:
    from .database import StorageError
    from .offline_reader import Recorded, read_state
    from .records import Records
    from .state import State

__all__ = [
    "Author",
    "Change",
    "Missed",
    "Outcome",
    "Place",
    "Recorded",
    "Records",
    "State",
    "StorageError",
    "read_state",
]

_HOMES: Final = {
    "Recorded": "offline_reader",
    "Records": "records",
    "State": "state",
    "StorageError": "database",
    "read_state": "offline_reader",
}


def __getattr__(name: str) -> object:
    # Imported at first use: SQLAlchemy is long to import, and is needed once the bot runs.
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
