"""Expectations: questions with the answers that they should get, in the knowledge's own tests."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pydantic import TypeAdapter, ValidationError

from .document import Document, KeyPath, read_document
from .messages import lazy
from .models import Id, Intent, NonEmptyStr, StrictModel
from .problems import Location, Problem, did_you_mean
from .snapshot import TESTS
from .validation_errors import problems_of


class Expectation(StrictModel):
    """A question, and what it should be understood as."""

    ask: NonEmptyStr
    """The question, as people type it."""
    intent: Intent
    """What it wants; ``fallback`` for what should be declined."""
    topics: tuple[Id, ...] = ()
    """The entries that it is about, in any order; none for a list, small talk or a refusal."""


class ExpectedConversation(Expectation):
    """A question, and perhaps follow-ups."""

    then: tuple[Expectation, ...] = ()
    """Follow-ups in the same conversation, in order."""

    def turns(self) -> Iterator[tuple[Expectation, KeyPath]]:
        """Yield the questions in order, each with where it stands within the conversation."""
        yield self, ()
        for number, turn in enumerate(self.then):
            yield turn, ("then", number)


ExpectedConversations: TypeAlias = tuple[ExpectedConversation, ...]
"""What a file of questions holds."""


@dataclass(frozen=True)
class Expected:
    """The questions of one file."""

    conversations: ExpectedConversations
    """What is well-formed, in order."""
    document: Document
    """The file."""
    routes: tuple[KeyPath, ...]
    """Where each of the conversations stands in it."""


def read_expectations(
    folder: Path, known_ids: Collection[str]
) -> tuple[list[Expected], list[Problem]]:
    """Read the questions that test a folder of knowledge.

    Args:
        folder: The knowledge; its ``tests/*.yaml`` are read, if there are any.
        known_ids: Ids of all entries.

    Returns:
        What is well-formed, by file, and everything that is wrong.
    """
    found: list[Expected] = []
    problems: list[Problem] = []
    for path in sorted((folder / TESTS).glob("*.y*ml")):
        if path.suffix != ".yaml":
            problems.append(Problem(Location(path), lazy("problems.wrong_suffix")))
            continue
        document = read_document(path, folder)
        expected = _expected(document)
        problems += document.problems
        for conversation, route in zip(expected.conversations, expected.routes, strict=True):
            for turn, where in conversation.turns():
                for number, topic in enumerate(turn.topics):
                    if topic not in known_ids:
                        problems.append(
                            document.problem(
                                (*route, *where, "topics", number),
                                "problems.unknown_entry",
                                id=topic,
                                suggestion=did_you_mean(topic, known_ids),
                            )
                        )
        found.append(expected)
    return found, problems


def _expected(document: Document) -> Expected:
    """Validate a file, one conversation at a time, so that a malformed one hides no other."""
    if document.tree is None:
        return Expected((), document, ())
    rows = document.tree if isinstance(document.tree, list) else None
    found: list[ExpectedConversation] = []
    routes: list[KeyPath] = []
    for number, row in enumerate(rows or ()):
        try:
            found.append(ExpectedConversation.model_validate(row))
            routes.append((number,))
        except ValidationError as error:
            document.problems += problems_of(error, document, ExpectedConversation, (number,))
    if rows is None:
        try:
            TypeAdapter(ExpectedConversations).validate_python(document.tree)
        except ValidationError as error:
            document.problems += problems_of(error, document, ExpectedConversations)
    return Expected(tuple(found), document, tuple(routes))
