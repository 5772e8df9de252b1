"""What a message means, decided from the knowledge and the conversation, without I/O."""

from .candidates import ScoredMessage
from .completion import Completion
from .engine import Engine
from .lint import blocking_problems
from .text import is_traditional
from .understanding import (
    ABOUT_ONE,
    CARE,
    COMPARE,
    FALLBACK,
    LIFETIME,
    LISTS,
    NEWS,
    SMALL_TALK,
    TOPICLESS,
    Context,
    Interpretation,
    StatementRef,
    Trace,
    Understanding,
    statement_refs,
)

__all__ = [
    "ABOUT_ONE",
    "CARE",
    "COMPARE",
    "FALLBACK",
    "LIFETIME",
    "LISTS",
    "NEWS",
    "SMALL_TALK",
    "TOPICLESS",
    "Completion",
    "Context",
    "Engine",
    "Interpretation",
    "ScoredMessage",
    "StatementRef",
    "Trace",
    "Understanding",
    "blocking_problems",
    "is_traditional",
    "statement_refs",
]
