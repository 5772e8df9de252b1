"""What kind of answer a question wants, and which kinds a statement holds."""

import pytest

from efinbot.intents.answer_types import AnswerTypes
from efinbot.intents.text import tokens

TYPES = AnswerTypes.load()


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        pytest.param("when did it open", "date", id="date"),
        pytest.param("它是哪一年开业的", "date", id="date-zh"),
        pytest.param("how much was the fine", "money", id="money"),
        pytest.param("一共罚了多少钱", "money", id="money-zh"),
        pytest.param("how many people use it", "number", id="number"),
        pytest.param("what share of firms use it", "share", id="share"),
        pytest.param("占比是百分之几", "share", id="share-zh"),
        pytest.param("who founded it", "who", id="who"),
        pytest.param("邊年開始嘅", "date", id="date-cantonese"),
        pytest.param("边个开的", "who", id="who-cantonese"),
        pytest.param("which countries have one", "where", id="where"),
        pytest.param("why did it fail", "reason", id="reason"),
        pytest.param("is it free", "whether", id="whether"),
        pytest.param("收费吗", "whether", id="whether-zh"),
        pytest.param("允不允许付息", "whether", id="verb-and-its-negation"),
        pytest.param("what is the limit for one payment", "number", id="limit"),
        pytest.param("一笔的上限", "number", id="limit-zh"),
    ],
)
def test_a_question_wants(question: str, wanted: str) -> None:
    assert wanted in TYPES.wanted(tokens(question))


def test_only_a_question_that_begins_with_its_verb_wants_yes_or_no() -> None:
    assert "whether" not in TYPES.wanted(tokens("what does it do"))


def test_without_words_nothing_is_wanted() -> None:
    assert TYPES.wanted([]) == frozenset()


@pytest.mark.parametrize(
    ("statement", "held"),
    [
        pytest.param("It opened on 16 November 2020.", "date", id="date"),
        pytest.param("2020年11月上线。", "date", id="date-zh"),
        pytest.param("Meta was fined EUR 1.2bn.", "money", id="money"),
        pytest.param("罚了12亿欧元。", "money", id="money-zh"),
        pytest.param("Three firms share the market.", "number", id="number"),
        pytest.param("It grew by 65%.", "share", id="share"),
        pytest.param("由微众银行发起。", "who", id="who-zh"),
        pytest.param("It is used in Singapore.", "where", id="where"),
        pytest.param("Because users want it.", "reason", id="reason"),
    ],
)
def test_a_statement_holds(statement: str, held: str) -> None:
    assert held in TYPES.held_by(statement)


def test_either_language_will_do() -> None:
    assert "date" in TYPES.held_by("早就有了。", "It opened in 2014.")
