"""What is recorded of conversations: numbers, missed questions, votes by button and reaction."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import astuple
from typing import TypeAlias

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from efinbot.bot.app import serve
from efinbot.bot.callback_data import LIMIT
from efinbot.bot.reload.live import Live
from efinbot.bot.settings import Feedback, Settings
from efinbot.bot.storage import Missed
from efinbot.bot.storage.offline_reader import Recorded, read_state
from efinbot.sandbox.testing import BotAccount, Conversation, Person, Said, Telegram

Run: TypeAlias = Callable[..., Awaitable[None]]


@pytest.fixture
def ada(telegram: Telegram) -> Person:
    return telegram.person("Ada", language_code="en")


@pytest.fixture
async def run(settings: Settings, live: Live) -> AsyncIterator[Run]:
    """Runs the bot with other settings; what ran before is stopped, as everything is at the end."""

    @asynccontextmanager
    async def running(changed: Settings) -> AsyncIterator[None]:
        stop = asyncio.Event()
        serving = asyncio.create_task(serve(changed, Live(live.folder, live.assistant), stop))
        yield
        stop.set()
        await serving

    async with AsyncExitStack() as stack:

        async def start(**changes: object) -> None:
            await stack.aclose()
            await stack.enter_async_context(running(settings.model_copy(update=changes)))

        yield start


class Notes:
    """What the bot has recorded once it has dealt with everything, and was stopped."""

    def __init__(self, telegram: Telegram, run: Run, settings: Settings) -> None:
        self._telegram = telegram
        self._run = run
        self._settings = settings

    async def missed(self) -> list[tuple[str, str, str, str, int]]:
        """The questions: text, outcome, answer, chosen, count."""
        return [self._row(one) for one in (await self._recorded()).missed]

    async def counts(self) -> dict[str, int]:
        """The numbers by name, with all latencies as one."""
        numbers: dict[str, int] = {}
        for (_, name), number in (await self._recorded()).counts.items():
            short = "latency" if name.startswith("latency.") else name
            numbers[short] = numbers.get(short, 0) + number
        return numbers

    async def _recorded(self) -> Recorded:
        await self._telegram.settled()
        await self._run()
        url = self._settings.database_url
        assert url
        return await read_state(url.get_secret_value(), None)

    @staticmethod
    def _row(one: Missed) -> tuple[str, str, str, str, int]:
        text, _, outcome, answer, chosen, count, _ = astuple(one)
        return text, outcome, answer, chosen, count


@pytest.fixture
def notes(telegram: Telegram, run: Run, settings: Settings) -> Notes:
    return Notes(telegram, run, settings)


@pytest.fixture
async def chat(run: Run, account: BotAccount, ada: Person) -> Conversation:
    """A private chat with the running bot, which has been greeted."""
    await run()
    return await greeted(ada, account)


async def greeted(person: Person, account: BotAccount) -> Conversation:
    chat = await person.starts(account)
    await chat.expects("Hello!")
    return chat


async def asked(person: Person, chat: Conversation, text: str, answer: str) -> Said:
    await person.says(chat, text)
    return await chat.expects(answer)


WEATHER = "What is the weather in Paris?"
WEBANK = "how do I close my WeBank account"
OPEN = "what is open banking"
MACHINE = "who gets a loan is decided by a machine"


# Missed questions


async def test_questions_are_noted_by_what_became_of_them(
    chat: Conversation, ada: Person, notes: Notes
) -> None:
    await asked(ada, chat, MACHINE, "AI-driven risk management")
    await asked(ada, chat, WEATHER, "I have no answer")
    await asked(ada, chat, WEBANK, "I have no answer")
    await asked(ada, chat, OPEN, "Open banking and platforms")
    await asked(ada, chat, WEATHER, "I have no answer")
    assert await notes.missed() == [
        (MACHINE, "unsure", "ee.smart-risk", "", 1),
        (WEBANK, "offered", "", "", 1),
        (WEATHER, "declined", "", "", 2),
    ]


async def test_what_is_no_question_is_not_noted(
    chat: Conversation, ada: Person, notes: Notes
) -> None:
    for said in ("hi", "thanks", "/trends", "/help", "/compare", "/frobnicate", "/lang", "????"):
        await asked(ada, chat, said, "")
    await asked(ada, chat, "13800138000", "")
    await asked(ada, chat, "@bob", "")
    assert await notes.missed() == []


async def test_nothing_personal_is_noted(chat: Conversation, ada: Person, notes: Notes) -> None:
    said = f"{WEATHER} Write to jane@example.org or call +86 138 0013 8000, @bob_smith"
    await asked(ada, chat, said, "I have no answer")
    ((text, *_),) = await notes.missed()
    assert text == f"{WEATHER} Write to … or call …"


async def test_words_behind_a_command_are_noted_if_they_mean_the_same_without(
    chat: Conversation, ada: Person, notes: Notes
) -> None:
    await asked(ada, chat, "/trends weather tomorrow", "I have no answer")
    await asked(ada, chat, f"/ask {WEATHER}", "I have no answer")
    shown = await asked(ada, chat, "/cases open banking", "Open banking and platforms: cases")
    await ada.taps(shown, "👎")
    assert await notes.missed() == [
        ("weather tomorrow", "declined", "", "", 1),
        (WEATHER, "declined", "", "", 1),
    ]


async def test_a_follow_up_is_noted_only_if_it_says_what_it_is_about(
    chat: Conversation, ada: Person, notes: Notes
) -> None:
    await asked(ada, chat, OPEN, "Open banking and platforms")
    follow_up = await asked(ada, chat, "and its risks?", "Open banking and platforms: risks")
    await ada.taps(follow_up, "👎")
    whole = await asked(ada, chat, "what is blockchain", "Blockchain")
    await ada.taps(whole, "👎")
    await asked(ada, chat, WEATHER, "I have no answer")
    assert await notes.missed() == [
        ("what is blockchain", "rejected", "ee.blockchain", "", 1),
        (WEATHER, "declined", "", "", 1),
    ]


async def test_an_edited_question_is_one_question(
    telegram: Telegram, chat: Conversation, ada: Person, notes: Notes
) -> None:
    question = await ada.says(chat, "What is the weather in Rome?")
    await chat.expects("I have no answer")
    await ada.edits(question, WEATHER)
    await telegram.settled()
    await ada.edits(question, OPEN)
    await chat.expects("Open banking and platforms")
    assert await notes.missed() == [(WEATHER, "declined", "", "", 1)]


async def test_a_tap_on_what_is_offered_says_what_was_meant(
    chat: Conversation, ada: Person, notes: Notes
) -> None:
    declined = await asked(ada, chat, WEBANK, "I have no answer")
    await ada.taps(declined, "WeBank")
    await chat.expects("WeBank · 微众银行")
    declined = await asked(ada, chat, WEATHER, "I have no answer")
    await ada.taps(declined, declined.buttons[0][0])
    await chat.expects("")
    assert await notes.missed() == [
        (WEBANK, "chosen", "", "webank", 1),
        (WEATHER, "declined", "", "", 1),
    ]


async def test_questions_are_not_kept_where_that_is_switched_off(
    run: Run, account: BotAccount, ada: Person, notes: Notes
) -> None:
    await run(record=False)
    chat = await greeted(ada, account)
    await asked(ada, chat, WEATHER, "I have no answer")
    await ada.taps(await asked(ada, chat, OPEN, "Open banking"), "👎")
    assert await notes.missed() == []
    numbers = await notes.counts()
    assert (numbers["answered"], numbers["declined"], numbers["down"]) == (1, 1, 1)


# Numbers


async def test_everything_is_counted_once(
    telegram: Telegram, account: BotAccount, chat: Conversation, ada: Person, notes: Notes
) -> None:
    answer = await asked(ada, chat, OPEN, "Open banking and platforms")
    await ada.taps(answer, "Any cases?")
    await chat.expects("Open banking and platforms: cases")
    await asked(ada, chat, "比较区块链和数字人民币", "比较")
    await asked(ada, chat, WEATHER, "I have no answer")
    await asked(ada, chat, WEBANK, "I have no answer")
    await ada.asks_inline(account, "open ban")
    group = telegram.group("Fintech", [ada], account)
    await asked(ada, group, "/trends", "The trends")
    assert await notes.counts() == {
        "smalltalk": 1,
        "answered": 3,
        "declined": 1,
        "offered": 1,
        "language.en": 5,
        "language.zh": 1,
        "surface.private": 5,
        "surface.group": 1,
        "surface.button": 1,
        "surface.inline": 1,
        "latency": 7,
        "intent.explain": 1,
        "intent.compare": 1,
        "intent.trends": 1,
        "entry.open-banking": 2,
        "entry.blockchain": 1,
        "entry.e-cny": 1,
    }


# Votes


async def test_a_vote_can_be_changed_and_taken_back(
    chat: Conversation, ada: Person, notes: Notes
) -> None:
    answer = await asked(ada, chat, OPEN, "Open banking and platforms")
    assert answer.buttons[-1] == ["👍", "👎"]
    for button, notice in [
        ("👍", "Thanks, noted."),
        ("👎", "Thanks, noted. Somebody will look at what went wrong."),
        ("👎", "Vote withdrawn."),
        ("👎", "Thanks, noted. Somebody will look at what went wrong."),
    ]:
        assert (await ada.taps(answer, button)).text == notice
    assert "down" in (numbers := await notes.counts())
    assert "up" not in numbers
    assert await notes.missed() == [(OPEN, "rejected", "ee.open-banking", "", 1)]


async def test_who_takes_a_vote_back_has_rejected_nothing(
    chat: Conversation, ada: Person, notes: Notes
) -> None:
    unsure = await asked(ada, chat, MACHINE, "AI-driven risk management")
    for button in ("👎", "👍"):
        await ada.taps(unsure, button)
    assert await notes.missed() == [(MACHINE, "unsure", "ee.smart-risk", "", 1)]
    assert (await notes.counts())["up"] == 1


async def test_a_refusal_can_be_judged_and_small_talk_can_not(
    chat: Conversation, ada: Person, notes: Notes
) -> None:
    declined = await asked(ada, chat, WEATHER, "I have no answer")
    await ada.taps(declined, "👎")
    hello = await asked(ada, chat, "hello", "Hello!")
    assert ["👍", "👎"] not in hello.buttons
    assert (await notes.counts())["down"] == 1
    assert await notes.missed() == [(WEATHER, "declined", "", "", 1)]


async def test_where_buttons_lead_there_is_one_vote_a_message(
    chat: Conversation, ada: Person, notes: Notes
) -> None:
    answer = await asked(ada, chat, OPEN, "Open banking and platforms")
    await ada.taps(answer, "👍")
    await ada.taps(answer, "Any cases?")
    cases = await chat.expects("Open banking and platforms: cases")
    assert cases.buttons[-1] == ["👍", "👎"]
    await ada.taps(cases, "👎")
    numbers = await notes.counts()
    assert (numbers.get("up"), numbers["down"]) == (None, 1)
    assert await notes.missed() == []


async def test_votes_outlive_a_restart(
    chat: Conversation, run: Run, ada: Person, notes: Notes
) -> None:
    answer = await asked(ada, chat, OPEN, "Open banking and platforms")
    await ada.taps(answer, "👍")
    await run()
    assert (await ada.taps(answer, "👎")).text.startswith("Thanks")
    numbers = await notes.counts()
    assert (numbers.get("up"), numbers["down"]) == (None, 1)


@pytest.mark.parametrize(
    "data",
    ["e1:+ze.dogecoin", "e1:-zz", "e1:+ze.defi<zO", "e1:++", "e1:+ ", "e1:*ze.defi", "e1:+lang.en"],
)
async def test_a_forged_vote_is_refused(
    data: str, settings: Settings, chat: Conversation, ada: Person, notes: Notes
) -> None:
    token = settings.bot_token().get_secret_value()
    async with Bot(token, f"{settings.api_url}/bot") as api:
        button = InlineKeyboardButton("?", callback_data=data)
        await api.send_message(chat.id, "x", reply_markup=InlineKeyboardMarkup([[button]]))
    refused = await ada.taps(await chat.expects("x"), "?")
    assert refused.text == "This button is out of date. Just send me your question."
    assert not {"up", "down"} & set(await notes.counts())


async def test_in_a_group_each_has_a_vote_where_that_is_wanted(
    telegram: Telegram, run: Run, account: BotAccount, ada: Person, notes: Notes
) -> None:
    bob = telegram.person("Bob", language_code="zh-hans")
    group = telegram.group("Fintech", [ada, bob], account)
    await run()
    silent = await asked(ada, group, f"/ask {OPEN}", "Open banking and platforms")
    assert ["👍", "👎"] not in silent.buttons
    await run(feedback=Feedback.EVERYWHERE)
    answer = await asked(ada, group, f"/ask {OPEN}", "Open banking and platforms")
    await ada.taps(answer, "👎")
    assert (await bob.taps(answer, "👎")).text == "谢谢，记下了，会有人来看哪里没答好。"
    await ada.taps(answer, "👍")
    numbers = await notes.counts()
    assert (numbers["up"], numbers["down"]) == (1, 1)
    assert await notes.missed() == [(OPEN, "rejected", "ee.open-banking", "", 1)]


async def test_there_are_no_votes_where_they_are_switched_off_nor_inline(
    run: Run, account: BotAccount, ada: Person, notes: Notes
) -> None:
    await run(feedback=Feedback.OFF)
    chat = await greeted(ada, account)
    answer = await asked(ada, chat, OPEN, "Open banking and platforms")
    assert ["👍", "👎"] not in answer.buttons
    await ada.reacts(answer, "👍")
    offered = await ada.asks_inline(account, "open ban")
    assert "callback_data" in str(offered.results[0].json)
    assert "👍" not in str(offered.results[0].json)
    assert "up" not in await notes.counts()


async def test_a_long_comparison_can_be_judged(
    chat: Conversation, ada: Person, notes: Notes
) -> None:
    names = "regulatory sandbox, alternative credit, embedded finance and personal pricing"
    answer = await asked(ada, chat, f"compare {names}", "Compared: ")
    data = answer.json["reply_markup"]["inline_keyboard"][-1][1]["callback_data"]
    assert len(data) <= LIMIT
    await ada.taps(answer, "👎")
    ((_, outcome, view, _, _),) = await notes.missed()
    assert outcome == "rejected"
    assert len(view) > LIMIT


# Reactions


async def test_a_reaction_is_the_same_vote_as_a_button(
    chat: Conversation, ada: Person, notes: Notes
) -> None:
    answer = await asked(ada, chat, OPEN, "Open banking and platforms")
    await ada.taps(answer, "👍")
    await ada.reacts(answer, "💩")
    await ada.reacts(answer, "🤔")
    await ada.reacts(answer, "👎")
    numbers = await notes.counts()
    assert (numbers.get("up"), numbers["down"]) == (None, 1)
    assert await notes.missed() == [(OPEN, "rejected", "ee.open-banking", "", 1)]


async def test_a_reaction_that_says_nothing_changes_nothing(
    chat: Conversation, ada: Person, notes: Notes
) -> None:
    answer = await asked(ada, chat, OPEN, "Open banking and platforms")
    question = await ada.says(chat, "thanks")
    await chat.expects("You're welcome!")
    await ada.taps(answer, "👍")
    await ada.reacts(answer, "🤔")
    await ada.reacts(answer)
    await ada.reacts(question, "👎")
    numbers = await notes.counts()
    assert (numbers["up"], numbers.get("down")) == (1, None)


async def test_after_a_restart_a_reaction_changes_the_vote_that_is_kept(
    chat: Conversation, run: Run, ada: Person, notes: Notes
) -> None:
    liked = await asked(ada, chat, OPEN, "Open banking and platforms")
    disliked = await asked(ada, chat, "what is DeFi", "DeFi")
    await ada.reacts(liked, "👍")
    await ada.reacts(disliked, "👎")
    await notes.counts()
    await run()
    await ada.reacts(liked, "👎")
    await ada.reacts(disliked)
    numbers = await notes.counts()
    assert (numbers.get("up"), numbers["down"]) == (None, 1)


async def test_a_reaction_can_be_taken_back(chat: Conversation, ada: Person, notes: Notes) -> None:
    answer = await asked(ada, chat, OPEN, "Open banking and platforms")
    await ada.reacts(answer, "❤")
    await ada.reacts(answer)
    assert not {"up", "down"} & set(await notes.counts())


# Privacy


async def test_nothing_is_remembered_of_who_wants_to_be_forgotten(
    chat: Conversation, ada: Person, notes: Notes
) -> None:
    answer = await asked(ada, chat, OPEN, "Open banking and platforms")
    await ada.taps(answer, "👍")
    await asked(ada, chat, "/privacy delete", "Deleted.")
    await ada.taps(answer, "👎")
    assert await notes.missed() == []
    numbers = await notes.counts()
    assert (numbers["up"], numbers["down"]) == (1, 1)


async def test_a_button_from_when_votes_were_taken_counts_no_more(
    chat: Conversation, ada: Person, run: Run, notes: Notes
) -> None:
    shown = await asked(ada, chat, OPEN, "Open banking and platforms")
    await run(feedback=Feedback.OFF)
    refused = await ada.taps(shown, "👎")
    assert refused.text == "This button is out of date. Just send me your question."
    assert "down" not in await notes.counts()
