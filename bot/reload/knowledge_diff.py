"""Compares two folders of knowledge: their files, their entries, and how they answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Final, TypeAlias

from ...intents import FALLBACK, TOPICLESS, Context, Understanding
from ...intents.regression_tests import matches
from ...knowledge import LANGUAGES, Asks, Entry, Language, Level, Problem, Snapshot, Text, Words
from ...knowledge.expectations import Expectation, read_expectations
from ..assistant import Assistant
from .check import Examination, examine
from .engine_cache import open_engine

_MOST: Final = 3000
"""Questions put to both engines at most: tests and missed questions first, then what is taught."""
_ENTRIES: Final = 12
"""Entries of which a preview is made at most."""
_ANSWERS: Final = 6
"""Questions of which the old and the new answer are shown at most."""
_DEEPEST: Final = 9
"""Pages of an answer that are looked through for what has changed."""


@dataclass(frozen=True, slots=True)
class Edited:
    """An entry that was added, changed or removed."""

    id: str
    """Its id."""
    name: Text
    """What it is called, or was."""
    parts: tuple[str, ...] = ()
    """The keys that have changed, e.g. ``asks +3 −1``; none for what was added or removed."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A question whose answer changes."""

    asked: tuple[str, ...]
    """What is asked: a question, or a conversation that ends with it."""
    before: str
    """The answer before, as a test would have it: the intent and the ids of the topics."""
    after: str
    """The answer after."""
    wanted: str = ""
    """The answer that a test wants, if it fails because of the change; or else empty."""


@dataclass(frozen=True, slots=True)
class Preview:
    """An answer as readers see it, in Telegram's HTML."""

    title: str
    """What is asked: the name of an entry, or a question."""
    before: str
    """The answer before; empty for an entry that is new."""
    after: str
    """The answer after."""


@dataclass(frozen=True)
class KnowledgeDiff:
    """How one folder of knowledge differs from another one."""

    added: tuple[Edited, ...]
    """Entries that are new."""
    changed: tuple[Edited, ...]
    """Entries that say or link something else, or are asked for otherwise."""
    removed: tuple[Edited, ...]
    """Entries that are gone."""
    files: tuple[str, ...]
    """The other files that hold something else, by name."""
    turned: tuple[Turned, ...]
    """Questions that are answered otherwise or fail a test, the latter first."""
    asked: int
    """How many questions were asked."""
    previews: tuple[Preview, ...]
    """A few of the answers that change."""

    @property
    def broken(self) -> tuple[Turned, ...]:
        """Return the questions that fail a test because of the change."""
        return tuple(one for one in self.turned if one.wanted)


@dataclass(frozen=True)
class Assessment:
    """What becomes of a folder of knowledge with a change in it."""

    errors: tuple[Problem, ...]
    """What must be fixed before it can be used, in order of place."""
    warnings: tuple[Problem, ...]
    """What deserves a look in the files that are changed, in order of place."""
    comparison: KnowledgeDiff | None
    """What the change does; None where there are errors."""


def assess(
    before: Path, after: Path, changed: Iterable[str], missed: Sequence[str], language: Language
) -> Assessment:
    """Examine a changed folder of knowledge, and compare it with what it was.

    A test that fails is no error here: it is told with the questions that the change turns.

    Args:
        before: The knowledge without the change, free of errors.
        after: The knowledge with it.
        changed: Names of the changed files, relative to the folder.
        missed: Questions that people asked without getting a good answer.
        language: What previews are written in.
    """
    examination = examine(after)
    errors = _errors(examination)
    places = {after / name for name in changed}
    warnings = tuple(
        problem
        for problem in examination.of_level(Level.WARNING)
        if problem.location.path in places
    )
    comparison = None if errors else compare(before, after, missed, language)
    return Assessment(errors, warnings, comparison)


def compare(before: Path, after: Path, missed: Sequence[str], language: Language) -> KnowledgeDiff:
    """Compare two folders of knowledge, both free of errors.

    Their engines are taken from the cache or built, which takes seconds.

    Args:
        before: The one.
        after: The other.
        missed: Questions to ask besides those of the folders' tests and entries.
        language: What previews are written in.
    """
    pair = _Pair(Assistant(open_engine(before)), Assistant(open_engine(after)))
    old, new = pair.old, pair.new
    added = tuple(Edited(id_, new[id_].name) for id_ in new if id_ not in old)
    removed = tuple(Edited(id_, old[id_].name) for id_ in old if id_ not in new)
    changed = tuple(
        Edited(id_, new[id_].name, tuple(_parts(old[id_], new[id_])))
        for id_ in new
        if id_ in old and old[id_] != new[id_]
    )
    told = {f"entries/{entry.id}.yaml" for entry in (*added, *changed, *removed)}
    files = Snapshot.of(before).changed(Snapshot.of(after))
    tests = _tests(before, after, pair)
    single = dict.fromkeys((*missed, *pair.taught()))
    others = (((one, None, None),) for one in single if (one,) not in tests)
    talks = tuple(islice(chain(tests.values(), others), _MOST))
    turned = sorted(chain.from_iterable(map(pair.turned, talks)), key=lambda one: not one.wanted)
    previews = chain(
        islice(pair.entries((*added, *changed), language), _ENTRIES),
        islice(pair.answers(turned), _ANSWERS),
    )
    return KnowledgeDiff(
        added=added,
        changed=changed,
        removed=removed,
        files=tuple(name for name in files if name not in told),
        turned=tuple(turned),
        asked=sum(map(len, talks)),
        previews=tuple(previews),
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    """What answered before, and what answers after."""

    before: Assistant
    after: Assistant

    @property
    def old(self) -> Mapping[str, Entry]:
        return self.before.engine.knowledge.entries

    @property
    def new(self) -> Mapping[str, Entry]:
        return self.after.engine.knowledge.entries

    def taught(self) -> Iterator[str]:
        """Yield what is taught: all for entries that differ, then one for each other in turn."""
        same = [id_ for id_, entry in self.new.items() if self.old.get(id_) == entry]
        for entries in (self.new, self.old):
            for id_, entry in entries.items():
                if id_ not in same:
                    yield from _asks(entry)
        in_turn = zip_longest(*(_asks(self.new[id_]) for id_ in same))
        yield from filter(None, chain.from_iterable(in_turn))

    def turned(self, talk: "_Talk") -> Iterator[Turned]:
        """Yield the questions of a conversation whose answers differ, or fail a test now."""
        one, other = self.before.engine, self.after.engine
        contexts: tuple[Context | None, Context | None] = (None, None)
        asked: tuple[str, ...] = ()
        for question, wanted, formerly in talk:
            asked = (*asked, question)
            was = one.understand(question, contexts[0])
            now = other.understand(question, contexts[1])
            contexts = (one.remember(contexts[0], was, 0.0), other.remember(contexts[1], now, 0.0))
            before, after, right = _said(was), _said(now), ""
            failed = formerly is not None and wanted == formerly and not matches(was, formerly)
            if wanted and not failed and not matches(now, wanted):
                right = " ".join((wanted.intent, *wanted.topics))
            if before != after or right:
                yield Turned(asked, before, after, right)

    def entries(self, edited: Iterable[Edited], language: Language) -> Iterator[Preview]:
        """Yield how entries read, from the first page that differs."""
        for entry in edited:
            for depth in range(_DEEPEST):
                said = Understanding("explain", (entry.id,), language, 1.0, depth=depth)
                before = self.before.reply(said).html if entry.id in self.old else ""
                after = self.after.reply(said).html
                if before != after:
                    yield Preview(entry.name.in_(language), before, after)
                    break

    def answers(self, turned: Iterable[Turned]) -> Iterator[Preview]:
        """Yield how questions are answered that stand for themselves, each new answer once."""
        shown: set[str] = set()
        for asked in (one.asked[0] for one in turned if len(one.asked) == 1):
            before, after = (
                side.reply(side.engine.understand(asked)).html for side in (self.before, self.after)
            )
            if before != after and after not in shown:
                shown.add(after)
                yield Preview(asked, before, after)


_Talk: TypeAlias = Sequence[tuple[str, Expectation | None, Expectation | None]]
"""Questions of one conversation, each with what a test wants after and wanted before."""


def _tests(before: Path, after: Path, pair: _Pair) -> Mapping[tuple[str, ...], _Talk]:
    """Return the conversations of the tests by what is asked in them."""
    was, now = _expected(before, pair.old), _expected(after, pair.new)
    return {
        asked: tuple(zip(asked, now.get(asked, nothing), was.get(asked, nothing), strict=True))
        for asked in {**now, **was}
        for nothing in ((None,) * len(asked),)
    }


def _expected(
    folder: Path, entries: Mapping[str, Entry]
) -> Mapping[tuple[str, ...], Sequence[Expectation]]:
    """Return what the tests of a folder want, by what is asked in a conversation."""
    found: dict[tuple[str, ...], Sequence[Expectation]] = {}
    for file in read_expectations(folder, entries)[0]:
        for conversation in file.conversations:
            turns = [turn for turn, _ in conversation.turns()]
            found[tuple(turn.ask for turn in turns)] = turns
    return found


def _errors(examination: Examination) -> tuple[Problem, ...]:
    return tuple(
        problem
        for problem in examination.of_level(Level.ERROR)
        if problem not in examination.failed
    )


def _asks(entry: Entry) -> tuple[str, ...]:
    return tuple(ask.text for language in LANGUAGES for ask in entry.questions(language))


def _said(understanding: Understanding) -> str:
    """Return an answer as a test has it, the topics in an order of their own."""
    said = understanding
    topics = () if said.intent in (*TOPICLESS, FALLBACK) else sorted(said.topics)
    return " ".join((said.intent, *topics))


def _parts(old: Entry, new: Entry) -> Iterator[str]:
    """Yield the keys in which an entry differs, with how many items came and went."""
    for key, field in Entry.model_fields.items():
        before, after = getattr(old, key), getattr(new, key)
        if before != after:
            one, other = _items(before), _items(after)
            counts = (("+", _without(other, one)), ("−", _without(one, other)))
            yield (field.alias or key) + "".join(f" {sign}{n}" for sign, n in counts if n)


def _items(value: object) -> Sequence[object]:
    """Return the items of a list, or of a list in each language; none for a single value."""
    match value:
        case Asks():
            return tuple(chain.from_iterable((*w.zh, *w.en) for w in value.by_intent.values()))
        case Words(zh=zh, en=en):
            return (*zh, *en)
        case tuple():
            return tuple(map(str, value))  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - links, facts
        case _:
            return ()


def _without(some: Sequence[object], others: Sequence[object]) -> int:
    return sum(item not in others for item in some)
