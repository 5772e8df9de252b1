"""The parts of replies, written in one language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ...intents import StatementRef
from ...knowledge import Entry, Fact, Knowledge, Language, Source, Text
from .markup import bold, escape, link
from .paging import ReplyLine

_CARE_REGIONS: Final[Mapping[Language, frozenset[str]]] = {
    "zh": frozenset(("CN", "HK", "MO", "TW", "INT")),
    "en": frozenset(("GB", "US", "EU", "SG", "INT")),
}
"""Where those who write in a language mostly are: a long list helps nobody in distress."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes names, texts and lines of a reply."""

    knowledge: Knowledge
    """What there is to say."""
    language: Language
    """What to say it in."""

    @property
    def colon(self) -> str:
        """Return a colon with the space that belongs after it."""
        return "：" if self.language == "zh" else ": "

    def text(self, text: Text, **names: str) -> str:
        """Return a text, with names filled in."""
        return text.in_(self.language).format(**names) if names else text.in_(self.language)

    def name(self, id_: str) -> str:
        """Return the name of an entry."""
        return self.text(self.knowledge.entries[id_].name)

    def names(self, ids: Iterable[str]) -> str:
        """Return the names of entries, one after the other."""
        return ("、" if self.language == "zh" else ", ").join(map(self.name, ids))

    def region(self, code: str) -> str:
        """Return the name of a region."""
        return self.text(self.knowledge.regions[code].name)

    def line(self, text: Text, **names: str) -> ReplyLine:
        """Return a text as a line, with names filled in."""
        return _line(self.text(text, **names))

    def term(self, id_: str) -> str:
        """Return what a glossary term means."""
        term = self.knowledge.glossary[id_]
        return f"{bold(self.text(term.name))}{self.colon}{escape(self.text(term.text))}"

    def item(
        self,
        id_: str,
        heading: str = "",
        *,
        mark: str = "• ",
        place: str | None = None,
        brief: bool = True,
    ) -> ReplyLine:
        """Return an entry as a line of a list.

        Args:
            id_: The entry.
            heading: Heading of the list.
            mark: What stands before the name.
            place: Region to add, if any.
            brief: Whether to say what the entry is.
        """
        where = ""
        if place:
            name = self.region(place).removeprefix("the ")
            where = f"（{name}）" if self.language == "zh" else f" ({name})"
        rest = self.colon + self.text(self.knowledge.entries[id_].brief) if brief else ""
        return _line(where + rest, heading, mark, self.name(id_), id_)

    def points(self, texts: Iterable[Text], heading: str = "") -> list[ReplyLine]:
        """Return statements as lines of a list."""
        return [_line(self.text(text), heading, "• ") for text in texts]

    def stated(self, ref: StatementRef) -> Fact:
        """Return a statement."""
        return ref.within(self.knowledge)

    def source(self, ref: StatementRef) -> Source | None:
        """Return the newest source of a statement, if it has one."""
        return self.knowledge.entries[ref.entry].source_of(self.stated(ref))

    def told(self, ref: StatementRef) -> str:
        """Return a statement as plain text, after its verdict."""
        text = self.text(self.stated(ref))
        if not ref.verdict:
            return text
        space = " " if self.language == "en" else ""
        return f"{self.text(getattr(self.knowledge.interface, ref.verdict))}{space}{text}"

    def statement(self, ref: StatementRef, heading: str = "", *, name: bool = False) -> ReplyLine:
        """Return a statement with its verdict, its newest source and its date, as a line.

        Args:
            ref: The statement.
            heading: Heading of the list.
            name: Whether to name its entry before it.
        """
        source, as_of = self.source(ref), self.date(ref)
        origin = ""
        if source:
            told = self.stated(ref).as_of is None and as_of[:4] in source.title
            date = "" if told else f", {as_of}"
            origin = f" ({link(source.title, source.url)}{date})"
        subject = f"{bold(self.name(ref.entry))}{self.colon}" if name else ""
        line = f"{subject}{escape(self.told(ref))}{origin}"
        return ReplyLine(line, _bold(heading), states=ref)

    def date(self, ref: StatementRef) -> str:
        """Return the date that a statement speaks of; empty if it has no source."""
        return self.knowledge.entries[ref.entry].date_of(self.stated(ref))

    def dated(self, ids: Iterable[str]) -> list[StatementRef]:
        """Return the dated statements of entries, the newest first."""
        chosen = frozenset(ids)
        return [StatementRef(id_, *route) for id_, route in self.knowledge.dated if id_ in chosen]

    def care(self) -> str:
        """Return what is said to somebody in distress, with where to turn."""
        care = self.knowledge.care
        if care is None:
            return escape(self.text(self.knowledge.interface.care))
        near = _CARE_REGIONS[self.language]
        chosen = [place for place in care.places if place.region in near] or care.places
        places = "\n".join(f"• {escape(self.text(place))}" for place in chosen)
        return f"{escape(self.text(care.reply))}\n\n{places}"

    def sources(self, entry: Entry, heading: str) -> list[ReplyLine]:
        """Return the sources of an entry, each with its date unless the title tells."""
        sources = entry.sources.values()
        return [_source(source.title, source.url, source.as_of, heading) for source in sources]


def _line(
    text: str, heading: str = "", mark: str = "", name: str = "", offers: str | None = None
) -> ReplyLine:
    """Return a line of the knowledge."""
    return ReplyLine(f"{mark}{_bold(name)}{escape(text)}", _bold(heading), offers)


def _source(title: str, url: str, as_of: str, heading: str) -> ReplyLine:
    """Return a source as a line."""
    date = "" if as_of[:4] in title else f" ({as_of})"
    return ReplyLine(f"• {link(title, url)}{date}", _bold(heading))


def _bold(text: str) -> str:
    return bold(text) if text else ""
