"""Updates are sent to webhooks, with their secret, until they are taken."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from asking import Ask, fetched

from efinbot.sandbox.testing import Conversation, Person


class Hook:
    """A host that takes updates."""

    def __init__(self) -> None:
        self.taken: asyncio.Queue[Any] = asyncio.Queue()
        self.secrets: list[str | None] = []
        self.refusals = 0
        self.url = ""
        self.asked = asyncio.Semaphore(0)
        self.open = asyncio.Event()
        self.open.set()
        self.here = self.most = 0

    async def take(self, request: web.Request) -> web.Response:
        self.asked.release()
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if self.refusals:
            self.refusals -= 1
            return web.Response(status=503)
        self.here += 1
        self.most = max(self.most, self.here)
        await self.open.wait()
        await self.taken.put(await request.json())
        self.here -= 1
        return web.Response()


@pytest_asyncio.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def test_updates_are_sent_with_the_secret(
    ask: Ask, hook: Hook, ada: Person, chat: Conversation
) -> None:
    # Over more than one connection, the second update may come before the first.
    await ask("setWebhook", url=hook.url, max_connections=1, secret_token="s3cret")  # noqa: S106 - not one
    await ada.says(chat, "hello")
    assert (await hook.taken.get())["message"]["text"] == "/start"
    assert (await hook.taken.get())["message"]["text"] == "hello"
    assert hook.secrets == ["s3cret", "s3cret"]
    await chat.stays_silent()


@pytest.mark.usefixtures("chat")
async def test_an_update_is_sent_again_until_it_is_taken(ask: Ask, hook: Hook) -> None:
    hook.refusals = 2
    await ask("setWebhook", url=hook.url)
    update = await hook.taken.get()
    assert update["message"]["text"] == "/start"
    assert len(hook.secrets) == 3
    info = (await ask("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
    assert info["max_connections"] == 40
    assert info["url"] == hook.url


async def test_no_more_updates_are_under_way_than_connections_are_allowed(
    ask: Ask, hook: Hook, ada: Person, chat: Conversation
) -> None:
    hook.open.clear()
    await ask("setWebhook", url=hook.url, max_connections=2)
    for text in ("one", "two", "three"):
        await ada.says(chat, text)
    for _ in range(2):
        await hook.asked.acquire()
    assert (await ask("getWebhookInfo"))["result"]["max_connections"] == 2
    hook.open.set()
    texts = {(await hook.taken.get())["message"]["text"] for _ in range(4)}
    assert texts == {"/start", "one", "two", "three"}
    assert hook.most == 2


async def test_pending_updates_can_be_dropped(
    ask: Ask, hook: Hook, ada: Person, chat: Conversation
) -> None:
    await ask("setWebhook", url=hook.url, drop_pending_updates=True, allowed_updates=["message"])
    await ada.says(chat, "after")
    assert (await hook.taken.get())["message"]["text"] == "after"
    assert (await ask("getWebhookInfo"))["result"]["allowed_updates"] == ["message"]


async def test_without_its_webhook_a_bot_fetches_again(
    ask: Ask, hook: Hook, ada: Person, chat: Conversation
) -> None:
    await ask("setWebhook", url=hook.url)
    await hook.taken.get()
    await ask("deleteWebhook")
    assert (await ask("getWebhookInfo"))["result"]["url"] == ""
    await ada.says(chat, "by poll")
    assert [update["message"]["text"] for update in await fetched(ask, timeout=5)] == ["by poll"]


@pytest.mark.usefixtures("chat")
async def test_an_update_that_nobody_takes_waits_for_the_next_way(ask: Ask, hook: Hook) -> None:
    hook.refusals = 1000
    await ask("setWebhook", url=hook.url)
    await hook.asked.acquire()
    await ask("deleteWebhook")
    update = (await fetched(ask, timeout=5))[0]
    assert update["message"]["text"] == "/start"
