"""From a folder of YAML to :class:`Knowledge`, or to everything that is wrong with the folder."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from .checks import check
from .document import Document, Route, Tree, read_document
from .interface import Interface
from .library import Knowledge
from .model import Entry, Id, Kind, Links, Outside, Overview, Region, RegionCode, Term
from .problems import KnowledgeError, Place, Problem
from .wording import explain

T = TypeVar("T")

SHIPPED = Path(__file__).parent / "data"
"""The knowledge that comes with the package."""


@dataclass(frozen=True)
class Inspection:
    """What a folder of knowledge holds."""

    knowledge: Knowledge | None
    """The knowledge; None if a file is missing or malformed."""
    problems: tuple[Problem, ...]
    """Everything to mend, in order of place."""
    documents: Mapping[str, Document] = field(default_factory=dict[str, Document])
    """The files read, by their name relative to the folder without the suffix."""

    def place(self, document: str, where: Route) -> Place:
        """Return where a value stands, by its file's name and its keys."""
        return self.documents[document].place(where)


def load(folder: Path = SHIPPED) -> Knowledge:
    """Load a folder of knowledge.

    Args:
        folder: Holds ``entries/*.yaml``, ``overview.yaml``, ``interface.yaml`` and, if wanted,
            ``glossary.yaml``, ``outside.yaml``, ``regions.yaml`` and ``ambiguous.yaml``.

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
    reader = _Reader(folder)
    entries = reader.entries()
    overview = reader.file("overview", Overview)
    interface = reader.file("interface", Interface)
    regions = reader.table("regions", RegionCode, Region)
    glossary = reader.table("glossary", Id, Term)
    outside = reader.table("outside", Id, Outside)
    ambiguous = reader.table("ambiguous", str, Links)
    if not entries or overview is None or interface is None:
        return Inspection(None, tuple(sorted(reader.problems)), reader.documents)
    ordered = dict(sorted(entries.items(), key=lambda item: _rank(*item, entries)))
    knowledge = Knowledge(ordered, overview, glossary, outside, regions, ambiguous, interface)
    problems = [*reader.problems, *check(knowledge, reader.documents, reader.known_ids)]
    return Inspection(knowledge, tuple(sorted(set(problems))), reader.documents)


def fingerprint(*folders: Path) -> str:
    """Return a digest of all YAML under folders: the same content, the same digest."""
    digest = hashlib.blake2b(digest_size=16)
    for folder in folders:
        for path in sorted(folder.rglob("*.yaml")):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _rank(id_: str, entry: Entry, entries: Mapping[str, Entry]) -> tuple[Any, ...]:
    """Sort entries by kind and order; points by their parent's place first."""
    kinds = list(Kind)
    parent = next((entries[id_] for id_ in entry.part_of if id_ in entries), None)
    above = (kinds.index(parent.kind), parent.order) if parent and entry.kind is Kind.POINT else ()
    return (kinds.index(entry.kind), above, entry.order, id_)


class _Reader:
    """Reads the files of a folder and gathers their problems."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.problems: list[Problem] = []
        self.documents: dict[str, Document] = {}
        self.known_ids: frozenset[str] = frozenset()

    def entries(self) -> dict[str, Entry]:
        folder = self._folder / "entries"
        if not folder.is_dir():
            what, mend = "there is no such folder", "make it and put one YAML file an entry in it"
            self.problems.append(Problem(Place(folder), what, mend))
            return {}
        for path in sorted(folder.glob("*.yml")):
            mend = "rename it to end in .yaml"
            self.problems.append(Problem(Place(path), "only .yaml files are read", mend))
        found: dict[str, Entry] = {}
        paths = sorted(path for path in folder.glob("*.yaml") if not path.name.startswith("."))
        self.known_ids = frozenset(path.stem for path in paths)
        if not paths:
            what, mend = "there is no entry in this folder", "put one YAML file an entry in it"
            self.problems.append(Problem(Place(folder), what, mend))
        for path in paths:
            try:
                TypeAdapter(Id).validate_python(path.stem)
            except ValidationError:
                what = f"'{path.stem}' is not fit for an id"
                mend = "name the file with a-z, 0-9 and single hyphens, 32 characters at most"
                self.problems.append(Problem(Place(path), what, mend))
            if (entry := self.file(f"entries/{path.stem}", Entry)) is not None:
                found[path.stem] = entry
        return found

    def file(self, name: str, model: type[T]) -> T | None:
        """Read a file that holds one model."""
        path = self._folder / f"{name}.yaml"
        if not path.is_file():
            mend = "add the file; 'efinbot check' on the shipped knowledge shows what belongs in it"
            self.problems.append(Problem(Place(path), "the file is missing", mend))
            return None
        document = self._document(name, path)
        if document.tree is None:
            return None
        return self._valid(document, model, document.tree, ())

    def table(self, name: str, key: Any, value: Any) -> dict[str, Any]:  # noqa: ANN401 - types as values
        """Read a file that maps keys to models; it may be missing."""
        path = self._folder / f"{name}.yaml"
        if not path.is_file():
            return {}
        document = self._document(name, path)
        if not isinstance(document.tree, dict):
            if document.tree is not None:
                what = "the file must map keys to values"
                self.problems.append(Problem(Place(path), what, "write 'key:' at the line's start"))
            return {}
        rows: dict[str, Any] = {}
        for id_, tree in document.tree.items():
            valid_key = self._valid(document, key, id_, (id_,))
            valid_value = self._valid(document, value, tree, (id_,))
            if valid_key is not None and valid_value is not None:
                rows[valid_key] = valid_value
        return rows

    def _document(self, name: str, path: Path) -> Document:
        document = read_document(path)
        self.documents[name] = document
        self.problems.extend(document.problems)
        return document

    def _valid(self, document: Document, type_: type[T], tree: Tree, where: Route) -> T | None:
        validate = cast("Callable[[Tree], T]", TypeAdapter(type_).validate_python)
        try:
            return validate(tree)
        except ValidationError as error:
            for detail in error.errors():
                route, what, mend = explain(detail, type_)
                place = document.place((*where, *route))
                self.problems.append(Problem(place, what, mend))
            return None
