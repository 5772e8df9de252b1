"""Reactions: who may put which, and which bots are told what."""

from typing import Any

import pytest
from asking import Ask, fetched, kinds
from paging import Page

from efinbot.sandbox.testing import BotAccount, Conversation, ImpossibleError, Person, Telegram

ALLOWED = ["message_reaction", "message_reaction_count"]


def emoji(*those: str) -> list[dict[str, str]]:
    return [{"type": "emoji", "emoji": one} for one in those]


async def told(ask: Ask) -> list[dict[str, Any]]:
    """Return what the bot is told of reactions."""
    return [update for update in await fetched(ask) if not {*ALLOWED}.isdisjoint(update)]


async def test_in_private_the_bot_is_told_what_there_was_and_is(
    ask: Ask, ada: Person, chat: Conversation
) -> None:
    await fetched(ask, allowed_updates=ALLOWED)
    number = (await ask("sendMessage", chat_id=chat.id, text="Hi"))["result"]["message_id"]
    said = chat.messages()[-1]
    await ada.reacts(said, "👍")
    await ada.reacts(said, "👍")
    await ada.reacts(said, "👎")
    await ada.reacts(said)
    changes = [update["message_reaction"] for update in await told(ask)]
    assert [(change["old_reaction"], change["new_reaction"]) for change in changes] == [
        ([], emoji("👍")),
        (emoji("👍"), emoji("👎")),
        (emoji("👎"), []),
    ]
    assert {change["message_id"] for change in changes} == {number}
    assert changes[0]["user"]["id"] == changes[0]["chat"]["id"] == ada.id
    assert "actor_chat" not in changes[0]


async def test_in_groups_administrators_alone_are_told(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person
) -> None:
    await fetched(ask, allowed_updates=ALLOWED)
    group = telegram.group("Fintech", [ada], bot)
    said = await ada.says(group, "look")
    await ada.reacts(said, "👍")
    assert await told(ask) == []
    group.promotes(bot)
    await ada.reacts(said, "🔥")
    (update,) = await told(ask)
    assert update["message_reaction"]["new_reaction"] == emoji("🔥")
    assert update["message_reaction"]["user"]["id"] == ada.id


async def test_administrators_without_a_name_react_as_the_group(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person, bo: Person
) -> None:
    await fetched(ask, allowed_updates=ALLOWED)
    group = telegram.group("Fintech", [ada, bo], bot)
    group.promotes(bot)
    group.promotes(bo, anonymous=True)
    await bo.reacts(await ada.says(group, "look"), "👍")
    (update,) = await told(ask)
    assert update["message_reaction"]["actor_chat"]["id"] == group.id
    assert "user" not in update["message_reaction"]


async def test_in_channels_reactions_are_counted(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person, bo: Person
) -> None:
    await fetched(ask, allowed_updates=ALLOWED)
    news = telegram.channel("News", ada, bot)
    news.adds(bo)
    post = await ada.says(news, "Read this")
    await ada.reacts(post, "👍")
    await bo.reacts(post, "👍")
    first, second = [update["message_reaction_count"] for update in await told(ask)]
    assert first["reactions"] == [{"type": emoji("👍")[0], "total_count": 1}]
    assert second["reactions"] == [{"type": emoji("👍")[0], "total_count": 2}]
    assert second["message_id"] == post.id


async def test_what_bots_put_is_shown_and_told_to_no_bot(
    ask: Ask, page: Page, ada: Person, chat: Conversation
) -> None:
    await fetched(ask, allowed_updates=ALLOWED)
    said = await ada.says(chat, "thanks")
    bot = chat.chat.bots()[0].id
    where = {"chat_id": chat.id, "message_id": said.id}
    await ask("setMessageReaction", **where, reaction=emoji("👍"))
    await ada.reacts(said, "👍")
    shown = (await page.get(f"/client/chats/{chat.chat.key}/messages"))[-1]
    assert shown["reactions"] == [{"emoji": "👍", "by": [bot, ada.id]}]
    await ask("setMessageReaction", **where)
    shown = (await page.get(f"/client/chats/{chat.chat.key}/messages"))[-1]
    assert shown["reactions"] == [{"emoji": "👍", "by": [ada.id]}]
    assert kinds(await told(ask)) == ["message_reaction"]


async def test_people_react_on_the_page(
    ask: Ask, page: Page, ada: Person, chat: Conversation
) -> None:
    await fetched(ask, allowed_updates=ALLOWED)
    said = await ada.says(chat, "look")
    path = f"/client/messages/{chat.chat.key}/{said.id}/reactions"
    told_page = await page.post(path, "PUT", **{"as": ada.id}, emoji=["❤"])
    assert told_page == {"reactions": [{"emoji": "❤", "by": [ada.id]}]}
    assert await page.post(path, "PUT", **{"as": ada.id}, emoji=[]) == {"reactions": []}
    assert len(await told(ask)) == 2
    assert await page.post(path, "PUT", **{"as": ada.id}) == {"error": "emoji must be a list"}


async def test_who_pays_puts_three(telegram: Telegram, ada: Person) -> None:
    rich = telegram.person("Rich", is_premium=True)
    group = telegram.group("Fintech", [ada, rich])
    said = await ada.says(group, "look")
    await rich.reacts(said, "👍", "🔥", "🎉")
    with pytest.raises(ImpossibleError, match=r"Rich can't .*: they may put 3 below it"):
        await rich.reacts(said, "👍", "🔥", "🎉", "❤")
    with pytest.raises(ImpossibleError, match=r"Ada can't .*: they may put 1 below it"):
        await ada.reacts(said, "👍", "🔥")


async def test_what_can_not_be_put_is_refused(telegram: Telegram, ada: Person, bo: Person) -> None:
    group = telegram.group("Fintech", [ada])
    said = await ada.says(group, "look")
    with pytest.raises(ImpossibleError, match="'🥸' is no reaction"):
        await ada.reacts(said, "🥸")
    with pytest.raises(ImpossibleError, match="they are not there"):
        await bo.reacts(said, "👍")
    group.adds(bo)
    group.restricts(bo)
    with pytest.raises(ImpossibleError, match="they have no right to"):
        await bo.reacts(said, "👍")
    await ada.deletes(said)
    with pytest.raises(ImpossibleError, match="the message is gone"):
        await ada.reacts(said, "👍")
