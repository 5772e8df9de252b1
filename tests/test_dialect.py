"""Question words of dialects."""

import pytest

from efinbot.intents.text import normalize


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param("微眾銀行係邊個開嘅", "微众银行系谁开的", id="who"),
        pytest.param("幾時開業", "什么时候开业", id="when"),
        pytest.param("佢賺唔賺錢", "它赚不赚钱", id="whether"),
        pytest.param("有冇風險", "有没有风险", id="has-it"),
        pytest.param("點解要監管", "为什么要监管", id="why"),
        pytest.param("啥子是区块链", "什么是区块链", id="sichuan"),
        pytest.param("咋回事", "怎么回事", id="north"),
        pytest.param("系统和关系", "系统和关系", id="no-dialect"),
    ],
)
def test_question_words_are_those_of_mandarin(text: str, read: str) -> None:
    assert normalize(text) == read
