"""Questions with known answers, put to an engine."""

from collections.abc import Iterable, Iterator

from ..knowledge import Problem
from ..knowledge.expectations import Expectation, Expected
from ..knowledge.problems import plain, quoted
from .engine import Engine
from .understanding import FALLBACK, TOPICLESS, Understanding


def trials(engine: Engine, expected: Iterable[Expected]) -> Iterator[Problem]:
    """Ask questions, and find those that are not answered as they should be.

    Args:
        engine: What is tested.
        expected: The questions, by file.

    Yields:
        A problem for each wrong answer, with the question, what was wanted and what was given.
    """
    for file in expected:
        for conversation, route in zip(file.conversations, file.routes, strict=True):
            context = None
            for turn, where in conversation.turns():
                said = engine.understand(turn.ask, context)
                context = engine.remember(context, said, now=0.0)
                if not fits(said, turn):
                    place = file.document.location((*route, *where, "ask"))
                    yield Problem(place, plain(_difference(turn, said), _mend(turn)))


def fits(said: Understanding, wanted: Expectation) -> bool:
    """Return whether an answer is the one that is expected; the order of topics is free."""
    topics = () if said.intent in (*TOPICLESS, FALLBACK) else said.topics
    return said.intent == wanted.intent and set(topics) == set(wanted.topics)


def _difference(wanted: Expectation, said: Understanding) -> str:
    right = " ".join((wanted.intent, *wanted.topics))
    given = " ".join((said.intent, *said.topics))
    return f"{quoted(wanted.ask)} is answered with '{given}', not '{right}'"


def _mend(wanted: Expectation) -> str:
    if wanted.intent == FALLBACK:
        return "name what it is about in outside.yaml, or mend the test"
    if wanted.topics:
        ids = " and ".join(f"'{topic}'" for topic in wanted.topics)
        return f"add questions like it to the asks of {ids}, or mend the test"
    return "take the words that mislead out of names and asks, or mend the test"
