"""Lists of cases: all of them, those of a place, those of an entry; the nearest where none are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from ...intents import Understanding, statement_refs
from ...knowledge import Kind
from .paging import ReplyLine
from .stated import Told
from .writer import Writer

_ELSEWHERE: Final = 6
"""How many cases of other places are named where there is none."""


def _all(said: Understanding, write: Writer, listed: Sequence[str]) -> Told:
    """List all cases, or those of a place and then the examples there; else what is nearest."""
    words, knowledge, region = write.knowledge.interface, write.knowledge, said.region
    numbered = [
        write.item(case, mark=f"{number}. ", place=_place(said, write, case))
        for number, case in enumerate(listed, 1)
    ]
    if region is None:
        return Told(write.text(words.case), numbered, places=knowledge.places())
    where, wider = write.region(region), knowledge.wider(region)
    lines = numbered + _examples(region, knowledge.entries, write)
    if not lines:
        lines = [write.line(words.no_cases_in, region=where)]
        lines += _bulleted(said, write, _telling(region, write), write.text(words.nearest))
        near = knowledge.cases_in(wider) if wider else _one_a_region(write)
        there = write.text(words.cases_in, region=write.region(wider)) if wider else ""
        lines += _bulleted(said, write, near, there or write.text(words.elsewhere))
    around = (wider,) if wider else ()
    places = (*knowledge.places(region), *around) or knowledge.places()
    places = tuple(code for code in places if code != region)
    return Told(write.text(words.cases_in, region=where), lines, places=places)


def _of_one(said: Understanding, write: Writer, listed: Sequence[str]) -> Told:
    """List the cases of an entry, perhaps those in a place; else what comes nearest to them."""
    id_, words, knowledge = said.topics[0], write.knowledge.interface, write.knowledge
    entry, name, cases = knowledge.entries[id_], write.name(id_), listed
    title, heading = write.text(words.cases, name=name), ""
    lines: list[ReplyLine] = []
    if said.region:
        where = write.region(said.region)
        title = write.text(words.cases_of_in, name=name, region=where)
        lines = _examples(said.region, [id_], write)
        if not cases and not lines:
            lines = [write.line(words.no_cases_in, region=where)]
            cases, heading = knowledge.cases_for(id_), write.text(words.elsewhere)
            lines += _bulleted(said, write, [case for case in cases if case != id_], heading)
            return Told(title, lines)
        return Told(title, [*_bulleted(said, write, cases), *lines])
    if entry.kind is Kind.CASE:
        lines = [write.line(words.is_case, name=name, names=write.names(entry.shows))]
        heading = write.text(words.nearest)
    elif not knowledge.cases_of(id_):
        lines = write.points(entry.examples, write.text(words.examples))
        if cases:
            above = next(p for p in entry.part_of if knowledge.cases_of(p))
            heading = write.text(words.no_own_cases, name=name, parent=write.name(above))
        elif not lines:
            lines = [write.line(words.no_cases, name=name)]
    others = [case for case in cases if case != id_]
    return Told(title, [*lines, *_bulleted(said, write, others, heading)])


def _examples(region: str, ids: Iterable[str], write: Writer) -> list[ReplyLine]:
    """Return the examples in a region or in a part of it, each with its entry and source."""
    codes, heading = write.knowledge.within(region), write.text(write.knowledge.interface.examples)
    return [
        write.statement(ref, heading, name=True)
        for id_ in ids
        for ref in statement_refs(id_, write.knowledge.entries[id_])
        if ref.section == "examples" and write.stated(ref).region in codes
    ]


def _telling(region: str, write: Writer) -> list[str]:
    """Return the entries of which something holds in a region or in a part of it."""
    codes = write.knowledge.within(region)
    told = write.knowledge.entries.items()
    return [id_ for id_, entry in told if any(one.region in codes for one in entry.statements())]


def _bulleted(
    said: Understanding, write: Writer, ids: Sequence[str], heading: str = ""
) -> list[ReplyLine]:
    return [write.item(id_, heading, place=_place(said, write, id_)) for id_ in ids]


def _place(said: Understanding, write: Writer, id_: str) -> str | None:
    """Return the region of a case, unless it is the one that is asked for."""
    region = write.knowledge.entries[id_].region
    return None if region == said.region else region


def _one_a_region(write: Writer) -> list[str]:
    """Return the first case of each region."""
    first: dict[str | None, str] = {}
    for id_ in write.knowledge.of_kind[Kind.CASE]:
        first.setdefault(write.knowledge.entries[id_].region, id_)
    return list(first.values())[:_ELSEWHERE]


_List: TypeAlias = Callable[[Understanding, Writer, Sequence[str]], Told]

CASES: Final[Mapping[str, _List]] = {"cases": _all, "cases_of": _of_one}
"""What lists cases, by intent, from the entries that the reply lists."""
