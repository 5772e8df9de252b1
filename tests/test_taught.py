"""Questions that the knowledge holds are answered as it says."""

from collections.abc import Callable
from random import Random
from typing import Final

import pytest

from efinbot.intents import Context, Engine
from efinbot.intents.classifier.typos import slip
from efinbot.intents.taught import is_slip
from efinbot.knowledge import LANGUAGES
from efinbot.knowledge.models import Intent

EVERY: Final = 7
"""One question of so many is asked here: all of them take half a minute."""
FOR_STATEMENTS: Final = 0.95
"""Share of the questions for statements that reach their entry: some hold it against another one,
and are answered by comparing both."""
MISSING: Final = 1000
"""Questions for what is missing that there are at least."""
MOST: Final = 0.99
"""Share of them that are answered with the gap at least."""


def as_written(text: str, _: Random) -> str:
    return text


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("typed", "least"),
    [pytest.param(as_written, 0.99, id="as-written"), pytest.param(slip, 0.97, id="misspelt")],
)
def test_questions_of_an_entry_reach_it(
    engine: Engine, typed: Callable[[str, Random], str], least: float
) -> None:
    random = Random(1)  # noqa: S311 - the same slips every time
    asked = [
        (id_, ask.text)
        for id_, entry in engine.knowledge.entries.items()
        for language in LANGUAGES
        for ask in entry.questions(language)
    ][::EVERY]
    reached = [id_ in engine.understand(typed(text, random)).topics for id_, text in asked]
    assert sum(reached) / len(reached) >= least


@pytest.mark.no_cover
def test_what_is_known_to_be_missing_is_said_to_be(engine: Engine) -> None:
    asked = [
        (id_, ask.text)
        for id_, entry in engine.knowledge.entries.items()
        for language in LANGUAGES
        for ask in entry.questions(language)
        if ask.intent is Intent.FACT
    ]
    told = [(id_, engine.understand(text)) for id_, text in asked]
    missing = [said.gap and said.topics == (id_,) for id_, said in told]
    assert len(asked) > MISSING
    assert sum(missing) / len(missing) >= MOST


@pytest.mark.no_cover
def test_questions_of_a_statement_reach_its_entry(engine: Engine) -> None:
    asked = [
        (id_, ask.text, Context("explain", (id_,)) if ask.follows else None)
        for id_, entry in engine.knowledge.entries.items()
        for _, statement in entry.answers()
        for language in LANGUAGES
        for ask in statement.asks.questions(language)
    ][::EVERY]
    reached = [id_ in engine.understand(text, context).topics for id_, text, context in asked]
    assert sum(reached) / len(reached) >= FOR_STATEMENTS


@pytest.mark.parametrize(
    ("typed", "reached"),
    [
        pytest.param("gardens at the foot of the himalaya", True, id="as-written"),
        pytest.param("Gardens at the foot of the Himalaya?", True, id="case-and-marks"),
        pytest.param("gardens at the fot of the himalaya", True, id="left-out"),
        pytest.param("gardens at the foott of the himalaya", True, id="twice"),
        pytest.param("gardens at hte foot of the himalaya", True, id="swapped"),
        pytest.param("gardens at the foot of the 7imalaya", False, id="figure"),
        pytest.param("gardens at the foot", False, id="another-question"),
    ],
)
def test_one_slip_of_the_keys_is_forgiven(
    small_engine: Engine, typed: str, *, reached: bool
) -> None:
    taught, message = small_engine.taught, small_engine.read(typed).message
    found = taught.answer(message, None) or taught.nearly(message, None)
    assert (found is not None and found.entry == "darjeeling") == reached


@pytest.mark.parametrize(
    ("known", "typed", "same"),
    [
        pytest.param("银行会倒闭吗", "银行会闭倒吗", True, id="swapped"),
        pytest.param("银行会倒闭吗", "银行倒闭吗", True, id="left-out"),
        pytest.param("银行会倒闭吗", "银行x倒闭吗", True, id="key"),
        pytest.param("银行会倒闭吗", "银行能倒闭吗", False, id="another-character"),
        pytest.param("银行会倒闭吗", "银行不会倒闭吗", False, id="turned-round"),
    ],
)
def test_a_character_for_another_is_no_slip(known: str, typed: str, *, same: bool) -> None:
    assert is_slip(typed, known) == same


def test_a_taught_question_is_no_cry_for_help(engine: Engine) -> None:
    context = Context("explain", ("personal-pricing",))
    assert engine.understand("do I pay less id I drive less", context).intent == "fact"
