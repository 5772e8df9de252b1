"""Checks across files: every id that is named exists and may stand where it stands."""

from collections.abc import Iterable, Iterator, Mapping

from .document import Document, Route
from .library import Knowledge
from .model import Entry, Kind
from .problems import Place, Problem, did_you_mean

_LINKS = ("part_of", "shows", "driven_by", "uses", "related")
_ONLY_FOR_CASES = ("shows", "region")


def check(
    knowledge: Knowledge, documents: Mapping[str, Document], known_ids: frozenset[str]
) -> Iterator[Problem]:
    """Find what is wrong between files.

    Args:
        knowledge: All files that could be read.
        documents: Where everything stands.
        known_ids: Ids of all entry files, also of those that can't be read: a link to one of
            them isn't wrong.

    Yields:
        The problems.
    """
    for id_, entry in knowledge.entries.items():
        document = documents[f"entries/{id_}"]
        yield from _links(id_, entry, document, known_ids)
        yield from _kind(entry, document, knowledge)
        yield from _sources(entry, document)
    yield from _contrasts(knowledge, documents)
    for id_, term in knowledge.glossary.items():
        document = documents["glossary"]
        yield from _known((term.see,), ("see",), known_ids, document, (id_,))
        if id_ in known_ids:
            what = f"the term '{id_}' has the id of an entry"
            yield Problem(document.place((id_,)), what, "give it another id, or drop it")
    for id_, outside in knowledge.outside.items():
        yield from _known(outside.near, ("near",), known_ids, documents["outside"], (id_,))
    for name, ids in knowledge.ambiguous.items():
        document = documents["ambiguous"]
        yield from _known(ids, (), known_ids, document, (name,))
        if len(ids) < 2:  # noqa: PLR2004 - a choice needs two
            what = f"'{name}' has one meaning only"
            yield Problem(document.place((name,)), what, "make it an alias of that entry")
    for code, region in knowledge.regions.items():
        regions = frozenset(knowledge.regions)
        yield from _known(
            region.includes, ("includes",), regions, documents["regions"], (code,), "region"
        )


def _known(
    ids: Iterable[str],
    keys: Route,
    known: frozenset[str],
    document: Document,
    where: Route,
    noun: str = "entry",
) -> Iterator[Problem]:
    for position, id_ in enumerate(ids):
        if id_ not in known:
            place = document.place((*where, *keys, position))
            yield Problem(place, f"there is no {noun} '{id_}'", did_you_mean(id_, known))


def _links(id_: str, entry: Entry, document: Document, known: frozenset[str]) -> Iterator[Problem]:
    for key in _LINKS:
        targets: tuple[str, ...] = getattr(entry, key)
        yield from _known(targets, (key,), known, document, ())
        if id_ in targets:
            place = document.place((key, targets.index(id_)))
            yield Problem(place, f"'{id_}' is linked with itself", "take the link out")


def _kind(entry: Entry, document: Document, knowledge: Knowledge) -> Iterator[Problem]:
    for key in _ONLY_FOR_CASES:
        if getattr(entry, key) and entry.kind is not Kind.CASE:
            what = f"'{key}' is for cases, this is a {entry.kind}"
            yield Problem(document.place((key,)), what, "take it out or change the kind")
    if entry.kind is Kind.POINT and not entry.part_of:
        what, mend = "a point must be part of something", "add 'part_of: [<id of a trend>]'"
        yield Problem(document.place(()), what, mend)
    if entry.kind is Kind.CASE and not entry.shows:
        what, mend = "a case must show something", "add 'shows: [<id of a trend>]'"
        yield Problem(document.place(()), what, mend)
    if entry.region and entry.region not in knowledge.regions:
        what = f"there is no region '{entry.region}'"
        mend = did_you_mean(entry.region, knowledge.regions)
        yield Problem(document.place(("region",)), what, mend)
    for position, driver in enumerate(entry.driven_by):
        target = knowledge.entries.get(driver)
        if target and target.kind is not Kind.DRIVER:
            what = f"'{driver}' is a {target.kind}, not a driver"
            mend = did_you_mean(driver, knowledge.of_kind(Kind.DRIVER))
            yield Problem(document.place(("driven_by", position)), what, mend)


def _sources(entry: Entry, document: Document) -> Iterator[Problem]:
    used: set[str] = set()
    for key in ("facts", "benefits", "challenges", "why", "examples", "contrasts"):
        for position, fact in enumerate(getattr(entry, key)):
            used.update(fact.sources)
            for number, source in enumerate(fact.sources):
                if source not in entry.sources:
                    place = document.place((key, position, "sources", number))
                    what = f"there is no source '{source}' in this file"
                    yield Problem(place, what, did_you_mean(source, entry.sources))
    for source in entry.sources.keys() - used:
        what = f"no statement uses the source '{source}'"
        mend = "name it under the fact that it backs, or take it out"
        yield Problem(document.place(("sources", source)), what, mend)


def _contrasts(knowledge: Knowledge, documents: Mapping[str, Document]) -> Iterator[Problem]:
    said: dict[frozenset[str], Place] = {}
    for id_, entry in knowledge.entries.items():
        document = documents[f"entries/{id_}"]
        for position, contrast in enumerate(entry.contrasts):
            where: Route = ("contrasts", position, "with")
            known = frozenset(knowledge.entries)
            if contrast.with_ not in known or contrast.with_ == id_:
                what = f"there is no other entry '{contrast.with_}'"
                yield Problem(document.place(where), what, did_you_mean(contrast.with_, known))
                continue
            pair = frozenset((id_, contrast.with_))
            if pair in said:
                what = f"how '{id_}' and '{contrast.with_}' differ is said at {said[pair]} already"
                yield Problem(document.place(where), what, "keep one of the two")
            said.setdefault(pair, document.place(where))
