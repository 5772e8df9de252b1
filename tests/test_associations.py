"""Which words of questions go with which words of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pytest

from efinbot.intents.associations import Associations, likelihoods
from efinbot.intents.coverage import stated_units, units
from efinbot.intents.text import StringIndex

PAIRS = [
    (("when", "start"), ("opened", "year")),
    (("since", "when"), ("opened", "bank")),
    (("how", "many", "people"), ("users", "bank")),
    (("people", "using", "it"), ("users", "year")),
] * 3


@dataclass(frozen=True)
class Learned:
    """What was learned from pairs, and the positions of their units."""

    positions: StringIndex
    associations: Associations

    @classmethod
    def of(cls, pairs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> "Learned":
        positions = StringIndex(chain.from_iterable(chain(*pairs)))
        known = [tuple(np.array(positions.found(one), np.int32) for one in pair) for pair in pairs]
        return cls(positions, Associations.learn(known, len(positions)))

    def gains(self, question: Sequence[str], *statements: Sequence[str]) -> list[float]:
        place = self.positions.found
        rows = self.associations.expected([np.array(place(s), np.int32) for s in statements])
        return likelihoods(rows, np.array(place(question), np.int32), len(question)).tolist()


@pytest.fixture(scope="module")
def learned() -> Learned:
    return Learned.of(PAIRS)


def gain(learned: Learned, question: tuple[str, ...], statement: tuple[str, ...]) -> float:
    return learned.gains(question, statement)[0]


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        pytest.param(("when",), ("opened",), ("users",), id="a-word"),
        pytest.param(("people",), ("users",), ("opened",), id="another"),
        pytest.param(("people", "when"), ("users", "opened"), ("bank",), id="several"),
    ],
)
def test_what_was_asked_beside_a_word_is_likelier_there(
    learned: Learned, question: tuple[str, ...], right: tuple[str, ...], wrong: tuple[str, ...]
) -> None:
    assert gain(learned, question, right) > gain(learned, question, wrong)


def test_unknown_words_say_nothing(learned: Learned) -> None:
    assert gain(learned, ("zebra",), ("opened",)) == gain(learned, ("zebra",), ("users",))
    assert gain(learned, ("when",), ("zebra",)) == gain(learned, ("zebra",), ("opened",))


def test_without_a_question_to_learn_from_nothing_is_expected() -> None:
    learned = Learned.of([])
    assert gain(learned, ("when",), ("opened",)) == gain(learned, (), ())


def test_statements_are_told_apart(learned: Learned) -> None:
    found = learned.gains(("when",), ("opened",), ("zebra",), ("users",))
    assert found == [gain(learned, ("when",), (word,)) for word in ("opened", "zebra", "users")]
    assert found[0] > max(found[1:])


def test_words_without_an_association_do_not_keep_a_question_from_being_learned() -> None:
    others = [(("who",), ("led",))] * 2
    learned = Learned.of([((), ("opened",)), *[(("when",), ("opened",))] * 2, *others])
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


def test_units_of_a_statement() -> None:
    words = ["2024", "何", "时", "a", "bank"]
    assert stated_units(words) == ("#4", "a", "bank", "何时")
