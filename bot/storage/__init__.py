"""What outlives a restart, in a database."""

from .changes import Author, Change
from .database import StorageError
from .missed_questions import Missed, Outcome
from .offline_reader import Recorded, read_state
from .records import Records
from .state import Place, State

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
