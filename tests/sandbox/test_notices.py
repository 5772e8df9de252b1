"""What whoever runs the sandbox tells the page: heard at once, and by those who come later."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing

import aiohttp
import pytest
from paging import Page

from efinbot.sandbox.notices import Notice, Remark
from efinbot.sandbox.server import Server

BROKEN = Notice(
    {"en": "1 to mend", "zh": "有 1 处要改"}, (Remark("a.yaml:3:1", "no such key; take it out"),)
)
WELL = Notice({"en": "reloaded", "zh": "已重新载入"})


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
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
            teller = threading.Thread(target=server.tell, args=(notice,))
            teller.start()
            await events.content.readuntil(b"event: notice\n")
            heard = json.loads((await events.content.readline()).removeprefix(b"data: "))["notice"]
            assert heard == (await page.get("/client/state"))["notice"]
            assert heard["summary"] == notice.summary
            teller.join()
    assert heard["remarks"] == []


async def test_a_notice_names_place_and_level(server: Server, http: aiohttp.ClientSession) -> None:
    server.tell(BROKEN)
    server.do(lambda: None)  # what was told before this is known
    (remark,) = (await Page(http, server.url).get("/client/state"))["notice"]["remarks"]
    assert remark == {
        "place": "a.yaml:3:1",
        "text": "no such key; take it out",
        "level": "error",
    }
