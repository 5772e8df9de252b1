"""Validation of texts: how they are written, and what sources back the facts.

Nothing here keeps the bot from running; the loader and `references` find what does.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from .document import Document, KeyPath, Tree
from .figures import unpaired
from .languages import LANGUAGES, Language
from .loader import Inspection
from .messages import lazy
from .models import Entry, Text
from .problems import Level, Problem

LONGEST_LINE: Final = 3500
"""UTF-16 code units of a text: Telegram's 4096, with room for a title and what to ask next."""
_RATIO: Final = (0.45, 4.5)
"""English letters for each column of Chinese, where a character has two: twice what is usual."""
_SHORT: Final = 40
"""Columns below which a translation may be of any length."""

_HAN: Final = "\u3400-\u9fff"
_LETTERS: Final = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u052f\u0531-\u0587]+")
_SCRIPTS: Final = {
    "problems.latin": re.compile("[A-Za-z\u00c0-\u024f]"),
    "problems.greek": re.compile("[\u0370-\u03ff]"),
    "problems.cyrillic": re.compile("[\u0400-\u052f]"),
    "problems.armenian": re.compile("[\u0531-\u0587]"),
}
_ASCII_MARK: Final = re.compile(rf"(?<=[{_HAN}”’）》])([,;:?!()])(?=[{_HAN}“‘（《]|$)")
_LISTED: Final = re.compile("[，、；]")
"""Marks that part the items of a Chinese list, and not those of YAML."""
_FIGURE: Final = re.compile(r"(?<![\w.])(?:\d{2,}|\d+(?=[.,]\d|%))(?![a-zA-Z])", re.ASCII)
"""A number that says how much or when; not the one in a name such as Web3.0."""
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?![\d万亿])")
_TYPED: Final = frozenset({"aliases", "asks"})
"""Keys of what people type, which is left as they type it."""
_NAMED: Final = _TYPED | {"name"}
"""Keys of names, which each language has as it likes."""
_PROSE: Final = frozenset({"entries", "glossary", "overview", "care"})
"""The files, or folders of them, that tell people something about the world."""
_ASKS: Final = 3
"""Questions that a dated statement should have in each language."""
_HEARSAY: Final[Mapping[Language, re.Pattern[str]]] = {
    "zh": re.compile("据[^，。；：]{0,12}报道"),
    "en": re.compile(r"\breportedly\b|\b(?:is|are|was|were|been) reported\b", re.IGNORECASE),
}
"""Words that leave a statement to others who reported it."""
_MOST_HEARSAY: Final = 0.1
"""Share of all statements that may be left to others' reports."""
_FACTS: Final = ("facts", "benefits", "challenges", "why", "examples")
"""The statements; a contrast sums up what two entries say with their sources."""


def validate(inspection: Inspection, oldest: str = "") -> Iterator[Problem]:
    """Find what readers would stumble over.

    Args:
        inspection: A folder of knowledge, as :func:`inspect` returns it.
        oldest: Sources whose date is before this, YYYY-MM, should be renewed; empty for any date.

    Yields:
        The problems.
    """
    for name, document in inspection.documents.items():
        is_prose = name.split("/")[0] in _PROSE
        checks = (*_CHECKS, _unpaired_figures, inspection.style.misnamed) if is_prose else _CHECKS
        for where, value in _values(document.tree, ()):
            for check in checks:
                yield from check(document, where, value)
    if inspection.knowledge:
        for id_, entry in inspection.knowledge.entries.items():
            document = inspection.documents[f"entries/{id_}"]
            yield from _unsourced(entry, document)
            yield from _stale(entry, document, oldest)
            yield from inspection.style.unfit_sources(entry, document)
        yield from _unfinished(inspection, inspection.knowledge.entries)
        yield from _hearsay(inspection, inspection.knowledge.entries)


def months_before(day: date, months: int) -> str:
    """Return the month, YYYY-MM, that was some months before a day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return f"{year:04}-{month + 1:02}"


def _values(value: "Tree | None", where: KeyPath) -> Iterator[tuple[KeyPath, Tree]]:
    """Yield a value and everything below it, with where it is; addresses are left out."""
    if value is None or where[-1:] == ("url",):
        return
    yield where, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _values(inner, (*where, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _values(inner, (*where, number))


def _mixed_scripts(document: Document, where: KeyPath, value: Tree) -> Iterator[Problem]:
    if not isinstance(value, str) or value.isascii():
        return
    for word in _LETTERS.findall(value):
        scripts = {name: found for name, s in _SCRIPTS.items() if (found := s.findall(word))}
        if len(scripts) > 1:
            fewest = min(scripts, key=lambda name: len(scripts[name]))
            yield document.problem(
                where,
                "problems.mixed_scripts",
                word=word,
                letters=tuple(dict.fromkeys(scripts[fewest])),
                script=lazy(fewest),
            )


def _invisible(document: Document, where: KeyPath, value: Tree) -> Iterator[Problem]:
    if not isinstance(value, str) or value.isascii():
        return
    for letter in dict.fromkeys(value):
        if unicodedata.category(letter) == "Cf":
            yield document.problem(
                where,
                "problems.invisible_character",
                level=Level.WARNING,
                code=ord(letter),
                text=value,
            )


def _ascii_punctuation(document: Document, where: KeyPath, value: Tree) -> Iterator[Problem]:
    if not isinstance(value, str) or "zh" not in where or not _TYPED.isdisjoint(where):
        return
    for found in _ASCII_MARK.finditer(value):
        yield document.problem(
            where,
            "problems.ascii_punctuation",
            level=Level.WARNING,
            mark=found[1],
            around=value[max(found.start() - 6, 0) : found.end() + 6],
            full_width=unicodedata.lookup(f"FULLWIDTH {unicodedata.name(found[1])}"),
        )


def _joined_aliases(document: Document, where: KeyPath, value: Tree) -> Iterator[Problem]:
    if isinstance(value, str) and "aliases" in where and (mark := _LISTED.search(value)):
        yield document.problem(
            where, "problems.joined_aliases", level=Level.WARNING, text=value, mark=mark[0]
        )


def _too_long(document: Document, where: KeyPath, value: Tree) -> Iterator[Problem]:
    if isinstance(value, str):
        length = len(value.encode("utf-16-le")) // 2
        if length > LONGEST_LINE:
            yield document.problem(
                where, "problems.text_too_long", length=length, limit=LONGEST_LINE
            )


def _unequal(document: Document, where: KeyPath, value: Tree) -> Iterator[Problem]:
    if not isinstance(value, dict) or not _TYPED.isdisjoint(where):
        return
    match value:
        case {"zh": str(zh), "en": str(en)} if max(_columns(zh), len(en)) > _SHORT:
            ratio = len(en) / max(_columns(zh), 1)
            if not _RATIO[0] <= ratio <= _RATIO[1]:
                both = lazy("problems.english"), lazy("problems.chinese")
                longer, shorter = both if ratio > 1 else reversed(both)
                yield document.problem(
                    where,
                    "problems.unequal_translation",
                    level=Level.WARNING,
                    longer=longer,
                    shorter=shorter,
                )
        case _:
            return


def _unpaired_figures(document: Document, where: KeyPath, value: Tree) -> Iterator[Problem]:
    """Find figures that one language has and the other hasn't, but for those that are waived."""
    if not isinstance(value, dict) or not _NAMED.isdisjoint(where):
        return
    match value:
        case {"zh": str(zh), "en": str(en)}:
            waived = [one for one in value.get("unpaired", []) if isinstance(one, str)]
            alone = unpaired(zh, en)
        case _:
            return
    others: Mapping[Language, str] = {"zh": "problems.english", "en": "problems.chinese"}
    for language, other in others.items():
        missing = tuple(one.written for one in alone[language] if one.written not in waived)
        if missing:
            yield document.problem(
                (*where, language),
                "problems.unpaired_figures",
                level=Level.WARNING,
                figures=missing,
                other=lazy(other),
            )
    found = {one.written for side in alone.values() for one in side}
    for number, figure in enumerate(waived):
        if figure not in found:
            yield document.problem(
                (*where, "unpaired", number),
                "problems.needless_waiver",
                level=Level.WARNING,
                figure=figure,
            )


_CHECKS: Final[tuple[Callable[[Document, KeyPath, Tree], Iterator[Problem]], ...]] = (
    _mixed_scripts,
    _invisible,
    _ascii_punctuation,
    _joined_aliases,
    _too_long,
    _unequal,
)


def _unsourced(entry: Entry, document: Document) -> Iterator[Problem]:
    for key in _FACTS:
        for position, fact in enumerate(getattr(entry, key)):
            figure = _FIGURE.search(fact.en) or _FIGURE.search(fact.zh)
            if figure and not fact.sources:
                yield document.problem(
                    (key, position),
                    "problems.unsourced_figure",
                    level=Level.WARNING,
                    figure=figure[0],
                )


def _unfinished(inspection: Inspection, entries: Mapping[str, Entry]) -> Iterator[Problem]:
    """Find what some entries have and others lack; a folder of before has none of it."""
    plain = any(entry.plain for entry in entries.values())
    asked = any(
        list(statement.asks.all_in(language))
        for entry in entries.values()
        for statement in entry.statements()
        for language in LANGUAGES
    )
    for id_, entry in entries.items():
        document = inspection.documents[f"entries/{id_}"]
        if plain and not entry.plain:
            yield document.problem((), "problems.no_plain_words", level=Level.WARNING)
        if asked:
            yield from _few_asks(entry, document)


def _few_asks(entry: Entry, document: Document) -> Iterator[Problem]:
    for where, statement in entry.placed():
        for language in LANGUAGES:
            count = len(list(statement.asks.all_in(language)))
            if statement.sources and count < _ASKS:
                name = lazy("problems.chinese" if language == "zh" else "problems.english")
                yield document.problem(
                    where,
                    "problems.few_asks",
                    level=Level.WARNING,
                    number=count,
                    least=_ASKS,
                    tongue=name,
                )


def is_hearsay(statement: Text) -> bool:
    """Return whether a statement says that others reported it."""
    return any(told.search(statement.in_(language)) for language, told in _HEARSAY.items())


def _hearsay(inspection: Inspection, entries: Mapping[str, Entry]) -> Iterator[Problem]:
    """Find statements that others reported, where these are too many."""
    placed = [(id_, *one) for id_, entry in entries.items() for one in entry.placed()]
    found = [(id_, where) for id_, where, statement in placed if is_hearsay(statement)]
    if len(found) <= _MOST_HEARSAY * len(placed):
        return
    for id_, where in found:
        yield inspection.documents[f"entries/{id_}"].problem(
            where,
            "problems.hearsay",
            level=Level.WARNING,
            number=len(found),
            of=len(placed),
            share=_MOST_HEARSAY,
        )


def _stale(entry: Entry, document: Document, oldest: str) -> Iterator[Problem]:
    """Find figures with old sources only that don't say of which year they are."""
    for where, statement in entry.placed():
        dates = {entry.sources[key].as_of: key for key in statement.sources}
        newest = max(dates, default="")
        # A year alone may mean its last month.
        month = newest[:7] if "-" in newest else f"{newest}-12"
        texts = [statement.in_(language) for language in LANGUAGES]
        undated = any(map(_FIGURE.search, texts)) and not all(map(_YEAR.search, texts))
        if newest and month < oldest and undated:
            yield document.problem(
                where,
                "problems.stale_source",
                level=Level.WARNING,
                key=dates[newest],
                as_of=newest,
            )


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
