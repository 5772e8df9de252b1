"""Which words of questions go with which words of statements."""

import pytest

from efinbot.intents.associations import (
    NOTHING,
    Associations,
    ExpectedWords,
    expected_rows,
    likelihoods,
    units,
    within,
)

PAIRS = [
    (("when", "start"), ("opened", "year")),
    (("since", "when"), ("opened", "bank")),
    (("how", "many", "people"), ("users", "bank")),
    (("people", "using", "it"), ("users", "year")),
] * 3


@pytest.fixture(scope="module")
def learned() -> Associations:
    return Associations.learn(PAIRS)


def gain(learned: Associations, question: tuple[str, ...], statement: tuple[str, ...]) -> float:
    return likelihood(learned, learned.expected(statement), question)


def likelihood(learned: Associations, expected: ExpectedWords, question: tuple[str, ...]) -> float:
    rows = expected_rows([expected], len(learned.positions))
    return float(likelihoods(rows, within(learned.positions, question), len(question))[0])


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        pytest.param(("when",), ("opened",), ("users",), id="a-word"),
        pytest.param(("people",), ("users",), ("opened",), id="another"),
        pytest.param(("people", "when"), ("users", "opened"), ("bank",), id="several"),
    ],
)
def test_what_was_asked_beside_a_word_is_likelier_there(
    learned: Associations, question: tuple[str, ...], right: tuple[str, ...], wrong: tuple[str, ...]
) -> None:
    assert gain(learned, question, right) > gain(learned, question, wrong)


def test_unknown_words_say_nothing(learned: Associations) -> None:
    assert gain(learned, ("zebra",), ("opened",)) == gain(learned, ("zebra",), ("users",))
    assert gain(learned, ("when",), ("zebra",)) == gain(learned, ("zebra",), ("opened",))


def test_without_a_question_to_learn_from_nothing_is_expected() -> None:
    learned = Associations.learn([])
    assert gain(learned, ("when",), ("opened",)) == gain(learned, (), ())


def test_nothing_is_as_good_as_an_unknown_statement(learned: Associations) -> None:
    zebra = learned.expected(("zebra",))
    assert likelihood(learned, NOTHING, ("when",)) == likelihood(learned, zebra, ("when",))


def test_words_without_an_association_do_not_keep_a_question_from_being_learned() -> None:
    learned = Associations.learn([((), ("opened",)), *[(("when",), ("opened",))] * 2])
    assert gain(learned, ("when",), ("opened",)) > gain(learned, ("zebra",), ("opened",))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["regulated", "firms"], ("regula", "firms"), id="stems"),
        pytest.param(["2024", "12"], ("#4", "#2"), id="figures-by-their-length"),
        pytest.param(["何", "时"], ("何", "时", "何时"), id="characters-and-pairs"),
        pytest.param(["when", "when"], ("when",), id="once"),
    ],
)
def test_units(words: list[str], expected: tuple[str, ...]) -> None:
    assert units(words) == expected
