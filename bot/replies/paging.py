"""Lines laid out on pages of a phone's size."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from unicodedata import east_asian_width

from ...intents import StatementRef
from .markup import plain

SCREEN: Final = 900
"""How many columns of text are shown at once, about one screen of a phone; see `columns`."""


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """One line of a reply, which a page never breaks."""

    html: str
    """Its text in Telegram's HTML."""
    heading: str = ""
    """The heading that it stands under, in HTML; empty for none."""
    offers: str | None = None
    """Id of the entry that it names, to be offered as a choice."""
    states: StatementRef | None = None
    """The statement that it makes, with its source."""


@lru_cache(maxsize=8192)
def columns(markup: str) -> int:
    """Return how much of a screen a text takes: a Chinese character is as wide as two letters.

    Remembered, because the same lines of the knowledge are measured for every reply.
    """
    text = plain(markup)
    widths = Counter(() if text.isascii() else map(east_asian_width, text))
    return len(text) + widths["W"] + widths["F"] + 1


def paged(
    lines: Sequence[ReplyLine], size: int, first: int = 0, most: int = 0
) -> list[list[ReplyLine]]:
    """Lay lines out on pages.

    Args:
        lines: The lines, in order.
        size: How many columns a page holds; a longer line has a page of its own.
        first: How many lines the first page holds at most; 0 for as many as fit.
        most: How many lines each page holds at most; 0 for as many as fit.
    """
    pages: list[list[ReplyLine]] = []
    left, heading = 0, ""
    for position, line in enumerate(lines):
        continued = line.heading == heading
        needed = columns(line.html) if continued else columns(_headed(line)) + 1
        full = pages and most and len(pages[-1]) == most
        if not pages or full or needed > left or (first and position == first):
            pages.append([])
            left, needed = size, columns(_headed(line))
        pages[-1].append(line)
        left -= needed
        heading = line.heading
    return pages


def joined(page: Sequence[ReplyLine]) -> str:
    """Return a page as text: each heading above its first line, and apart from what precedes."""
    parts: list[str] = []
    for position, line in enumerate(page):
        if position and line.heading == page[position - 1].heading:
            parts.append(line.html)
        else:
            parts += ["", _headed(line)] if position else [_headed(line)]
    return "\n".join(parts)


def _headed(line: ReplyLine) -> str:
    return f"{line.heading}\n{line.html}" if line.heading else line.html
