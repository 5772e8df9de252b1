"""``@bot open ban…`` in any chat."""

import pytest

from efinbot.sandbox.testing import BotAccount, Person, Telegram


@pytest.fixture
def ada(telegram: Telegram) -> Person:
    return telegram.person("Ada", language_code="en")


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("open ban", "Open banking and platforms"),
        ("opne banking", "Open banking and platforms"),
        ("开放银", "开放银行与平台化"),
        ("開放銀行", "開放銀行與平臺化"),
        ("cases in singapore", "Cases: Singapore"),
        ("compare gdpr and pipl", "Compared: GDPR, PIPL"),
        ("lending to people without a credit history", "Alternative credit"),
    ],
)
async def test_what_is_typed_finds_articles(
    efinbot: BotAccount, ada: Person, typed: str, title: str
) -> None:
    offered = await ada.asks_inline(efinbot, typed)
    assert offered[0].title == title
    assert offered[0].description
    assert title in offered[0].text


async def test_before_anything_is_typed_the_overview_comes_first(
    efinbot: BotAccount, ada: Person
) -> None:
    offered = await ada.asks_inline(efinbot, "")
    assert [one.title for one in offered.results][1:] == [
        "What drives it",
        "The trends",
        "Emerging technologies",
        "The cases",
        "What it means for whom",
    ]
    assert "e-finance" in offered[0].text


@pytest.mark.parametrize("typed", ["weather tomorrow in Paris", "🙂", "hello", "x" * 256])
async def test_what_is_not_covered_offers_nothing(
    efinbot: BotAccount, ada: Person, typed: str
) -> None:
    assert len(await ada.asks_inline(efinbot, typed)) == 0


async def test_the_same_question_has_the_same_ids(efinbot: BotAccount, ada: Person) -> None:
    first, second = [await ada.asks_inline(efinbot, "sandbox") for _ in range(2)]
    assert [one.id for one in first.results] == [one.id for one in second.results]
    assert first.json["cache_time"] > 0


async def test_more_articles_come_page_by_page(efinbot: BotAccount, ada: Person) -> None:
    offered = await ada.asks_inline(efinbot, "银行")
    ids = [one.id for one in offered.results]
    while offered.next_offset:
        offered = await ada.asks_inline(efinbot, "银行", offset=offered.next_offset)
        ids += [one.id for one in offered.results]
    assert len(ids) == len(set(ids))
    assert len(ids) > 10


@pytest.mark.parametrize("offset", ["-5", "abc", "999999", "１０"])
async def test_a_forged_offset_harms_nothing(efinbot: BotAccount, ada: Person, offset: str) -> None:
    assert len(await ada.asks_inline(efinbot, "sandbox", offset=offset)) >= 0


async def test_an_article_that_is_sent_leads_on_and_is_not_answered(
    telegram: Telegram, efinbot: BotAccount, ada: Person
) -> None:
    bob = telegram.person("Bob", language_code="en")
    group = telegram.group("Fintech", [ada, bob])
    offered = await ada.asks_inline(efinbot, "open ban", chat=group)
    sent = await offered[0].is_chosen(group)
    assert "Open banking and platforms" in sent.text
    await bob.taps(sent, "Any cases?")
    await telegram.settled()
    assert group.messages()[-1].id == sent.id
    assert "Open banking and platforms: cases" in group.messages()[-1].text


async def test_an_article_sent_to_the_bot_itself_is_not_answered(
    efinbot: BotAccount, ada: Person
) -> None:
    chat = await ada.starts(efinbot)
    await chat.expects("Hello!")
    offered = await ada.asks_inline(efinbot, "open ban", chat=chat)
    await offered[0].is_chosen(chat)
    await chat.stays_silent()


@pytest.mark.parametrize(("code", "title"), [("zh-hans", "发展趋势"), ("en", "The trends")])
async def test_without_words_the_language_is_the_persons(
    telegram: Telegram, efinbot: BotAccount, code: str, title: str
) -> None:
    offered = await telegram.person("Ada", language_code=code).asks_inline(efinbot, "")
    assert title in [one.title for one in offered.results]
