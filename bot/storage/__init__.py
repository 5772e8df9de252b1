"""What outlives a restart, in a database."""

from .database import default_url
from .state import Place, State

__all__ = ["Place", "State", "default_url"]
