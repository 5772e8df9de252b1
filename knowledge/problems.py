"""What is wrong with the knowledge files, and where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .languages import Language
from .messages import LazyMessage, lazy, message, printable, shown

_LISTED: Final = 20
"""How many known words a message lists."""


@dataclass(frozen=True, order=True)
class Location:
    """A position in a file."""

    path: Path
    """The file."""
    line: int = 1
    """Line, counted from 1."""
    column: int = 1
    """Column in characters, counted from 1."""

    def __str__(self) -> str:
        return f"{printable(str(self.path))}:{self.line}:{self.column}"


class Level(StrEnum):
    """How much a problem matters."""

    ERROR = "error"
    """The knowledge is wrong, or answers wrongly."""
    WARNING = "warning"
    """It works; somebody should look at it."""


_LINES: Final[Mapping[Level, str]] = {
    Level.ERROR: "problems.error",
    Level.WARNING: "problems.warning",
}


@dataclass(frozen=True)
class Problem:
    """One thing to fix in the knowledge files. Sorts by location."""

    location: Location
    """Where it is."""
    message: LazyMessage
    """What is wrong, and how to fix it."""
    level: Level = Level.ERROR
    """How much it matters."""

    def what(self, language: Language | None = None) -> str:
        """Return what is wrong."""
        return self.message.text(language, "what")

    def fix(self, language: Language | None = None) -> str:
        """Return how to fix it."""
        return self.message.text(language, "fix")

    def said(self, language: Language | None = None) -> str:
        """Return what is wrong, and how to fix it."""
        return self.message.text(language)

    def text(self, language: Language | None = None) -> str:
        """Return all of it in a line, as compilers write it."""
        line, said = _LINES[self.level], self.said(language)
        return message(line, language, location=self.location, said=said)

    def __str__(self) -> str:
        return self.text()

    def __lt__(self, other: "Problem") -> bool:
        if self.location != other.location:
            return self.location < other.location
        return self.text("en") < other.text("en")


class KnowledgeError(Exception):
    """The knowledge can't be used.

    Args:
        problems: Everything that was found, at least one.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> "tuple[type[KnowledgeError], tuple[tuple[Problem, ...]]]":
        return type(self), (self.problems,)


def quoted(text: str) -> str:
    """Return a text from a file in quotes, fit for one line of a terminal."""
    return message("problems.quoted", text=shown(text))


class InvalidValueError(ValueError):
    """A model refuses a value.

    Args:
        message: What is wrong, and how to fix it.
    """

    def __init__(self, message: LazyMessage) -> None:
        super().__init__(message.key)
        self.message = message


def did_you_mean(word: str, known: Iterable[str]) -> LazyMessage:
    """Suggest the known word that was probably meant.

    Args:
        word: What was written.
        known: What may be written.

    Returns:
        ``did you mean 'x'?`` where one is near, otherwise a list of the known words.
    """
    choices = sorted(known)
    near = process.extractOne(
        word,
        choices,
        scorer=OSA.normalized_similarity,
        processor=str.casefold,
        score_cutoff=0.6,
    )
    if near:
        return lazy("problems.did_you_mean", name=near[0])
    if not choices:
        return lazy("problems.nothing_to_name")
    listed = (*choices[:_LISTED], *(["…"] if len(choices) > _LISTED else []))
    return lazy("problems.use_one_of", names=listed)
