"""The parts of replies, written in one language."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..knowledge import Entry, Knowledge, Language, Text
from .layout import Line
from .markup import bold, escape, link


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

    def line(self, text: Text, **names: str) -> Line:
        """Return a text as a line, with names filled in."""
        return Line(escape(self.text(text, **names)))

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
    ) -> Line:
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
        return Line(f"{mark}{bold(self.name(id_))}{escape(where + rest)}", _bold(heading), id_)

    def points(self, texts: Iterable[Text], heading: str = "") -> list[Line]:
        """Return statements as lines of a list."""
        return [Line(f"• {escape(self.text(text))}", _bold(heading)) for text in texts]

    def sources(self, entry: Entry, heading: str) -> list[Line]:
        """Return the sources of an entry, each with its date unless the title tells."""
        lines: list[Line] = []
        for source in entry.sources.values():
            date = "" if source.as_of[:4] in source.title else f" ({source.as_of})"
            lines.append(Line(f"• {link(source.title, source.url)}{date}", _bold(heading)))
        return lines


def _bold(heading: str) -> str:
    return bold(heading) if heading else ""
