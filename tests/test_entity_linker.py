"""Names in messages: what must be found, and what must not."""

import pytest

from efinbot.intents import Engine, pinyin
from efinbot.intents.entity_linker import EntityType


def named(engine: Engine, text: str) -> list[str]:
    return [
        m.name.id
        for m in engine.preprocessor.process(text).mentions
        if m.name.type is EntityType.ENTRY
    ]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        pytest.param("open banking", "open-banking", id="as-written"),
        pytest.param("OpenBanking", "open-banking", id="joined"),
        pytest.param("open-banking", "open-banking", id="hyphen"),
        pytest.param("ＯＰＥＮ　ＢＡＮＫＩＮＧ", "open-banking", id="full-width"),
        pytest.param("robo advisors", "robo-advisor", id="plural"),
        pytest.param("regulatory sandboxes", "regulatory-sandbox", id="plural-in-es"),
        pytest.param("OVO's", "ovo", id="possessive"),
        pytest.param("decentralized finance", "defi", id="american-spelling"),
        pytest.param("開放銀行", "open-banking", id="traditional"),
        pytest.param("數位人民幣", "e-cny", id="taiwan-wording"),
        pytest.param("shuzi renminbi", "e-cny", id="pinyin"),
        pytest.param("shuzirenminbi", "e-cny", id="pinyin-joined"),
        pytest.param("blokchain", "blockchain", id="letter-missing"),
        pytest.param("regluatory sandbox", "regulatory-sandbox", id="letters-swapped"),
        pytest.param("央行数字货币", "cbdc", id="longest-wins-over-ambiguous-part"),
        pytest.param("英国开放银行", "uk-open-banking", id="longest-wins-over-trend"),
        pytest.param("工银e生活", "icbc-elife", id="mixed-scripts"),
        pytest.param("微众银形", "webank", id="same-sound"),
        pytest.param("京东白白条", "jd-baitiao", id="character-doubled"),
        pytest.param("个人信息护法", "pipl", id="character-missing"),
        pytest.param("讲讲DeFi吧", "defi", id="no-spaces-around-latin"),
        pytest.param("为什么会有央行监管沙盒", "pboc-sandbox", id="not-corrected-to-a-shorter-one"),
    ],
)
def test_a_name_is_found_however_it_is_typed(engine: Engine, text: str, entry: str) -> None:
    assert named(engine, text) == [entry]


@pytest.mark.parametrize(
    "text", ["RegTech trend", "监管科技趋势", "监管科技这个趋势", "监管科技的趋势"]
)
def test_what_a_thing_is_belongs_to_its_name(engine: Engine, text: str) -> None:
    message = engine.preprocessor.process(text)
    assert [mention.name.id for mention in message.mentions] == ["regtech"]
    assert len(message.masked_tokens) == 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a comfortable chair", id="ai-inside-a-word"),
        pytest.param("web2 is fine", id="digits-are-never-corrected"),
        pytest.param("智能投资", id="one-character-off-but-a-word-of-its-own"),
        pytest.param("能帮金融业做什么", id="one-character-missing-and-another-added"),
        pytest.param("how are you", id="no-name"),
        pytest.param("", id="empty"),
    ],
)
def test_what_is_no_name_is_not_taken_for_one(engine: Engine, text: str) -> None:
    assert named(engine, text) == []


def test_several_names_are_found_in_order(engine: Engine) -> None:
    assert named(engine, "GDPR和个保法，还有DeFi") == ["gdpr", "pipl", "defi"]


def test_a_name_that_may_mean_several_things_is_marked(engine: Engine) -> None:
    mentions = engine.preprocessor.process("数字货币").mentions
    assert [m.name.type for m in mentions] == [EntityType.AMBIGUOUS]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("开放银行", "kaifangyinhang"),
        ("长尾客户", "changweikehu"),
        ("API开放平台", "APIkaifangpingtai"),
    ],
)
def test_names_are_typed_in_pinyin(name: str, typed: str) -> None:
    assert typed in pinyin.typed(name)
