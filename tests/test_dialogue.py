"""Conversations: what holds the topic, what picks from a list, what is left out and put right."""

import pytest

from efinbot.intents import Context, Engine, Understanding


def heard(engine: Engine, *turns: str) -> Understanding:
    """Return what the last turn of a conversation is understood to mean."""
    context: Context | None = None
    for text in turns[:-1]:
        context = engine.remember(context, engine.understand(text, context), now=0.0)
    return engine.understand(turns[-1], context)


@pytest.mark.parametrize(
    ("turns", "intent", "topic"),
    [
        pytest.param(
            ["讲讲微众银行", "都有什么例子", "它的风险呢"],
            "challenges_of",
            "webank",
            id="a-case-after-its-cases",
        ),
        pytest.param(
            ["what is OVO", "any examples?", "and the risks?"],
            "challenges_of",
            "ovo",
            id="a-case-after-its-cases-in-english",
        ),
        pytest.param(
            ["芝麻信用是干嘛的", "你好", "为什么会有"],
            "drivers_of",
            "sesame-credit",
            id="small-talk-between",
        ),
        pytest.param(
            ["regtech", "what could go wrong with it"],
            "challenges_of",
            "regtech",
            id="a-vague-follow-up",
        ),
        pytest.param(
            ["什么是物联网", "最近整个行业有什么新消息", "它有什么风险"],
            "challenges_of",
            "iot",
            id="news-of-everything-between",
        ),
        pytest.param(
            ["what is DeFi", "I want to die", "what are the risks of it"],
            "challenges_of",
            "defi",
            id="care-between",
        ),
        pytest.param(
            ["什么是开放银行", "区块链呢"], "explain", "blockchain", id="another-entry-is-named"
        ),
        pytest.param(
            ["what is open banking?", "and in the UK?", "how many people use it"],
            "fact",
            "uk-open-banking",
            id="the-only-case",
        ),
        pytest.param(
            ["explain the MAS sandbox", "since when"],
            "fact",
            "mas-sandbox",
            id="taught-of-others",
        ),
        pytest.param(["区块链是什么", "谁发明的"], "fact", "blockchain", id="no-source-wanted"),
    ],
)
def test_the_topic_holds(engine: Engine, turns: list[str], intent: str, topic: str) -> None:
    said = heard(engine, *turns)
    assert (said.intent, said.topics) == (intent, (topic,))


@pytest.mark.parametrize("follow_up", ["cases in China", "中国的案例"])
def test_a_place_in_a_follow_up_leaves_only_the_cases_there(engine: Engine, follow_up: str) -> None:
    said = heard(engine, "what is open banking", follow_up)
    assert (said.intent, said.topics, said.region) == ("cases_of", ("open-banking",), "CN")
    assert engine.listed(said) == ("icbc-elife",)


def test_the_cases_of_another_place_are_no_repetition(engine: Engine) -> None:
    said = heard(engine, "普惠金融有哪些案例", "那印尼的呢")
    assert (said.region, said.depth, said.repeated) == ("ID", 0, False)


@pytest.mark.parametrize(
    ("turns", "topic"),
    [
        (["list the cases", "5"], "jd-baitiao"),
        (["list the cases", "number 10"], "gopay"),
        (["list the cases", "what about the ninth?"], "webank"),
        (["list the cases", "the 12th please"], "pboc-sandbox"),
        (["所有案例", "十四"], "gdpr"),
        (["所有案例", "第7个"], "uk-open-banking"),
        (["所有案例", "最后一个"], "revolut"),
        (["所有案例", "第五个", "那第六个呢"], "ping-an"),
        (["what is open banking", "tell me about the fourth trend"], "inclusion"),
        (["什么是开放银行", "第二个驱动力"], "users"),
        (["case 16"], "e-cny"),
        (["第五个趋势是啥"], "regtech"),
        (["the last trend"], "regtech"),
    ],
    ids=lambda value: " / ".join(value) if isinstance(value, list) else value,
)
def test_a_number_picks_from_the_list_shown_or_named(
    engine: Engine, turns: list[str], topic: str
) -> None:
    assert heard(engine, *turns).topics == (topic,)


@pytest.mark.parametrize(
    "text",
    [
        "what has changed in the last 2 years?",
        "give me 3 examples",
        "where will it be in 2 decades",
        "未来3年会怎样",
        "近两年有什么新动向",
        "the first bank that did this",
        "top 5 banks",
        "three reasons please",
        "过去十年",
        "第一次听说",
        "wait a second",
    ],
)
def test_other_numbers_pick_nothing(engine: Engine, text: str) -> None:
    listed = engine.listed(heard(engine, "list the trends"))
    assert not {*heard(engine, "list the trends", text).topics} & {*listed[:3]}


@pytest.mark.parametrize(
    "text",
    [
        "what is it",
        "could you explain that",
        "how does this work?",
        "why is that so",
        "这是什么",
        "解释一下",
        "那个怎么用",
        "is that true",
        "simpler please",
        "第三个",
        "7",
        "继续",
    ],
)
def test_what_points_at_nothing_is_asked_back(engine: Engine, text: str) -> None:
    said = engine.understand(text)
    assert (said.intent, said.topics, said.pointing) == ("fallback", (), True)


@pytest.mark.parametrize(
    ("turns", "intent", "topic"),
    [
        (
            ["cases of regulatory sandboxes", "no, I mean the Singapore one"],
            "explain",
            "mas-sandbox",
        ),
        (["监管沙盒有哪些案例", "不是，我说的是人民银行那个"], "explain", "pboc-sandbox"),
        (["what is OVO", "sorry, I meant GoPay"], "explain", "gopay"),
        (["区块链有什么风险", "不对，我问的是物联网"], "challenges_of", "iot"),
        (["risks of blockchain", "no, I was asking about DeFi"], "challenges_of", "defi"),
        (["区块链的风险", "不是啦，我讲DeFi"], "challenges_of", "defi"),
        (["区块链是什么", "我不是问这个，我问的是物联网"], "explain", "iot"),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else value,
)
def test_corrections_put_right_what_was_meant(
    engine: Engine, turns: list[str], intent: str, topic: str
) -> None:
    said = heard(engine, *turns)
    assert (said.intent, said.topics) == (intent, (topic,))


@pytest.mark.parametrize(
    ("text", "intent", "without"),
    [
        ("除了监管科技还有哪些趋势", "trends", {"regtech"}),
        ("trends besides inclusion", "trends", {"inclusion"}),
        ("which technologies other than blockchain are there", "technologies", {"blockchain"}),
        ("不要讲物联网", "technologies", {"iot"}),
        ("please don't talk about Web3", "technologies", {"web3"}),
        ("apart from the GDPR and PIPL, which cases are there?", "cases", {"gdpr", "pipl"}),
        ("芝麻信用以外的案例", "cases", {"sesame-credit"}),
    ],
)
def test_what_is_not_wanted_is_left_out(
    engine: Engine, text: str, intent: str, without: set[str]
) -> None:
    said = engine.understand(text)
    assert said.intent == intent
    assert {*said.without} == without
    listed = engine.listed(said)
    assert listed
    assert not without & {*listed}


@pytest.mark.parametrize(
    ("turns", "topic", "without"),
    [
        pytest.param(
            ["除了GoPay，普惠金融还有哪些例子"], "inclusion", {"gopay"}, id="before-the-topic"
        ),
        pytest.param(["普惠金融的案例，除了OVO还有谁"], "inclusion", {"ovo"}, id="after-the-topic"),
        pytest.param(
            ["除咗芝麻信用，智能化仲有咩例子"], "intelligence", {"sesame-credit"}, id="cantonese"
        ),
        pytest.param(
            ["除了英国，开放银行还有哪些案例"], "open-banking", {"uk-open-banking"}, id="place"
        ),
        pytest.param(
            ["besides GoPay and OVO, what other cases of inclusion are there"],
            "inclusion",
            {"gopay", "ovo"},
            id="two",
        ),
        pytest.param(
            ["who does open banking other than ICBC e-Life?"],
            "open-banking",
            {"icbc-elife"},
            id="who-else",
        ),
        pytest.param(
            ["什么是普惠金融", "除了GoPay还有谁在做"],
            "inclusion",
            {"gopay"},
            id="of-the-topic-at-hand",
        ),
        pytest.param(
            ["what is GoPay", "who else does it, apart from GoPay?"],
            "inclusion",
            {"gopay"},
            id="of-what-the-topic-at-hand-shows",
        ),
    ],
)
def test_cases_are_left_out_of_those_of_a_subject(
    engine: Engine, turns: list[str], topic: str, without: set[str]
) -> None:
    said = heard(engine, *turns)
    assert (said.intent, said.topics) == ("cases_of", (topic,))
    assert without <= {*said.without}
    assert {*engine.listed(said)}
    assert not without & {*engine.listed(said)}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        pytest.param("微信算不算超级应用", "super-app", id="counts-as"),
        pytest.param("微众银行是不是数字银行", "webank", id="is-one"),
    ],
)
def test_who_asks_whether_leaves_nothing_out(engine: Engine, text: str, topic: str) -> None:
    said = heard(engine, text)
    assert (topic in said.topics, said.without) == (True, ())


@pytest.mark.parametrize(
    "text",
    ["除了隐私问题，开放银行还有什么风险", "risks of open banking other than data privacy"],
)
def test_what_is_left_out_is_not_what_is_asked_about(engine: Engine, text: str) -> None:
    said = engine.understand(text)
    assert (said.intent, said.topics) == ("challenges_of", ("open-banking",))


@pytest.mark.parametrize(
    ("turns", "intent", "topics"),
    [
        pytest.param(["the 4th of your trends, in one line"], None, ("inclusion",), id="of-your"),
        pytest.param(["the third of the cases"], "explain", ("broker-robo-advisors",), id="of-the"),
        pytest.param(
            ["第二个趋势有什么风险"], "challenges_of", ("scenarios",), id="zh-and-request"
        ),
        pytest.param(["倒数第二个趋势"], "explain", ("inclusion",), id="last-but-one"),
        pytest.param(
            ["list the trends", "the second one's risks"],
            "challenges_of",
            ("scenarios",),
            id="possessive",
        ),
        pytest.param(["有哪些趋势", "第三个有案例吗"], "cases_of", ("open-banking",), id="cases"),
        pytest.param(
            ["list the trends", "the fifth in plain words"], "simpler", ("regtech",), id="plain"
        ),
        pytest.param(
            ["有哪些趋势", "第一个和第三个有什么区别"],
            "compare",
            ("intelligence", "open-banking"),
            id="two",
        ),
        pytest.param(["what's the 2nd emerging technology"], "explain", ("blockchain",), id="new"),
    ],
)
def test_an_ordinal_picks_and_something_is_wanted_of_it(
    engine: Engine, turns: list[str], intent: str | None, topics: tuple[str, ...]
) -> None:
    said = heard(engine, *turns)
    assert said.topics == topics
    assert said.intent in ((intent,) if intent else ("explain", "simpler"))


@pytest.mark.parametrize("follow_up", ["which ones?", "which countries are they", "都有哪几个国家"])
def test_after_a_count_the_names_are_asked_for(engine: Engine, follow_up: str) -> None:
    context = Context("fact", ("cbdc",), told=("cbdc.facts.0",))
    said = engine.understand(follow_up, context)
    assert (said.intent, said.topics) == ("fact", ("cbdc",))


@pytest.mark.parametrize(
    ("turns", "topic"),
    [
        pytest.param(["讲讲微众银行", "它的坏账率是多少"], "webank", id="a-term-of-another-entry"),
        pytest.param(["什么是数字人民币", "它用到区块链了吗"], "e-cny", id="another-entry"),
        pytest.param(
            ["what is the e-CNY", "does it use AI?"], "e-cny", id="another-entry-in-english"
        ),
        pytest.param(["what is a robo-advisor", "do they lend money?"], "robo-advisor", id="they"),
        pytest.param(
            ["what is Sesame Credit", "who has access to its data"], "sesame-credit", id="its"
        ),
        pytest.param(["開放銀行係乜", "佢安唔安全"], "open-banking", id="cantonese"),
        pytest.param(["what is DeFi", "will it replace the stock market?"], "defi", id="replace"),
        pytest.param(
            ["what is a robo-advisor", "is it better than a savings account?"],
            "robo-advisor",
            id="better-than-what-is-no-entry",
        ),
        pytest.param(["什么是数字人民币", "它会取代美元吗"], "e-cny", id="replace-in-chinese"),
        pytest.param(
            ["什么是区块链", "和普通的账本有什么区别"], "blockchain", id="unlike-no-entry"
        ),
        pytest.param(
            ["what is open banking", "is it worth it for us?"], "open-banking", id="opinion"
        ),
        pytest.param(
            ["什么是开放银行", "你觉得我们该不该做"], "open-banking", id="opinion-in-chinese"
        ),
    ],
)
def test_a_question_about_it_stays_with_it(engine: Engine, turns: list[str], topic: str) -> None:
    assert heard(engine, *turns).topics == (topic,)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("what's the difference between wholesale and retail CBDC", "cbdc"),
        ("how do public and private blockchains differ", "blockchain"),
        ("批发型和零售型央行数字货币有什么不同", "cbdc"),
    ],
)
def test_kinds_of_one_thing_are_not_compared_with_another(
    engine: Engine, text: str, topic: str
) -> None:
    said = engine.understand(text)
    assert said.intent != "compare"
    assert said.topics == (topic,)


def test_the_cases_of_two_places_are_compared(engine: Engine) -> None:
    said = engine.understand("compare the regulatory sandboxes of China and Singapore")
    assert (said.intent, {*said.topics}) == ("compare", {"pboc-sandbox", "mas-sandbox"})


@pytest.mark.parametrize(
    ("follow_up", "intent"),
    [
        ("谢谢，总结一下吧", "explain"),
        ("多谢！那有什么风险", "challenges_of"),
        ("好的谢谢，再举个例子", "cases_of"),
        ("thanks! and the risks?", "challenges_of"),
        ("great, thank you. any examples?", "cases_of"),
        ("唔該，有咩例子", "cases_of"),
        ("谢谢你的讲解", "thanks"),
        ("thanks, that's all I wanted to know", "thanks"),
        ("ok thanks a lot, bye", "thanks"),
    ],
)
def test_a_request_after_thanks_wins(engine: Engine, follow_up: str, intent: str) -> None:
    said = heard(engine, "什么是开放银行", follow_up)
    assert said.intent == intent
    assert said.topics == (() if intent == "thanks" else ("open-banking",))


@pytest.mark.parametrize(
    "follow_up",
    [
        "show me the documentation",
        "where did you find that",
        "can I have the link",
        "how recent is this",
        "when was that last updated",
        "原文给我看看",
        "把链接给我",
        "资料更新到什么时候了",
        "數據截至邊日",
        "有文档吗",
    ],
)
def test_documents_and_dates_of_what_was_said_are_its_sources(
    engine: Engine, follow_up: str
) -> None:
    said = heard(engine, "what is the GDPR", follow_up)
    assert (said.intent, said.topics) == ("sources", ("gdpr",))


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("区块链是什么，用小朋友能懂的话说", "blockchain"),
        ("什么是Web3，讲得通俗点", "web3"),
        ("請用簡單嘅說話解釋DeFi", "defi"),
        ("what is regtech, in words my kid understands", "regtech"),
        ("tell me what DeFi is, but keep it simple", "defi"),
    ],
)
def test_a_name_with_plain_words_is_explained_simply(engine: Engine, text: str, topic: str) -> None:
    said = engine.understand(text)
    assert (said.intent, said.topics) == ("simpler", (topic,))


def test_why_not_leaves_nothing_out(engine: Engine) -> None:
    assert engine.understand("why not blockchain").topics == ("blockchain",)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("are you a real human being", "identity"),
        ("who built you", "identity"),
        ("你是机器还是人", "identity"),
        ("你係咪機械人嚟㗎", "identity"),
        ("what are you able to do for me", "help"),
        ("你能帮我做些什么", "help"),
    ],
)
def test_who_the_bot_is_and_what_it_does(engine: Engine, text: str, intent: str) -> None:
    assert engine.understand(text).intent == intent


@pytest.mark.parametrize(
    ("text", "intent", "topic"),
    [
        ("區塊鏈係乜嘢", "explain", "blockchain"),
        ("開放銀行有咩風險", "challenges_of", "open-banking"),
        ("點解會有普惠金融", "drivers_of", "inclusion"),
        ("唔該講下監管沙盒", "explain", "regulatory-sandbox"),
        ("物联网啥子意思", "explain", "iot"),
        ("为啥子有监管科技", "drivers_of", "regtech"),
        ("監管科技有咩例子", "cases_of", "regtech"),
        ("GDPR邊年生效", "fact", "gdpr"),
    ],
)
def test_dialect_question_words(engine: Engine, text: str, intent: str, topic: str) -> None:
    said = engine.understand(text)
    assert (said.intent, said.topics) == (intent, (topic,))


@pytest.mark.parametrize(
    "text", ["what changed over the last 2 years?", "最近有什么变化", "anything new?", "近况怎样"]
)
def test_what_is_new_of_everything(engine: Engine, text: str) -> None:
    said = engine.understand(text)
    assert (said.intent, said.topics) == ("news", ())


STORIES = {
    "en": "The bakery opened before dawn and the first customers stood in the rain. The owner had "
    "trained two apprentices, shared the recipes and kept a careful record of every risk with the "
    "old oven. By noon the shelves were empty, the data on sales were written on the wall, and the "
    "whole street smelled of cinnamon and burnt sugar until the evening bells rang.",
    "zh": "村口的老槐树开花了，孩子们在树下捉迷藏，老人们搬着小板凳晒太阳。"
    "今年的收成不错，家家户户都盖了新房，"
    "路也修好了。傍晚的时候炊烟升起来，狗在巷子里叫，远处的山慢慢变成了蓝色，谁也没有急着回家，"
    "大家分享着各自的消息，一直坐到星星出来。",
}


@pytest.mark.parametrize("language", STORIES)
def test_a_pasted_text_that_asks_nothing_is_declined(engine: Engine, language: str) -> None:
    said = engine.understand(STORIES[language])
    assert (said.intent, said.suggestions) == ("fallback", ())


def test_the_question_below_a_pasted_text_is_answered(engine: Engine) -> None:
    said = engine.understand(STORIES["en"] * 2 + " What is open banking?")
    assert said.topics == ("open-banking",)


@pytest.mark.parametrize(
    ("turns", "told"),
    [
        pytest.param(["when did GoPay start", "and OVO?"], "ovo.facts.1", id="turn"),
        pytest.param(["微众银行哪年成立的", "那平安呢"], "ping-an.facts.3", id="turn-zh"),
        pytest.param(["when did OVO start", "no, I mean GoPay"], "gopay.facts.1", id="correction"),
    ],
)
def test_the_one_fact_is_asked_of_what_the_talk_turns_to(
    engine: Engine, turns: list[str], told: str
) -> None:
    said = heard(engine, *turns)
    assert (said.intent, [ref.key for ref in said.statements]) == ("fact", [told])


def test_what_was_no_answer_is_not_asked_again(engine: Engine) -> None:
    said = heard(engine, "OVO", "how many employees does it have?", "no, I mean GoPay")
    assert (said.intent, said.topics) == ("explain", ("gopay",))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "when did WeBank open? and how many customers does it have?",
            {"webank.facts.2", "webank.facts.1"},
            id="both-known",
        ),
        pytest.param(
            "does UPI work abroad and is it free",
            {"upi.facts.3", "upi.benefits.0"},
            id="without-a-mark",
        ),
        pytest.param(
            "when did Alipay start, and how many users does it have?",
            {"alipay.why.0", "alipay.facts.0"},
            id="both-known-of-a-wallet",
        ),
        pytest.param(
            "how many customers does Revolut have now and is it making money",
            {"revolut.facts.1", "revolut.facts.4"},
            id="and-is",
        ),
    ],
)
def test_two_questions_in_a_message_get_what_is_known(
    engine: Engine, text: str, told: set[str]
) -> None:
    said = heard(engine, text)
    assert {ref.key for ref in said.statements} == told
    assert not said.gap


@pytest.mark.parametrize("text", ["换了手机以后钱还在不在", "so is it taxed"])
def test_who_asks_whether_is_told_of_a_gap(engine: Engine, text: str) -> None:
    said = heard(engine, "数字人民币", text)
    assert (said.topics, said.gap) == (("e-cny",), True)


@pytest.mark.parametrize(
    ("turns", "topic", "told"),
    [
        pytest.param(["数字人民币", "so is it insured"], "e-cny", "e-cny.facts.1", id="whether"),
        pytest.param(
            ["what is UPI", "how many payments in 2030"], "upi", None, id="a-year-to-come"
        ),
        pytest.param(
            ["what is GoPay", "how much did it earn after 2024"],
            "gopay",
            None,
            id="after-a-year",
        ),
        pytest.param(
            ["instant payments", "no, I meant Hong Kong's system. when did it start?"],
            "instant-payments",
            "instant-payments.facts.4",
            id="a-place-before",
        ),
    ],
)
def test_a_fact_is_of_the_year_and_the_place_that_are_asked_for(
    engine: Engine, turns: list[str], topic: str, told: str | None
) -> None:
    said = heard(engine, *turns)
    assert (said.topics, said.gap) == ((topic,), told is None)
    assert told is None or told in {ref.key for ref in said.statements}


@pytest.mark.parametrize(
    ("turns", "topic"),
    [
        pytest.param(["有哪些驱动力", "那政策呢"], "policy", id="of-those-listed"),
        pytest.param(
            ["有哪些驱动力", "说说第一个", "那政策层面呢"], "policy", id="beside-the-topic"
        ),
        pytest.param(["what drives it", "and the policy"], "policy", id="in-english"),
    ],
)
def test_a_part_of_a_name_is_enough_beside_its_entry(
    engine: Engine, turns: list[str], topic: str
) -> None:
    said = heard(engine, *turns)
    assert (said.intent, said.topics) == ("explain", (topic,))


def test_one_who_is_named_beside_an_entry_is_answered_from_a_statement(engine: Engine) -> None:
    said = heard(engine, "建行的开放银行是哪一年推出的")
    assert {ref.key for ref in said.statements} == {"open-banking.examples.0"}


def test_what_may_be_the_answer_is_given_as_what_comes_nearest(engine: Engine) -> None:
    said = heard(engine, "How many dollars' worth of stablecoins are there right now?")
    assert (said.topics, said.gap, said.unsure) == (("stablecoin",), True, True)
    first, *more = said.statements
    told = engine.knowledge.entries[first.entry].statement(first.section, first.number)
    assert told
    assert "US$300bn" in told.en
    assert len(more) <= 1


def test_of_several_firms_each_gets_a_statement(engine: Engine) -> None:
    said = heard(engine, "Compare MYbank and Nubank")
    texts = [ref.within(engine.knowledge).en for ref in said.statements]
    assert ["MYbank" in texts[0], "Nubank" in texts[1]] == [True, True]


@pytest.mark.parametrize(
    ("text", "intent", "begins"),
    [
        pytest.param(
            "why did the BIS leave mBridge", "drivers_of", "mbridge.facts.2", id="why-of-an-event"
        ),
        pytest.param("数字欧元对商家有什么好处", "explain", "digital-euro.benefits", id="use"),
        pytest.param("what is FedNow", "explain", "instant-payments.facts.5", id="a-part"),
        pytest.param(
            "稳定币跟比特币有啥不一样",
            "fact",
            "stablecoin.facts.6",
            id="against-what-is-not-covered",
        ),
        pytest.param(
            "the day a fire in a data centre stopped the chat app in Seoul, what else went dead?",
            "explain",
            "super-app.challenges.0",
            id="nothing-named",
        ),
        pytest.param(
            "why bother with official digital money when everybody pays with Alipay anyway?",
            "fact",
            "e-cny.why.0",
            id="named-in-passing",
        ),
        pytest.param("who is behind mBridge", "drivers_of", "mbridge.facts.0", id="who"),
        pytest.param("谁在运营UPI", "fact", "upi.", id="who-runs-it"),
    ],
)
def test_an_answer_begins_with_what_was_asked(
    engine: Engine, text: str, intent: str, begins: str
) -> None:
    said = heard(engine, text)
    assert said.intent == intent
    assert said.statements[0].key.startswith(begins)
    assert not said.gap


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("how many customers does Revolut have in France", id="another-country"),
        pytest.param("Revolut在法国有多少客户", id="another-country-zh"),
        pytest.param("who is Revolut's chief executive", id="another-thing"),
    ],
)
def test_nearly_the_same_words_for_another_thing_get_the_gap(engine: Engine, text: str) -> None:
    said = heard(engine, text)
    assert (said.topics, said.gap) == (("revolut",), True)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        pytest.param("网商银行有多少客户", "Nubank", id="customers"),
        pytest.param("when did FedNow start", "Hong Kong", id="since-when"),
        pytest.param("M-Pesa有多少用户", "GCash", id="asked-of-the-other-in-these-words"),
    ],
)
def test_a_firm_is_never_answered_with_what_is_said_of_another(
    engine: Engine, text: str, other: str
) -> None:
    said = heard(engine, text)
    assert said.statements
    assert not any(other in ref.within(engine.knowledge).en for ref in said.statements)


@pytest.mark.parametrize("text", ["how many patents", "哪里能开通"])
def test_a_few_words_in_a_talk_are_about_its_topic(engine: Engine, text: str) -> None:
    said = heard(engine, "what is AI", text)
    assert (said.topics, said.gap) == (("ai",), True)


@pytest.mark.parametrize(
    "text", ["how many goals did Messi score in 2022?", "今天上海的天气怎么样啊，会下雨吗"]
)
def test_what_is_about_something_else_has_no_answer(engine: Engine, text: str) -> None:
    said = heard(engine, "what is AI", text)
    assert said.gap or said.intent == "fallback"


@pytest.mark.parametrize(
    ("turns", "intent", "topic", "told"),
    [
        pytest.param(
            ["什么是监管科技", "有什么案例", "第二个案例什么时候开始的"],
            "fact",
            "mas-sandbox",
            "mas-sandbox.facts.0",
            id="one-thing-about-a-case-of-the-list-shown",
        ),
        pytest.param(
            ["is open banking compulsory in the US?", "and in the EU?"],
            "fact",
            "open-banking",
            "open-banking.facts.5",
            id="another-place-without-cases",
        ),
        pytest.param(
            ["what is open banking", "who benefits?"],
            "fact",
            "open-banking",
            "open-banking.benefits.1",
            id="benefits",
        ),
        pytest.param(
            ["京东白条怎么运作，规模多大"],
            "explain",
            "jd-baitiao",
            "jd-baitiao.facts.2",
            id="an-explanation-and-a-figure",
        ),
    ],
)
def test_a_follow_up_is_answered_by_a_statement(
    engine: Engine, turns: list[str], intent: str, topic: str, told: str
) -> None:
    said = heard(engine, *turns)
    assert (said.intent, said.topics, said.gap) == (intent, (topic,), False)
    assert told in {ref.key for ref in said.statements}


@pytest.mark.parametrize(
    ("turns", "intent", "topics"),
    [
        (["what is embedded finance", "what has changed lately?"], "news", ("embedded-finance",)),
        (["普惠金融是什么", "三个方面分别是什么"], "explain", ("inclusion",)),
        (["区块链跟莱特币一样吗", "真的安全吗"], "challenges_of", ("blockchain",)),
        (["what is a robo-advisor", "can I trust it with my savings?"], "challenges_of", None),
        (["第四个趋势", "跟第五个趋势有什么区别"], "compare", ("inclusion", "regtech")),
        (["早上好，我是新来的。什么是DeFi？"], "explain", ("defi",)),
    ],
    ids=[
        "news-of-it",
        "its-parts",
        "named-beside-the-unknown",
        "trust",
        "with-a-place",
        "preamble",
    ],
)
def test_what_a_follow_up_is_about(
    engine: Engine, turns: list[str], intent: str, topics: tuple[str, ...] | None
) -> None:
    said = heard(engine, *turns)
    assert (said.intent, said.topics) == (intent, topics or ("robo-advisor",))


def test_what_is_not_meant_declines_nothing(engine: Engine) -> None:
    assert engine.understand("区块链除了炒币到底有什么用").topics == ("blockchain",)
