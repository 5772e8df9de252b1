"""What the bot knows: the model, loading and checking YAML, the immutable library."""

from .document import Document, KeyPath, read_document
from .graph import Knowledge
from .interface import Interface
from .languages import LANGUAGES, Language
from .loader import SHIPPED, Inspection, inspect, load
from .messages import printable
from .models import (
    Asks,
    Entry,
    Fact,
    Intent,
    Kind,
    Outside,
    Overview,
    Region,
    Source,
    Term,
    Text,
    Words,
)
from .problems import KnowledgeError, Level, Location, Problem, did_you_mean
from .snapshot import Snapshot
from .starter import is_installed, start

__all__ = [
    "LANGUAGES",
    "SHIPPED",
    "Asks",
    "Document",
    "Entry",
    "Fact",
    "Inspection",
    "Intent",
    "Interface",
    "KeyPath",
    "Kind",
    "Knowledge",
    "KnowledgeError",
    "Language",
    "Level",
    "Location",
    "Outside",
    "Overview",
    "Problem",
    "Region",
    "Snapshot",
    "Source",
    "Term",
    "Text",
    "Words",
    "did_you_mean",
    "inspect",
    "is_installed",
    "load",
    "printable",
    "read_document",
    "start",
]
