"""The cases: page by page, by place, and what is nearest where a place has none."""

import re
from dataclasses import replace

import pytest

from efinbot.bot.replies.composer import compose
from efinbot.bot.replies.markup import plain
from efinbot.intents import Engine, Understanding
from efinbot.knowledge import Kind, Knowledge
from efinbot.knowledge.graph import ADDED_LATER
from efinbot.sandbox.testing import BotAccount, Conversation, Person, Telegram

ITEM = re.compile(r"^(\d+)\. (.+?) \(", re.MULTILINE)
PLACES = {
    *("China", "Hong Kong", "India", "South-East Asia"),
    *("Europe", "the US", "Brazil"),
}


async def opened(telegram: Telegram, bot: BotAccount, code: str) -> tuple[Person, Conversation]:
    """Return somebody with an app in some language, and their chat with the bot."""
    ada = telegram.person("Ada", language_code=code)
    chat = await ada.starts(bot)
    await chat.expects("")
    return ada, chat


async def test_the_list_is_paged_and_numbered_through_the_articles_first(
    telegram: Telegram, efinbot: BotAccount, engine: Engine
) -> None:
    entries, cases = engine.knowledge.entries, engine.knowledge.of_kind[Kind.CASE]
    ada, chat = await opened(telegram, efinbot, "en")
    await ada.says(chat, "/cases")
    page = await chat.expects("The cases")
    pages = [ITEM.findall(page.text)]
    while any("Tell me more" in row for row in page.buttons):
        await ada.taps(page, "Tell me more")
        page = await chat.expects(f"The cases · {len(pages) + 1}/")
        pages.append(ITEM.findall(page.text))
    listed = [item for page in pages for item in page]
    assert listed == [(str(n), entries[id_].name.en) for n, id_ in enumerate(cases, 1)]
    assert max(map(len, pages)) <= 8
    later = [entries[id_].order >= ADDED_LATER for id_ in cases]
    assert later == sorted(later)


async def test_every_case_of_a_page_has_a_button(telegram: Telegram, efinbot: BotAccount) -> None:
    ada, chat = await opened(telegram, efinbot, "en")
    await ada.says(chat, "/cases")
    page = await chat.expects("The cases")
    labels = {label for row in page.buttons for label in row}
    assert {name for _, name in ITEM.findall(page.text)} <= labels


async def test_places_stand_side_by_side_and_lead_on(
    telegram: Telegram, efinbot: BotAccount
) -> None:
    ada, chat = await opened(telegram, efinbot, "en")
    await ada.says(chat, "/cases")
    page = await chat.expects("The cases")
    places = [row for row in page.buttons if set(row) <= PLACES]
    assert {label for row in places for label in row} == PLACES
    assert max(map(len, places)) > 2
    for label, answer in [
        ("Europe", "Cases: Europe"),
        ("the UK", "Cases: the UK"),
        ("‹ Cases: Europe", "Cases: Europe"),
        ("‹ The cases", "The cases"),
    ]:
        await ada.taps(page, label)
        assert (await chat.expects(answer)).id == page.id


@pytest.mark.parametrize("label", sorted(PLACES))
async def test_the_name_of_a_place_can_be_typed(
    telegram: Telegram, efinbot: BotAccount, label: str
) -> None:
    ada, chat = await opened(telegram, efinbot, "en")
    await ada.says(chat, "/cases")
    page = await chat.expects("The cases")
    await ada.taps(page, label)
    tapped = await chat.expects("Cases: ")
    await ada.says(chat, "/cases")
    await chat.expects("The cases")
    await ada.says(chat, label)
    assert (await chat.expects("Cases: ")).text == tapped.text


FOUND = [
    ("/cases india", "UPI", ["Alipay"], "a country"),
    ("/cases 香港", "香港稳定币制度", ["芝麻信用"], "a territory"),
    ("cases in Europe", "UK open banking (UK)", ["UPI"], "a part of the world holds a country"),
    ("cases in Europe", "GDPR (EU)", ["UPI"], "and a union"),
    ("cases in Asia", "Sesame Credit (China)", ["GDPR"], "and others"),
    ("cases in Hong Kong", "AI fraud and deepfakes: In January 2024", [], "an example"),
    ("cases in the Philippines", "GCash", ["no such case"], "an example where no case is"),
    ("cases in Canada", "Cases: North America\n• GENIUS Act (US)", ["GDPR"], "the nearest"),
    ("孟加拉国有哪些案例", "没有来自孟加拉国的案例", [], "none"),
    ("cases in Africa", "I have no such case from Africa.", [], "none"),
    (
        "cases in Africa",
        "The closest I have\n• Mobile money: ",
        ["UPI"],
        "but what is known there",
    ),
    ("open banking cases in China", "In practice\nOpen banking and platforms: In China", [], "one"),
]


@pytest.mark.parametrize(
    ("question", "told", "without"),
    [row[:3] for row in FOUND],
    ids=[f"{r[0]}: {r[3]}" for r in FOUND],
)
async def test_cases_are_found_by_place(
    telegram: Telegram, efinbot: BotAccount, question: str, told: str, without: list[str]
) -> None:
    ada, chat = await opened(telegram, efinbot, "en")
    await ada.says(chat, question)
    await chat.expects(told, without=without)


async def test_a_place_without_cases_offers_the_nearest(
    telegram: Telegram, efinbot: BotAccount
) -> None:
    ada, chat = await opened(telegram, efinbot, "zh")
    await ada.says(chat, "孟加拉国有哪些案例")
    page = await chat.expects("没有来自孟加拉国的案例", "案例：亚洲")
    await ada.taps(page, "亚洲")
    await chat.expects("1. 芝麻信用（中国）")


def test_examples_come_after_the_cases(engine: Engine) -> None:
    said = Understanding("cases", (), "en", 1.0, region="HK")
    case, *_ = engine.listed(said)
    reply = compose(said, engine.knowledge, engine.listed(said))
    text = plain(reply.html)
    assert text.index(engine.knowledge.entries[case].name.en) < text.index("In practice\n")
    assert [ref.section for ref in reply.stated] == ["examples"] * len(reply.stated) != []


@pytest.mark.parametrize(
    ("region", "places"),
    [
        pytest.param(None, ("CN", "IN"), id="everywhere"),
        pytest.param("ASIA", ("CN", "IN"), id="a-group"),
        pytest.param("SOUTH-ASIA", (), id="a-group-with-one-part"),
        pytest.param("IN", (), id="a-country"),
    ],
)
def test_narrower_places(small: Knowledge, region: str | None, places: tuple[str, ...]) -> None:
    assert small.places(region) == places


@pytest.mark.parametrize(
    ("region", "wider"),
    [("CA", "NORTH-AMERICA"), ("DE", "EU"), ("GB", "EUROPE"), ("HK", "ASIA"), ("AFRICA", None)],
)
def test_the_nearest_wider_place_has_more_cases(
    engine: Engine, region: str, wider: str | None
) -> None:
    assert engine.knowledge.wider(region) == wider


def test_groups_that_hold_each_other_are_no_trouble(small: Knowledge) -> None:
    asia = small.regions["ASIA"].model_copy(update={"includes": ("CN", "SOUTH-ASIA")})
    south = small.regions["SOUTH-ASIA"].model_copy(update={"includes": ("IN", "ASIA")})
    round_ = replace(small, regions={**small.regions, "ASIA": asia, "SOUTH-ASIA": south})
    assert round_.places("ASIA") == ("CN",)
