"""Storage: what must survive a restart, in a database."""

from typing import TYPE_CHECKING

from ..lazy_attributes import lazy_attributes
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

# Imported at first use: SQLAlchemy is long to import, and is needed once the bot runs.
__getattr__ = lazy_attributes(
    __name__,
    {
        "Recorded": "offline_reader",
        "Records": "records",
        "State": "state",
        "StorageError": "database",
        "read_state": "offline_reader",
    },
)
