"""Loads a folder of YAML into :class:`Knowledge`, or reports everything that is wrong with it."""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from .care import Care
from .document import Document, KeyPath, Tree, read_document
from .graph import Content, Knowledge
from .house_style import HostName, HouseStyle, InstitutionName
from .interface import Interface
from .messages import lazy
from .models import (
    ID,
    MAX_ID,
    Entry,
    Id,
    Intent,
    Kind,
    NonEmptyStr,
    Outside,
    Overview,
    Region,
    RegionCode,
    Term,
)
from .problems import KnowledgeError, Location, Problem, did_you_mean
from .references import check_references
from .sample_questions import SampleQuestions
from .validation_errors import problems_of

T = TypeVar("T")
_Rank: TypeAlias = tuple[int, tuple[int, ...], int, str]

SHIPPED: Final = Path(__file__).parent / "data"
"""The knowledge that comes with the package."""
FILES: Final = (
    "overview",
    "interface",
    "regions",
    "glossary",
    "outside",
    "ambiguous",
    "care",
    "names",
    "hosts",
)
"""The files at the top of a folder of knowledge, without their suffix."""


@dataclass(frozen=True)
class Inspection:
    """What a folder of knowledge holds."""

    knowledge: Knowledge | None
    """The knowledge, without entries that are malformed; None if too little could be read."""
    problems: tuple[Problem, ...]
    """All of them, sorted by location."""
    documents: Mapping[str, Document] = field(default_factory=dict[str, Document])
    """The files read, by their name relative to the folder without the suffix."""
    style: HouseStyle = field(default_factory=HouseStyle)
    """What its texts and sources are held to."""

    @property
    def entry_ids(self) -> frozenset[str]:
        """Return the ids of all entry files, also of those that are malformed."""
        folders = (name.rpartition("/") for name in self.documents)
        return frozenset(stem for folder, _, stem in folders if folder == "entries")

    def location(self, document: str, where: KeyPath) -> Location:
        """Return where a value stands, by its file's name and its keys."""
        return self.documents[document].location(where)


def load(folder: Path = SHIPPED) -> Knowledge:
    """Load a folder of knowledge.

    Args:
        folder: Holds ``entries/*.yaml``, ``overview.yaml``, ``interface.yaml`` and, if wanted,
            any other of `FILES`.

    Returns:
        The knowledge.

    Raises:
        KnowledgeError: The folder has problems; the error lists all of them.
    """
    inspection = inspect(folder)
    if inspection.problems or inspection.knowledge is None:
        raise KnowledgeError(inspection.problems)
    return inspection.knowledge


def inspect(folder: Path) -> Inspection:
    """Read a folder of knowledge and check all of it, however much is wrong.

    Args:
        folder: See :func:`load`.

    Returns:
        The knowledge, where it could be read, and every problem found.
    """
    try:
        reader = _FolderReader(folder)
    except OSError as error:
        return Inspection(None, (_unreadable(folder, error),))
    entries = reader.entries()
    overview = reader.file("overview", Overview)
    interface = reader.file("interface", Interface)
    content = Content(
        entries=dict(sorted(entries.items(), key=lambda item: _rank(*item, entries))),
        glossary=reader.table("glossary", dict[Id, Term]),
        outside=reader.table("outside", dict[Id, Outside]),
        regions=reader.table("regions", dict[RegionCode, Region]),
        ambiguous=reader.table("ambiguous", dict[str, tuple[Id, ...]]),
        asks=reader.asks(),
    )
    care = reader.file("care", Care, optional=True)
    style = HouseStyle(
        names=reader.table("names", dict[Id, InstitutionName]),
        hosts=reader.table("hosts", dict[HostName, NonEmptyStr]),
    )
    problems = set(reader.problems)
    if reader.known_ids:
        problems.update(check_references(content, reader.documents, reader.known_ids))
    knowledge = None
    if entries and overview and interface:
        knowledge = Knowledge(
            entries=content.entries,
            glossary=content.glossary,
            outside=content.outside,
            regions=content.regions,
            ambiguous=content.ambiguous,
            asks=content.asks,
            overview=overview,
            interface=interface,
            care=care,
        )
    return Inspection(knowledge, tuple(sorted(problems)), reader.documents, style)


def _rank(id_: str, entry: Entry, entries: Mapping[str, Entry]) -> _Rank:
    """Sort entries by kind and order; points by their parent's place first."""
    kinds = list(Kind)
    parent = next((entries[id_] for id_ in entry.part_of if id_ in entries), None)
    above = (kinds.index(parent.kind), parent.order) if parent and entry.kind is Kind.POINT else ()
    return (kinds.index(entry.kind), above, entry.order, id_)


def _unreadable(folder: Path, error: OSError) -> Problem:
    reason = error.strerror or str(error)
    return Problem(Location(folder), lazy("problems.unreadable_folder", reason=reason))


def _listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


class _FolderReader:
    """Reads the files of a folder and gathers their problems.

    Args:
        folder: The folder.

    Raises:
        OSError: It can't be listed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = _listed(folder)
        self.problems: list[Problem] = []
        self.documents: dict[str, Document] = {}
        self.known_ids: frozenset[str] = frozenset()
        for stem in self._stems(folder, self._names):
            if stem not in FILES:
                suggestion = did_you_mean(stem, FILES)
                path = folder / f"{stem}.yaml"
                self._problem(path, "problems.unknown_file", name=stem, suggestion=suggestion)

    def entries(self) -> dict[str, Entry]:
        """Read all entries."""
        folder = self._folder / "entries"
        if "entries" not in self._names:
            self._problem(folder, "problems.missing_entries_folder")
            return {}
        problems = len(self.problems)
        stems = self._within("entries")
        if not stems and len(self.problems) == problems:
            self._problem(folder, "problems.no_entries")
        self.known_ids = frozenset(stems)
        found: dict[str, Entry] = {}
        for stem in stems:
            path = folder / f"{stem}.yaml"
            if len(stem) > MAX_ID or not re.fullmatch(ID, stem):
                self._problem(path, "problems.bad_file_name", name=stem, limit=MAX_ID)
            document = self._document(f"entries/{stem}", path)
            if (entry := self._valid(document, Entry)) is not None:
                found[stem] = entry
        return found

    def asks(self) -> dict[str, SampleQuestions]:
        """Read how people ask, a file for each thing that they want; the folder may be missing."""
        found: dict[str, SampleQuestions] = {}
        for stem in self._within("asks") if "asks" in self._names else ():
            path = self._folder / "asks" / f"{stem}.yaml"
            if stem not in list(Intent):
                suggestion = did_you_mean(stem, Intent)
                self._problem(path, "problems.unknown_intent", name=stem, suggestion=suggestion)
                continue
            phrasings = self._valid(self._document(f"asks/{stem}", path), SampleQuestions)
            if phrasings is not None:
                found[stem] = phrasings
        return found

    def _within(self, name: str) -> list[str]:
        """Return the stems of the YAML files in a folder of the folder."""
        folder = self._folder / name
        try:
            return self._stems(folder, _listed(folder))
        except OSError as error:
            self.problems.append(_unreadable(folder, error))
            return []

    def file(self, name: str, model: type[T], *, optional: bool = False) -> T | None:
        """Read a file that holds one model."""
        path = self._folder / f"{name}.yaml"
        if path.name not in self._names:
            if not optional:
                self._problem(path, "problems.missing_file")
            return None
        return self._valid(self._document(name, path), model)

    def table(self, name: str, rows: type[dict[str, T]]) -> dict[str, T]:
        """Read a file that maps keys to values; it may be missing."""
        path = self._folder / f"{name}.yaml"
        if path.name not in self._names:
            return {}
        document = self._document(name, path)
        if not isinstance(document.tree, dict):
            return self._valid(document, rows) or {}
        found: dict[str, T] = {}
        for key, tree in document.tree.items():
            # One by one, so that a malformed row hides no other.
            found |= self._validated(document, rows, {key: tree}) or {}
        return found

    def _stems(self, folder: Path, names: list[str]) -> list[str]:
        """Return the stems of the YAML files among names."""
        for name in names:
            if name.lower().endswith((".yml", ".yaml")) and not name.endswith(".yaml"):
                self._problem(folder / name, "problems.wrong_suffix")
        return [name.removesuffix(".yaml") for name in names if name.endswith(".yaml")]

    def _document(self, name: str, path: Path) -> Document:
        document = read_document(path, self._folder)
        self.documents[name] = document
        self.problems.extend(document.problems)
        return document

    def _valid(self, document: Document, type_: type[T]) -> T | None:
        return None if document.tree is None else self._validated(document, type_, document.tree)

    def _validated(self, document: Document, type_: type[T], tree: Tree) -> T | None:
        validate = cast("Callable[[Tree], T]", _adapter(type_).validate_python)
        try:
            return validate(tree)
        except ValidationError as error:
            self.problems += problems_of(error, document, type_)
            return None

    def _problem(self, path: Path, key: str, /, **values: Hashable) -> None:
        self.problems.append(Problem(Location(path), lazy(key, **values)))


@cache
def _adapter(type_: type[object]) -> TypeAdapter[object]:
    return TypeAdapter(type_)
