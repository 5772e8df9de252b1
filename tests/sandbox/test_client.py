"""What the chat page talks to: people's side, and only for pages of this machine."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from asking import Ask, fetched
from paging import Page

from efinbot.sandbox.testing import BotAccount, Conversation, Person, Telegram


@pytest_asyncio.fixture
async def events(page: Page, chat: Conversation) -> AsyncIterator[aiohttp.ClientResponse]:
    """A stream of what happens after the private chat was opened."""
    assert chat
    async with page.http.get(f"{page.url}/client/events") as response:
        assert response.content_type == "text/event-stream"
        assert await response.content.readline() == b"retry: 1000\n"
        await response.content.readline()
        yield response


async def read_event(response: aiohttp.ClientResponse) -> tuple[str, str, dict[str, Any]]:
    """Return identifier, kind and data of the next event."""
    lines = [(await response.content.readline()).decode() for _ in range(4)]
    identifier, kind, data = (line.split(": ", 1)[1].strip() for line in lines[:3])
    return identifier, kind, json.loads(data)


async def test_the_page_and_its_files_are_served(page: Page) -> None:
    async with page.http.get(page.url) as response:
        assert response.content_type == "text/html"
    async with page.http.get(f"{page.url}/page/index.html") as response:
        assert response.status == 200
    async with page.http.get(f"{page.url}/page/../page_api.py") as response:
        assert response.status == 404


async def test_the_state_shows_everybody_and_every_chat(
    *, page: Page, telegram: Telegram, bot: BotAccount, ada: Person, bo: Person, chat: Conversation
) -> None:
    forum = telegram.group("Fintech", [ada, bo], bot, forum=True)
    forum.topic("Cases")
    state = await page.get("/client/state")
    assert state["you"] == ada.id
    assert state["last_event"] > 0
    assert state["people"][1] == {
        "id": bo.id,
        "name": "Bo",
        "username": None,
        "language_code": "zh-hans",
        "note": {},
    }
    assert state["bots"][0]["username"] == "efinbot_bot"
    private, group = state["chats"]
    assert (private["id"], private["bot"]) == (chat.chat.key, bot.id)
    assert [topic["name"] for topic in group["topics"]] == ["General", "Cases"]
    assert {member["status"] for member in group["members"]} == {"creator", "member"}


async def test_people_write_edit_and_read(
    page: Page, ask: Ask, ada: Person, chat: Conversation
) -> None:
    key = chat.chat.key
    sent = await page.post(f"/client/chats/{key}/messages", **{"as": ada.id, "text": "Helo"})
    assert (await fetched(ask, offset=-1))[0]["message"] == sent
    number = sent["message_id"]
    changed = {"as": ada.id, "text": "Hello"}
    edited = await page.post(f"/client/messages/{key}/{number}", "PATCH", **changed)
    assert edited["text"] == "Hello"
    assert (await fetched(ask, offset=-1))[0]["edited_message"]["text"] == "Hello"
    reply = {"as": ada.id, "text": "again", "reply_to": number}
    await page.post(f"/client/chats/{key}/messages", **reply)
    messages = await page.get(f"/client/chats/{key}/messages", limit=2)
    assert [message["text"] for message in messages] == ["Hello", "again"]
    assert messages[1]["reply_to_message"]["text"] == "Hello"
    assert await page.get(f"/client/chats/{key}/messages", topic=5) == []
    assert await page.get(f"/client/chats/{key}/messages", before="x") == {
        "error": "'x' is no number"
    }
    earlier = await page.get(f"/client/chats/{key}/messages", before=number)
    assert [message["text"] for message in earlier] == ["/start"]


async def test_people_tap_and_ask_from_the_page(
    page: Page, ask: Ask, bot: BotAccount, ada: Person, chat: Conversation
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    sent = await ask("sendMessage", chat_id=chat.id, text="Hi", reply_markup=keyboard)
    path = f"/client/messages/{chat.chat.key}/{sent['result']['message_id']}/tap"
    tap = asyncio.create_task(page.post(path, **{"as": ada.id, "row": 0, "column": 0}))
    offset = 0
    while not (update := (await fetched(ask, timeout=5, offset=offset))[-1]).get("callback_query"):
        offset = update["update_id"] + 1
    query = update["callback_query"]["id"]
    await ask("answerCallbackQuery", callback_query_id=query, text="Done")
    assert await tap == {"text": "Done", "alert": False, "url": ""}
    offset = update["update_id"] + 1
    question = {"as": ada.id, "bot": bot.id, "query": "x", "offset": "", "chat": chat.chat.key}
    asked = asyncio.create_task(page.post("/client/inline", **question))
    update = (await fetched(ask, timeout=5, offset=offset))[-1]
    content = {"message_text": "Result"}
    result = {"type": "article", "id": "r", "title": "R", "input_message_content": content}
    answer = {"inline_query_id": update["inline_query"]["id"], "results": [result]}
    await ask("answerInlineQuery", **answer, cache_time=5)
    offered = await asked
    assert (offered["results"], offered["cache_time"]) == ([result], 5)
    choice = {"as": ada.id, "query_id": offered["query_id"], "result": "r", "chat": chat.chat.key}
    assert (await page.post("/client/inline/choose", **choice))["text"] == "Result"
    wrong = await page.post("/client/inline/choose", **{**choice, "result": "x"})
    assert wrong == {"error": "there is no such result"}


async def test_commands_are_those_of_the_narrowest_scope_and_the_language(
    *, page: Page, ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person, bo: Person
) -> None:
    group = telegram.group("Fintech", [ada, bo], bot)

    async def offer(name: str, scope: dict[str, object], language: str = "") -> None:
        commands = [{"command": name, "description": "x"}]
        await ask("setMyCommands", commands=commands, scope=scope, language_code=language)

    async def shown(person: Person) -> list[str]:
        found = await page.get("/client/commands", chat=group.id, **{"as": person.id})
        return [command["command"] for command in found]

    await offer("default", {"type": "default"})
    assert await shown(bo) == ["default"]
    await offer("default_zh", {"type": "default"}, "zh")
    assert [await shown(bo), await shown(ada)] == [["default_zh"], ["default"]]
    await offer("groups", {"type": "all_group_chats"})
    assert await shown(bo) == ["groups"]
    await offer("admins", {"type": "all_chat_administrators"})
    assert [await shown(bo), await shown(ada)] == [["groups"], ["admins"]]
    await offer("here", {"type": "chat", "chat_id": group.id})
    assert await shown(ada) == ["here"]
    await offer("bo", {"type": "chat_member", "chat_id": group.id, "user_id": bo.id})
    assert [await shown(bo), await shown(ada)] == [["bo"], ["here"]]


async def test_people_and_chats_are_added_and_bots_blocked(
    page: Page, ask: Ask, bot: BotAccount, ada: Person, chat: Conversation
) -> None:
    cy = await page.post("/client/people", name="Cy", language_code="en")
    chats = {"type": "supergroup", "title": "New", "members": [ada.id, cy["id"]]}
    group = await page.post("/client/chats", **chats, bots=[bot.id], is_forum=True, topics=["A"])
    assert [topic["name"] for topic in group["topics"]] == ["General", "A"]
    said = {"as": cy["id"], "text": "/help", "topic": group["topics"][1]["id"]}
    await page.post(f"/client/chats/{group['id']}/messages", **said)
    assert (await fetched(ask, offset=-1))[0]["message"]["is_topic_message"]
    private = await page.post("/client/chats", type="private", bot=bot.id, **{"as": cy["id"]})
    assert private["chat_id"] == cy["id"]
    await page.post("/client/block", bot=bot.id, blocked=True, **{"as": ada.id})
    refused = await ask("sendMessage", chat_id=chat.id, text="Hi")
    assert refused["description"] == "Forbidden: bot was blocked by the user"
    said = {"as": ada.id, "text": "Hi"}
    wrong = await page.post(f"/client/chats/{chat.chat.key}/messages", **said)
    assert wrong["error"] == "Ada can't write in 'Ada': they blocked the bot"


async def test_faults_are_made_from_the_page(page: Page, ask: Ask) -> None:
    await page.post("/client/faults", method="getMe", retry_after=3)
    assert (await ask("getMe"))["parameters"] == {"retry_after": 3}
    await page.post("/client/faults", method="getMe", status=502, times=9)
    await page.post("/client/faults", clear=True)
    assert (await ask("getMe"))["ok"]
    assert "say what goes wrong" in (await page.post("/client/faults", method="getMe"))["error"]
    await page.post("/client/faults", down=600)
    with pytest.raises(aiohttp.ClientError):
        await ask("getMe")


WRONG_FAULTS = {
    "nothing": ({}, "say what goes wrong: retry_after, status, reset, delay or down"),
    "a text for a number": ({"status": "502"}, "status is of the wrong type"),
    "cut in between": ({"reset": "during"}, "reset must be before or after"),
    "a chat that isn't there": ({"status": 502, "chat": "x"}, "there is no chat 'x'"),
}


@pytest.mark.parametrize(("fault", "why"), WRONG_FAULTS.values(), ids=WRONG_FAULTS)
async def test_a_fault_that_is_none_is_refused(page: Page, fault: dict[str, Any], why: str) -> None:
    assert await page.post("/client/faults", **fault) == {"error": why}


WRONG_CHATS = {
    "no such kind": ({"type": "party"}, "type must be private, group or supergroup"),
    "nobody in it": ({"type": "group"}, "a group needs members"),
    "no such bot": ({"type": "group", "members": [], "bots": [5]}, "there is no bot 5"),
}


@pytest.mark.parametrize(("chat", "why"), WRONG_CHATS.values(), ids=WRONG_CHATS)
async def test_a_chat_that_can_not_be_is_refused(
    page: Page, chat: dict[str, Any], why: str
) -> None:
    assert await page.post("/client/chats", **chat) == {"error": why}
    assert await page.post("/client/people", name="") == {"error": "name must not be empty"}


async def test_a_body_that_is_no_object_is_refused(page: Page) -> None:
    for body in (b"{", b"[]"):
        async with page.http.post(f"{page.url}/client/people", data=body) as response:
            assert response.status == 400
            assert await response.json() == {"error": "the body must be a JSON object"}


WRONG = {
    "nobody": ({"as": 5, "text": "x"}, "there is no person 5"),
    "nothing said": ({"text": ""}, "a message needs a text or media"),
    "a number": ({"text": 5}, "text must be a text"),
    "reply to nothing": ({"text": "x", "reply_to": 99}, "there is no message 99"),
}


@pytest.mark.parametrize(("body", "why"), WRONG.values(), ids=WRONG)
async def test_mistakes_of_the_page_are_named(
    page: Page, ada: Person, chat: Conversation, body: dict[str, Any], why: str
) -> None:
    path = f"/client/chats/{chat.chat.key}/messages"
    assert await page.post(path, **{"as": ada.id, **body}) == {"error": why}
    nowhere = await page.post("/client/chats/x/messages", **{"as": ada.id, "text": "x"})
    assert nowhere == {"error": "there is no chat 'x'"}


async def test_events_are_streamed_and_taken_up_again(
    page: Page, ask: Ask, ada: Person, chat: Conversation, events: aiohttp.ClientResponse
) -> None:
    said = await ada.says(chat, "Hi")
    await ask("sendChatAction", chat_id=chat.id, action="typing")
    body = await ask("sendMessage", chat_id=chat.id, text="Hello")
    number = body["result"]["message_id"]
    await ask("editMessageText", chat_id=chat.id, message_id=number, text="Hello!")
    await ask("deleteMessage", chat_id=chat.id, message_id=number)
    seen = [await read_event(events) for _ in range(5)]
    assert [kind for _, kind, _ in seen] == ["message", "typing", "message", "edited", "deleted"]
    assert {data["chat"] for _, _, data in seen} == {chat.chat.key}
    assert seen[0][2]["message"] == said.json
    assert seen[3][2]["message"]["text"] == "Hello!"
    assert seen[4][2]["message_id"] == number
    headers = {"Last-Event-ID": seen[2][0]}
    async with page.http.get(f"{page.url}/client/events", headers=headers) as again:
        await again.content.readline()
        await again.content.readline()
        assert [(await read_event(again))[1] for _ in range(2)] == ["edited", "deleted"]
