"""Texts that are too long for one message, in parts."""

from html import escape
from typing import Final

from .markup import pieces

_BREAKS: Final = ("\n\n", "\n", "。", ". ", "；", "; ", "，", ", ", " ")
"""Where a text may be cut, the best first: between blocks, lines, sentences, words."""


def split(html: str, limit: int) -> list[str]:
    """Split a text into parts that Telegram takes.

    Args:
        html: Telegram's HTML, not empty.
        limit: How many UTF-16 code units a part may have, without its markup.

    Returns:
        The parts, each whole in itself: markup that is cut is closed, and opened again. They are
        cut between blocks; within one only if it has no room in a part of its own.
    """
    found = pieces(html)
    text = "".join(piece for piece, _ in found)
    if units(text) <= limit:
        return [html]
    parts: list[str] = []
    start = 0
    while start < len(text):
        end = _end(text, start, limit)
        parts.append(_emitted(found, start, end).strip("\n"))
        start = end
    return [part for part in parts if part]


def units(text: str) -> int:
    """Return the length of a text as Telegram counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _end(text: str, start: int, limit: int) -> int:
    """Return where the part that starts somewhere should end."""
    furthest = start + limit
    while units(text[start:furthest]) > limit:
        furthest -= max((units(text[start:furthest]) - limit) // 2, 1)
    if furthest >= len(text):
        return len(text)
    for mark in _BREAKS:
        if (found := text.rfind(mark, start, furthest)) > start:
            return found + len(mark)
    return furthest


def _emitted(found: list[tuple[str, tuple[str, ...]]], start: int, end: int) -> str:
    """Return a stretch of the text with its markup."""
    html: list[str] = []
    position = 0
    for piece, tags in found:
        said = piece[max(start - position, 0) : max(end - position, 0)]
        position += len(piece)
        if said:
            marked = escape(said, quote=False)
            for tag in reversed(tags):
                name, _, address = tag.partition("=")
                link = f' href="{escape(address)}"' if address else ""
                marked = f"<{name}{link}>{marked}</{name}>"
            html.append(marked)
    return "".join(html)
