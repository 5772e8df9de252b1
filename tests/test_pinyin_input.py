"""Questions typed in pinyin."""

import pytest

from efinbot.bot.assistant import Assistant
from efinbot.intents import Engine
from efinbot.intents.text import is_unspaced
from efinbot.knowledge import LANGUAGES


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("zhifubao you duoshao yonghu", "支付宝有多少用户", id="words"),
        pytest.param("kai fang yin hang you shen me an li", "开放银行有什么案例", id="syllables"),
        pytest.param("kaifangyinhang shishenme?", "开放银行是什么", id="no spaces"),
        pytest.param("AI zhapian zenme fangfan", "ai诈骗怎么防范", id="a name in Latin letters"),
        pytest.param("shuzi renminbi 2025 nian", None, id="a figure"),
        pytest.param("Ping An", None, id="a name"),
        pytest.param("can she ban me", None, id="English"),
        pytest.param("open api", None, id="English that looks like pinyin"),
        pytest.param("an" * 200, None, id="long"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_pinyin_is_read_as_characters(engine: Engine, typed: str, meant: str | None) -> None:
    words = engine.preprocessor.process(typed).raw_tokens
    read = "".join(words) if any(map(is_unspaced, words)) else None
    assert read == meant


@pytest.mark.parametrize(
    ("typed", "intent", "topic", "begins"),
    [
        pytest.param("shenme shi kaifang yinhang", "explain", "open-banking", "", id="what it is"),
        pytest.param(
            "weizhong yinhang shi shui kai de", "fact", "webank", "2014年12月12日", id="a fact"
        ),
        pytest.param(
            "jianguan shahe you naxie anli", "cases_of", "regulatory-sandbox", "", id="cases"
        ),
        pytest.param(
            "wendingbi you shenme fengxian", "challenges_of", "stablecoin", "", id="risks"
        ),
    ],
)
def test_who_types_pinyin_is_answered_in_chinese(
    assistant: Assistant, *, typed: str, intent: str, topic: str, begins: str
) -> None:
    answer = assistant.answer(typed, None, 0.0)
    said = answer.understanding
    assert (said.intent, said.topics, said.language) == (intent, (topic,), "zh")
    assert begins in answer.reply.html


def test_no_english_question_is_taken_for_pinyin(engine: Engine) -> None:
    asked = [
        ask.text
        for entry in engine.knowledge.entries.values()
        for language in LANGUAGES
        for ask in entry.questions(language)
        if ask.text.isascii() and " " in ask.text and language == "en"
    ]
    taken = [text for text in asked if engine.preprocessor.process(text).language == "zh"]
    assert taken == []
