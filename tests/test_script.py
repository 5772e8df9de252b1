"""Replies in the reader's characters."""

import time

import pytest

from efinbot.bot.assistant import Assistant
from efinbot.bot.replies.script import script_of


@pytest.mark.parametrize(
    ("text", "before", "script"),
    [
        pytest.param("什么是开放银行", "", "hans", id="simplified"),
        pytest.param("什麼是開放銀行", "", "tw", id="traditional"),
        pytest.param("開放銀行係咩", "", "hk", id="cantonese"),
        pytest.param("有什麼風險", "hk", "hk", id="still-hong-kong"),
        pytest.param("案例", "tw", "", id="tells-nothing"),
        pytest.param("what is open banking", "hk", "", id="english"),
        pytest.param("\ud800 DeFi", "", "", id="lone-surrogate"),
    ],
)
def test_the_script_of_a_message(text: str, before: str, script: str) -> None:
    assert script_of(text, before) == script


@pytest.mark.parametrize(
    ("first", "then", "shown"),
    [
        pytest.param("什麼是開放銀行", "案例", "開放銀行與平臺化：案例", id="taiwan"),
        pytest.param("開放銀行係咩嚟㗎", "案例", "開放銀行與平台化：案例", id="hong-kong"),
        pytest.param("什么是开放银行", "案例", "开放银行与平台化：案例", id="simplified"),
    ],
)
def test_a_conversation_stays_in_the_characters_that_were_written(
    assistant: Assistant, first: str, then: str, shown: str
) -> None:
    answer = assistant.answer(first, None, time.time())
    assert shown.split("：", maxsplit=1)[0] in answer.reply.html
    assert shown in assistant.answer(then, answer.context, time.time()).reply.html


def test_what_a_tap_leads_to_is_in_these_characters_too(assistant: Assistant) -> None:
    answer = assistant.answer("什麼是開放銀行", None, time.time())
    choice = next(one for one in answer.reply.choices if one.understanding.intent == "drivers_of")
    tapped = assistant.reply_to(choice.understanding, answer.context, time.time())
    assert "開放銀行與平臺化" in tapped.reply.html
    assert choice.label == "背後的原因是什麼？"
