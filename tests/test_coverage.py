"""What the statements of all entries cover of a question."""

from collections.abc import Sequence

import numpy as np
import pytest

from efinbot.intents.coverage import Coverage, StatementIndex, units
from efinbot.knowledge import LANGUAGES

TEXTS = {
    "tea": [("green", "leaves", "steamed"), ("black", "leaves", "oxidised")],
    "coffee": [("beans", "roasted", "black")],
    "milk": [("cows", "give", "black", "and", "white")],
}
QUESTIONS = [("are", "leaves", "steamed"), ("are", "beans", "roasted"), ("are", "cows", "white")]


def index(asked: Sequence[str] = tuple(TEXTS)) -> StatementIndex:
    coverage, _ = Coverage.learn(QUESTIONS, [text for held in TEXTS.values() for text in held])
    covered = {
        id_: {
            lang: coverage.rows([[coverage.placed(units(text))] for text in held])
            for lang in LANGUAGES
        }
        for id_, held in TEXTS.items()
    }
    return StatementIndex.of(coverage, covered, asked)


@pytest.mark.parametrize(
    ("question", "likely"),
    [
        pytest.param(("steamed", "leaves"), ["tea", "coffee", "milk"], id="all-in-one-statement"),
        pytest.param(("roasted", "black"), ["coffee", "tea", "milk"], id="shared-with-others"),
        pytest.param(("cows",), ["milk", "tea", "coffee"], id="one-word"),
        pytest.param(("sugar",), ["tea", "coffee", "milk"], id="unknown-leaves-the-order"),
    ],
)
def test_the_entries_whose_statements_cover_most_come_first(
    question: tuple[str, ...], likely: list[str]
) -> None:
    assert index().likely(question, "en") == likely


def test_an_entry_lacks_what_another_covers_and_it_does_not() -> None:
    lacks = index().lacks(("steamed", "leaves"), "en")
    assert lacks["tea"] == 0
    assert lacks["coffee"] == lacks["milk"] == pytest.approx(1)


def test_a_statement_must_cover_it_alone() -> None:
    lacks = index().lacks(("steamed", "oxidised"), "en")
    assert lacks["tea"] == 0
    assert 0 < lacks["milk"] < 1


def test_what_nobody_has_asked_about_lacks_nothing() -> None:
    assert index(asked=("tea",)).lacks(("roasted", "beans"), "en")["milk"] == 0


@pytest.mark.parametrize("words", [(), ("sugar", "sugar"), ("leaves", "sugar", "black")])
def test_words_tell_as_much_as_their_units_do(words: tuple[str, ...]) -> None:
    coverage = index().coverage
    assert coverage.told(words) == pytest.approx(sum(coverage.told([one]) for one in {*words}))


def test_the_rarer_in_questions_the_more_a_word_tells() -> None:
    coverage = index().coverage
    assert coverage.told(["are"]) < coverage.told(["cows"]) < coverage.told(["sugar"])
    assert np.isfinite(coverage.told(["are", "sugar"]))
