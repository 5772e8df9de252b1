"""Buttons change their message in place; every tap is answered once, whatever its data."""

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.ext import InvalidCallbackData

from efinbot.bot.telegram.keyboards import data_of
from efinbot.sandbox.testing import BotAccount, Conversation, Person, TapAnswer, Telegram


@pytest.fixture
def ada(telegram: Telegram) -> Person:
    return telegram.person("Ada", language_code="en")


@pytest.fixture
async def chat(efinbot: BotAccount, ada: Person) -> Conversation:
    chat = await ada.starts(efinbot)
    await chat.expects("Hello!")
    return chat


async def test_buttons_lead_on_and_back_in_the_same_message(
    telegram: Telegram, chat: Conversation, ada: Person
) -> None:
    await ada.says(chat, "什么是开放银行")
    first = await chat.expects("开放银行与平台化")
    for label, answer in [
        ("有哪些案例？", "开放银行与平台化：案例"),
        ("英国开放银行", "英国开放银行 · UK open banking"),
        ("‹ 开放银行与平台化：案例", "开放银行与平台化：案例"),
        ("‹ 开放银行与平台化", "开放银行与平台化 · Open banking"),
        ("再详细一点", "开放银行与平台化 · 2/"),
        ("‹ 开放银行与平台化", "开放银行与平台化 · Open banking"),
        ("‹ 发展趋势", "发展趋势"),
    ]:
        assert await ada.taps(first, label) == TapAnswer()
        seen = await chat.expects(answer)
        assert seen.id == first.id
    assert len(telegram.requests("sendMessage")) == 2


async def test_a_tap_is_remembered_like_a_question(chat: Conversation, ada: Person) -> None:
    await ada.says(chat, "/trends")
    listed = await chat.expects("The trends")
    await ada.taps(listed, "Open banking and platforms")
    await chat.expects("Open banking and platforms")
    await ada.says(chat, "any cases?")
    await chat.expects("Open banking and platforms: cases")


async def test_what_was_not_understood_is_offered_as_buttons(
    chat: Conversation, ada: Person
) -> None:
    await ada.says(chat, "how do I close my WeBank account")
    declined = await chat.expects("I have no answer to that")
    assert "WeBank" in declined.buttons[0]
    await ada.taps(declined, "WeBank")
    await chat.expects("WeBank · 微众银行")


async def test_sharing_hands_on_a_link_to_the_entry(chat: Conversation, ada: Person) -> None:
    await ada.says(chat, "webank")
    answer = await chat.expects("WeBank")
    tapped = await ada.taps(answer, "Share")
    assert tapped.url == (
        "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fefinbot_bot%3Fstart%3Dwebank&text=WeBank"
    )


async def test_a_button_tapped_twice_is_no_error(
    telegram: Telegram, chat: Conversation, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    await ada.says(chat, "/lang")
    shown = await chat.expects("I answer in the language")
    await ada.taps(shown, "Follow the question")
    await ada.taps(shown, "Follow the question")
    await chat.stays_silent()
    assert any(
        "message is not modified" in request.answer.get("description", "")
        for request in telegram.requests("editMessageText")
    )
    assert caplog.records == []


async def tapped(
    telegram: Telegram, bot: BotAccount, person: Person, chat: Conversation, data: str
) -> TapAnswer:
    """Return what the bot answers to a tap on a button that carries some data."""
    async with Bot(bot.token, f"{telegram.url}/bot") as api:
        button = InlineKeyboardButton("?", callback_data=data)
        await api.send_message(chat.id, "x", reply_markup=InlineKeyboardMarkup([[button]]))
    message = await chat.expects("x")
    return await person.taps(message, "?")


UNKNOWN = {
    "an entry that is gone": "e1:ze.dogecoin",
    "an older version": "e0:ze.defi",
    "another bot's": "buy:42",
    "nonsense": "e1:\x00\u202e😀",
    "a path": "e1:ze.../../etc/passwd",
    "no such language": "e1:lang.xx",
    "a language with markup": "e1:lang.<b>",
}


@pytest.mark.parametrize("data", UNKNOWN.values(), ids=UNKNOWN.keys())
async def test_a_button_that_leads_nowhere_is_answered_politely(
    telegram: Telegram, efinbot: BotAccount, ada: Person, chat: Conversation, data: str
) -> None:
    answer = await tapped(telegram, efinbot, ada, chat, data)
    assert answer.text == "This button is out of date. Just send me your question."
    await chat.stays_silent()
    assert len(telegram.requests("answerCallbackQuery")) == 1


async def test_what_is_kept_can_be_deleted_by_button_and_by_command(
    chat: Conversation, ada: Person
) -> None:
    for delete in ("Delete what is kept about me", "/privacy delete"):
        await ada.says(chat, "what is open banking")
        await chat.expects("Open banking and platforms")
        if delete.startswith("/"):
            await ada.says(chat, delete)
            await chat.expects("Deleted.")
        else:
            await ada.says(chat, "/privacy")
            assert (await ada.taps(await chat.expects("I keep little"), delete)).text == "Deleted."
        await ada.says(chat, "any cases?")
        await chat.expects("The cases")


async def test_everything_that_a_button_does_can_be_typed(chat: Conversation, ada: Person) -> None:
    await ada.says(chat, "what is open banking")
    answer = await chat.expects("Open banking and platforms")
    labels = [label for row in answer.buttons for label in row if label[0] not in "‹👍👎"]
    for label in labels:
        if label == "Share":
            continue
        await ada.says(chat, "what is open banking")
        shown = await chat.expects("Open banking and platforms")
        await ada.taps(shown, label)
        by_button = await chat.expects("")
        await ada.says(chat, "what is open banking")
        await chat.expects("Open banking and platforms")
        await ada.says(chat, label)
        typed = await chat.expects("")
        assert typed.text == by_button.text, label


async def test_in_a_group_anybody_leads_on(
    telegram: Telegram, efinbot: BotAccount, ada: Person
) -> None:
    bob = telegram.person("Bob", language_code="zh-hans")
    group = telegram.group("Fintech", [ada, bob], efinbot)
    await ada.says(group, "/trends open banking")
    answer = await group.expects("Open banking and platforms")
    await bob.taps(answer, "Any cases?")
    changed = await group.expects("Open banking and platforms: cases")
    assert changed.id == answer.id


@pytest.mark.parametrize(
    ("held", "data"),
    [
        ("e1:ze.defi", "e1:ze.defi"),
        (InvalidCallbackData("e1:ze.defi"), "e1:ze.defi"),
        (InvalidCallbackData(), ""),
        (("an", "object"), ""),
        (None, ""),
    ],
    ids=["text", "unknown to the host's cache", "unknown to all", "the host's object", "a game"],
)
def test_the_data_of_a_button_survives_a_host_that_keeps_objects(held: object, data: str) -> None:
    assert data_of(held) == data
