"""What whoever runs the sandbox tells the page: heard at once, and by those who come later."""

import json
from collections.abc import Iterator
from contextlib import closing

import aiohttp
import pytest
from paging import Page

from efinbot.sandbox.bot_api.server import Server
from efinbot.sandbox.page.page_app import page_app
from efinbot.sandbox.state.notices import Notice, NoticeItem

BROKEN = Notice(
    {"en": "1 problem", "zh": "有 1 处要改"},
    (NoticeItem("a.yaml:3:1", "no such key; remove it"),),
)
WELL = Notice({"en": "reloaded", "zh": "已重新载入"})


def notify(server: Server, notice: Notice) -> None:
    server.do(lambda: server.api.world.announce(notice))


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(page=page_app)
    server.start()
    with closing(server):
        yield server


async def test_a_notice_is_heard_and_remembered_until_the_next(
    server: Server, http: aiohttp.ClientSession
) -> None:
    page = Page(http, server.url)
    assert (await page.get("/client/state"))["notice"] is None
    async with http.get(f"{server.url}/client/events") as events:
        assert await events.content.readline() == b"retry: 1000\n"
        for notice in (BROKEN, WELL):
            notify(server, notice)
            await events.content.readuntil(b"event: notice\n")
            heard = json.loads((await events.content.readline()).removeprefix(b"data: "))["notice"]
            assert heard == (await page.get("/client/state"))["notice"]
            assert heard["summary"] == notice.summary
    assert heard["items"] == []


async def test_a_notice_names_place_and_level(server: Server, http: aiohttp.ClientSession) -> None:
    notify(server, BROKEN)
    (remark,) = (await Page(http, server.url).get("/client/state"))["notice"]["items"]
    assert remark == {
        "place": "a.yaml:3:1",
        "text": "no such key; remove it",
        "level": "error",
    }
