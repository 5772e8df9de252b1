import pytest
from hypothesis import given
from hypothesis import strategies as st

from efinbot.intents.preprocessing import detect_language
from efinbot.intents.text import (
    MAX_CHARACTERS,
    is_unspaced,
    normalize,
    split,
    tokens,
)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once


@given(st.text(alphabet="aÅ´`’ﷺ①\u200b\u0301\u0345\ufe0fß \t-—İK", max_size=2 * MAX_CHARACTERS))
def test_normalising_is_stable_on_characters_that_expand_compose_or_vanish(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once
    assert len(once) <= MAX_CHARACTERS


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ＡＰＩ", "api"),
        ("Straße", "strasse"),
        ("open–banking", "open-banking"),
        ("don’t", "don't"),
        ("“quoted”", '"quoted"'),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("  a\t\n b ", "a b"),
        ("a\x00b", "ab"),
        ("\ud800x", "x"),
        ("", ""),
    ],
    ids=[
        "full width",
        "case",
        "dash",
        "apostrophe",
        "quotes",
        "zero width",
        "white space",
        "control",
        "surrogate",
        "empty",
    ],
)
def test_spellings_of_the_same_text_are_read_alike(written: str, read: str) -> None:
    assert normalize(written) == read


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert normalize("a" * 100_000) == "a" * MAX_CHARACTERS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What's e-CNY?", ["whats", "e", "cny"]),
        ("AI在银行", ["ai", "在", "银", "行"]),
        ("web3 及 98.2%", ["web3", "及", "98", "2"]),
        ("?!… 🙂", []),
    ],
    ids=["punctuation", "script border", "digits", "no words"],
)
def test_tokens_are_words_or_single_characters(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@given(st.text())
def test_tokens_of_normalised_text_are_those_of_the_text(text: str) -> None:
    assert split(normalize(text)) == tokens(text)


@pytest.mark.parametrize("token", ["银", "の", "㐀"])
def test_han_and_kana_are_written_without_spaces(token: str) -> None:
    assert is_unspaced(token)


@pytest.mark.parametrize("token", ["bank", "7", "банк", "은행"])
def test_other_scripts_are_written_with_spaces(token: str) -> None:
    assert not is_unspaced(token)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("什么是开放银行", "zh"),
        ("what is open banking", "en"),
        ("的 risk 有哪些", "zh"),
        ("what is 区块", "zh"),
        ("tell me about", "en"),
        ("12345 !!!", None),
        ("", None),
        ("ひらがな", None),
    ],
)
def test_the_language_is_told_by_its_script(text: str, language: str | None) -> None:
    assert detect_language(tokens(text)) == language
