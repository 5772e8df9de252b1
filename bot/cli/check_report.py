"""An examination as text, as JSON, or as GitHub's annotations."""

import json
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from ...knowledge import Level, Problem
from ..reload.check import Examination, as_data


class Format(StrEnum):
    """How an examination is reported."""

    TEXT = "text"
    """A line a problem, as compilers write it."""
    JSON = "json"
    """One object."""
    GITHUB = "github"
    """Workflow commands that mark the lines of a change."""


def report(examination: Examination, format_: Format) -> str:
    """Return an examination in a format, without a line break at its end."""
    return "\n".join(_FORMATS[format_](examination))


def summary(examination: Examination) -> str:
    """Return what an examination comes to, in one line."""
    errors, warnings = examination.count(Level.ERROR), examination.count(Level.WARNING)
    noticed = f"{counted(warnings, 'warning')}" if warnings else ""
    if errors:
        return f"{errors} to mend{f', {noticed}' if noticed else ''}."
    tests = f" and {counted(examination.tests, 'test')}" if examination.tests else ""
    held = f"{examination.entries} entries with {examination.asks} questions{tests}"
    return f"{held}: {noticed or 'nothing to mend'}."


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, in the plural if there isn't just one."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


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
        yield f"::{problem.level} {where}::{_escaped(_said(problem))}"
    yield summary(examination)


def _said(problem: Problem) -> str:
    return f"{problem.what()}; {problem.fix()}"


def _from_here(path: Path) -> str:
    """Return a path as GitHub wants it: relative to the repository, where the command runs."""
    absolute, here = path.absolute(), Path.cwd()
    return absolute.relative_to(here).as_posix() if absolute.is_relative_to(here) else str(path)


def _escaped(text: str, *also: str) -> str:
    for character in ("%", "\r", "\n", *also):
        text = text.replace(character, f"%{ord(character):02X}")
    return text


_FORMATS: Final[Mapping[Format, Callable[[Examination], Iterator[str]]]] = {
    Format.TEXT: _text,
    Format.JSON: _json,
    Format.GITHUB: _github,
}
