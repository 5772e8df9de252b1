"""What messages are understood to mean; wordings of this file's own, none of them taught."""

from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efinbot.intents import Context, Engine, Understanding
from efinbot.intents.understanding import LIFETIME
from efinbot.knowledge import LANGUAGES

UNDERSTOOD = [
    ("Could you explain open banking to my boss?", "explain", ["open-banking"]),
    ("能不能讲讲监管沙盒", "explain", ["regulatory-sandbox"]),
    ("hello there, what is the e-CNY?", "explain", ["e-cny"]),
    ("DeFi", "explain", ["defi"]),
    ("嵌入式金融？", "explain", ["embedded-finance"]),
    ("which firms already do embedded finance", "cases_of", ["embedded-finance"]),
    ("普惠金融在现实里有什么例子", "cases_of", ["inclusion"]),
    ("reasons behind the rise of regtech", "drivers_of", ["regtech"]),
    ("开放银行兴起的原因", "drivers_of", ["open-banking"]),
    ("what are the dangers of robo-advisors", "challenges_of", ["robo-advisor"]),
    ("区块链有啥短板", "challenges_of", ["blockchain"]),
    ("GDPR vs PIPL", "compare", ["gdpr", "pipl"]),
    ("物联网跟区块链差在哪儿", "compare", ["iot", "blockchain"]),
    ("what is data sharing and who does it?", "explain", ["data-sharing"]),
    ("什么是监管科技，谁在用？", "explain", ["regtech"]),
    ("智能风控判断的时候看哪些数据", "explain", ["smart-risk"]),
    ("which banks have set up open APIs?", "cases_of", ["open-api"]),
    (
        "compare the inclusion trend with the open banking trend",
        "compare",
        ["inclusion", "open-banking"],
    ),
    ("普惠金融趋势和开放银行趋势差在哪", "compare", ["inclusion", "open-banking"]),
    ("Is GoPay the same as the purple Indonesian wallet?", "compare", ["gopay", "ovo"]),
    ("list the five trends please", "trends", []),
    ("三大驱动力都有谁", "drivers", []),
    ("which new technologies are coming", "technologies", []),
    ("give me the big picture", "overview", []),
    ("所有案例", "cases", []),
    ("Good morning", "greeting", []),
    ("多谢多谢", "thanks", []),
    ("what can you do for me", "help", []),
]

DECLINED = [
    "which shares shall I buy this week",
    "微众银行的客服电话是多少",
    "how do I unfreeze my WeChat Pay account",
    "明天上海下雨吗",
    "write a poem about the sea",
    "数字人民币今天兑欧元多少",
    "printer driver update",
    "asdfghjkl",
    "🙂🙂",
    "...",
    "",
    "Bonjour, je voudrais un café",
    "print(sum(range(10)))",
]


@pytest.mark.parametrize(("text", "intent", "topics"), UNDERSTOOD, ids=[u[0] for u in UNDERSTOOD])
def test_questions_are_understood(
    engine: Engine, text: str, intent: str, topics: list[str]
) -> None:
    said = engine.understand(text)
    assert (said.intent, list(said.topics)) == (intent, topics)


@pytest.mark.parametrize("text", DECLINED, ids=[repr(text) for text in DECLINED])
def test_what_is_not_covered_is_declined(engine: Engine, text: str) -> None:
    said = engine.understand(text)
    assert (said.intent, said.topics) == ("fallback", ())


def test_a_neighbouring_subject_is_named_and_the_nearest_entries_offered(engine: Engine) -> None:
    said = engine.understand("what are NFTs")
    assert (said.intent, said.outside) == ("fallback", "nft")
    assert said.suggestions[0] == "mica"


def test_a_name_that_may_mean_several_things_is_asked_back(engine: Engine) -> None:
    said = engine.understand("什么是数字货币")
    assert (said.intent, said.ambiguous) == ("fallback", "数字货币")
    assert set(said.suggestions) == {"e-cny", "cbdc", "web3"}


@pytest.mark.parametrize(
    ("text", "region", "cases"),
    [
        ("cases from Singapore", "SG", ("mas-sandbox",)),
        ("印尼有哪些案例", "ID", ("gopay", "ovo")),
        (
            "any European examples?",
            "EUROPE",
            (
                "uk-open-banking",
                "gdpr",
                "eu-ai-act",
                "digital-euro",
                "mica",
                "dora",
                "revolut",
            ),
        ),
        ("除了中国，英国有案例吗", "GB", ("uk-open-banking", "revolut")),
    ],
)
def test_cases_are_told_by_place(
    engine: Engine, text: str, region: str, cases: tuple[str, ...]
) -> None:
    said = engine.understand(text)
    assert said.region == region
    assert engine.listed(said) == cases


def test_a_topic_in_a_place_is_the_case_there(engine: Engine) -> None:
    assert engine.understand("open banking in Britain").topics == ("uk-open-banking",)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("什么是 open banking", "zh"),
        ("please explain 区块链", "en"),
        ("讲讲 DeFi 的 downside", "zh"),
    ],
)
def test_the_answer_is_in_the_language_of_the_question(
    engine: Engine, text: str, language: str
) -> None:
    assert engine.understand(text).language == language


DIALOGUES = [
    pytest.param(
        [
            ("什么是开放银行", "explain", ["open-banking"]),
            ("有案例吗", "cases_of", ["open-banking"]),
            ("那风险有哪些", "challenges_of", ["open-banking"]),
            ("谢谢", "thanks", []),
            ("为什么会出现", "drivers_of", ["open-banking"]),
        ],
        id="a-follow-up-takes-the-last-topic-and-thanks-keep-it",
    ),
    pytest.param(
        [
            ("what is DeFi", "explain", ["defi"]),
            ("and the risks of it?", "challenges_of", ["defi"]),
            ("what about blockchain?", "explain", ["blockchain"]),
            ("compare this with the previous one", "compare", ["defi", "blockchain"]),
        ],
        id="a-new-topic-replaces-the-old-and-both-are-compared",
    ),
    pytest.param(
        [
            ("what are the trends", "trends", []),
            ("the second one", "explain", ["scenarios"]),
            ("last one", "explain", ["insurtech"]),
        ],
        id="a-place-in-the-last-list",
    ),
    pytest.param(
        [
            ("普惠金融有哪些案例", "cases_of", ["inclusion"]),
            ("那印尼的呢", "cases_of", ["inclusion"]),
            ("它们有什么区别", "compare", ["gopay", "ovo"]),
        ],
        id="another-place-then-the-two-that-are-left",
    ),
    pytest.param(
        [
            ("tell me about the GDPR", "explain", ["gdpr"]),
            ("and in China?", "explain", ["pipl"]),
        ],
        id="the-like-case-elsewhere",
    ),
    pytest.param(
        [
            ("芝麻信用是什么", "explain", ["sesame-credit"]),
            ("它算哪个趋势里的", "explain", ["intelligence"]),
        ],
        id="what-a-case-shows",
    ),
    pytest.param(
        [
            ("什么是物联网", "explain", ["iot"]),
            ("周末去哪儿玩好", "fallback", []),
            ("更多", "explain", ["iot"]),
        ],
        id="wandering-off-does-not-lose-the-topic",
    ),
]


@pytest.mark.parametrize("turns", DIALOGUES)
def test_dialogues(engine: Engine, turns: list[tuple[str, str, list[str]]]) -> None:
    context: Context | None = None
    heard: list[tuple[str, str, list[str]]] = []
    for text, _, _ in turns:
        said = engine.understand(text, context)
        context = engine.remember(context, said, now=0.0)
        heard.append((text, said.intent, sorted(said.topics)))
    assert heard == [(text, intent, sorted(topics)) for text, intent, topics in turns]


def test_more_goes_deeper_and_another_question_starts_over(engine: Engine) -> None:
    context: Context | None = None
    depths: list[int] = []
    for text in ("什么是云计算", "继续", "more", "什么是区块链"):
        said = engine.understand(text, context)
        context = engine.remember(context, said, now=0.0)
        depths.append(said.depth)
    assert depths == [0, 1, 2, 0]


def test_the_same_is_said_again_in_the_other_language(engine: Engine) -> None:
    context = engine.remember(None, engine.understand("what is a regulatory sandbox"), now=0.0)
    said = engine.understand("请用中文说一遍", context)
    assert (said.intent, said.topics, said.language) == ("explain", ("regulatory-sandbox",), "zh")


def test_a_follow_up_without_a_conversation_is_about_everything(engine: Engine) -> None:
    assert engine.understand("any examples?").intent == "cases"


@pytest.mark.parametrize("name", ["GDPR", "defi", "Web3", "KYC", "e-CNY?"])
def test_a_name_that_both_languages_use_keeps_the_language(engine: Engine, name: str) -> None:
    for language in LANGUAGES:
        assert engine.understand(name, language=language).language == language
    assert engine.understand("open banking", language="zh").language == "en"


@pytest.mark.parametrize("name", ["微众银行", "OVO", "京东白条", "数字人民币"])
@pytest.mark.parametrize("frame", ["{}怎么开户", "怎么在{}开户", "{}怎么退款", "怎么从{}提现"])
def test_a_service_that_is_known_word_for_word_is_declined(
    engine: Engine, frame: str, name: str
) -> None:
    assert engine.understand(frame.format(name)).intent == "fallback"


@pytest.mark.parametrize("text", ["你好啊", "早啊", "嗨喽", "有人吗", "good evening", "多谢"])
def test_small_talk_that_is_known_word_for_word_is_answered(engine: Engine, text: str) -> None:
    assert engine.understand(text).intent in ("greeting", "thanks")


def test_a_conversation_is_forgotten_after_a_while() -> None:
    context = Context("explain", ("defi",), at=1000.0)
    assert context.alive(1000.0 + LIFETIME)
    assert not context.alive(1000.1 + LIFETIME)


def test_entries_that_were_offered_can_be_picked(engine: Engine) -> None:
    offered = engine.understand("稳定币是干嘛的")
    context = engine.remember(None, offered, now=0.0)
    assert engine.understand("第一个", context).topics == offered.suggestions[:1]


@given(st.text(max_size=300))
@settings(max_examples=60)
def test_any_message_is_understood_somehow(engine: Engine, text: str) -> None:
    said = engine.understand(text)
    assert isinstance(said, Understanding)
    assert 0 <= said.confidence <= 1
    assert set(said.suggestions) <= set(engine.knowledge.entries)


@pytest.mark.parametrize("ending", ["?", "？", "!!", "。", " ", "…", ","])
def test_punctuation_changes_nothing(engine: Engine, ending: str) -> None:
    for text in ("什么是开放银行", "what is open banking"):
        assert engine.understand(text + ending).topics == ("open-banking",)


def test_a_trace_shows_how_it_came_about(engine: Engine) -> None:
    trace = engine.trace("waht is 开放因行")
    assert ("waht", "what") in trace.message.corrections
    assert trace.message.mentions[0].name.id == "open-banking"
    assert trace.interpretations[0].topics == ("open-banking",)
    assert trace.understanding.confidence >= trace.threshold


@pytest.mark.parametrize(
    ("first", "then", "intent", "topics"),
    [
        ("什么是开放银行", "有哪些案例？", "cases_of", ("open-banking",)),
        ("what is regtech", "Any cases?", "cases_of", ("regtech",)),
        ("what is regtech", "show me all the cases you have", "cases", ()),
        ("微众银行是什么", "有哪些案例？", "cases_of", ("webank",)),
        ("give me the big picture", "more", "overview", ()),
        ("GDPR vs PIPL", "more", "compare", ("gdpr", "pipl")),
    ],
)
def test_what_follows_is_about_the_subject_at_hand(
    engine: Engine, first: str, then: str, intent: str, topics: tuple[str, ...]
) -> None:
    context = engine.remember(None, engine.understand(first), now=0.0)
    said = engine.understand(then, context)
    assert (said.intent, said.topics) == (intent, topics)


@pytest.mark.parametrize(
    "text",
    [
        "difference between open banking and PayPal",
        "GDPR and LGPD, what sets them apart",
        "GoPay or Dana, which is better",
        "difference between gdpr and hipaa",
        "微信支付和云闪付有什么区别",
    ],
)
def test_with_something_unknown_nothing_is_compared(engine: Engine, text: str) -> None:
    said = engine.understand(text)
    assert said.intent == "fallback"
    assert said.suggestions


@pytest.mark.parametrize("text", ["fintech", "什么是电子金融", "tell me about e-finance", "金融"])
def test_the_name_of_the_subject_asks_for_the_big_picture(engine: Engine, text: str) -> None:
    assert engine.understand(text).intent == "overview"


def test_risks_of_nothing_are_asked_back(engine: Engine) -> None:
    assert engine.understand("and what are the risks?").intent == "fallback"


def test_a_case_is_no_case_of_itself(engine: Engine) -> None:
    said = Understanding("cases_of", ("webank",), "en", 1.0)
    assert "webank" not in engine.listed(said)


def test_another_subject_is_understood_by_the_unchanged_engine(small_engine: Engine) -> None:
    said = small_engine.understand("what is cold brew")
    assert (said.intent, said.topics) == ("explain", ("cold-brew",))
    context = small_engine.remember(None, said, now=0.0)
    assert small_engine.understand("冷泡跟发酵的区别").topics == ("cold-brew", "oxidation")
    assert small_engine.understand("and the risks of it?", context).intent == "challenges_of"
    assert small_engine.understand("which shares should I buy").intent == "fallback"


FRAMES = {
    "zh": ["什么是{}", "{}", "介绍一下{}", "{}有什么风险", "为什么会有{}"],
    "en": ["what is {}", "{}", "tell me about {}", "risks of {}", "why is there {}"],
}


@pytest.mark.no_cover
@pytest.mark.parametrize("language", FRAMES)
def test_every_name_in_a_plain_question_is_understood(
    engine: Engine, language: Literal["zh", "en"]
) -> None:
    asked, declined = 0, 0
    for id_, entry in engine.knowledge.entries.items():
        for name in entry.names(language):
            for frame in FRAMES[language]:
                said = engine.understand(frame.format(name))
                asked += 1
                declined += said.intent == "fallback"
                assert said.topics in ((id_,), ()), frame.format(name)
    assert declined <= asked / 200
