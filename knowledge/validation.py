"""What a reader would stumble over: how the texts are written, and what backs the facts.

Nothing here keeps the bot from running; `check` finds what does.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final, NamedTuple

from .document import Document, Route, Tree
from .loader import Inspection
from .models import Entry
from .problems import Level, Problem, plain, quoted

LONGEST_LINE: Final = 3500
"""UTF-16 code units of a text: Telegram's 4096, with room for a title and what to ask next."""
_RATIO: Final = (0.45, 4.5)
"""English letters for each column of Chinese, where a character has two: twice what is usual."""
_SHORT: Final = 40
"""Columns below which a translation may be of any length."""

_HAN: Final = "\u3400-\u9fff"
_LETTERS: Final = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u052f\u0531-\u0587]+")
_SCRIPTS: Final = {
    "Latin": re.compile("[A-Za-z\u00c0-\u024f]"),
    "Greek": re.compile("[\u0370-\u03ff]"),
    "Cyrillic": re.compile("[\u0400-\u052f]"),
    "Armenian": re.compile("[\u0531-\u0587]"),
}
_ASCII_MARK: Final = re.compile(rf"(?<=[{_HAN}”’）》])([,;:?!()])(?=[{_HAN}“‘（《]|$)")
_LISTED: Final = re.compile("[，、；]")
"""Marks that part the items of a Chinese list, and not those of YAML."""
_FIGURE: Final = re.compile(r"(?<![\w.])(?:\d{2,}|\d+(?=[.,]\d|%))(?![a-zA-Z])", re.ASCII)
"""A number that says how much or when; not the one in a name such as Web3.0."""
_TYPED: Final = frozenset({"aliases", "asks"})
"""Keys of what people type, which is left as they type it."""
_FACTS: Final = ("facts", "benefits", "challenges", "why", "examples")
"""The statements; a contrast sums up what two entries say with their sources."""


class Remark(NamedTuple):
    """What a check finds in a text."""

    what: str
    """What is wrong."""
    mend: str
    """How to mend it."""
    level: Level = Level.WARNING
    """How much it matters."""


def review(inspection: Inspection, oldest: str = "") -> Iterator[Problem]:
    """Find what readers would stumble over.

    Args:
        inspection: A folder of knowledge, as :func:`inspect` returns it.
        oldest: Sources whose date is before this, YYYY-MM, are to be renewed; empty for any date.

    Yields:
        The problems.
    """
    for document in inspection.documents.values():
        for route, tree in _trees(document.tree, ()):
            for check in _CHECKS:
                for remark in check(route, tree):
                    yield Problem(
                        document.location(route), plain(remark.what, remark.mend), remark.level
                    )
    if inspection.knowledge:
        for id_, entry in inspection.knowledge.entries.items():
            document = inspection.documents[f"entries/{id_}"]
            yield from _unsourced(entry, document)
            yield from _stale(entry, document, oldest)


def months_before(day: date, months: int) -> str:
    """Return the month, YYYY-MM, that was some months before a day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return f"{year:04}-{month + 1:02}"


def _trees(tree: "Tree | None", route: Route) -> Iterator[tuple[Route, "Tree"]]:
    """Yield a tree and all in it, each with where it stands."""
    if tree is None or route[-1:] == ("url",):
        return
    yield route, tree
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _trees(value, (*route, key))
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            yield from _trees(value, (*route, number))


def _mixed_scripts(_: Route, tree: "Tree") -> Iterator[Remark]:
    if not isinstance(tree, str) or tree.isascii():
        return
    for word in _LETTERS.findall(tree):
        scripts = {name: found for name, s in _SCRIPTS.items() if (found := s.findall(word))}
        if len(scripts) > 1:
            fewest = min(scripts, key=lambda name: len(scripts[name]))
            odd = " and ".join(quoted(letter) for letter in dict.fromkeys(scripts[fewest]))
            what = f"{odd} in {quoted(word)} is {fewest}, and looks like another letter"
            yield Remark(what, "type the word again in one script", Level.ERROR)


def _invisible(_: Route, tree: "Tree") -> Iterator[Remark]:
    if not isinstance(tree, str) or tree.isascii():
        return
    for letter in dict.fromkeys(tree):
        if unicodedata.category(letter) == "Cf":
            what = f"an invisible character (U+{ord(letter):04X}) stands in {quoted(tree)}"
            yield Remark(what, "take it out")


def _ascii_marks(route: Route, tree: "Tree") -> Iterator[Remark]:
    if not isinstance(tree, str) or "zh" not in route or not _TYPED.isdisjoint(route):
        return
    for found in _ASCII_MARK.finditer(tree):
        around = tree[max(found.start() - 6, 0) : found.end() + 6]
        full = unicodedata.lookup(f"FULLWIDTH {unicodedata.name(found[1])}")
        what = f"the ASCII mark {quoted(found[1])} stands in Chinese text, {quoted(around)}"
        yield Remark(what, f"write {quoted(full)}")


def _joined(route: Route, tree: "Tree") -> Iterator[Remark]:
    if isinstance(tree, str) and "aliases" in route and (mark := _LISTED.search(tree)):
        what = f"{quoted(tree)} is one alias, as {quoted(mark[0])} parts none"
        yield Remark(what, "part them with an ASCII comma, or write one a line")


def _too_long(_: Route, tree: "Tree") -> Iterator[Remark]:
    if isinstance(tree, str):
        length = len(tree.encode("utf-16-le")) // 2
        if length > LONGEST_LINE:
            what = (
                f"this text has {length:,} characters; no more than {LONGEST_LINE:,} fit a message"
            )
            yield Remark(what, "split it into several facts", Level.ERROR)


def _unbalanced(route: Route, tree: "Tree") -> Iterator[Remark]:
    if not isinstance(tree, dict) or not _TYPED.isdisjoint(route):
        return
    match tree:
        case {"zh": str(zh), "en": str(en)} if max(_columns(zh), len(en)) > _SHORT:
            ratio = len(en) / max(_columns(zh), 1)
            if not _RATIO[0] <= ratio <= _RATIO[1]:
                more, less = ("English", "Chinese") if ratio > 1 else ("Chinese", "English")
                what = f"the {more} text says much more than the {less} one"
                yield Remark(what, "say the same in both, or cut the longer one")
        case _:
            return


_CHECKS: Final[tuple[Callable[[Route, "Tree"], Iterator[Remark]], ...]] = (
    _mixed_scripts,
    _invisible,
    _ascii_marks,
    _joined,
    _too_long,
    _unbalanced,
)


def _unsourced(entry: Entry, document: Document) -> Iterator[Problem]:
    for key in _FACTS:
        for position, fact in enumerate(getattr(entry, key)):
            figure = _FIGURE.search(fact.en) or _FIGURE.search(fact.zh)
            if figure and not fact.sources:
                what = f"the figure {quoted(figure[0])} has no source"
                mend = "name the key of its source under 'sources', or take the figure out"
                place = document.location((key, position))
                yield Problem(place, plain(what, mend), Level.WARNING)


def _stale(entry: Entry, document: Document, oldest: str) -> Iterator[Problem]:
    for key, source in entry.sources.items():
        # A year alone may mean its last month.
        month = source.as_of[:7] if "-" in source.as_of else f"{source.as_of}-12"
        if month < oldest:
            what = f"the source '{key}' speaks of {source.as_of}"
            mend = "look whether its facts still hold, and name a newer source"
            yield Problem(
                document.location(("sources", key, "as_of")), plain(what, mend), Level.WARNING
            )


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
