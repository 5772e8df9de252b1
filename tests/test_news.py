"""What is new, and timelines: dated statements in order, each once, page by page."""

import json
import re
from collections.abc import Iterable
from dataclasses import replace

import pytest

from efinbot.bot import Assistant
from efinbot.bot.cli.jsonl import answer_lines
from efinbot.bot.replies.composer import compose
from efinbot.bot.replies.markup import plain
from efinbot.bot.replies.writer import Writer
from efinbot.intents import Engine, StatementRef, Understanding, statement_refs
from efinbot.knowledge import LANGUAGES, Knowledge, Language
from efinbot.sandbox.testing import BotAccount, Conversation, Person, Said, Telegram


async def opened(telegram: Telegram, bot: BotAccount) -> tuple[Person, Conversation]:
    """Return somebody, and their chat with the bot."""
    ada = telegram.person("Ada", language_code="en")
    chat = await ada.starts(bot)
    await chat.expects("Hello!")
    return ada, chat


async def turned(ada: Person, chat: Conversation, page: Said, write: Writer) -> list[str]:
    """Return the texts of all pages of an answer, by the button that leads on."""
    texts, more = [page.text], write.text(write.knowledge.interface.ask_more)
    while any(more in row for row in page.buttons):
        await ada.taps(page, more)
        page = await chat.expects(f" · {len(texts) + 1}/")
        texts.append(page.text)
    return texts


def told(texts: Iterable[str], write: Writer) -> list[StatementRef]:
    """Return the dated statements that stand in texts, in their order."""
    text = "\n".join(texts)
    known = [ref for id_, e in write.knowledge.entries.items() for ref in statement_refs(id_, e)]
    found = [ref for ref in known if write.date(ref) and write.told(ref) in text]
    return sorted(found, key=lambda ref: text.index(write.told(ref)))


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("/new", id="by-command"),
        pytest.param("what changed lately", id="asked"),
        pytest.param("最近有什么新变化", id="in-chinese"),
    ],
)
async def test_news_are_twelve_months_the_newest_first(
    telegram: Telegram, efinbot: BotAccount, engine: Engine, question: str
) -> None:
    write = Writer(engine.knowledge, "en" if question.isascii() else "zh")
    title = write.text(engine.knowledge.interface.news)
    ada, chat = await opened(telegram, efinbot)
    await ada.says(chat, question)
    first = await chat.expects(title)
    months = re.match(rf"{title} · (\d{{4}}-\d\d) – (\d{{4}}-\d\d)\n", first.text)
    assert months
    since, until = months.groups()
    assert (int(until[:4]) - int(since[:4]), since[4:]) == (1, until[4:])
    texts = await turned(ada, chat, first, write)
    dates = [write.date(ref) for ref in told(texts, write)]
    assert dates[0].startswith(until)
    assert dates == sorted(dates, reverse=True)
    assert min(dates) >= since
    lines = [line for text in texts for line in text.split("\n\n")[0].splitlines()[1:]]
    names = {write.name(id_) for id_ in engine.knowledge.entries}
    assert all(line.split(write.colon)[0] in names for line in lines)
    assert len(set(lines)) == len(lines) > 100


async def test_pages_lead_back(telegram: Telegram, efinbot: BotAccount) -> None:
    ada, chat = await opened(telegram, efinbot)
    await ada.says(chat, "/new")
    first = await chat.expects("What is new · ")
    await ada.taps(first, "Tell me more")
    second = await chat.expects("What is new · 2/")
    await ada.taps(second, "‹ What is new")
    assert (await chat.expects("What is new · 20")).text == first.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_one_source_reports_is_told_once(engine: Engine, language: Language) -> None:
    said = Understanding("news", (), language, 1.0)
    pages = [compose(replace(said, depth=page), engine.knowledge, ()) for page in range(100)]
    read = re.findall(r'<a href="([^"]*)"', "\n".join(page.html for page in pages))
    assert len(read) == len(set(read)) > 100


def test_what_is_older_than_its_source_is_no_news(engine: Engine) -> None:
    said, free = Understanding("news", (), "en", 1.0), "Since January 2020 merchants"
    pages = [compose(replace(said, depth=page), engine.knowledge, ()) for page in range(100)]
    assert not any(free in page.html for page in pages)
    timeline = compose(Understanding("timeline", ("upi",), "en", 1.0), engine.knowledge, ())
    assert free in timeline.html


@pytest.mark.parametrize(
    ("question", "title"),
    [
        pytest.param("timeline of the e-CNY", "e-CNY: Timeline", id="en"),
        pytest.param("数字人民币大事记", "数字人民币：大事记", id="zh"),
    ],
)
async def test_a_timeline_is_all_that_is_dated_the_oldest_first(
    telegram: Telegram, efinbot: BotAccount, engine: Engine, question: str, title: str
) -> None:
    write = Writer(engine.knowledge, "en" if question.isascii() else "zh")
    entry = engine.knowledge.entries["e-cny"]
    ada, chat = await opened(telegram, efinbot)
    await ada.says(chat, question)
    texts = await turned(ada, chat, await chat.expects(title), write)
    dates = [write.date(ref) for ref in told(texts, write)]
    assert dates == sorted(dates)
    text = "\n".join(texts)
    for statement in entry.statements():
        assert (statement.in_(write.language) in text) == bool(statement.sources), statement.en


async def test_news_of_one_entry_go_on_with_what_is_older(
    telegram: Telegram, efinbot: BotAccount, engine: Engine
) -> None:
    ada, chat = await opened(telegram, efinbot)
    await ada.says(chat, "/new e-CNY")
    first = await chat.expects("e-CNY: What is new")
    texts = await turned(ada, chat, first, Writer(engine.knowledge, "en"))
    new, _, older = "\n".join(texts).partition("\nEarlier\n")
    assert "Since 1 January 2026" in new
    assert "white paper of July 2021" in older


def dated(small: Knowledge, id_: str, as_of: str) -> Knowledge:
    """Return the knowledge with another date of the first fact of an entry."""
    health, entry = small.entries["health"], small.entries[id_]
    fact = health.facts[0].model_copy(update={"as_of": as_of})
    elsewhere = health.sources["survey"].model_copy(update={"url": "https://example.org/other"})
    update = {"facts": (fact,), "sources": {"survey": elsewhere}}
    return replace(small, entries={**small.entries, id_: entry.model_copy(update=update)})


@pytest.mark.parametrize(
    ("as_of", "new"),
    [
        pytest.param("2023-05", True, id="twelve-months"),
        pytest.param("2023-05-01", True, id="to-the-day"),
        pytest.param("2023-04", False, id="a-month-more"),
        pytest.param("2023", False, id="some-day-of-that-year"),
        pytest.param("2024", True, id="some-day-of-the-newest-year"),
    ],
)
def test_the_months_count_from_the_newest_date(small: Knowledge, as_of: str, *, new: bool) -> None:
    knowledge = dated(small, "wuyi", as_of)
    of_all = plain(compose(Understanding("news", (), "en", 1.0), knowledge, ()).html)
    assert ("Wuyi" in of_all) == new
    said = Understanding("news", ("wuyi",), "en", 1.0)
    of_one = plain(compose(said, knowledge, ()).html)
    assert "More and more tea" in of_one
    assert ("Nothing is from the year 2023-05 to 2024-05. The newest" in of_one) == (not new)


@pytest.mark.parametrize("question", ["what changed lately", "timeline of the e-CNY"])
def test_sources_for_programs_are_those_of_the_page(assistant: Assistant, question: str) -> None:
    line = json.dumps({"text": question}).encode()
    answer = json.loads(next(iter(answer_lines([line], assistant))))
    assert answer["outcome"] == "answered"
    linked = re.findall(r'<a href="([^"]*)"', answer["reply"])
    assert linked
    assert {source["url"] for source in answer["sources"]} >= set(linked)
    names = [source["title"] for source in answer["sources"]]
    assert len(names) <= 3 * len(linked)
