"""Storage: what must survive a restart, in a database.

What needs SQLAlchemy, which is long to import, is imported from its module once the bot runs.
"""

from .changes import Author, Change
from .missed_questions import Missed, Outcome
from .place import Place

__all__ = ["Author", "Change", "Missed", "Outcome", "Place"]
