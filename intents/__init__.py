"""What a message means, decided from the knowledge and the conversation, without I/O."""

from .candidates import ScoredMessage
from .completion import Completion
from .engine import Engine
from .lint import blocking_problems
from .understanding import (
    ABOUT_ONE,
    COMPARE,
    FALLBACK,
    LIFETIME,
    LISTS,
    SMALL_TALK,
    TOPICLESS,
    Context,
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
    "ScoredMessage",
    "Trace",
    "Understanding",
    "blocking_problems",
]
