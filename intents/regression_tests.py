"""Regression tests: questions with known answers, asked of an engine."""

from collections.abc import Collection, Iterable, Iterator

from ..knowledge import Level, Problem
from ..knowledge.expectations import Expectation, Expected
from ..knowledge.messages import LazyMessage, lazy
from .engine import Engine
from .understanding import FALLBACK, TOPICLESS, Understanding


def failed_tests(
    engine: Engine, expected: Iterable[Expected], untouched: Collection[str] = ()
) -> Iterator[Problem]:
    """Ask questions, and find those that are not answered as they should be.

    Args:
        engine: What is tested.
        expected: The questions, by file.
        untouched: Ids of the entries that nobody has edited.

    Yields:
        A problem for each wrong answer, with the question, what was wanted and what was given; a
        warning if it should be about untouched entries alone.
    """
    for file in expected:
        for conversation, route in zip(file.conversations, file.routes, strict=True):
            context = None
            for turn, where in conversation.turns():
                said = engine.understand(turn.ask, context)
                context = engine.remember(context, said, now=0.0)
                if not matches(said, turn):
                    location = file.document.location((*route, *where, "ask"))
                    elsewhere = bool(turn.topics) and set(turn.topics).issubset(untouched)
                    level = Level.WARNING if elsewhere else Level.ERROR
                    yield Problem(location, _failure(turn, said, elsewhere=elsewhere), level)


def matches(said: Understanding, wanted: Expectation) -> bool:
    """Return whether an answer is the one that is expected; the order of topics is free.

    One fact about an entry serves where an explanation is wanted, and saying that this isn't known
    of it where the question should be declined.
    """
    if said.gap and wanted.intent == FALLBACK:
        return True
    topics = () if said.intent in (*TOPICLESS, FALLBACK) else said.topics
    intents = (said.intent, "explain") if said.intent == "fact" and not said.gap else (said.intent,)
    return wanted.intent in intents and set(topics) == set(wanted.topics)


def _failure(wanted: Expectation, said: Understanding, *, elsewhere: bool) -> LazyMessage:
    values = {
        "question": wanted.ask,
        "given": " ".join((said.intent, *said.topics)),
        "wanted": " ".join((wanted.intent, *wanted.topics)),
    }
    if wanted.intent == FALLBACK:
        return lazy("lint.test_failed_declined", **values)
    if elsewhere:
        return lazy("lint.test_failed_elsewhere", **values)
    if wanted.topics:
        ids = tuple(lazy("problems.quoted", text=topic) for topic in wanted.topics)
        return lazy("lint.test_failed_entry", **values, ids=ids)
    return lazy("lint.test_failed_list", **values)
