"""Replies that are made of single statements: facts, gaps, sources, plain words, what is dated."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from ...intents import NEWS, StatementRef, Understanding
from .paging import ReplyLine
from .writer import Writer


class Told(NamedTuple):
    """What such a reply says, before it is cut to size."""

    title: str
    """What it is about, as plain text."""
    lines: list[ReplyLine]
    """What it says, the most important first."""


def fact(said: Understanding, write: Writer) -> Told:
    """Answer with the statement that was asked for, or say that it isn't known.

    Args:
        said: What the message means.
        write: Writes in its language.
    """
    words, name = write.knowledge.interface, write.name(said.topics[0])
    heading = write.text(words.nearest) if said.gap else ""
    lines = [write.line(words.gap, name=name)] if said.gap else []
    if said.repeated and not said.gap:
        lines.append(write.line(words.repeated))
    return Told(name, [*lines, *(write.statement(ref, heading) for ref in said.statements)])


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


def dated(said: Understanding, write: Writer) -> Told:
    """Give dated statements: the newest first of what is new, the oldest first of a timeline."""
    words, news = write.knowledge.interface, said.intent == NEWS
    refs = write.dated(said.topics or write.knowledge.entries, newest_first=news)
    if not said.topics:
        refs = _distinct(refs, write)
    lines = [write.statement(ref, name=not said.topics) for ref in refs]
    heading = write.text(words.news if news else words.timeline)
    about = write.name(said.topics[0]) if said.topics else write.text(write.knowledge.overview.name)
    title = f"{about}{write.colon}{heading}" if said.topics else heading
    return Told(title, lines or [write.line(words.gap, name=about)])


def _distinct(refs: Sequence[StatementRef], write: Writer) -> list[StatementRef]:
    """Leave out statements of what was told: from the same page, or about an entry told before."""
    kept: list[StatementRef] = []
    pages: set[str] = set()
    names: set[str] = set()
    for ref in refs:
        statement, entry = write.stated(ref), write.knowledge.entries[ref.entry]
        read = {entry.sources[key].url for key in statement.sources}
        text = statement.in_(write.language)
        if pages.isdisjoint(read) and not any(name in text for name in names):
            kept.append(ref)
            pages |= read
            names.add(write.name(ref.entry))
    return kept


_Tell: TypeAlias = Callable[[Understanding, Writer], Told]

STATED: Final[Mapping[str, _Tell]] = {
    "fact": fact,
    "sources": sources,
    "simpler": simpler,
    NEWS: dated,
    "timeline": dated,
}
"""What tells what is asked, by intent."""
