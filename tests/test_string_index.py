"""Strings and their numbers."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efinbot.intents.text import StringIndex

# No surrogates and no control characters are left in a message that has been normalised.
texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]))


@given(st.lists(texts), st.lists(texts))
def test_it_numbers_as_a_dictionary_does(known: list[str], others: list[str]) -> None:
    numbers = {string: number for number, string in enumerate(dict.fromkeys(known))}
    for index in (one := StringIndex(known), pickle.loads(pickle.dumps(one))):  # noqa: S301 - of this test
        assert len(index) == len(numbers)
        assert [index.get(string) for string in known + others] == [
            numbers.get(string) for string in known + others
        ]
        assert [string in index for string in others] == [string in numbers for string in others]
        assert index.known(others) == [string in numbers for string in others]
        assert index.found(others + known) == [
            numbers[string] for string in others + known if string in numbers
        ]


def test_an_unknown_string_has_no_number() -> None:
    with pytest.raises(KeyError):
        StringIndex(["known"])["unknown"]
