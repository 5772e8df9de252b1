"""What people tell of themselves before a question changes nothing of its answer."""

import pytest

from efinbot.intents.engine import Engine


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        pytest.param("I run a small bakery, ", "is DeFi regulated?", id="en-work"),
        pytest.param(
            "we had an argument about this at home, ", "when did Pix start?", id="en-home"
        ),
        pytest.param("我是开小店的，", "数字人民币哪年开始试点", id="zh-work"),
        pytest.param("明天考试，", "监管沙盒是什么意思", id="zh-exam"),
    ],
)
def test_background_changes_no_answer(engine: Engine, told: str, asked: str) -> None:
    alone, together = engine.understand(asked), engine.understand(told + asked)
    assert together.answer == alone.answer
    assert together.topics


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        pytest.param(
            "if the bank fails, is my deposit in WeBank safe", ("webank",), id="condition"
        ),
        pytest.param("what is regtech, in words my kid understands", ("regtech",), id="after"),
    ],
)
def test_what_is_no_background_stays(
    engine: Engine, question: str, topics: tuple[str, ...]
) -> None:
    assert engine.understand(question).topics == topics


def test_a_clause_stays_that_alone_tells_the_subject(engine: Engine) -> None:
    message = engine.read("my bank wants to know all I spend, can it do that?").message
    assert "spend" in message.tokens


def test_both_clauses_are_answered(engine: Engine) -> None:
    said = engine.understand(
        "What is a regulatory sandbox good for, and which country had the first one?"
    )
    assert [ref.key for ref in said.statements] == [
        "regulatory-sandbox.benefits.0",
        "regulatory-sandbox.facts.1",
    ]


@pytest.mark.parametrize(
    "question", ["does UPI work in Canada", "日本的先买后付受监管吗"], ids=["en", "zh"]
)
def test_of_a_country_that_is_not_known_it_owns_to_a_gap(engine: Engine, question: str) -> None:
    assert engine.understand(question).gap


def test_what_is_not_meant_declines_nothing(engine: Engine) -> None:
    assert engine.understand("区块链除了炒币到底有什么用").topics == ("blockchain",)
