"""What an engine makes of the names and questions that it was taught: where they lead astray."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from rapidfuzz import fuzz, process

from ..knowledge import LANGUAGES, Entry, Inspection, Language, Level, Problem
from ..knowledge.document import KeyPath
from ..knowledge.problems import plain, quoted
from .common_words import COMMON_WORDS
from .engine import Engine
from .entity_linker import Name, Sort
from .text import normalize, tokens
from .understanding import FALLBACK, Trace, Understanding

_GENERIC: Final = 0.1
"""Reliability below which a name stands mostly in questions about other entries."""
_FAR: Final = 0.35
"""Share of the best interpretation's score below which another one didn't come near."""
ALIKE: Final = 92.0
"""How like each other, in per cent, two questions are nearly the same."""
_AT_ONCE: Final = 1000
"""Questions compared with all others at once: this bounds the memory that it takes."""


@dataclass(frozen=True)
class Line:
    """A name or a question of an entry."""

    id: str
    """The entry."""
    language: Language
    """Its language."""
    text: str
    """As it is written."""
    route: KeyPath
    """Where it stands in the entry's file."""


@dataclass(frozen=True)
class Audit:
    """Asks an engine what it was taught.

    Args:
        inspection: A folder of knowledge.
        engine: What it was taught.
    """

    inspection: Inspection
    engine: Engine

    def problems(self) -> Iterator[Problem]:
        """Yield everything that leads astray."""
        for check in _CHECKS:
            yield from check(self)

    def warning(self, line: Line, what: str, mend: str) -> Problem:
        """Return a warning at a line."""
        place = self.inspection.location(f"entries/{line.id}", line.route)
        return Problem(place, plain(what, mend), Level.WARNING)

    @property
    def entries(self) -> Mapping[str, Entry]:
        """The entries that are audited."""
        return self.inspection.knowledge.entries if self.inspection.knowledge else {}

    @cached_property
    def aliases(self) -> Sequence[Line]:
        """The aliases of all entries."""
        return [
            Line(id_, language, alias, ("aliases", language, number))
            for id_, entry in self.entries.items()
            for language in LANGUAGES
            for number, alias in enumerate(entry.aliases.in_(language))
        ]

    @cached_property
    def answers(self) -> Mapping[Line, Trace]:
        """What becomes of the questions of all entries."""
        return {
            line: self.engine.trace(line.text)
            for id_, entry in self.entries.items()
            for language in LANGUAGES
            for ask in entry.questions(language)
            if (line := Line(id_, language, ask.text, ask.route))
        }

    def lost(self, line: Line, trace: Trace) -> bool:
        """Return whether the entry is neither told, offered nor listed, nor came near to that."""
        said = trace.understanding
        if line.id in (*said.topics, *said.suggestions, *self.engine.listed(said)):
            return False
        best, *_ = trace.interpretations
        own = [one.score for one in trace.interpretations if line.id in one.topics]
        return max(own, default=0.0) < _FAR * best.score


def _aliases(audit: Audit) -> Iterator[Problem]:
    for line in audit.aliases:
        for check in (_short, _generic, _lost):
            if what := check(audit, line):
                what = f"the alias {quoted(line.text)} is {what}"
                yield audit.warning(line, what, "take it out, or make it more specific")
                break


def _short(_: Audit, line: Line) -> str | None:
    if len("".join(tokens(line.text))) == 1:
        return "a single character, which stands in other words too"
    return None


def _generic(audit: Audit, line: Line) -> str | None:
    name = Name.of(Sort.ENTRY, line.id, line.text)
    if len(name.words) == 1 and name.words[0] in COMMON_WORDS:
        return "an everyday word"
    if audit.engine.interpreter.reliability.get(name, 1.0) < _GENERIC:
        return "mostly said about other entries"
    return None


def _lost(audit: Audit, line: Line) -> str | None:
    trace = audit.engine.trace(line.text)
    return _taken(trace.understanding) if audit.lost(line, trace) else None


def _lost_questions(audit: Audit) -> Iterator[Problem]:
    for line, trace in audit.answers.items():
        said = trace.understanding
        if said.intent != FALLBACK and audit.lost(line, trace):
            what = f"{quoted(line.text)} is {_taken(said)}"
            mend = f"say in it what is particular to '{line.id}', or take it out"
            yield audit.warning(line, what, mend)


def _unreached(audit: Audit) -> Iterator[Problem]:
    answers = audit.answers.items()
    reached = {line.id for line, trace in answers if line.id in trace.understanding.topics}
    for id_ in audit.entries:
        if id_ not in reached:
            line = Line(id_, "en", "", ("asks",))
            what = f"none of these questions is answered with '{id_}'"
            yield audit.warning(line, what, "write more of them, in words that only fit this entry")


def _near_duplicates(audit: Audit) -> Iterator[Problem]:
    for language in LANGUAGES:
        lines = [line for line in audit.answers if line.language == language]
        texts = [normalize(line.text) for line in lines]
        for start in range(0, len(texts), _AT_ONCE):
            some = texts[start : start + _AT_ONCE]
            alike = process.cdist(
                some, texts, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8
            )
            for row, column in np.argwhere(alike).tolist():
                line, earlier = lines[start + row], lines[column]
                if column < start + row and line.id != earlier.id:
                    where = audit.inspection.location(f"entries/{earlier.id}", earlier.route)
                    what = f"{quoted(line.text)} is asked of '{earlier.id}' too ({where})"
                    mend = "keep it where it fits best, or say what sets the two apart"
                    yield audit.warning(line, what, mend)


_CHECKS: Final[tuple[Callable[[Audit], Iterator[Problem]], ...]] = (
    _aliases,
    _lost_questions,
    _unreached,
    _near_duplicates,
)


def _taken(said: Understanding) -> str:
    """Return what became of a text."""
    if said.intent == FALLBACK:
        return "declined"
    return f"answered with {quoted(' '.join((said.intent, *said.topics)))}"
