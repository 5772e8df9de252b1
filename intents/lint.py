"""Lints names and questions of the knowledge: those that clash or mislead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from rapidfuzz import fuzz, process

from ..knowledge import LANGUAGES, Entry, Inspection, Language, Level, Problem
from ..knowledge.document import KeyPath
from ..knowledge.messages import LazyMessage, lazy
from ..knowledge.models import SUMMARY
from ..knowledge.problems import Location
from .candidates import score
from .common_words import COMMON_WORDS
from .engine import Engine
from .entity_linker import EntityType, Name, all_names
from .statement_training import asked
from .text import Tokens, normalize, tokens
from .understanding import FALLBACK, Trace, Understanding

_GENERIC: Final = 0.1
"""Reliability below which a name stands mostly in questions about other entries."""
_TYPES: Final[Mapping[EntityType, str]] = {
    EntityType.ENTRY: "lint.entry",
    EntityType.TERM: "lint.term",
    EntityType.OUTSIDE: "lint.outside",
    EntityType.REGION: "lint.region",
    EntityType.AMBIGUOUS: "lint.ambiguous",
}
_FAR: Final = 0.35
"""Share of the best interpretation's score below which another one didn't come near."""
ALIKE: Final = 92.0
"""How like each other, in per cent, two questions are nearly the same."""
_AT_ONCE: Final = 1000
"""Questions compared with all others at once: this bounds the memory that it takes."""


def blocking_problems(inspection: Inspection) -> tuple[Problem, ...]:
    """Return everything that keeps a folder of knowledge from being used, in order of place."""
    return tuple(sorted({*inspection.problems, *_name_conflicts(inspection)}))


@dataclass(frozen=True)
class TaughtText:
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
class Lint:
    """Asks an engine what it was taught, and warns of what leads astray.

    Args:
        inspection: A folder of knowledge.
        engine: What it was taught.
    """

    inspection: Inspection
    engine: Engine

    def problems(self) -> Iterator[Problem]:
        """Yield everything that leads astray."""
        yield from self._aliases()
        yield from self._misunderstood_questions()
        yield from self._unreached_entries()
        yield from self._near_duplicates()
        yield from self._misplaced_asks()

    def _aliases(self) -> Iterator[Problem]:
        for id_, entry in self._entries.items():
            for language in LANGUAGES:
                for number, text in enumerate(entry.aliases.in_(language)):
                    alias = TaughtText(id_, language, text, ("aliases", language, number))
                    if message := self._what_is_wrong(alias):
                        yield self._warning(alias, message)

    def _what_is_wrong(self, alias: TaughtText) -> LazyMessage | None:
        words = tokens(alias.text)
        if len("".join(words)) == 1:
            return lazy("lint.alias_one_character", alias=alias.text)
        if len(words) == 1 and words[0] in COMMON_WORDS:
            return lazy("lint.alias_everyday_word", alias=alias.text)
        name = Name.of(EntityType.ENTRY, alias.id, alias.text)
        if self.engine.scorer.reliability.get(name, 1.0) < _GENERIC:
            return lazy("lint.alias_of_others", alias=alias.text)
        trace = self.engine.trace(alias.text)
        if self._misunderstood(alias, trace):
            outcome = _outcome(trace.understanding)
            return lazy("lint.alias_misunderstood", alias=alias.text, outcome=outcome)
        return None

    def _misunderstood_questions(self) -> Iterator[Problem]:
        for question, trace in self._answers.items():
            said = trace.understanding
            if question.id not in said.topics:
                yield self._warning(
                    question,
                    lazy(
                        "lint.question_misunderstood",
                        question=question.text,
                        outcome=_outcome(said),
                        id=question.id,
                    ),
                )

    def _unreached_entries(self) -> Iterator[Problem]:
        answers = self._answers.items()
        reached = {asked.id for asked, trace in answers if asked.id in trace.understanding.topics}
        for id_ in self._entries:
            if id_ not in reached:
                asks = TaughtText(id_, "en", "", ("asks",))
                yield self._warning(asks, lazy("lint.entry_unreached", id=id_))

    def _near_duplicates(self) -> Iterator[Problem]:
        for language in LANGUAGES:
            questions = [asked for asked in self._answers if asked.language == language]
            texts = [normalize(question.text) for question in questions]
            for start in range(0, len(texts), _AT_ONCE):
                some = texts[start : start + _AT_ONCE]
                alike = process.cdist(
                    some, texts, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8
                )
                for row, column in np.argwhere(alike).tolist():
                    question, earlier = questions[start + row], questions[column]
                    if column < start + row and question.id != earlier.id:
                        yield self._duplicate(question, earlier)

    def _misplaced_asks(self) -> Iterator[Problem]:
        """Find questions of a statement that another one of the entry answers better."""
        linker, ranker = self.engine.preprocessor.linker, self.engine.ranker
        for ask in asked(self._entries, linker, ranker.types):
            best, *_ = ranker.rank(ask.question, ask.entry)
            # What is asked of a whole entry may be answered by any of its statements.
            if (best.section, best.number) != ask.route and ask.route[0] != SUMMARY:
                told = best.ref.within(self.engine.knowledge).in_(ask.question.language)
                taught = TaughtText(
                    ask.entry, ask.question.language, ask.text, (*ask.route, "asks")
                )
                yield self._warning(
                    taught, lazy("lint.ask_misplaced", question=ask.text, statement=told)
                )

    def _duplicate(self, question: TaughtText, earlier: TaughtText) -> Problem:
        where = _position(self.inspection.location(f"entries/{earlier.id}", earlier.route))
        message = lazy("lint.question_duplicate", question=question.text, id=earlier.id, **where)
        return self._warning(question, message)

    def _warning(self, taught: TaughtText, message: LazyMessage) -> Problem:
        location = self.inspection.location(f"entries/{taught.id}", taught.route)
        return Problem(location, message, Level.WARNING)

    @property
    def _entries(self) -> Mapping[str, Entry]:
        return self.inspection.knowledge.entries if self.inspection.knowledge else {}

    @cached_property
    def _answers(self) -> Mapping[TaughtText, Trace]:
        """What becomes of the questions of all entries."""
        return {
            question: self.engine.trace(question.text)
            for id_, entry in self._entries.items()
            for language in LANGUAGES
            for ask in entry.questions(language)
            if (question := TaughtText(id_, language, ask.text, ask.route))
        }

    def _misunderstood(self, taught: TaughtText, trace: Trace) -> bool:
        """Return whether the entry is neither told, offered nor listed, nor came near to that."""
        said = trace.understanding
        if taught.id in (*said.topics, *said.suggestions, *self.engine.listed(said)):
            return False
        best, *_ = trace.interpretations
        own = [score(one) for one in trace.interpretations if taught.id in one.topics]
        return max(own, default=0.0) < _FAR * score(best)


def _name_conflicts(inspection: Inspection) -> Iterator[Problem]:
    """Find names that, once normalised, are claimed twice without being declared ambiguous.

    Yields:
        A problem for each name but the first of those that clash.
    """
    knowledge = inspection.knowledge
    if knowledge is None:
        return
    owners: dict[Tokens, tuple[Name, Location]] = {}
    for name, (document, route) in all_names(knowledge):
        location = inspection.location(document, route)
        if not name.tokens:
            yield Problem(location, lazy("lint.name_unwritable", name=name.written))
            continue
        owner, first = owners.setdefault(name.tokens, (name, location))
        if (owner.type, owner.id) != (name.type, name.id):
            taken = lazy(
                "lint.name_taken",
                name=name.written,
                type=lazy(_TYPES[owner.type]),
                id=owner.id,
                **_position(first),
            )
            yield Problem(location, taken)


def _position(location: Location) -> dict[str, Path | int]:
    return {"file": location.path, "line": location.line, "column": location.column}


def _outcome(said: Understanding) -> LazyMessage:
    """Return what became of a text."""
    if said.intent == FALLBACK:
        return lazy("lint.outcome_declined")
    return lazy("lint.outcome_answered", answer=" ".join((said.intent, *said.topics)))
