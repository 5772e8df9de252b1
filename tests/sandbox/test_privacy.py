"""Who sees what in groups: privacy mode, administrators, other bots."""

import pytest
from asking import Ask, fetched, kinds

from efinbot.sandbox.testing import BotAccount, Person, Telegram

SEEN = {
    "talk": ("what is open banking", False),
    "command for it": ("/help@efinbot_bot", True),
    "command for it, in capitals": ("/help@EfinBot_Bot please", True),
    "command for another": ("/help@other_bot", False),
    "command for nobody in particular": ("/help", True),
    "path": ("see a/help", False),
    "mention": ("@efinbot_bot what is open banking", True),
    "mention within": ("ask @efinbot_bot, it knows", True),
    "mention of another": ("@other_bot hi", False),
    "longer name": ("@efinbot_bot2 hi", False),
    "address": ("a@efinbot_bot.com", False),
}


async def heard(ask: Ask) -> list[str]:
    """Return what people said that the bot was shown."""
    shown = [update["message"] for update in await fetched(ask) if "message" in update]
    return [message["text"] for message in shown if "text" in message]


@pytest.mark.parametrize(("text", "seen"), SEEN.values(), ids=SEEN)
async def test_privacy_mode_shows_what_is_meant_for_the_bot(
    *, ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person, text: str, seen: bool
) -> None:
    group = telegram.group("Fintech", [ada], bot)
    await ada.says(group, text)
    assert await heard(ask) == ([text] if seen else [])


@pytest.mark.parametrize("text", [text for text, _ in SEEN.values()], ids=SEEN)
async def test_administrators_and_bots_without_privacy_see_all(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person, text: str
) -> None:
    open_bot = telegram.bot("open_bot", privacy=False)
    group = telegram.group("Fintech", [ada], bot, open_bot)
    group.promotes(bot)
    await ada.says(group, text)
    assert await heard(ask) == [text]
    assert open_bot.user.mailbox.waiting(100)[-1]["message"]["text"] == text


async def test_mentions_can_be_kept_from_the_bot(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person
) -> None:
    bot.user.hears_mentions = False
    group = telegram.group("Fintech", [ada], bot)
    await ada.says(group, "@efinbot_bot hi")
    assert await heard(ask) == []


async def test_replies_to_the_bot_are_seen_and_others_are_not(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person, bo: Person
) -> None:
    group = telegram.group("Fintech", [ada, bo], bot)
    question = await bo.says(group, "hm")
    await ask("sendMessage", chat_id=group.id, text="Hello")
    greeting = await group.expects("Hello")
    await ada.says(group, "to Bo", reply_to=question)
    await ada.says(group, "to the bot", reply_to=greeting, quote="ell")
    message = (await fetched(ask, offset=-1))[0]["message"]
    assert message["text"] == "to the bot"
    assert message["reply_to_message"]["text"] == "Hello"
    assert message["quote"] == {"text": "ell", "position": 1, "is_manual": True}
    assert await heard(ask) == ["to the bot"]


async def test_a_plain_command_is_for_the_bot_that_wrote_last(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person
) -> None:
    other = telegram.bot("other_bot", scripted=True)
    group = telegram.group("Fintech", [ada], bot, other)
    await other.says(group, "I am here")
    await ada.says(group, "/help")
    assert await heard(ask) == []
    await ask("sendMessage", chat_id=group.id, text="So am I")
    await ada.says(group, "/start")
    assert await heard(ask) == ["/start"]


async def test_what_bots_say_is_shown_to_no_bot(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person
) -> None:
    other = telegram.bot("other_bot", scripted=True)
    group = telegram.group("Fintech", [ada], bot, other)
    group.promotes(bot)
    await other.says(group, "/help@efinbot_bot")
    assert await heard(ask) == []


async def test_edits_are_shown_by_the_same_rule(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person
) -> None:
    group = telegram.group("Fintech", [ada], bot)
    said = await ada.says(group, "what is DeFi")
    await ada.edits(said, "@efinbot_bot what is DeFi")
    update = (await fetched(ask, offset=-1))[0]
    assert update["edited_message"]["text"] == "@efinbot_bot what is DeFi"
    assert update["edited_message"]["edit_date"] >= update["edited_message"]["date"]


@pytest.mark.usefixtures("chat")
async def test_the_bot_learns_that_it_was_added_blocked_and_removed(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person
) -> None:
    group = telegram.group("Fintech", [ada], bot)
    group.promotes(bot)
    group.removes(bot)
    await ada.blocks(bot)
    await ada.starts(bot)
    updates = await fetched(ask)
    changes = [update["my_chat_member"] for update in updates if "my_chat_member" in update]
    statuses = [
        (change["old_chat_member"]["status"], change["new_chat_member"]["status"])
        for change in changes
    ]
    assert statuses == [
        ("left", "member"),
        ("member", "administrator"),
        ("administrator", "kicked"),
        ("member", "kicked"),
        ("kicked", "member"),
    ]
    assert kinds(updates)[:3] == ["message", "my_chat_member", "message"]
    assert updates[2]["message"]["new_chat_members"][0]["id"] == bot.id


async def test_a_bot_that_joins_no_groups_can_not_be_added(telegram: Telegram, ada: Person) -> None:
    shy = telegram.bot("shy_bot", can_join_groups=False)
    with pytest.raises(ValueError, match="@shy_bot can't be added to groups"):
        telegram.group("Fintech", [ada], shy)
