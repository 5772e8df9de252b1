"""Reading one YAML file strictly: text stays text, and every value knows its place.

The tree is built from PyYAML's parse events instead of its constructors. So no tag can make an
object, ``no`` and ``2024-01-01`` stay what was typed, and depth and size are bounded whatever the
file holds.
"""

import codecs
import errno
import os
import re
import stat
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias, cast

import yaml

from .messages import lazy
from .problems import Level, Location, Problem
from .syntax_errors import Position, explain_syntax, position_after

MAX_BYTES: Final = 512 * 1024
"""Largest file that is read."""
MAX_DEPTH: Final = 12
"""Deepest nesting of lists and mappings."""

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"
KeyPath: TypeAlias = tuple[str | int, ...]
"""Where a value is in a file: keys and list positions from the root."""

# libyaml where PyYAML was built with it; the Python parser gives the same events, later.
_Loader = cast("type[yaml.CSafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader))
_UNPRINTABLE: Final = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass
class Document:
    """One file as plain strings, lists and dictionaries."""

    path: Path
    """The file."""
    tree: "Tree | None" = None
    """Its content; None if it can't be read."""
    positions: dict[KeyPath, Position] = field(default_factory=dict[KeyPath, Position])
    """Where each value is, counted from 0."""
    problems: list[Problem] = field(default_factory=list[Problem])
    """What is wrong with it."""

    def location(self, where: KeyPath) -> Location:
        """Return the place of a value, or of the nearest enclosing one that exists."""
        for length in range(len(where), -1, -1):
            if found := self.positions.get(where[:length]):
                return _location(self.path, found)
        return Location(self.path)

    def problem(
        self, where: KeyPath, key: str, /, level: Level = Level.ERROR, **values: Hashable
    ) -> Problem:
        """Return a problem with a value, by its message in the catalogue; see :func:`lazy`."""
        return Problem(self.location(where), lazy(key, **values), level)


def read_document(path: Path, folder: Path | None = None) -> Document:
    """Read a YAML file.

    Args:
        path: The file.
        folder: A link that leads out of it isn't followed; any link is if None.

    Returns:
        The document. Faults of the file are in its ``problems``; nothing is raised for them.
    """
    document = Document(path)
    if folder and is_link_outside(path, folder):
        document.problems.append(document.problem((), "problems.link_outside"))
        return document
    try:
        content = read_limited(path)
    except OSError as error:
        reason = error.strerror or str(error)
        document.problems.append(document.problem((), "problems.unreadable_file", reason=reason))
        return document
    return decode_document(content, path)


def decode_document(content: bytes, path: Path) -> Document:
    """Read what a YAML file holds, as :func:`read_document` reads a file.

    Args:
        content: The bytes; if there are more than `MAX_BYTES`, that is noted and no more is done.
        path: What its places and problems name as their file.
    """
    document = Document(path)
    text = _text(document, content)
    if text is not None:
        _parse(document, text)
    return document


def parse_document(text: str, path: Path = Path()) -> Document:
    """Read a YAML text, without a byte order mark, as :func:`read_document` reads a file.

    Args:
        text: The text.
        path: What its places and problems name as their file.
    """
    document = Document(path)
    _parse(document, text)
    return document


def read_limited(path: Path) -> bytes:
    """Read a file, or the beginning of it if it has more than `MAX_BYTES`.

    Args:
        path: The file.

    Returns:
        At most one byte more than `MAX_BYTES`.

    Raises:
        OSError: It can't be read, or is no regular file: a pipe would block, a device never end.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        code = errno.EISDIR if path.is_dir() else errno.EINVAL
        raise OSError(code, os.strerror(code), str(path))
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def is_link_outside(path: Path, folder: Path) -> bool:
    """Return whether a file isn't where its path says, within a folder, but elsewhere."""
    try:
        return not path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a loop: reading it says so
        return False


def _text(document: Document, content: bytes) -> str | None:
    """Return the file's text as it is, or note why there is none."""
    if len(content) > MAX_BYTES:
        document.problems.append(document.problem((), "problems.file_too_large", limit=MAX_BYTES))
        return None
    raw = content.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        where = _location(document.path, position_after(raw[: error.start].decode()))
    document.problems.append(Problem(where, lazy("problems.not_utf8")))
    return None


def _parse(document: Document, text: str) -> None:
    """Build the tree from a text, or note why that can't be done."""
    if found := _UNPRINTABLE.search(text):
        where = _location(document.path, position_after(text[: found.start()]))
        message = lazy("problems.control_character", character=found[0])
        document.problems.append(Problem(where, message))
        return
    _TreeBuilder(document).build(text)


class _TreeBuilder:
    """Turns parse events into a document's tree."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def build(self, text: str) -> None:
        document, events = self._document, _events(text)
        try:
            for event in events:
                if isinstance(event, yaml.NodeEvent):
                    document.tree = self._node(event, events, ())
                elif isinstance(event, yaml.DocumentStartEvent) and document.tree is not None:
                    self._problem(event.start_mark, "problems.second_document")
                    break
        except yaml.MarkedYAMLError as error:
            document.tree = None
            where, message = explain_syntax(error, text)
            document.problems.append(Problem(_location(document.path, where), message))
        except _TooDeepError as error:
            document.tree = None
            self._problem(error.mark, "problems.nested_too_deeply", limit=MAX_DEPTH)
        else:
            if document.tree is None:
                document.problems.append(document.problem((), "problems.empty_file"))

    def _problem(self, mark: yaml.Mark, key: str, /, **values: Hashable) -> None:
        where = _location(self._document.path, (mark.line, mark.column))
        self._document.problems.append(Problem(where, lazy(key, **values)))

    def _node(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], where: KeyPath) -> Tree:
        mark = event.start_mark
        self._document.positions.setdefault(where, (mark.line, mark.column))
        self._refuse_extras(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.AliasEvent):
            return f"*{event.anchor}"
        if len(where) >= MAX_DEPTH:
            raise _TooDeepError(mark)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, where)
        return self._mapping(events, where)

    def _refuse_extras(self, event: yaml.NodeEvent) -> None:
        """Note what YAML can do and this format does without."""
        mark, tag = event.start_mark, getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            self._problem(mark, "problems.yaml_alias")
        elif event.anchor:
            self._problem(mark, "problems.yaml_anchor")
        if tag and tag != "!":
            written = tag.replace("tag:yaml.org,2002:", "!!")
            self._problem(mark, "problems.yaml_tag", tag=written)

    def _scalar(self, event: yaml.ScalarEvent) -> str:
        text: str = event.value
        if found := _UNPRINTABLE.search(text):
            self._problem(event.start_mark, "problems.control_character", character=found[0])
        return text

    def _sequence(self, events: Iterator[yaml.Event], where: KeyPath) -> list[Tree]:
        items: list[Tree] = []
        while isinstance(event := next(events), yaml.NodeEvent):
            items.append(self._node(event, events, (*where, len(items))))
        return items

    def _mapping(self, events: Iterator[yaml.Event], where: KeyPath) -> dict[str, Tree]:
        mapping: dict[str, Tree] = {}
        while isinstance(event := next(events), yaml.NodeEvent):
            key = self._key(event, events)
            value = next(events)
            if key in mapping:
                line, _ = self._document.positions[*where, key]
                self._problem(event.start_mark, "problems.duplicate_key", key=key, line=line + 1)
            if key is None or key in mapping or not isinstance(value, yaml.NodeEvent):
                _skip(value, events)
                continue
            # A problem with a value is best shown at its key: the value may be an empty line.
            mark = event.start_mark
            self._document.positions[*where, key] = (mark.line, mark.column)
            mapping[key] = self._node(value, events, (*where, key))
        return mapping

    def _key(self, event: yaml.NodeEvent, events: Iterator[yaml.Event]) -> str | None:
        """Return a key, or note why it is none."""
        self._refuse_extras(event)
        if isinstance(event, yaml.AliasEvent):
            return None
        if not isinstance(event, yaml.ScalarEvent):
            self._problem(event.start_mark, "problems.key_is_no_text")
            _skip(event, events)
            return None
        if event.value == "<<" and event.implicit[0]:
            self._problem(event.start_mark, "problems.yaml_merge_key")
            return None
        return self._scalar(event)


class _TooDeepError(Exception):
    def __init__(self, mark: yaml.Mark) -> None:
        super().__init__()
        self.mark = mark


def _location(path: Path, where: Position) -> Location:
    line, column = where
    return Location(path, line + 1, column + 1)


def _events(text: str) -> Iterator[yaml.Event]:
    loader = _Loader(text)
    try:
        while event := loader.get_event():
            yield event
    except yaml.MarkedYAMLError as error:
        # libyaml looks ahead in brackets, and from 0.2.6 on gives up at a thousand.
        if error.problem_mark and "nesting depth" in str(error.problem):
            raise _TooDeepError(error.problem_mark) from None
        raise
    finally:
        loader.dispose()


def _skip(event: yaml.Event, events: Iterator[yaml.Event]) -> None:
    """Pass over the rest of a node."""
    depth = 0
    while True:
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _TooDeepError(event.start_mark)
        if not depth:
            return
        event = next(events)
