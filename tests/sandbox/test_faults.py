"""What goes wrong on demand goes wrong in the right place, and only there."""

import asyncio
import time

import aiohttp
import pytest
from asking import Ask, fetched

from efinbot.sandbox.testing import BotAccount, Conversation, Person, Telegram


async def test_a_limit_is_told_with_its_seconds(
    ask: Ask, telegram: Telegram, chat: Conversation
) -> None:
    telegram.fails("sendMessage", retry_after=7, times=2)
    for _ in range(2):
        assert await ask("sendMessage", chat_id=chat.id, text="Hi") == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 7",
            "parameters": {"retry_after": 7},
        }
    assert (await ask("sendMessage", chat_id=chat.id, text="Hi"))["ok"]
    assert [said.text for said in chat.messages()] == ["/start", "Hi"]


async def test_a_fault_is_about_one_method_and_one_chat(
    ask: Ask, telegram: Telegram, bot: BotAccount, bo: Person, chat: Conversation
) -> None:
    other = await bo.starts(bot)
    telegram.fails("sendMessage", status=502, chat=chat)
    assert (await ask("getMe"))["ok"]
    assert (await ask("sendMessage", chat_id=other.id, text="Hi"))["ok"]
    refused = await ask("sendMessage", chat_id=chat.id, text="Hi")
    assert (refused["error_code"], refused["description"]) == (502, "Bad Gateway")


async def test_a_connection_is_cut_before_or_after_the_effect(
    ask: Ask, telegram: Telegram, chat: Conversation
) -> None:
    for moment, seen in (("before", []), ("after", ["after"])):
        telegram.fails("sendMessage", reset=moment)
        with pytest.raises(aiohttp.ClientError):
            await ask("sendMessage", chat_id=chat.id, text=moment)
        assert [said.text for said in chat.messages()][1:] == seen
    assert [request.answer for request in telegram.requests("sendMessage")] == [{}, {}]


async def test_an_answer_can_be_late(ask: Ask, telegram: Telegram, chat: Conversation) -> None:
    telegram.fails("sendMessage", delay=0.05)
    began = time.monotonic()
    assert (await ask("sendMessage", chat_id=chat.id, text="Hi"))["ok"]
    assert time.monotonic() - began >= 0.05


async def test_nothing_answers_while_telegram_is_down(
    ask: Ask, telegram: Telegram, bot: BotAccount
) -> None:
    poll = asyncio.create_task(fetched(ask, timeout=50))
    await bot.waits_for_updates()
    telegram.is_down(600)
    with pytest.raises(aiohttp.ClientError):
        await poll
    with pytest.raises(aiohttp.ClientError):
        await ask("getMe")
    telegram.recovers()
    assert (await ask("getMe"))["ok"]


async def test_requests_are_kept_as_values(
    ask: Ask, telegram: Telegram, bot: BotAccount, chat: Conversation
) -> None:
    await ask("sendmessage", chat_id=str(chat.id), text="Hi", reply_markup='{"force_reply": true}')
    await ask("sendMessage", chat_id=chat.id)
    sent, refused = telegram.requests("SendMessage", bot)
    assert sent.parameters == {
        "chat_id": chat.id,
        "text": "Hi",
        "reply_markup": {"force_reply": True},
    }
    assert sent.ok
    assert sent.method == "sendMessage"
    assert not refused.ok
    telegram.records(enabled=False)
    await ask("getMe")
    assert telegram.requests("getMe") == []
