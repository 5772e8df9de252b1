"""A knowledge on another subject, answered from by the unchanged engine."""

from pathlib import Path

import pytest

from efinbot.bot import Assistant
from efinbot.intents import Engine
from efinbot.intents.training import train
from efinbot.knowledge import inspect, load

ANSWERED = {
    "where is tea heading": "overview",
    "茶的未来是什么样": "overview",
    "what are the trends": "trends",
    "what drives it all": "drivers",
    "有哪些案例": "cases",
    "any cases from India": "cases",
    "what is Da Hong Pao": "explain wuyi",
    "大红袍是什么": "explain wuyi",
    "the oolong from Fujain cliffs": "explain wuyi",
    "what are the risks of Darjeeling": "challenges_of darjeeling",
    "compare darjeeling and wuyi rock tea": "compare darjeeling wuyi",
    "thanks a lot": "thanks",
}
DECLINED = (
    "what is open banking",
    "开放银行是什么",
    "where is e-finance heading",
    "数字金融的趋势",
    "cases of digital finance",
    "which stock should I buy",
    "how do I open a bank account",
    "who won the match",
)


@pytest.mark.parametrize(("question", "answer"), ANSWERED.items())
def test_it_is_answered(small_engine: Engine, question: str, answer: str) -> None:
    said = small_engine.understand(question)
    assert " ".join((said.intent, *said.topics)) == answer


@pytest.mark.parametrize("question", DECLINED)
def test_nothing_of_the_shipped_subject_is(small_engine: Engine, question: str) -> None:
    assert small_engine.understand(question).intent == "fallback"


def test_its_own_ways_to_ask_are_learned(small_folder: Path) -> None:
    asks = small_folder / "asks"
    asks.mkdir()
    (asks / "trends.yaml").write_text("en: [what fills the cups lately]", encoding="utf-8")
    (asks / "fallback.yaml").write_text("en: ['my {topic} is cold']", encoding="utf-8")
    engine = train(load(small_folder))
    assert engine.understand("so what fills the cups lately").intent == "trends"
    assert engine.understand("my darjeeling is cold").intent == "fallback"


FAULTS = {
    "nothing that people want": (
        "asks/trend.yaml",
        "zh: [流行什么]",
        "asks/trend.yaml:1:1: there is no intent 'trend'; did you mean 'trends'?",
    ),
    "a slot that nothing fills": (
        "asks/trends.yaml",
        "en: ['what of {tea}']",
        "asks/trends.yaml:1:6: '{tea}' is never filled in; use one of {topic}, {region}, {subject}",
    ),
    "no list": ("asks/trends.yaml", "zh: hello", "asks/trends.yaml:1:1: 'zh' must be a list"),
    "an unknown key": ("asks/trends.yaml", "fr: [salut]", "asks/trends.yaml:1:1: unknown key 'fr'"),
}


@pytest.mark.parametrize(("file", "text", "problem"), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_them_is_named(small_folder: Path, file: str, text: str, problem: str) -> None:
    (small_folder / "asks").mkdir()
    (small_folder / file).write_text(text, encoding="utf-8")
    (found,) = inspect(small_folder).problems
    assert str(found).removeprefix(f"{small_folder}/").startswith(problem)


def test_the_bot_speaks_of_its_subject(small_engine: Engine) -> None:
    answer = Assistant(small_engine).answer("give me an overview", None, 0).reply.html
    assert "The world of tea" in answer
