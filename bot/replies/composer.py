"""Composes replies, in Telegram's HTML, from an understanding and the knowledge."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Final

from ...intents import CARE, COMPARE, FALLBACK, LISTS, SMALL_TALK, StatementRef, Understanding
from ...knowledge import Kind, Knowledge, Text
from .case_lists import CASES
from .markup import bold, escape, italic, plain
from .paging import SCREEN, ReplyLine, columns, joined, paged
from .stated import STATED
from .writer import Writer

_CHOICES: Final = 6
"""How many of the entries that a reply lists become choices, unless a page lists a number."""
_CASES: Final = 8
"""How many cases a page lists at most."""
_FIRST: Final = 3
"""How many facts the first answer gives."""
_NEXT: Final = 3
_PAGE: Final = "22/99"
"""What stands next to the title of later answers."""
_NEIGHBOURS: Final = 2
_PAGES: Final = 100
"""How many pages an answer has at most: a button has two digits for them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to ask next, as a button shows it."""

    label: str
    """What the button says; typing it has the same effect."""
    understanding: Understanding = field(hash=False)
    """What choosing it means."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer ready to be sent."""

    html: str
    """Its text in Telegram's HTML."""
    choices: tuple[Choice, ...] = ()
    """What to ask next, in the order in which the text names it."""
    title: str = ""
    """Its title as plain text; empty for small talk and refusals."""
    stated: tuple[StatementRef, ...] = ()
    """The statements that it makes with their sources."""


def compose(understanding: Understanding, knowledge: Knowledge, listed: Sequence[str]) -> Reply:
    """Compose the reply to a message.

    Args:
        understanding: What the message means.
        knowledge: What there is to say.
        listed: The entries that the reply lists: :meth:`efinbot.intents.Engine.listed`.
    """
    return _Composer(understanding, knowledge, listed).reply()


@dataclass(frozen=True, slots=True)
class _Draft:
    """Everything that there is to say, before it is cut to size."""

    title: str
    """What it is about, as plain text."""
    lines: Sequence[ReplyLine]
    """What to say, the most important first."""
    choices: Sequence[Choice] = ()
    """What to ask next, besides the entries that the lines offer."""
    first: int = 0
    """How many of the lines the first answer gives at most; 0 for as many as fit."""
    subtitle: str = ""
    """What stands next to the title of the first answer."""
    most: int = 0
    """How many of the lines each answer gives at most; 0 for as many as fit."""


class _Composer:
    """Composes one reply."""

    def __init__(self, said: Understanding, knowledge: Knowledge, listed: Sequence[str]) -> None:
        self._said = said
        self._knowledge = knowledge
        self._listed = listed
        self._words = knowledge.interface
        self._write = Writer(knowledge, said.language)

    def reply(self) -> Reply:
        if self._said.intent == FALLBACK:
            return self._declined()
        if self._said.intent == CARE:
            return Reply(self._write.care())
        if self._said.intent in SMALL_TALK:
            words: Text = getattr(self._words, self._said.intent)
            choices = () if self._said.intent == "thanks" else self._starters()
            return Reply(escape(self._write.text(words)), choices)
        return self._finished(self._led(self._draft()))

    def _draft(self) -> _Draft:
        match self._said.intent, self._said.topics:
            case "explain", (id_, *_):
                draft = self._explained(id_)
            case intent, _ if intent in CASES:
                draft = self._cases()
            case "drivers_of", (id_, *_):
                draft = self._drivers_of(id_)
            case "challenges_of", (id_, *_):
                draft = self._challenges_of(id_)
            case intent, _ if intent in STATED:
                draft = self._stated(intent)
            case intent, topics if intent == COMPARE:
                draft = self._comparison(topics)
            case "overview", _:
                draft = self._overview()
            case _:
                draft = self._list()
        return draft

    def _led(self, draft: _Draft) -> _Draft:
        """Return a draft with the statement on top that answers the question best."""
        if not self._said.statements or self._said.intent in STATED:
            return draft
        ref = self._said.statements[0]
        told = escape(self._write.text(self._write.stated(ref)))
        others = [line for line in draft.lines if told not in line.html]
        left = len(draft.lines) - len(others)
        first = draft.first and draft.first - left + 1
        return replace(draft, lines=[self._write.statement(ref), *others], first=first)

    # What there is to say

    def _explained(self, id_: str) -> _Draft:
        entry, words, write = self._knowledge.entries[id_], self._words, self._write
        heading = write.text(words.points)
        parts = [write.item(part, heading) for part in self._listed]
        facts = write.points(entry.facts)
        first = [write.line(entry.summary), *(parts or facts[:_FIRST])]
        rest = facts[0 if parts else _FIRST :]
        if above := self._knowledge.parents_of(id_):
            relation = words.part_of if entry.part_of else words.shows
            rest.append(ReplyLine(italic(write.text(relation, names=write.names(above)))))
        rest += write.points(entry.benefits, write.text(words.benefits))
        rest += write.points(entry.challenges, write.text(words.risks))
        rest += write.points(entry.examples, write.text(words.examples))
        rest += write.sources(entry, write.text(words.sources))
        name, other = write.name(id_), entry.name.in_("en" if write.language == "zh" else "zh")
        subtitle = "" if other == name else other
        return _Draft(name, [*first, *rest], self._after(id_), len(first), subtitle)

    def _stated(self, intent: str) -> _Draft:
        told, topics = STATED[intent](self._said, self._write), self._said.topics
        after = self._after(topics[0]) if topics else self._starters()
        return _Draft(told.title, told.lines, after, subtitle=told.subtitle)

    def _drivers_of(self, id_: str) -> _Draft:
        entry, words, write = self._knowledge.entries[id_], self._words, self._write
        lines = write.points(entry.why) or [write.line(entry.summary)]
        if self._listed:
            lines.append(write.line(words.drivers_behind, names=write.names(self._listed)))
        return _Draft(write.text(words.why, name=write.name(id_)), lines, self._after(id_))

    def _challenges_of(self, id_: str) -> _Draft:
        title = self._write.text(self._words.challenges, name=self._write.name(id_))
        lines = self._write.points(self._knowledge.entries[id_].challenges)
        return _Draft(title, lines, self._after(id_))

    def _comparison(self, topics: Sequence[str]) -> _Draft:
        knowledge, words, write = self._knowledge, self._words, self._write
        pairs = combinations(topics, 2)
        told = [knowledge.contrast(one, other, write.language) for one, other in pairs]
        contrasts = [escape(contrast) for contrast in told if contrast]
        mark = "• " if len(contrasts) > 1 else ""
        heading = bold(write.text(words.difference))
        differences = [ReplyLine(f"{mark}{contrast}", heading) for contrast in contrasts]
        full: list[ReplyLine] = []
        for id_ in topics:
            entry, name = knowledge.entries[id_], bold(write.name(id_))
            full.append(ReplyLine(escape(write.text(entry.summary)), name, id_))
            risk = write.text(words.risks) + write.colon + write.text(entry.challenges[0])
            full.append(ReplyLine(italic(risk), name))
        summaries, briefs = full[::2], [write.item(id_) for id_ in topics]
        title = write.text(words.compare, names=write.names(topics))
        return self._fitting(
            *(_Draft(title, [*differences, *rows]) for rows in (full, summaries, briefs))
        )

    def _cases(self) -> _Draft:
        said, write = self._said, self._write
        told = CASES[said.intent](said, write, self._listed)
        if said.topics:
            return _Draft(told.title, told.lines, self._after(said.topics[0]))
        there = Understanding(said.intent, (), said.language, 1.0)
        places = [Choice(write.region(code), replace(there, region=code)) for code in told.places]
        return _Draft(told.title, told.lines, places, most=_CASES if self._listed else 0)

    def _list(self) -> _Draft:
        words: Text = getattr(self._words, LISTS[self._said.intent].value)
        items = [
            [
                self._write.item(id_, mark=f"{number}. ", brief=brief)
                for number, id_ in enumerate(self._listed, 1)
            ]
            for brief in (True, False)
        ]
        return self._fitting(*(_Draft(self._write.text(words), lines) for lines in items))

    def _overview(self) -> _Draft:
        overview, write = self._knowledge.overview, self._write
        lines = [write.line(overview.summary), *write.points(overview.facts)]
        return _Draft(write.text(overview.name), lines, self._starters())

    def _declined(self) -> Reply:
        words, said, write = self._words, self._said, self._write
        heading = write.text(words.nearest)
        if said.ambiguous:
            lead, heading = write.line(words.which_one, name=said.ambiguous), ""
        elif said.pointing:
            lead = write.line(words.which_subject)
        elif said.outside:
            name = write.text(self._knowledge.outside[said.outside].name)
            lead = write.line(words.outside, name=name)
        elif said.unsure:
            lead, heading = write.line(words.unsure), write.text(words.did_you_mean)
        else:
            lead = write.line(words.declined)
        rows = [
            write.item(id_, heading, mark=f"{number}. ")
            for number, id_ in enumerate(said.suggestions, 1)
        ]
        choices = tuple(self._about(id_) for id_ in said.suggestions) or self._starters()
        return Reply(joined([lead, *rows]), choices)

    # Cutting it to size

    def _finished(self, draft: _Draft) -> Reply:
        """Choose the page that is asked for, and add what to ask next."""
        said, write = self._said, self._write
        more = Choice(write.text(self._words.ask_more), replace(said, depth=said.depth + 1))
        told = plain(joined(draft.lines))
        untold = [choice for choice in draft.choices if choice.label not in told]
        pages = self._pages(draft, untold)
        if len(pages) > 1:
            pages = self._pages(draft, [more, *untold])
        if said.depth < len(pages):
            page = pages[said.depth]
            place = f"{said.depth + 1}/{len(pages)}" if said.depth else draft.subtitle
            title = f"{bold(draft.title)} · {escape(place)}" if place else bold(draft.title)
            top = [title, *(write.term(term) for term in said.terms if not said.depth)]
        else:
            page, top = [write.line(self._words.nothing_more, name=draft.title)], []
        after = [more] if said.depth + 1 < len(pages) else []
        html = "\n".join([*top, joined(page)]) + self._next([*after, *untold])
        offered = [self._about(line.offers) for line in page if line.offers]
        offered = offered[: draft.most or _CHOICES]
        suggested = [self._about(id_) for id_ in said.suggestions]
        choices = dict.fromkeys((*offered, *after, *draft.choices, *suggested))
        stated = tuple(line.states for line in page if line.states)
        return Reply(html, tuple(choices), draft.title, stated)

    def _fitting(self, *drafts: _Draft) -> _Draft:
        """Return the first draft that fits one page, or else the last."""
        return next((draft for draft in drafts if len(self._pages(draft)) == 1), drafts[-1])

    def _pages(self, draft: _Draft, asks: Sequence[Choice] = ()) -> list[list[ReplyLine]]:
        title = f"{draft.title} · {max(draft.subtitle, _PAGE, key=columns)}"
        size = SCREEN - columns(escape(title)) - columns(self._next(asks))
        return paged(draft.lines, size, draft.first, draft.most)[:_PAGES]

    def _next(self, choices: Sequence[Choice]) -> str:
        """Return what to ask next, for people without buttons."""
        if not choices:
            return ""
        labels = " · ".join(choice.label for choice in choices[:_NEXT])
        return "\n\n" + italic(self._write.text(self._words.next) + self._write.colon + labels)

    # What to ask next

    def _after(self, id_: str) -> tuple[Choice, ...]:
        """Return what may be asked after an answer about an entry."""
        words, knowledge, entry = self._words, self._knowledge, self._knowledge.entries[id_]
        asks: list[tuple[Text, str]] = []
        if entry.kind is not Kind.CASE and (knowledge.cases_for(id_) or entry.examples):
            asks.append((words.ask_cases, "cases_of"))
        if entry.why or knowledge.drivers_of(id_):
            asks.append((words.ask_why, "drivers_of"))
        asks.append((words.ask_challenges, "challenges_of"))
        others = knowledge.neighbours[id_][:_NEIGHBOURS]
        return (
            *(
                self._choice(label, intent, id_)
                for label, intent in asks
                if intent != self._said.intent
            ),
            *map(self._about, others),
        )

    def _about(self, id_: str) -> Choice:
        return self._choice(self._knowledge.entries[id_].name, "explain", id_)

    def _starters(self) -> tuple[Choice, ...]:
        return tuple(
            self._choice(getattr(self._words, kind.value), intent)
            for intent, kind in LISTS.items()
            if self._knowledge.of_kind[kind]
        )

    def _choice(self, label: Text, intent: str, *topics: str) -> Choice:
        language = self._write.language
        return Choice(self._write.text(label), Understanding(intent, topics, language, 1.0))
