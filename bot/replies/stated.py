"""Replies that are made of single statements: facts, gaps, sources, plain words, what is dated."""

from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from typing import Final, NamedTuple, TypeAlias

from ...intents import NEWS, StatementRef, Understanding
from .paging import ReplyLine
from .writer import Writer

_YEAR, _MONTH = len("2026"), len("2026-07")


class Told(NamedTuple):
    """What such a reply says, before it is cut to size."""

    title: str
    """What it is about, as plain text."""
    lines: list[ReplyLine]
    """What it says, the most important first."""
    subtitle: str = ""
    """What stands next to the title of the first answer."""
    places: tuple[str, ...] = ()
    """Regions to go on with."""


def fact(said: Understanding, write: Writer) -> Told:
    """Answer with the statement that was asked for, or say that it isn't known.

    Args:
        said: What the message means.
        write: Writes in its language.
    """
    words, name = write.knowledge.interface, write.name(said.topics[0])
    if said.gap and not said.unsure:
        heading = write.text(words.nearest)
        nearest = [write.statement(ref, heading) for ref in said.statements]
        return Told(name, [write.line(words.gap, name=name), *nearest])
    before = [write.line(words.repeated)] if said.repeated and not said.gap else []
    after = [write.line(words.perhaps)] if said.gap else []
    return Told(name, [*before, *map(write.statement, said.statements), *after])


def sources(said: Understanding, write: Writer) -> Told:
    """Say where what was just said comes from, and then all sources of the entry."""
    words, id_ = write.knowledge.interface, said.topics[0]
    lines = [write.statement(ref) for ref in said.statements if write.stated(ref).sources]
    lines += write.sources(write.knowledge.entries[id_], write.text(words.sources))
    title = f"{write.name(id_)}{write.colon}{write.text(words.sources)}"
    return Told(title, lines or [write.line(words.article)])


def simpler(said: Understanding, write: Writer) -> Told:
    """Say what an entry is in plain words."""
    id_ = said.topics[0]
    entry = write.knowledge.entries[id_]
    return Told(write.name(id_), [write.line(entry.plain or entry.summary)])


def timeline(said: Understanding, write: Writer) -> Told:
    """Give the dated statements of an entry, the oldest first."""
    words, name = write.knowledge.interface, write.name(said.topics[0])
    title = f"{name}{write.colon}{write.text(words.timeline)}"
    lines = [write.statement(ref) for ref in sorted(write.dated(said.topics), key=write.date)]
    return Told(title, lines or [write.line(words.gap, name=name)])


def news(said: Understanding, write: Writer) -> Told:
    """Give dated statements, the newest first: of all entries those of twelve months, once each.

    The months are counted back from the newest date in the knowledge, whose facts are dated and
    not live: so a question has the same pages on every day, and they say which months they are.
    What is older stands at the end of the news of one entry.
    """
    words = write.knowledge.interface
    everything = write.dated(write.knowledge.entries)
    heading = write.text(words.news)
    about = write.name(said.topics[0]) if said.topics else write.text(write.knowledge.overview.name)
    title = f"{about}{write.colon}{heading}" if said.topics else heading
    found = write.dated(said.topics) if said.topics else everything
    if not found:
        return Told(title, [write.line(words.gap, name=about)])
    until = write.date(everything[0])[:_MONTH]
    since = f"{int(until[:_YEAR]) - 1:04}{until[_YEAR:]}"
    recent = [*takewhile(lambda ref: write.date(ref) >= since, found)]
    if not said.topics:
        lines = [write.statement(ref, name=True) for ref in _distinct(recent, write)]
        return Told(title, lines, f"{since} – {until}")
    lines = [write.statement(ref) for ref in recent]
    earlier = write.text(words.earlier) if recent else ""
    if not recent:
        lines.append(write.line(words.nothing_new, since=since, until=until))
    return Told(title, [*lines, *(write.statement(r, earlier) for r in found[len(recent) :])])


def _distinct(refs: Sequence[StatementRef], write: Writer) -> list[StatementRef]:
    """Leave out what was told: from the same page, or of the same month about an entry it names."""
    kept: list[StatementRef] = []
    pages: set[str] = set()
    told: dict[str, set[str]] = {}
    for ref in refs:
        statement, entry = write.stated(ref), write.knowledge.entries[ref.entry]
        read = {entry.sources[key].url for key in statement.sources}
        text = statement.in_(write.language)
        others = told.setdefault(write.date(ref)[:_MONTH], set())
        if pages.isdisjoint(read) and not any(n in text for n in others - {write.name(ref.entry)}):
            kept.append(ref)
            pages |= read
            others.add(write.name(ref.entry))
    return kept


_Tell: TypeAlias = Callable[[Understanding, Writer], Told]

STATED: Final[Mapping[str, _Tell]] = {
    "fact": fact,
    "sources": sources,
    "simpler": simpler,
    NEWS: news,
    "timeline": timeline,
}
"""What tells what is asked, by intent."""
