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
