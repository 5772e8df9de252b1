"""The knowledge as one immutable value, with the links between entries followed both ways."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from .care import Care
from .interface import Interface
from .languages import Language
from .models import Entry, Kind, Outside, Overview, Region, Route, Term
from .sample_questions import SampleQuestions

ADDED_LATER: Final = 100
"""Order from which entries were added later than those that lists begin with."""
_MANY: Final = 8
"""Cases of a region from which its parts are told apart."""


@dataclass(frozen=True)
class Content:
    """The part of the knowledge in which things name each other by id."""

    entries: Mapping[str, Entry]
    """Entries by id, ordered by kind and ``order``."""
    glossary: Mapping[str, Term]
    """Terms by id."""
    outside: Mapping[str, Outside]
    """Things near the subject that are not covered, by id."""
    regions: Mapping[str, Region]
    """Regions by code."""
    ambiguous: Mapping[str, tuple[str, ...]]
    """Names that may mean several entries."""
    asks: Mapping[str, SampleQuestions]
    """How people ask for something in the words of this subject, by what they want."""

    @cached_property
    def of_kind(self) -> Mapping[Kind, tuple[str, ...]]:
        """Return the ids of each kind, in order."""
        return {
            kind: tuple(id_ for id_, entry in self.entries.items() if entry.kind is kind)
            for kind in Kind
        }


@dataclass(frozen=True)
class Knowledge(Content):
    """Everything the bot knows. Built by :func:`efinbot.knowledge.load`; safe to share."""

    overview: Overview
    """The big picture."""
    interface: Interface
    """What the bot itself says."""
    care: Care | None = None
    """What it says to somebody in distress, with where to turn; a few words without it."""

    @cached_property
    def points_of(self) -> Mapping[str, tuple[str, ...]]:
        """Return the entries that are part of each entry, in order."""
        parts = _inverse({id_: entry.part_of for id_, entry in self.entries.items()})
        return {id_: parts.get(id_, ()) for id_ in self.entries}

    @cached_property
    def neighbours(self) -> Mapping[str, tuple[str, ...]]:
        """Return the entries linked with each entry in any way, the closest first."""
        mentioning = _inverse({id_: e.related + e.uses for id_, e in self.entries.items()})
        linked = {
            id_: (
                *self.points_of[id_],
                *self.parents_of(id_),
                *self._shown.get(id_, ()),
                *entry.related,
                *entry.uses,
                *mentioning.get(id_, ()),
            )
            for id_, entry in self.entries.items()
        }
        return {
            id_: tuple(o for o in dict.fromkeys(ids) if o != id_) for id_, ids in linked.items()
        }

    @cached_property
    def dated(self) -> tuple[tuple[str, Route], ...]:
        """Return where each dated statement stands, by its entry, the newest first."""
        dates = {
            (id_, route): date
            for id_, entry in self.entries.items()
            for route, statement in entry.placed()
            if (date := entry.date_of(statement))
        }
        return tuple(sorted(dates, key=dates.__getitem__, reverse=True))

    def parents_of(self, id_: str) -> tuple[str, ...]:
        """Return what an entry belongs to: its parents, or what a case shows."""
        entry = self.entries[id_]
        return entry.part_of or entry.shows

    def cases_of(self, id_: str) -> tuple[str, ...]:
        """Return the cases that show an entry or one of its points, the entry's own first.

        Those that were added later, by their order, follow all others.
        """
        parts = (id_, *self.points_of[id_])
        shown = dict.fromkeys(case for part in parts for case in self._shown.get(part, ()))
        return tuple(sorted(shown, key=lambda case: self.entries[case].order >= ADDED_LATER))

    def cases_for(self, id_: str) -> tuple[str, ...]:
        """Return the cases to show for an entry: its own, or else those of what it belongs to.

        What happened in its own field, as its examples tell, says more than cases of something
        wider: with examples and without cases, there are none.
        """
        if (cases := self.cases_of(id_)) or self.entries[id_].examples:
            return cases
        for parent in self.parents_of(id_):
            if cases := self.cases_of(parent):
                return cases
        return ()

    def drivers_of(self, id_: str) -> tuple[str, ...]:
        """Return the drivers of an entry, or of what it belongs to if it names none."""
        entry = self.entries[id_]
        if entry.driven_by:
            return entry.driven_by
        for parent in self.parents_of(id_):
            if self.entries[parent].kind is Kind.DRIVER:
                return (parent,)
            if drivers := self.entries[parent].driven_by:
                return drivers
        return ()

    def contrast(self, one: str, other: str, language: Language) -> str | None:
        """Return the sentence that says how two entries differ, whichever of them says it."""
        for first, second in ((one, other), (other, one)):
            for contrast in self.entries[first].contrasts:
                if contrast.with_ == second:
                    return contrast.in_(language)
        return None

    def cases_in(self, region: str, cases: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return the cases in a region or in a part of it.

        Args:
            region: Code of the region.
            cases: The cases to choose from; all if None.
        """
        codes = self.within(region)
        chosen = self.of_kind[Kind.CASE] if cases is None else tuple(cases)
        return tuple(case for case in chosen if self.entries[case].region in codes)

    def within(self, region: str) -> frozenset[str]:
        """Return a region's code and those of all regions in it."""
        codes = {region}
        waiting = [region]
        while waiting:
            inner = set(self.regions[waiting.pop()].includes) - codes
            codes |= inner
            waiting.extend(inner)
        return frozenset(codes)

    def wider(self, region: str) -> str | None:
        """Return the narrowest region around a region that has more cases, unless it has all."""
        around = [code for code in self.regions if region in self.within(code) - {code}]
        more = [code for code in around if len(self.cases_in(code)) > len(self.cases_in(region))]
        narrowest = min(more, key=lambda code: len(self.within(code)), default=None)
        if narrowest is None or self.cases_in(narrowest) == self.of_kind[Kind.CASE]:
            return None
        return narrowest

    def places(self, region: str | None = None) -> tuple[str, ...]:
        """Return the regions to choose cases from, those with the most cases first.

        Args:
            region: The region that they are in; everywhere if None.
        """
        inner = self.regions[region].includes if region else self._outermost
        found = {self.cases_in(place): place for code in inner for place in self._parted(code)}
        found.pop((), None)
        found.pop(self.cases_in(region) if region else self.of_kind[Kind.CASE], None)
        return tuple(sorted(found.values(), key=lambda place: -len(self.cases_in(place))))

    def _parted(self, region: str) -> tuple[str, ...]:
        """Return a region; its parts if it has many or all cases, or the part that has the same."""
        cases = self.cases_in(region)
        parts = [code for code in self.regions[region].includes if self.cases_in(code)]
        whole = [part for part in parts if self.cases_in(part) == cases]
        many = len(cases) > _MANY or cases == self.of_kind[Kind.CASE]
        told = whole[:1] or (parts if many else [])
        inner = (
            code for part in told if region not in self.within(part) for code in self._parted(part)
        )
        return tuple(inner) or (region,)

    @cached_property
    def _outermost(self) -> tuple[str, ...]:
        inner = {code for region in self.regions.values() for code in region.includes}
        return tuple(code for code in self.regions if code not in inner)

    @cached_property
    def _shown(self) -> dict[str, tuple[str, ...]]:
        # The most typical examples first: a case that names the entry first among what it shows.
        places = {
            (id_, shown): place
            for id_, entry in self.entries.items()
            for place, shown in enumerate(entry.shows)
        }
        inverse = _inverse({id_: entry.shows for id_, entry in self.entries.items()})
        return {
            shown: tuple(sorted(cases, key=lambda case: places[case, shown]))
            for shown, cases in inverse.items()
        }


def _inverse(links: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    inverse: dict[str, list[str]] = {}
    for source, targets in links.items():
        for target in targets:
            inverse.setdefault(target, []).append(source)
    return {target: tuple(sources) for target, sources in inverse.items()}
