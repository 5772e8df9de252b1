"""Reading one YAML file strictly: text stays text, and every value knows its place.

The tree is built from PyYAML's parse events instead of its constructors. So no tag can make an
object, ``no`` and ``2024-01-01`` stay what was typed, and depth and size are bounded whatever the
file holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from .problems import Place, Problem

MAX_BYTES = 512 * 1024
"""Largest file that is read."""
MAX_DEPTH = 12
"""Deepest nesting of lists and mappings."""

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"
Route: TypeAlias = tuple[str | int, ...]

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Document:
    """One file as plain strings, lists and dictionaries."""

    path: Path
    """The file."""
    tree: "Tree | None" = None
    """Its content; None if it can't be read."""
    places: dict[Route, Place] = field(default_factory=dict[Route, Place])
    """Where each value stands, by its keys and list positions from the root."""
    problems: list[Problem] = field(default_factory=list[Problem])
    """What is wrong with it."""

    def place(self, where: Route) -> Place:
        """Return the place of a value, or of the nearest enclosing one that exists."""
        for length in range(len(where), -1, -1):
            if found := self.places.get(where[:length]):
                return found
        return Place(self.path)


def read_document(path: Path) -> Document:
    """Read a YAML file.

    Args:
        path: The file.

    Returns:
        The document. Faults of the file are in its ``problems``; nothing is raised for them.
    """
    document = Document(path)
    text = _text(document)
    if text is not None:
        _Builder(document).build(text)
    return document


def _text(document: Document) -> str | None:
    """Return the file's text, or note why there is none."""
    path = document.path
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            what = f"the file has {size:,} bytes, more than {MAX_BYTES:,}"
            document.problems.append(Problem(Place(path), what, "split it or cut it down"))
            return None
        raw = path.read_bytes()
    except OSError as error:
        what = f"the file can't be read ({error.strerror or error})"
        document.problems.append(Problem(Place(path), what, "check its name and permissions"))
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        place = Place(path, line, column)
        document.problems.append(Problem(place, "this is not UTF-8", "save the file as UTF-8"))
        return None


class _Builder:
    """Turns parse events into a document's tree."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def build(self, text: str) -> None:
        document = self._document
        try:
            events = yaml.parse(text, Loader=_Loader)
            documents = 0
            for event in events:
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        what, mend = "a second document starts here", "keep one document a file"
                        self._problem(event.start_mark, what, mend)
                        return
                elif isinstance(event, yaml.NodeEvent):
                    document.tree = self._node(event, events, ())
        except yaml.MarkedYAMLError as error:
            document.tree = None
            self._problem(error.problem_mark or error.context_mark, *_syntax(error, text))
        except yaml.YAMLError as error:
            document.tree = None
            what = f"this is not YAML ({error})".replace("\n", " ")
            self._problem(None, what, "remove control characters and check the file in an editor")
        except _TooDeepError as error:
            document.tree = None
            what = f"nested more than {MAX_DEPTH} deep"
            self._problem(error.mark, what, "the format needs no such depth; look for a stray [ or {")
        else:
            if document.tree is None and not document.problems:
                self._problem(None, "the file is empty", "fill it in or delete it")

    def _problem(self, mark: yaml.Mark | None, what: str, mend: str) -> None:
        place = _place(self._document.path, mark) if mark else Place(self._document.path)
        self._document.problems.append(Problem(place, what, mend))

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], where: Route) -> Tree:
        mark = event.start_mark
        if len(where) > MAX_DEPTH:
            raise _TooDeepError(mark)
        self._document.places.setdefault(where, _place(self._document.path, mark))
        if isinstance(event, yaml.AliasEvent):
            self._problem(mark, "YAML aliases (*name) are not used here", "write the value out")
            return ""
        if getattr(event, "anchor", None):
            self._problem(mark, "YAML anchors (&name) are not used here", "take the anchor out")
        tag = getattr(event, "tag", None)
        if tag and tag != "!":
            self._problem(mark, f"YAML tags ({tag}) are not used here", "take the tag out")
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Tree] = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                items.append(self._node(event, events, (*where, len(items))))
            return items
        return self._mapping(events, where)

    def _mapping(self, events: Iterator[yaml.Event], where: Route) -> dict[str, Tree]:
        mapping: dict[str, Tree] = {}
        first: dict[str, Place] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            mark = event.start_mark
            key = self._node(event, events, (*where, "\0key"))
            self._document.places.pop((*where, "\0key"), None)
            value_event = next(events)
            if not isinstance(key, str):
                what = "a key must be plain text"
                self._problem(mark, what, "put quotes around it if it starts with [, { or ?")
                self._node(value_event, events, (*where, "\0value"))
                continue
            place = _place(self._document.path, mark)
            if key in mapping:
                what = f"the key '{key}' stands here again (first in line {first[key].line})"
                self._problem(mark, what, "keep one of the two")
                self._node(value_event, events, (*where, "\0again"))
                continue
            first[key] = place
            # A problem with a value is best shown at its key: the value may be an empty line.
            self._document.places[*where, key] = place
            mapping[key] = self._node(value_event, events, (*where, key))
        return mapping


class _TooDeepError(Exception):
    def __init__(self, mark: yaml.Mark) -> None:
        super().__init__()
        self.mark = mark


def _place(path: Path, mark: yaml.Mark) -> Place:
    return Place(path, mark.line + 1, mark.column + 1)


def _syntax(error: yaml.MarkedYAMLError, text: str) -> tuple[str, str]:
    """Say what a syntax error is and how to mend it, in an operator's words."""
    problem = error.problem or "syntax error"
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines()
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())] or "tab" in problem or "'\\t'" in problem:
        return "a tab stands where YAML wants spaces", "indent with spaces"
    if "mapping values are not allowed" in problem:
        return "a colon stands where none may", "put quotes around text that holds ': '"
    if "%" in problem or "@" in problem or "`" in problem or "cannot start any token" in problem:
        return "text starts with a character that YAML reserves", "put quotes around it"
    if "expected <block end>" in problem or "did not find expected" in problem:
        return f"YAML syntax error ({problem})", "check indentation, quotes and brackets just above"
    return f"YAML syntax error ({problem})", "check quotes, brackets and indentation here"
