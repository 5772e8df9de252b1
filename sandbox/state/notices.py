"""Notices of the person who runs the sandbox, shown on its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """One thing that a notice names."""

    place: str
    """Where it stands, such as ``entries/a.yaml:3:1``."""
    text: str | Mapping[str, str]
    """What is the matter; by language, as a notice's summary, if it is said in both."""
    level: Literal["error", "warning"] = "error"
    """How much it matters."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice: it stays until the next one if it names something, else it passes by."""

    summary: Mapping[str, str]
    """All in one line, by language of the page: ``en`` and ``zh``."""
    items: tuple[NoticeItem, ...] = ()
    """What it names."""
