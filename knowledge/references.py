"""Checks of references: every id that is named exists, and is allowed where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from .document import Document, KeyPath
from .graph import Content
from .models import Entry, Kind
from .problems import Location, Problem, did_you_mean

_LINKS: Final = ("part_of", "shows", "driven_by", "uses", "related")
_ONLY_FOR_CASES: Final = ("shows", "region")
_STATEMENTS: Final = ("facts", "benefits", "challenges", "why", "examples", "contrasts")
_FEWEST_MEANINGS: Final = 2
"""How many entries a name must be able to mean for the bot to ask which."""


def check_references(
    content: Content, documents: Mapping[str, Document], known_ids: frozenset[str]
) -> Iterator[Problem]:
    """Find what is wrong between files.

    Args:
        content: All that could be read.
        documents: Where everything is.
        known_ids: Ids of all entry files, also of those that can't be read: a link to one of
            them isn't wrong.

    Yields:
        The problems.
    """
    for id_, entry in content.entries.items():
        document = documents[f"entries/{id_}"]
        yield from _links(id_, entry, document, known_ids)
        yield from _kind(entry, document, content)
        yield from _sources(entry, document)
    yield from _contrasts(content, documents, known_ids)
    for id_, term in content.glossary.items():
        document = documents["glossary"]
        yield from _named((term.see,), (id_, "see"), document, known_ids)
        if id_ in known_ids:
            yield document.problem((id_,), "problems.term_is_an_entry", id=id_)
    for id_, outside in content.outside.items():
        yield from _named(outside.near, (id_, "near"), documents["outside"], known_ids)
    for name, ids in content.ambiguous.items():
        document = documents["ambiguous"]
        yield from _named(ids, (name,), document, known_ids)
        if len(ids) < _FEWEST_MEANINGS:
            yield document.problem((name,), "problems.one_meaning", name=name)
    yield from _regions(content, documents)


def _named(
    ids: Sequence[str], where: KeyPath, document: Document, known: frozenset[str]
) -> Iterator[Problem]:
    """Check a list of entry ids, or a single one."""
    for position, id_ in enumerate(ids):
        if id_ not in known:
            yield document.problem(
                (*where, position),
                "problems.unknown_entry",
                id=id_,
                suggestion=did_you_mean(id_, known),
            )
        elif id_ in ids[:position]:
            yield document.problem((*where, position), "problems.listed_twice", id=id_)


def _links(id_: str, entry: Entry, document: Document, known: frozenset[str]) -> Iterator[Problem]:
    for key in _LINKS:
        targets: tuple[str, ...] = getattr(entry, key)
        yield from _named(targets, (key,), document, known)
        if id_ in targets:
            yield document.problem((key, targets.index(id_)), "problems.self_link", id=id_)


def _kind(entry: Entry, document: Document, content: Content) -> Iterator[Problem]:
    for key in _ONLY_FOR_CASES:
        if getattr(entry, key) and entry.kind is not Kind.CASE:
            yield document.problem((key,), "problems.only_for_cases", key=key, kind=entry.kind)
    if entry.kind is Kind.POINT and not entry.part_of:
        yield document.problem(("kind",), "problems.point_of_nothing")
    if entry.kind is Kind.CASE and not entry.shows:
        yield document.problem(("kind",), "problems.case_of_nothing")
    for position, driver in enumerate(entry.driven_by):
        target = content.entries.get(driver)
        if target and target.kind is not Kind.DRIVER:
            yield document.problem(
                ("driven_by", position),
                "problems.not_a_driver",
                id=driver,
                kind=target.kind,
                suggestion=did_you_mean(driver, content.of_kind[Kind.DRIVER]),
            )


def _sources(entry: Entry, document: Document) -> Iterator[Problem]:
    used: set[str] = set()
    for key in _STATEMENTS:
        for position, fact in enumerate(getattr(entry, key)):
            used.update(fact.sources)
            for number, source in enumerate(fact.sources):
                where = (key, position, "sources", number)
                if source not in entry.sources:
                    suggestion = did_you_mean(source, entry.sources)
                    yield document.problem(
                        where, "problems.unknown_source", key=source, suggestion=suggestion
                    )
                elif source in fact.sources[:number]:
                    yield document.problem(where, "problems.listed_twice", id=source)
    for source in entry.sources.keys() - used:
        yield document.problem(("sources", source), "problems.unused_source", key=source)


def _contrasts(
    content: Content, documents: Mapping[str, Document], known: frozenset[str]
) -> Iterator[Problem]:
    said: dict[frozenset[str], Location] = {}
    for id_, entry in content.entries.items():
        document = documents[f"entries/{id_}"]
        for position, contrast in enumerate(entry.contrasts):
            where = ("contrasts", position, "with")
            other, others = contrast.with_, known - {id_}
            if other not in others:
                suggestion = did_you_mean(other, others)
                yield document.problem(
                    where, "problems.unknown_other_entry", id=other, suggestion=suggestion
                )
                continue
            location = document.location(where)
            first = said.setdefault(frozenset((id_, other)), location)
            if first is not location:
                yield document.problem(
                    where, "problems.contrast_twice", id=id_, other=other, location=first
                )


def _regions(content: Content, documents: Mapping[str, Document]) -> Iterator[Problem]:
    document = documents.get("regions")
    if document and not isinstance(document.tree, dict):
        return  # what can't be read may hold any region
    known = document.tree.keys() if document and isinstance(document.tree, dict) else ()
    named: list[tuple[str, Document, KeyPath]] = [
        (code, documents["regions"], (region, "includes", position))
        for region, row in content.regions.items()
        for position, code in enumerate(row.includes)
    ]
    for id_, entry in content.entries.items():
        if entry.region:
            named.append((entry.region, documents[f"entries/{id_}"], ("region",)))
    for code, file, where in named:
        if code not in known:
            suggestion = did_you_mean(code, known)
            yield file.problem(where, "problems.unknown_region", code=code, suggestion=suggestion)
