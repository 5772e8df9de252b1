"""Which statement of an entry answers a question."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, TypeAlias

import pytest

from efinbot.intents import Engine
from efinbot.intents.statement_block import question_about
from efinbot.intents.statement_training import build
from efinbot.intents.statements import Stated, StatementRanker
from efinbot.intents.stored_weights import load_weights
from efinbot.knowledge import Entry, Knowledge

Rank: TypeAlias = Callable[[str], list[Stated]]
DARJEELING: Final[dict[str, Any]] = {
    "name": {"zh": "大吉岭", "en": "Darjeeling"},
    "facts": [
        {
            "zh": "茶园1841年开始种茶。",
            "en": "The gardens were planted in 1841.",
            "asks": {
                "zh": ["茶园什么时候开始的"],
                "en": ["when were the gardens planted", "~since when"],
            },
        },
        {
            "zh": "一公斤要卖40美元。",
            "en": "A kilo sells for USD 40.",
            "asks": {"zh": ["一公斤多少钱"], "en": ["what is the price of a kilo"]},
        },
        {
            "zh": "一共有87个茶园，都归印度茶叶局管。",
            "en": "There are 87 gardens, all under the Tea Board of India.",
            "asks": {
                "zh": ["有几个茶园"],
                "en": ["how many gardens are there", "who looks after the gardens"],
                "yes": {"zh": ["印度茶叶局管吗"], "en": ["is it under the Tea Board"]},
                "no": {"zh": ["没人管吗"], "en": ["does nobody look after it"]},
            },
        },
        {
            "zh": "手工采摘，但有些茶园试了机器。",
            "en": "Leaves are picked by hand, though some gardens try machines.",
            "asks": {"partly": {"zh": ["全是手采的吗"], "en": ["are all leaves picked by hand"]}},
        },
    ],
    "contrasts": [
        {
            "with": "wuyi",
            "zh": "大吉岭全发酵，武夷岩茶半发酵。",
            "en": "Darjeeling is oxidised in full, Wuyi rock tea by half.",
            "asks": {"zh": ["和岩茶有什么区别"], "en": ["how is it unlike rock tea"]},
        }
    ],
}


@pytest.fixture(scope="module")
def ranker(small: Knowledge, small_engine: Engine) -> StatementRanker:
    """Knows an entry whose statements have asks, among others that have none."""
    before = small.entries["darjeeling"]
    tree = before.model_dump(mode="json", by_alias=True, exclude_unset=True) | DARJEELING
    entries = {**small.entries, "darjeeling": Entry.model_validate(tree)}
    knowledge = replace(small, entries=entries)
    return build(
        knowledge, small_engine.preprocessor.linker, small_engine.scorer.space, load_weights()
    )


@pytest.fixture
def rank(ranker: StatementRanker, small_engine: Engine) -> Rank:
    """Rank the statements for a question."""

    def ranked(text: str) -> list[Stated]:
        message = small_engine.preprocessor.process(text)
        return ranker.rank(question_about(message, "darjeeling", "en"), "darjeeling")

    return ranked


@pytest.mark.parametrize(
    ("question", "section", "number"),
    [
        pytest.param("in which year did the gardens begin", "facts", 0, id="date"),
        pytest.param("茶园是哪一年种的", "facts", 0, id="date-zh"),
        pytest.param("how much does a kilo cost", "facts", 1, id="price"),
        pytest.param("how many gardens", "facts", 2, id="number"),
        pytest.param("why 87 gardens", "facts", 2, id="figure"),
        pytest.param("who is the board", "facts", 2, id="name-in-the-text"),
        pytest.param("is it picked by machines", "facts", 3, id="whether"),
        pytest.param("is it like Wuyi rock tea", "contrasts", 0, id="contrast"),
        pytest.param("和武夷岩茶一样吗", "contrasts", 0, id="contrast-zh"),
    ],
)
def test_the_statement_that_answers_comes_first(
    rank: Rank,
    question: str,
    section: str,
    number: int,
) -> None:
    best, *_ = rank(question)
    assert (best.section, best.number) == (section, number)


@pytest.mark.parametrize(
    ("section", "number", "ask"),
    [
        pytest.param(section, number, ask.removeprefix("~"), id=ask)
        for section in ("facts", "contrasts")
        for number, statement in enumerate(DARJEELING[section])
        for asks in (statement["asks"], *map(statement["asks"].get, ("yes", "no", "partly")))
        for language in ("zh", "en")
        for ask in (asks or {}).get(language, ())
    ],
)
def test_what_is_taught_is_answered_word_for_word(
    rank: Rank,
    section: str,
    number: int,
    ask: str,
) -> None:
    best, *_ = rank(ask)
    assert (best.section, best.number) == (section, number)
    assert best.chance == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        pytest.param("is it under the Tea Board", "yes", id="yes"),
        pytest.param("印度茶叶局管吗", "yes", id="yes-zh"),
        pytest.param("does nobody look after it", "no", id="no"),
        pytest.param("没人管吗", "no", id="no-zh"),
        pytest.param("是不是没人管", "no", id="no-by-a-verb-and-its-negation"),
        pytest.param("are all leaves picked by hand", "partly", id="partly"),
        pytest.param("全是手采的吗", "partly", id="partly-zh"),
        pytest.param("are not all leaves picked by hand", None, id="turned-round"),
        pytest.param("is it not under the Tea Board", None, id="turned-yes"),
        pytest.param("the Tea Board", None, id="no-question-for-yes-or-no"),
        pytest.param("how many gardens are there", None, id="for-a-number"),
    ],
)
def test_the_verdict(rank: Rank, question: str, verdict: str | None) -> None:
    best, *_ = rank(question)
    assert best.verdict == verdict


def test_what_no_statement_holds_has_little_chance(rank: Rank) -> None:
    asked, *_ = rank("how many gardens are there")
    lacking, *_ = rank("which ship carries the boxes to Hamburg")
    assert lacking.chance < asked.chance / 2


def test_every_statement_is_ranked_once(rank: Rank) -> None:
    routes = [(one.section, one.number) for one in rank("")]
    assert len(set(routes)) == len(routes)
    assert {section for section, _ in routes} >= {"facts", "challenges", "contrasts"}


@pytest.mark.parametrize(
    "question", ["does UPI work in Canada", "日本的先买后付受监管吗"], ids=["en", "zh"]
)
def test_of_a_country_that_is_not_known_it_owns_to_a_gap(engine: Engine, question: str) -> None:
    assert engine.understand(question).gap
