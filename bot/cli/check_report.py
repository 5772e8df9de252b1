"""The result of `efinbot check` as text, as JSON, or as GitHub's annotations."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from ...knowledge import Level, Problem
from ...knowledge.messages import message
from ..reload.check import Examination, as_data


class ReportFormat(StrEnum):
    """How an examination is reported."""

    TEXT = "text"
    """A line a problem, as compilers write it."""
    JSON = "json"
    """One object."""
    GITHUB = "github"
    """Workflow commands that mark the lines of a change."""


def report(examination: Examination, format_: ReportFormat) -> str:
    """Return an examination in a format, without a line break at its end."""
    return "\n".join(_FORMATS[format_](examination))


def summary(examination: Examination) -> str:
    """Return what an examination comes to, in one line."""
    errors = examination.of_level(Level.ERROR)
    count = examination.count(Level.WARNING)
    warnings = message("check.warnings", count=count) if count else ""
    if errors:
        return failed(errors, warnings)
    found = warnings or message("check.no_problems")
    entries, questions = examination.entries, examination.asks
    if not examination.tests:
        return message("check.passed", entries=entries, questions=questions, found=found)
    tests = message("check.tests", count=examination.tests)
    return message(
        "check.passed_tests", entries=entries, questions=questions, tests=tests, found=found
    )


def failed(errors: Sequence[Problem], warnings: str = "") -> str:
    """Return how many problems there are in how many files, as a sentence."""
    problems = message("check.problems", count=len(errors))
    files = message("check.files", count=len({error.location.path for error in errors}))
    if warnings:
        return message("check.failed_and_warned", problems=problems, files=files, warnings=warnings)
    return message("check.failed", problems=problems, files=files)


def _text(examination: Examination) -> Iterator[str]:
    yield from map(str, examination.problems)
    yield summary(examination)


def _json(examination: Examination) -> Iterator[str]:
    problems = [as_data(problem) for problem in examination.problems]
    counts = {
        "entries": examination.entries,
        "questions": examination.asks,
        "tests": examination.tests,
        "errors": examination.count(Level.ERROR),
        "warnings": examination.count(Level.WARNING),
    }
    yield json.dumps({**counts, "problems": problems}, ensure_ascii=False)


def _github(examination: Examination) -> Iterator[str]:
    for problem in examination.problems:
        place = problem.location
        file = _escaped(_from_here(place.path), ":", ",")
        where = f"file={file},line={place.line},col={place.column}"
        yield f"::{problem.level} {where}::{_escaped(problem.said())}"
    yield summary(examination)


def _from_here(path: Path) -> str:
    """Return a path as GitHub wants it: relative to the repository, where the command runs."""
    absolute, here = path.absolute(), Path.cwd()
    return absolute.relative_to(here).as_posix() if absolute.is_relative_to(here) else str(path)


def _escaped(text: str, *also: str) -> str:
    for character in ("%", "\r", "\n", *also):
        text = text.replace(character, f"%{ord(character):02X}")
    return text


_FORMATS: Final[Mapping[ReportFormat, Callable[[Examination], Iterator[str]]]] = {
    ReportFormat.TEXT: _text,
    ReportFormat.JSON: _json,
    ReportFormat.GITHUB: _github,
}
