"""What a message means: reading, matching, dialogue. Pure; knows the knowledge, not Telegram."""

from .completion import Completion
from .dialogue import LIFETIME, Context
from .engine import Engine
from .name_conflicts import faults
from .understanding import (
    ABOUT_ONE,
    COMPARE,
    FALLBACK,
    LISTS,
    SMALL_TALK,
    TOPICLESS,
    Interpretation,
    Trace,
    Understanding,
)

__all__ = [
    "ABOUT_ONE",
    "COMPARE",
    "FALLBACK",
    "LIFETIME",
    "LISTS",
    "SMALL_TALK",
    "TOPICLESS",
    "Completion",
    "Context",
    "Engine",
    "Interpretation",
    "Trace",
    "Understanding",
    "faults",
]
