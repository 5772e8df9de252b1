"""What the menu says of the operators' commands."""

from collections.abc import Mapping
from typing import Final

MENU: Final[Mapping[str, str]] = {
    "reload": "operators.menu_reload",
    "check": "operators.menu_check",
    "stats": "operators.menu_stats",
    "gaps": "operators.menu_gaps",
    "history": "operators.menu_history",
    "rollback": "operators.menu_rollback",
}
"""Their names, in order, and the keys of the messages that say what they do."""
