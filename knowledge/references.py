"""Checks across files: every id that is named exists and may stand where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from .document import Document, Route
from .graph import Tables
from .models import Entry, Kind
from .problems import Location, Problem, did_you_mean, plain, quoted

_LINKS: Final = ("part_of", "shows", "driven_by", "uses", "related")
_ONLY_FOR_CASES: Final = ("shows", "region")
_STATEMENTS: Final = ("facts", "benefits", "challenges", "why", "examples", "contrasts")
_FEWEST_MEANINGS: Final = 2
"""How many entries a name must be able to mean for the bot to ask which."""


def check(
    tables: Tables, documents: Mapping[str, Document], known_ids: frozenset[str]
) -> Iterator[Problem]:
    """Find what is wrong between files.

    Args:
        tables: All that could be read.
        documents: Where everything stands.
        known_ids: Ids of all entry files, also of those that can't be read: a link to one of
            them isn't wrong.

    Yields:
        The problems.
    """
    for id_, entry in tables.entries.items():
        document = documents[f"entries/{id_}"]
        yield from _links(id_, entry, document, known_ids)
        yield from _kind(entry, document, tables)
        yield from _sources(entry, document)
    yield from _contrasts(tables, documents, known_ids)
    for id_, term in tables.glossary.items():
        document = documents["glossary"]
        yield from _named((term.see,), (id_, "see"), document, known_ids)
        if id_ in known_ids:
            what = f"the term '{id_}' has the id of an entry"
            yield Problem(document.location((id_,)), plain(what, "give it another id, or drop it"))
    for id_, outside in tables.outside.items():
        yield from _named(outside.near, (id_, "near"), documents["outside"], known_ids)
    for name, ids in tables.ambiguous.items():
        document = documents["ambiguous"]
        yield from _named(ids, (name,), document, known_ids)
        if len(ids) < _FEWEST_MEANINGS:
            what = f"{quoted(name)} means fewer than two entries"
            yield Problem(
                document.location((name,)), plain(what, "make it an alias of the one it means")
            )
    yield from _regions(tables, documents)


def _named(
    ids: Sequence[str], route: Route, document: Document, known: frozenset[str]
) -> Iterator[Problem]:
    """Check a list of entry ids, or a single one."""
    for position, id_ in enumerate(ids):
        place = document.location((*route, position))
        if id_ not in known:
            yield Problem(place, plain(f"there is no entry '{id_}'", did_you_mean(id_, known)))
        elif id_ in ids[:position]:
            yield Problem(place, plain(f"'{id_}' stands twice in this list", "keep one of the two"))


def _links(id_: str, entry: Entry, document: Document, known: frozenset[str]) -> Iterator[Problem]:
    for key in _LINKS:
        targets: tuple[str, ...] = getattr(entry, key)
        yield from _named(targets, (key,), document, known)
        if id_ in targets:
            place = document.location((key, targets.index(id_)))
            yield Problem(place, plain(f"'{id_}' is linked with itself", "take the link out"))


def _kind(entry: Entry, document: Document, tables: Tables) -> Iterator[Problem]:
    for key in _ONLY_FOR_CASES:
        if getattr(entry, key) and entry.kind is not Kind.CASE:
            what = f"'{key}' is for cases, this is of the kind '{entry.kind}'"
            yield Problem(document.location((key,)), plain(what, "take it out or change the kind"))
    if entry.kind is Kind.POINT and not entry.part_of:
        what, mend = "a point must be part of something", "add 'part_of: [<id of a trend>]'"
        yield Problem(document.location(("kind",)), plain(what, mend))
    if entry.kind is Kind.CASE and not entry.shows:
        what, mend = "a case must show something", "add 'shows: [<id of a trend>]'"
        yield Problem(document.location(("kind",)), plain(what, mend))
    for position, driver in enumerate(entry.driven_by):
        target = tables.entries.get(driver)
        if target and target.kind is not Kind.DRIVER:
            what = f"'{driver}' is of the kind '{target.kind}', not a driver"
            mend = did_you_mean(driver, tables.of_kind(Kind.DRIVER))
            yield Problem(document.location(("driven_by", position)), plain(what, mend))


def _sources(entry: Entry, document: Document) -> Iterator[Problem]:
    used: set[str] = set()
    for key in _STATEMENTS:
        for position, fact in enumerate(getattr(entry, key)):
            used.update(fact.sources)
            for number, source in enumerate(fact.sources):
                place = document.location((key, position, "sources", number))
                if source not in entry.sources:
                    what = f"there is no source '{source}' in this file"
                    yield Problem(place, plain(what, did_you_mean(source, entry.sources)))
                elif source in fact.sources[:number]:
                    what = f"'{source}' stands twice in this list"
                    yield Problem(place, plain(what, "keep one of the two"))
    for source in entry.sources.keys() - used:
        what = f"no statement uses the source '{source}'"
        mend = "name it under the fact that it backs, or take it out"
        yield Problem(document.location(("sources", source)), plain(what, mend))


def _contrasts(
    tables: Tables, documents: Mapping[str, Document], known: frozenset[str]
) -> Iterator[Problem]:
    said: dict[frozenset[str], Location] = {}
    for id_, entry in tables.entries.items():
        for position, contrast in enumerate(entry.contrasts):
            place = documents[f"entries/{id_}"].location(("contrasts", position, "with"))
            others = known - {id_}
            if contrast.with_ not in others:
                what = f"there is no other entry '{contrast.with_}'"
                yield Problem(place, plain(what, did_you_mean(contrast.with_, others)))
                continue
            first = said.setdefault(frozenset((id_, contrast.with_)), place)
            if first is not place:
                what = f"how '{id_}' and '{contrast.with_}' differ is said at {first} already"
                yield Problem(place, plain(what, "keep one of the two"))


def _regions(tables: Tables, documents: Mapping[str, Document]) -> Iterator[Problem]:
    document = documents.get("regions")
    if document and not isinstance(document.tree, dict):
        return  # what can't be read may hold any region
    known = document.tree.keys() if document and isinstance(document.tree, dict) else ()
    named = [
        (code, documents["regions"].location((region, "includes", position)))
        for region, row in tables.regions.items()
        for position, code in enumerate(row.includes)
    ]
    for id_, entry in tables.entries.items():
        if entry.region:
            named.append((entry.region, documents[f"entries/{id_}"].location(("region",))))
    for code, place in named:
        if code not in known:
            yield Problem(place, plain(f"there is no region '{code}'", did_you_mean(code, known)))
