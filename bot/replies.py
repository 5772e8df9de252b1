"""What the bot answers: Telegram HTML made from an understanding and the knowledge."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import east_asian_width

from ..intents import ABOUT_ONE, LISTS, Understanding
from ..knowledge import Entry, Fact, Kind, Knowledge, Language, Text
from .markup import bold, escape, italic, link, plain

SCREEN: Final = 900
"""How many columns of text are shown at once, about one screen of a phone; see `columns`."""
_HEADING: Final = 120
"""Columns kept free for the title and for what to ask next."""
_CHOICES: Final = 6
_FIRST: Final = 3
"""How many facts the first answer gives."""
_NEXT: Final = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to ask next, as a button shows it."""

    label: str
    """What the button says; typing it has the same effect."""
    understanding: Understanding
    """What choosing it means."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer ready to be sent."""

    html: str
    """Its text in Telegram's HTML."""
    choices: tuple[Choice, ...] = ()
    """What to ask next, the likeliest first."""


def compose(understanding: Understanding, knowledge: Knowledge, listed: Sequence[str]) -> Reply:
    """Compose the reply to a message.

    Args:
        understanding: What the message means.
        knowledge: What there is to say.
        listed: The entries that the reply lists: :meth:`efinbot.intents.Engine.listed`.
    """
    return _Composer(understanding, knowledge, listed).reply()


class _Composer:
    """Composes one reply."""

    def __init__(self, said: Understanding, knowledge: Knowledge, listed: Sequence[str]) -> None:
        self._said = said
        self._knowledge = knowledge
        self._listed = listed
        self._language: Language = said.language
        self._words = knowledge.interface

    def reply(self) -> Reply:
        match self._said.intent:
            case "fallback":
                return self._declined()
            case "greeting":
                return Reply(escape(self._in(self._words.greeting)), self._starters())
            case "thanks":
                return Reply(escape(self._in(self._words.thanks)))
            case "help":
                return Reply(escape(self._in(self._words.help)), self._starters())
            case "overview":
                return self._overview()
            case "compare":
                return self._comparison()
            case "cases_of":
                return self._cases_of(self._said.topics[0])
            case "drivers_of":
                return self._drivers_of(self._said.topics[0])
            case "challenges_of":
                return self._challenges_of(self._said.topics[0])
            case "explain":
                return self._explained(self._said.topics[0])
            case _:
                return self._list()

    # Whole replies

    def _explained(self, id_: str) -> Reply:
        entry, words = self._knowledge.entries[id_], self._words
        strands = self._knowledge.points_of(id_)
        first: list[str] = [self._term(term) for term in self._said.terms]
        first.append(escape(self._in(entry.summary)))
        if strands:
            first.append(_block(self._in(words.points), (self._item(point) for point in strands)))
        facts = list(self._facts(entry.facts))
        first += facts[: 0 if strands else _FIRST]
        shown = _fitting(first, SCREEN - _HEADING)
        lines = [*first[len(shown) :], *facts[0 if strands else _FIRST :]]
        if above := entry.part_of or entry.shows:
            relation = words.part_of if entry.part_of else words.shows
            lines.append(italic(self._in(relation).format(names=self._names(above))))
        lines += _headed(self._in(words.benefits), self._facts(entry.benefits))
        lines += _headed(self._in(words.risks), self._facts(entry.challenges))
        lines += _headed(self._in(words.examples), self._facts(entry.examples))
        lines += _headed(self._in(words.sources), self._sources(entry))
        pages = ["\n".join(shown), *_pages(lines, SCREEN - _HEADING)]
        depth = self._said.depth
        title = self._title(entry)
        if depth >= len(pages):
            nothing = self._in(words.nothing_more).format(name=self._name(id_))
            return self._finished(escape(nothing), self._after(id_, more=False))
        if depth:
            title = bold(self._in(words.more_heading).format(name=self._name(id_)))
        more = depth + 1 < len(pages)
        return self._finished(f"{title}\n{pages[depth]}", self._after(id_, more=more))

    def _cases_of(self, id_: str) -> Reply:
        entry, words, region = self._knowledge.entries[id_], self._words, self._said.region
        name = self._name(id_)
        lines = [self._item(case, place=True) for case in self._listed]
        note = ""
        if region:
            where = self._in(self._knowledge.regions[region].name)
            title = self._in(words.cases_of_in).format(name=name, region=where)
            if not self._listed:
                note = self._in(words.no_cases_in).format(region=where)
        else:
            title = self._in(words.cases).format(name=name)
            own = self._knowledge.cases_of(id_)
            if not self._listed and not entry.examples:
                note = self._in(words.no_cases).format(name=name)
            elif self._listed and not own:
                above = next(p for p in entry.part_of if self._knowledge.cases_of(p))
                note = self._in(words.no_own_cases).format(name=name, parent=self._name(above))
        if not region and not self._knowledge.cases_of(id_):
            # What really happened says more than the cases of something wider.
            examples = _headed(self._in(words.examples), self._facts(entry.examples))
            lines = [*examples, *([escape(note)] if note else []), *lines]
        elif note:
            lines.insert(0, escape(note))
        body = "\n".join(_fitting(lines, SCREEN - _HEADING))
        choices = (*self._explain_each(self._listed), *self._after(id_, more=False))
        return self._finished(f"{bold(title)}\n{body}", choices)

    def _drivers_of(self, id_: str) -> Reply:
        entry = self._knowledge.entries[id_]
        title = self._in(self._words.why).format(name=self._name(id_))
        lines = list(self._facts(entry.why))
        if self._listed:
            names = self._names(self._listed)
            lines.append(escape(self._in(self._words.drivers_behind).format(names=names)))
        if not entry.why:
            lines.insert(0, escape(self._in(entry.summary)))
        return self._finished(f"{bold(title)}\n" + "\n".join(lines), self._after(id_, more=False))

    def _challenges_of(self, id_: str) -> Reply:
        entry = self._knowledge.entries[id_]
        title = self._in(self._words.challenges).format(name=self._name(id_))
        lines = _fitting(list(self._facts(entry.challenges)), SCREEN - _HEADING)
        return self._finished(f"{bold(title)}\n" + "\n".join(lines), self._after(id_, more=False))

    def _comparison(self) -> Reply:
        topics, words, knowledge = self._said.topics, self._words, self._knowledge
        title = self._in(words.compare).format(names=self._names(topics))
        lines: list[str] = []
        for one, other in _pairs(topics):
            if said := knowledge.contrast(one, other, self._language):
                lines.append(f"{bold(self._in(words.difference))}: {escape(said)}")
        for id_ in topics:
            entry = knowledge.entries[id_]
            rows = [f"{bold(self._name(id_))}: {escape(self._in(entry.summary))}"]
            risk = self._in(words.risks)
            rows.append(f"{italic(risk)}: {escape(self._in(entry.challenges[0]))}")
            lines.append("\n".join(rows))
        body = "\n\n".join(_fitting(lines, SCREEN))
        return self._finished(f"{bold(title)}\n{body}", self._explain_each(topics))

    def _list(self) -> Reply:
        kind, region = LISTS[self._said.intent], self._said.region
        title = self._in(getattr(self._words, kind.value))
        note: list[str] = []
        listed = self._listed
        if region:
            where = self._in(self._knowledge.regions[region].name)
            title = self._in(self._words.cases_in).format(region=where)
            if not listed:
                note = [escape(self._in(self._words.no_cases_in).format(region=where)), ""]
                note.append(escape(self._in(self._words.nearest)))
                listed = self._knowledge.of_kind(kind)[:_CHOICES]
        numbered = kind is not Kind.CASE or len(listed) <= _CHOICES
        lines = [
            f"{number}. {self._item(id_, mark='', place=kind is Kind.CASE, brief=numbered)}"
            for number, id_ in enumerate(listed, 1)
        ]
        pages = _pages(lines, SCREEN - _HEADING)
        body = pages[min(self._said.depth, len(pages) - 1)]
        return self._finished(
            "\n".join([bold(title), *note, body]), self._explain_each(listed[:_CHOICES])
        )

    def _overview(self) -> Reply:
        overview = self._knowledge.overview
        lines = [escape(self._in(overview.summary)), *self._facts(overview.facts)]
        pages = _pages(lines, SCREEN - _HEADING)
        body = pages[min(self._said.depth, len(pages) - 1)]
        title = bold(self._in(overview.name))
        return self._finished(f"{title}\n{body}", self._starters())

    def _declined(self) -> Reply:
        words, said = self._words, self._said
        if said.ambiguous:
            lead, heading = self._in(words.which_one).format(name=said.ambiguous), ""
        elif said.outside:
            name = self._in(self._knowledge.outside[said.outside].name)
            lead, heading = self._in(words.outside).format(name=name), self._in(words.nearest)
        elif said.unsure:
            lead, heading = self._in(words.unsure), self._in(words.did_you_mean)
        elif said.suggestions:
            lead, heading = self._in(words.declined), self._in(words.nearest)
        else:
            return Reply(escape(self._in(words.declined)), self._starters())
        numbered = (
            f"{number}. {self._item(id_, mark='')}"
            for number, id_ in enumerate(said.suggestions, 1)
        )
        head = [escape(lead)] + ([escape(heading)] if heading else [])
        return Reply("\n".join([*head, *numbered]), tuple(self._explain_each(said.suggestions)))

    # Parts of replies

    def _in(self, text: Text) -> str:
        return text.in_(self._language)

    def _name(self, id_: str) -> str:
        return self._in(self._knowledge.entries[id_].name)

    def _names(self, ids: Iterable[str]) -> str:
        return ("、" if self._language == "zh" else ", ").join(map(self._name, ids))

    def _title(self, entry: Entry) -> str:
        other: Language = "en" if self._language == "zh" else "zh"
        here, there = self._in(entry.name), entry.name.in_(other)
        return bold(here) if here == there else f"{bold(here)} · {escape(there)}"

    def _term(self, id_: str) -> str:
        term = self._knowledge.glossary[id_]
        return f"{bold(self._in(term.name))}: {escape(self._in(term.text))}"

    def _item(
        self, id_: str, *, mark: str = "• ", place: bool = False, brief: bool = True
    ) -> str:
        entry = self._knowledge.entries[id_]
        where = ""
        if place and entry.region and entry.region != self._said.region:
            name = self._in(self._knowledge.regions[entry.region].name)
            where = f"（{name}）" if self._language == "zh" else f" ({name})"
        dash = "：" if self._language == "zh" else ": "
        rest = f"{dash}{self._in(entry.brief)}" if brief else ""
        return f"{mark}{bold(self._in(entry.name))}{escape(where + rest)}"

    def _facts(self, facts: Iterable[Fact]) -> Iterator[str]:
        for fact in facts:
            yield f"• {escape(self._in(fact))}"

    def _sources(self, entry: Entry) -> Iterator[str]:
        for source in entry.sources.values():
            yield f"• {link(source.title, source.url)} ({source.as_of})"

    def _explain_each(self, ids: Sequence[str]) -> tuple[Choice, ...]:
        return tuple(self._choice(self._name(id_), "explain", id_) for id_ in ids[:_CHOICES])

    def _after(self, id_: str, *, more: bool) -> tuple[Choice, ...]:
        """Return what may be asked after an answer about an entry."""
        words, knowledge, entry = self._words, self._knowledge, self._knowledge.entries[id_]
        choices: list[Choice] = []
        if more:
            depth = self._said.depth + 1
            choices.append(self._choice(self._in(words.ask_more), "explain", id_, depth))
        if entry.kind is not Kind.CASE and (knowledge.cases_for(id_) or entry.examples):
            choices.append(self._choice(self._in(words.ask_cases), "cases_of", id_))
        if entry.why or knowledge.drivers_of(id_):
            choices.append(self._choice(self._in(words.ask_why), "drivers_of", id_))
        choices.append(self._choice(self._in(words.ask_challenges), "challenges_of", id_))
        for other in knowledge.neighbours(id_)[:2]:
            question = self._in(words.ask_explain).format(name=self._name(other))
            choices.append(self._choice(question, "explain", other))
        return tuple(c for c in choices if c.understanding.intent != self._said.intent or more)

    def _starters(self) -> tuple[Choice, ...]:
        labels = ((intent, self._in(getattr(self._words, LISTS[intent].value))) for intent in LISTS)
        return tuple(self._choice(label, intent) for intent, label in labels)

    def _choice(self, label: str, intent: str, id_: str | None = None, depth: int = 0) -> Choice:
        topics = (id_,) if id_ else ()
        return Choice(label, Understanding(intent, topics, self._language, 1.0, depth=depth))

    def _finished(self, html: str, choices: Sequence[Choice]) -> Reply:
        """Add what to ask next, for people without buttons."""
        asks = [c.label for c in choices if c.understanding.intent in ABOUT_ONE][:_NEXT]
        if self._said.intent in (*LISTS, "overview", "compare") or not asks:
            return Reply(html, tuple(choices))
        joined = " · ".join(asks)
        colon = "：" if self._language == "zh" else ": "
        return Reply(f"{html}\n\n{italic(self._in(self._words.next) + colon + joined)}", tuple(choices))


def columns(markup: str) -> int:
    """Return how much of a screen a reply takes: a Chinese character is as wide as two letters."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in plain(markup)) + 1


def _pairs(topics: Sequence[str]) -> Iterator[tuple[str, str]]:
    for position, one in enumerate(topics):
        for other in topics[position + 1 :]:
            yield one, other


def _block(heading: str, lines: Iterable[str]) -> str:
    return "\n".join([f"{bold(heading)}", *lines])


def _headed(heading: str, lines: Iterable[str]) -> list[str]:
    """Put a heading into the block of the first of some lines, so that it never stands alone."""
    first, *rest = [*lines] or [""]
    return [_block(heading, [first]), *rest] if first else []


def _fitting(lines: Sequence[str], size: int) -> list[str]:
    """Return as many of the lines as fit a size, but at least one."""
    kept: list[str] = []
    for line in lines:
        size -= columns(line)
        if kept and size < 0:
            break
        kept.append(line)
    return kept


def _pages(lines: Sequence[str], size: int) -> list[str]:
    """Lay lines out on pages of at most a size in columns."""
    pages: list[str] = []
    waiting = list(lines)
    while waiting:
        kept = _fitting(waiting, size)
        pages.append("\n".join(kept))
        del waiting[: len(kept)]
    return pages or [""]
