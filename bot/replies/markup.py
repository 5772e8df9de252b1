"""Telegram's HTML: escaping, tags, and conversion to plain text."""

import html
import re
from html.parser import HTMLParser
from typing import Final

from ...knowledge import Language
from ...knowledge.messages import message

_TAG: Final = re.compile("<[^>]*>")


def escape(text: str) -> str:
    """Return text that Telegram shows as it is."""
    return html.escape(text, quote=False)


def html_message(key: str, language: Language, /, **values: object) -> str:
    """Return a message of the catalogue in Telegram's HTML; what is filled in is no markup."""
    return escape(message(key, language, **values))


def bold(text: str) -> str:
    """Return text in bold type, escaped."""
    return f"<b>{escape(text)}</b>"


def italic(text: str) -> str:
    """Return text in italic type, escaped."""
    return f"<i>{escape(text)}</i>"


def link(text: str, url: str) -> str:
    """Return text that leads to an address, both escaped."""
    return f'<a href="{html.escape(url)}">{escape(text)}</a>'


def plain(markup: str) -> str:
    """Return what a reader sees of a reply: its text, without tags."""
    return html.unescape(_TAG.sub("", markup))


def pieces(markup: str) -> list[tuple[str, tuple[str, ...]]]:
    """Split a reply into pieces of text, each with the tags that it stands in.

    Args:
        markup: Telegram's HTML.

    Returns:
        Text and its tags, the outermost first; a link is given as ``a=<address>``.
    """
    parser = _Pieces()
    parser.feed(markup)
    parser.close()
    return parser.found


class _Pieces(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href")
        self._open.append(f"{tag}={address}" if address else tag)

    def handle_endtag(self, tag: str) -> None:
        self._open = [opened for opened in self._open if opened.partition("=")[0] != tag]

    def handle_data(self, data: str) -> None:
        self.found.append((data, tuple(self._open)))
