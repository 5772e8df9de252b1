"""The parts of replies, written in one language."""

from collections.abc import Iterable
from dataclasses import dataclass

from ...knowledge import Entry, Knowledge, Language, Text
from .markup import bold, escape, link
from .paging import ReplyLine


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
