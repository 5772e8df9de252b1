"""Updates that python-telegram-bot can't build: skipped, counted, and kept out of the log."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from telegram import Update
from telegram.error import NetworkError
from telegram.ext import ApplicationBuilder, TypeHandler
from telegram.request import HTTPXRequest

from efinbot.bot import TolerantBot
from efinbot.sandbox.testing import BotAccount, Telegram

TEXT = "what Jane Q. Public wrote"
SECRET_ID = 987654321


def a_message(**fields: object) -> dict[str, object]:
    person = {"id": SECRET_ID, "is_bot": False, "first_name": "Jane"}
    chat = {"id": SECRET_ID, "type": "private", "first_name": "Jane"}
    return {
        "message_id": 7,
        "date": 1420000000,
        "chat": chat,
        "from": person,
        "text": TEXT,
    } | fields


UNBUILDABLE: dict[str, dict[str, object]] = {
    "a hidden account without a name": {
        "message": a_message(forward_origin={"type": "hidden_user", "date": 1420000000})
    },
    "a story of nobody's": {
        "message": a_message(
            external_reply={"origin": {"type": "hidden_user", "date": 1}, "story": {}}
        )
    },
    "an older server's poll": {
        "message": a_message(poll={"id": "1", "question": TEXT, "options": []})
    },
    "a message that is no object": {"message": [TEXT]},
    "a chat without a type": {"message": a_message(chat={"id": SECRET_ID})},
    "an edit without a date": {"edited_message": {"message_id": 7, "text": TEXT}},
    "a tap of nobody's": {"callback_query": {"id": "1", "data": TEXT}},
}


@pytest.mark.parametrize("content", UNBUILDABLE.values(), ids=UNBUILDABLE.keys())
async def test_an_update_that_cannot_be_built_stops_no_other(
    telegram: Telegram,
    efinbot: BotAccount,
    caplog: pytest.LogCaptureFixture,
    content: dict[str, object],
) -> None:
    ada = telegram.person("Ada", language_code="en")
    with caplog.at_level(logging.DEBUG):
        efinbot.gets_update(**content)
        chat = await ada.starts(efinbot)
        await chat.expects("Hello!")
        await telegram.settled()
    assert "updates that can't be built, skipped: 1" in caplog.text
    shown = [record.getMessage() for record in caplog.records if record.levelno > logging.DEBUG]
    assert not [line for line in shown if TEXT in line or str(SECRET_ID) in line or "Jane" in line]
    fetched = len(telegram.requests("getUpdates"))
    await asyncio.sleep(0.3)
    assert len(telegram.requests("getUpdates")) == fetched


@pytest.fixture
async def strange_server() -> AsyncIterator[tuple[str, list[Any]]]:
    """A server that answers every call with one result, whatever it is."""
    results: list[Any] = []

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.dumps({"ok": True, "result": results[0]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/bot", results
    server.shutdown()
    thread.join()
    server.server_close()


NO_UPDATES: dict[str, object] = {
    "an object": {"message": TEXT},
    "a text": TEXT,
    "nothing": None,
    "what is no update": [TEXT],
    "an update without a number": [{"message": a_message()}],
}


@pytest.mark.parametrize("result", NO_UPDATES.values(), ids=NO_UPDATES.keys())
async def test_what_is_no_list_of_updates_is_an_error_that_polling_waits_after(
    strange_server: tuple[str, list[Any]], account: BotAccount, result: object
) -> None:
    url, results = strange_server
    results.append(result)
    request = HTTPXRequest()
    bot = TolerantBot(account.token, base_url=url, get_updates_request=request)
    async with request:
        with pytest.raises(NetworkError) as error:
            await bot.get_updates()
    assert TEXT not in str(error.value)


async def test_a_host_can_have_the_same_bot(telegram: Telegram, account: BotAccount) -> None:
    """In a host's own polling, with python-telegram-bot's own requests."""
    got: asyncio.Queue[Update] = asyncio.Queue()

    async def note(update: Update, _: object) -> None:
        got.put_nowait(update)

    bot = TolerantBot(account.token, base_url=f"{telegram.url}/bot")
    application = ApplicationBuilder().bot(bot).build()
    application.add_handler(TypeHandler(Update, note))
    ada = telegram.person("Ada", language_code="en")
    async with application:
        await application.start()
        assert application.updater
        await application.updater.start_polling()
        account.gets_update(**UNBUILDABLE["a hidden account without a name"])
        await ada.starts(account)
        async with asyncio.timeout(5):
            empty, start = await got.get(), await got.get()
        await application.updater.stop()
        await application.stop()
    assert empty.message is None
    assert start.message
    assert start.message.text == "/start"
    assert bot.skipped_updates == 1
