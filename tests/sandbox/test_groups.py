"""Forums, supergroups, channels and those who write for them."""

import pytest
from asking import Ask, fetched

from efinbot.sandbox.testing import BotAccount, ImpossibleError, Person, Telegram


async def test_topics_keep_their_messages_apart(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person
) -> None:
    forum = telegram.group("Fintech", [ada], bot, forum=True)
    cases, general = forum.topic("Cases"), forum.topic("General")
    said = await ada.says(cases, "/cases")
    thread = said.json["message_thread_id"]
    assert said.json["is_topic_message"]
    # Telegram has everything in a topic reply to the message that opened it.
    assert said.json["reply_to_message"]["forum_topic_created"]["name"] == "Cases"
    assert "message_thread_id" not in (await ada.says(general, "/start")).json
    await ask("sendMessage", chat_id=forum.id, message_thread_id=thread, text="In cases")
    await ask("sendMessage", chat_id=forum.id, text="In general")
    assert (await cases.expects("In")).text == "In cases"
    assert (await general.expects("In")).text == "In general"
    reply = {"message_id": said.id}
    await ask("sendMessage", chat_id=forum.id, reply_parameters=reply, text="Where asked")
    assert (await cases.expects("Where")).json["message_thread_id"] == thread


async def test_closed_and_unknown_topics_take_no_messages(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person, bo: Person
) -> None:
    forum = telegram.group("Fintech", [ada, bo], bot, forum=True)
    topic, general = forum.topic("Cases"), forum.topic("General")
    assert topic.thread

    async def refusal(**where: int) -> str:
        body = await ask("sendMessage", chat_id=forum.id, text="Hi", **where)
        return body.get("description", "")

    closed = "Bad Request: TOPIC_CLOSED"
    forum.closes(topic)
    assert await refusal(message_thread_id=topic.thread.id) == closed
    with pytest.raises(ImpossibleError, match="the topic is closed"):
        await bo.says(topic, "Hi")
    forum.closes(topic, closed=False)
    assert await refusal(message_thread_id=topic.thread.id) == ""
    assert await refusal(message_thread_id=99) == "Bad Request: message thread not found"
    # The general topic is named by naming none.
    assert await refusal(message_thread_id=1) == "Bad Request: message thread not found"
    forum.closes(general)
    assert await refusal() == closed
    forum.promotes(bot)
    assert await refusal() == ""


async def test_replies_in_supergroups_carry_a_thread_that_can_not_be_written_to(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person
) -> None:
    group = telegram.group("Fintech", [ada], bot)
    first = await ada.says(group, "one")
    reply = await ada.says(group, "two", reply_to=first)
    assert reply.json["message_thread_id"] == first.id
    assert "is_topic_message" not in reply.json
    body = await ask("sendMessage", chat_id=group.id, text="x", message_thread_id=first.id)
    assert body["description"] == "Bad Request: message thread not found"


async def test_a_group_becomes_a_supergroup(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person
) -> None:
    group = telegram.group("Fintech", [ada], bot, basic=True)
    new = group.migrates()
    old_says, new_says = [update["message"] for update in (await fetched(ask))[-2:]]
    assert old_says["migrate_to_chat_id"] == new.id
    assert new_says["migrate_from_chat_id"] == group.id
    assert new_says["chat"]["type"] == "supergroup"
    assert await ask("sendMessage", chat_id=group.id, text="Hi") == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new.id},
    }
    with pytest.raises(ImpossibleError, match="it became a supergroup"):
        await ada.says(group, "Hi")
    with pytest.raises(ValueError, match="no group that could become"):
        group.migrates()


async def test_anonymous_administrators_write_as_the_group(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person, bo: Person
) -> None:
    group = telegram.group("Fintech", [ada, bo], bot)
    group.promotes(bo, anonymous=True)
    await bo.says(group, "/help@efinbot_bot")
    message = (await fetched(ask, offset=-1))[0]["message"]
    assert message["from"]["id"] == 1087968824
    assert message["from"]["username"] == "GroupAnonymousBot"
    assert message["sender_chat"]["id"] == group.id
    administrators = (await ask("getChatAdministrators", chat_id=group.id))["result"]
    assert [(one["user"]["id"], one["status"]) for one in administrators] == [
        (ada.id, "creator"),
        (bo.id, "administrator"),
    ]


async def test_posts_are_forwarded_to_the_discussion(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person
) -> None:
    group = telegram.group("Talk", [ada], bot)
    group.promotes(bot)
    news = telegram.channel("News", ada, bot, discussion=group)
    post = await ada.says(news, "Read this")
    seen_post, forwarded = (await fetched(ask))[-2:]
    assert seen_post["channel_post"]["sender_chat"]["id"] == news.id
    message = forwarded["message"]
    assert message["is_automatic_forward"]
    assert message["from"]["id"] == 777000
    assert message["sender_chat"]["id"] == news.id
    assert message["forward_origin"]["message_id"] == post.id
    # Comments to it are the one thread outside of forums that takes messages.
    thread = message["message_id"]
    body = await ask("sendMessage", chat_id=group.id, text="First!", message_thread_id=thread)
    assert body["result"]["message_thread_id"] == thread
    assert (await ask("getChat", chat_id=news.id))["result"]["linked_chat_id"] == group.id


async def test_somebody_writes_for_a_channel(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person
) -> None:
    group = telegram.group("Talk", [ada], bot)
    news = telegram.channel("News", ada)
    await ada.says(group, "/help", for_channel=news)
    message = (await fetched(ask, offset=-1))[0]["message"]
    assert message["from"]["username"] == "Channel_Bot"
    assert message["sender_chat"]["id"] == news.id


async def test_members_are_as_they_were_made(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person, bo: Person
) -> None:
    group = telegram.group("Fintech", [ada], bot, username="fintech")

    async def status(who: int) -> str:
        body = await ask("getChatMember", chat_id="@fintech", user_id=who)
        return body["result"]["status"]

    assert [await status(ada.id), await status(bot.id), await status(bo.id)] == [
        "creator",
        "member",
        "left",
    ]
    group.adds(bo)
    group.restricts(bo)
    assert await status(bo.id) == "restricted"
    with pytest.raises(ImpossibleError, match="they have no right to"):
        await bo.says(group, "Hi")
    group.removes(bo)
    assert await status(bo.id) == "kicked"
    assert await ask("leaveChat", chat_id=group.id) == {"ok": True, "result": True}
    assert (await ask("getChat", chat_id=group.id))["result"]["title"] == "Fintech"


async def test_who_deletes_what(ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person) -> None:
    group = telegram.group("Fintech", [ada], bot)
    said = await ada.says(group, "Hi")

    async def refusal(message_id: int) -> str:
        body = await ask("deleteMessage", chat_id=group.id, message_id=message_id)
        return body.get("description", "")

    own = (await ask("sendMessage", chat_id=group.id, text="x"))["result"]["message_id"]
    old = (await ask("sendMessage", chat_id=group.id, text="y"))["result"]["message_id"]
    assert await refusal(own) == ""
    assert await refusal(said.id) == "Bad Request: message can't be deleted"
    telegram.passes(hours=49)
    assert await refusal(old) == "Bad Request: message can't be deleted for everyone"
    group.promotes(bot)
    assert await refusal(said.id) == ""
    assert [message.text for message in group.messages()] == ["", "y"]
