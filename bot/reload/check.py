"""Checks a folder of knowledge: its files, its texts, and its tests, which the engine answers."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from filecmp import cmpfiles
from pathlib import Path

from ...intents import Engine, blocking_problems
from ...intents.lint import Lint
from ...intents.regression_tests import failed_tests
from ...knowledge import LANGUAGES, SHIPPED, Level, Problem, inspect
from ...knowledge.expectations import read_expectations
from ...knowledge.validation import validate
from .engine_cache import open_engine


@dataclass(frozen=True)
class Examination:
    """What an examination found."""

    problems: tuple[Problem, ...]
    """All errors and warnings, in order of place."""
    entries: int = 0
    """How many entries there are."""
    asks: int = 0
    """How many questions these are taught with."""
    tests: int = 0
    """How many questions with known answers were put to the engine."""
    failed: tuple[Problem, ...] = ()
    """The problems that are such questions, answered wrongly: the knowledge can be used still."""

    def count(self, level: Level) -> int:
        """Return how many problems are of a level."""
        return len(self.of_level(level))

    def with_(self, problems: Iterable[Problem]) -> "Examination":
        """Return the same with other problems added."""
        return replace(self, problems=tuple(sorted((*self.problems, *problems))))

    def of_level(self, level: Level) -> tuple[Problem, ...]:
        """Return the problems of a level, in order of place."""
        return tuple(problem for problem in self.problems if problem.level is level)


def as_data(problem: Problem) -> dict[str, str | int]:
    """Return a problem for programs, as JSON has it."""
    return {
        "level": problem.level.value,
        "file": str(problem.location.path),
        "line": problem.location.line,
        "column": problem.location.column,
        "what": problem.what(),
        "fix": problem.fix(),
    }


def examine(
    folder: Path, oldest: str = "", opened: Callable[[Path], Engine] = open_engine
) -> Examination:
    """Examine a folder of knowledge.

    The engine is asked only where the bot could start: building it takes seconds, unless it is in
    the cache, and what it makes of broken knowledge says nothing.

    Args:
        folder: The knowledge.
        oldest: The month, YYYY-MM, before which a source is called old; empty for none.
        opened: Gives the folder's engine.
    """
    inspection = inspect(folder)
    knowledge = inspection.knowledge
    known = inspection.entry_ids
    expected, malformed = read_expectations(folder, known)
    errors = {*blocking_problems(inspection), *malformed}
    problems = {*errors, *validate(inspection, oldest)}
    if knowledge is None:
        return Examination(tuple(sorted(problems)))
    entries = knowledge.entries.values()
    asks = sum(1 for entry in entries for language in LANGUAGES for _ in entry.questions(language))
    tests, failed = 0, ()
    if not errors:
        engine = opened(folder)
        failed = tuple(failed_tests(engine, expected, _untouched(folder, knowledge.entries)))
        problems.update(Lint(inspection, engine).problems(), failed)
        tests = sum(1 + len(one.then) for file in expected for one in file.conversations)
    return Examination(tuple(sorted(problems)), len(entries), asks, tests, failed)


def _untouched(folder: Path, entries: Collection[str]) -> frozenset[str]:
    """Return the entries of a folder whose files are as they come with the package.

    In the folder of the package itself none is: whoever checks that edits it.
    """
    if folder.resolve() == SHIPPED.resolve():
        return frozenset()
    names = {f"{id_}.yaml": id_ for id_ in entries}
    same, _, _ = cmpfiles(folder / "entries", SHIPPED / "entries", names, shallow=False)
    return frozenset(names[name] for name in same)
