"""Requests to a real server on loopback, well-behaved and not."""

import asyncio
import json
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from io import BytesIO
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from efinbot.bot.telegram.request import HTTPRequest, Timeouts

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # noqa: S105 - from Telegram's manual
SAID = "什么是开放银行？"
SENT = {"message_id": 7, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "好"}
OK = json.dumps({"ok": True, "result": SENT}).encode()

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Reach = Callable[[str], AbstractAsyncContextManager[Bot]]
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[str]:
    """Answer whatever is asked; yield the server's root."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def talking(talk: Talk) -> AsyncIterator[str]:
    """Let a function have each connection's bytes; yield the server's root."""
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        try:
            await talk(reader, writer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks)


@asynccontextmanager
async def botting(root: str, request: HTTPRequest | None = None) -> AsyncIterator[Bot]:
    """A bot that hasn't asked getMe."""
    async with request or HTTPRequest() as opened:
        yield Bot(TOKEN, f"{root}/bot", f"{root}/file/bot", request=opened)


def proxied(root: str) -> AbstractAsyncContextManager[Bot]:
    """A bot whose server is reached by a proxy, as which a test's server will do."""
    return botting("http://bots.example", HTTPRequest(proxy=root))


both_ways = pytest.mark.parametrize("reach", [botting, proxied])


async def one_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
    return await reader.readexactly(length)


def http(body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def everything_shown(error: BaseException) -> str:
    """Return all that a log could tell of an error and of what it hangs on to."""
    shown: list[str] = []
    rest: list[BaseException | None] = [error]
    while rest:
        if (one := rest.pop()) is not None:
            shown += [str(one), repr(one), *traceback.format_exception(one)]
            rest += [one.__cause__, one.__context__]
    return "\n".join(shown)


async def failure(bot: Bot, **timeouts: float) -> TelegramError:
    with pytest.raises(TelegramError) as caught:
        await bot.send_message(5, SAID, **timeouts)
    assert TOKEN[10:] not in everything_shown(caught.value)
    assert SAID not in everything_shown(caught.value)
    return caught.value


async def test_a_call_is_json_both_ways() -> None:
    asked: list[tuple[str, str, Any]] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((request.path, request.content_type, await request.json()))
        return web.Response(body=OK)

    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("风险", callback_data="r")]])
    async with serving(answer) as root, botting(root) as bot:
        message = await bot.send_message(5, "你好 <b>🙂</b>", "HTML", reply_markup=keyboard)
    assert (message.message_id, message.text) == (7, "好")
    ((path, content_type, parameters),) = asked
    assert path == f"/bot{TOKEN}/sendMessage"
    assert content_type == "application/json"
    assert parameters["chat_id"] == 5
    assert parameters["text"] == "你好 <b>🙂</b>"
    assert parameters["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "r"


@pytest.mark.parametrize("content", [b"PNG" * 9, BytesIO(b"PNG" * 9)], ids=["bytes", "handle"])
async def test_files_are_uploaded(content: bytes | BytesIO) -> None:
    asked: list[dict[str, Any]] = []

    async def answer(request: web.Request) -> web.Response:
        form = await request.post()
        asked.append(
            {
                name: (field.filename, field.content_type, field.file.read())
                if isinstance(field, web.FileField)
                else field
                for name, field in form.items()
            }
        )
        return web.Response(body=OK)

    async with serving(answer) as root, botting(root) as bot:
        file = InputFile(content, "图.png", read_file_handle=False)
        await bot.send_photo(5, file, caption="图")
    (form,) = asked
    assert (form["chat_id"], form["caption"]) == ("5", "图")
    assert form["photo"] == ("图.png", "image/png", b"PNG" * 9)


async def test_a_file_is_fetched() -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path == f"/file/bot{TOKEN}/docs/1.txt":
            return web.Response(body=b"\x00content")
        result = {"file_id": "1", "file_unique_id": "1", "file_path": "docs/1.txt"}
        return web.json_response({"ok": True, "result": result})

    async with serving(answer) as root, botting(root) as bot:
        assert await (await bot.get_file("1")).download_as_bytearray() == b"\x00content"


async def test_updates_are_fetched() -> None:
    asked: list[Any] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(await request.json())
        update = {"update_id": 3, "message": SENT}
        return web.json_response({"ok": True, "result": [update]})

    async with serving(answer) as root, HTTPRequest() as request:
        bot = Bot(TOKEN, f"{root}/bot", get_updates_request=request)
        (update,) = await bot.get_updates(offset=3, timeout=20, allowed_updates=["message"])
    assert (update.update_id, update.message.text) == (3, "好")
    assert asked == [{"offset": 3, "timeout": 20, "allowed_updates": ["message"]}]


async def test_a_text_that_cannot_be_sent_is_not_repeated() -> None:
    async with botting("http://127.0.0.1:9") as bot:
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(5, f"{SAID}\ud83d")
    assert "can't be made (" in str(caught.value)
    assert SAID not in everything_shown(caught.value)


async def test_connections_are_kept() -> None:
    ports: set[Any] = set()

    async def answer(request: web.Request) -> web.Response:
        assert request.transport
        ports.add(request.transport.get_extra_info("peername"))
        return web.Response(body=OK)

    async with serving(answer) as root, botting(root) as bot:
        for _ in range(5):
            await bot.send_message(5, "hi")
    assert len(ports) == 1


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (OK.replace(b"\\u597d", b"\\ud83d"), "\ud83d"),
        (OK.replace(b"\\u597d", b"\xff"), "\ufffd"),
    ],
    ids=["half a pair", "no UTF-8"],
)
async def test_odd_characters_do_not_cost_the_answer(body: bytes, text: str) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body)

    async with serving(answer) as root, botting(root) as bot:
        assert (await bot.send_message(5, "hi")).text == text


PAGE = f"<h1>Bad</h1> /bot{TOKEN}/sendMessage".encode()


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (200, b"<html>", TelegramError, "Invalid server response"),
        (200, b"", TelegramError, "Invalid server response"),
        (400, b'{"ok":false,"description":"Bad Request: too long"}', BadRequest, "Too long"),
        (400, b'{"parameters":{"migrate_to_chat_id":-1}}', ChatMigrated, "migrated"),
        (401, b'{"ok":false,"description":"Unauthorized"}', InvalidToken, "Unauthorized"),
        (404, PAGE, InvalidToken, "/bot<token>/sendMessage"),
        (500, b"", NetworkError, "Internal Server Error (500)"),
        (502, PAGE, NetworkError, "Bad Gateway (502)"),
        (302, PAGE, NetworkError, "Found (302)"),
    ],
)
async def test_what_the_server_refuses(
    status: int, body: bytes, kind: type[TelegramError], said: str
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body, headers={"Location": "http://127.0.0.1:9"})

    async with serving(answer) as root, botting(root) as bot:
        error = await failure(bot)
    assert type(error) is kind
    assert said in str(error)


async def test_a_silent_server_costs_the_read_timeout_of_the_call() -> None:
    async def talk(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read(-1)

    async with talking(talk) as root, botting(root) as bot:
        error = await failure(bot, read_timeout=0.05)
    assert isinstance(error, TimedOut)
    assert str(error) == "Timed out: no answer in time"


async def test_an_upload_that_is_not_taken_costs_the_write_timeout() -> None:
    async def talk(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.Event().wait()

    short = HTTPRequest(timeouts=Timeouts(read=0.05, write=0.05, connect=0.05))
    async with talking(talk) as root, botting(root, short) as bot:
        with pytest.raises(TimedOut) as caught:
            await bot.send_document(5, b"x" * 30_000_000)
    assert TOKEN[10:] not in everything_shown(caught.value)


async def test_a_full_pool_costs_the_pool_timeout_and_nothing_else() -> None:
    arrived, leave = asyncio.Event(), asyncio.Event()

    async def answer(_: web.Request) -> web.Response:
        arrived.set()
        await leave.wait()
        return web.Response(body=OK)

    async with serving(answer) as root, botting(root, HTTPRequest(1)) as bot:
        first = asyncio.create_task(bot.send_message(5, "hi"))
        await arrived.wait()
        error = await failure(bot, pool_timeout=0.01)
        assert str(error).endswith("the request was not sent")
        leave.set()
        assert (await first).message_id == 7
        assert (await bot.send_message(5, "hi")).message_id == 7


async def test_a_refused_connection_is_told_with_its_cause() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        async with botting(f"http://127.0.0.1:{unused.getsockname()[1]}") as bot:
            error = await failure(bot)
    assert type(error) is NetworkError
    assert str(error).startswith("The server can't be reached (Connection r")


async def test_a_server_without_tls_is_told() -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=OK)

    async with serving(answer) as root, botting(root.replace("http:", "https:")) as bot:
        assert "no TLS with the server" in str(await failure(bot)).lower().replace("tls", "TLS")


@pytest.mark.parametrize(
    "written",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Le", http(OK)[:-5], b"SSH-2.0\r\n\r\n", b"\x00" * 99],
    ids=["nothing", "half a head", "half a body", "no HTTP", "zeros"],
)
@both_ways
async def test_a_broken_answer_is_no_second_request(reach: Reach, written: bytes) -> None:
    requests = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        await one_request(reader)
        requests += 1
        writer.write(written)

    async with talking(talk) as root, reach(root) as bot:
        assert type(await failure(bot)) is NetworkError
    assert requests == 1


class Hanging:
    """A server that answers the first request of each connection, and hangs up at the second."""

    def __init__(self, farewell: bytes = b"", *, reset: bool = False) -> None:
        self.requests = 0
        self.farewell = farewell
        self.reset = reset

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await one_request(reader)
        self.requests += 1
        writer.write(http(OK))
        await one_request(reader)
        self.requests += 1
        writer.write(self.farewell)
        if self.reset:
            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@both_ways
async def test_a_kept_connection_that_is_gone_is_replaced(reach: Reach, *, reset: bool) -> None:
    server = Hanging(reset=reset)
    async with talking(server) as root, reach(root) as bot:
        assert (await bot.send_message(5, "one")).message_id == 7
        assert (await bot.send_message(5, "two")).message_id == 7
    assert server.requests == 3


@both_ways
async def test_a_kept_connection_that_breaks_off_is_not_tried_again(
    reach: Reach,
) -> None:
    server = Hanging(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")
    async with talking(server) as root, reach(root) as bot:
        assert (await bot.send_message(5, "one")).message_id == 7
        assert "broke off" in str(await failure(bot))
    assert server.requests == 2


@both_ways
async def test_a_timeout_on_a_kept_connection_is_no_second_request(reach: Reach) -> None:
    requests = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        for answer in (http(OK), b""):
            await one_request(reader)
            requests += 1
            writer.write(answer)
        await reader.read(-1)

    async with talking(talk) as root, reach(root) as bot:
        assert (await bot.send_message(5, "one")).message_id == 7
        assert isinstance(await failure(bot, read_timeout=0.05), TimedOut)
    assert requests == 2


async def test_a_cancelled_call_leaves_its_place() -> None:
    arrived = asyncio.Event()

    async def answer(_: web.Request) -> web.Response:
        if not arrived.is_set():
            arrived.set()
            await asyncio.Event().wait()
        return web.Response(body=OK)

    async with serving(answer) as root, botting(root, HTTPRequest(1)) as bot:
        call = asyncio.create_task(bot.send_message(5, "hi"))
        await arrived.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert (await bot.send_message(5, "hi")).message_id == 7


async def test_it_can_be_shut_down_and_opened_again() -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=OK)

    request = HTTPRequest()
    async with serving(answer) as root:
        for _ in range(2):
            async with botting(root, request) as bot:
                await request.initialize()
                assert (await bot.send_message(5, "hi")).message_id == 7
            await request.shutdown()
            assert "not initialized" in str(await failure(bot))


@both_ways
async def test_a_shutdown_ends_what_is_under_way(reach: Reach) -> None:
    arrived = asyncio.Event()

    async def answer(_: web.Request) -> web.Response:
        arrived.set()
        await asyncio.Event().wait()
        return web.Response()

    async with serving(answer) as root, reach(root) as bot:
        call = asyncio.create_task(failure(bot))
        await arrived.wait()
        await bot.request.shutdown()
        assert isinstance(await call, NetworkError)


@pytest.mark.parametrize("by", ["argument", "environment"])
async def test_a_proxy_is_used(by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    asked: list[tuple[str, str | None]] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((str(request.url), request.headers.get("Proxy-Authorization")))
        return web.Response(body=OK)

    async with serving(answer) as root:
        proxy = root.replace("http://", "http://me:secret@")
        if by == "environment":
            monkeypatch.setenv("http_proxy", proxy)
        request = HTTPRequest(proxy=proxy if by == "argument" else None)
        async with botting("http://bots.example", request) as bot:
            assert (await bot.send_message(5, "hi")).message_id == 7
    ((url, login),) = asked
    assert url == f"http://bots.example/bot{TOKEN}/sendMessage"
    assert login
