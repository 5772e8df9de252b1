"""Requests to a real server on loopback, well-behaved and not, also by proxies."""

import asyncio
import json
import socket
import ssl
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from proxies import make_certificate, proxying, server_tls
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)
from web_server import serving

from efinbot.bot.proxy import Proxy
from efinbot.bot.telegram.request import HTTPRequest, Timeouts

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # noqa: S105 - from Telegram's manual
SAID = "什么是开放银行？"
SENT = {"message_id": 7, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "好"}
OK = json.dumps({"ok": True, "result": SENT}).encode()

Reach = Callable[[str], AbstractAsyncContextManager[Bot]]
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


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
    return botting("http://bots.example", HTTPRequest(proxy=Proxy.parse(root)))


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


async def test_a_call_waits_for_a_connection_for_as_long_as_its_timeouts_say() -> None:
    arrived, leave = asyncio.Event(), asyncio.Event()

    async def answer(_: web.Request) -> web.Response:
        arrived.set()
        await leave.wait()
        return web.Response(body=OK)

    async with serving(answer) as root, botting(root, HTTPRequest(1)) as bot:
        first = asyncio.create_task(bot.send_message(5, "hi"))
        await arrived.wait()
        error = await failure(bot, pool_timeout=0.01, connect_timeout=0.01)
        assert str(error) == "Timed out: no connection in time"
        leave.set()
        assert (await first).message_id == 7
        assert (await bot.send_message(5, "hi")).message_id == 7


async def test_a_refused_connection_is_told_with_its_cause() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        async with botting(f"http://127.0.0.1:{unused.getsockname()[1]}") as bot:
            error = await failure(bot)
    assert type(error) is NetworkError
    assert str(error) == "The server can't be reached (Connection refused)"


async def test_a_server_without_tls_is_told() -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=OK)

    async with serving(answer) as root, botting(root.replace("http:", "https:")) as bot:
        assert str(await failure(bot)) == "No TLS with the server"


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


async def test_a_name_that_does_not_exist() -> None:
    async with botting("http://nobody.invalid") as bot:
        assert str(await failure(bot)) == "The server's name can't be resolved"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for a server that only proxies lead to."""
    made = make_certificate(tmp_path_factory.mktemp("tls"), "bots.example")
    return made or pytest.skip("no openssl to make a certificate")


async def ok(_: web.Request) -> web.Response:
    return web.Response(body=OK)


LOGIN = ("mylogin", "p@ss:word")
AT = "mylogin:p%40ss%3Aword@"


@pytest.mark.parametrize("kind", ["http", "socks5"])
@pytest.mark.parametrize("login", [None, LOGIN], ids=["open", "login"])
@pytest.mark.parametrize("secure", [True, False], ids=["https", "plain"])
async def test_a_proxy_is_used(
    certificate: Path, kind: str, login: tuple[str, str] | None, *, secure: bool
) -> None:
    tls = server_tls(certificate) if secure else None
    async with serving(ok, tls) as root, proxying(kind, port_of(root), login) as proxy:
        written = f"{kind}://{AT if login else ''}{proxy.address}"
        trusting = ssl.create_default_context(cafile=certificate)
        request = HTTPRequest(proxy=Proxy.parse(written), tls=trusting)
        async with botting(f"{'https' if secure else 'http'}://bots.example", request) as bot:
            for _ in range(2):
                assert (await bot.send_message(5, "hi")).message_id == 7
    # The name is left to the proxy, and the connection is kept.
    assert len(proxy.asked) == 1
    assert "bots.example" in proxy.asked[0]
    assert not secure or TOKEN.encode() not in proxy.received


def port_of(root: str) -> int:
    return int(root.rpartition(":")[2])


REFUSALS = {
    "http, another login": ("http", "http://mylogin:other@", "The proxy refuses (it answers 407)"),
    "http, no login": ("http", "http://", "The proxy refuses (it answers 407)"),
    "socks, another login": (
        "socks5",
        "socks5://mylogin:other@",
        "The proxy refuses (Username and password authentication failure)",
    ),
    "socks, no login": ("socks5", "socks5://", "The proxy refuses (No acceptable authentication"),
    "http to a SOCKS port": ("socks5", f"http://{AT}", "The proxy, or the server behind it, hung"),
    "SOCKS to an HTTP port": (
        "http",
        f"socks5://{AT}",
        "The proxy refuses (Unexpected SOCKS version",
    ),
}


@pytest.mark.parametrize(("kind", "start", "said"), REFUSALS.values(), ids=REFUSALS.keys())
@pytest.mark.parametrize("root", ["https://bots.example", "http://bots.example"])
async def test_a_proxy_that_refuses_is_named_as_the_proxy(
    kind: str, start: str, said: str, root: str
) -> None:
    async with serving(ok) as behind, proxying(kind, port_of(behind), LOGIN) as proxy:
        request = HTTPRequest(proxy=Proxy.parse(f"{start}{proxy.address}"))
        async with botting(root, request) as bot:
            error = await failure(bot)
    assert str(error).startswith(said)
    for secret in (LOGIN[1], "p%40", "other", proxy.address):
        assert secret not in everything_shown(error)
    if start.startswith("socks5") and kind == "http":
        assert LOGIN[0].encode() not in proxy.received


@pytest.mark.parametrize("kind", ["http", "https", "socks5"])
@pytest.mark.parametrize(
    ("host", "said"),
    [("127.0.0.1:9", "the proxy can't be reached"), ("nobody.invalid:1", "the proxy")],
    ids=["closed", "no such name"],
)
async def test_a_proxy_that_is_not_there_is_named_as_the_proxy(
    kind: str, host: str, said: str
) -> None:
    request = HTTPRequest(proxy=Proxy.parse(f"{kind}://{AT}{host}"))
    async with botting("https://bots.example", request) as bot:
        error = await failure(bot)
    assert said in str(error).lower()
    assert "server" not in str(error)
    assert "p%40" not in everything_shown(error)


@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_a_silent_proxy_costs_the_connect_timeout(kind: str) -> None:
    async def talk(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read(-1)

    async with talking(talk) as root:
        proxy = Proxy.parse(root.replace("http", kind, 1))
        short = HTTPRequest(proxy=proxy, timeouts=Timeouts(connect=0.05, pool=0))
        async with botting("https://bots.example", short) as bot:
            error = await failure(bot)
    assert str(error) == "Timed out: no connection through the proxy in time"


async def test_a_certificate_that_is_not_trusted_is_the_server_s(certificate: Path) -> None:
    async with serving(ok, server_tls(certificate)) as root:
        async with botting(root) as bot:
            assert str(await failure(bot)) == "The server's certificate isn't trusted"
        for kind in ("http", "socks5"):
            async with proxying(kind, port_of(root)) as proxy:
                request = HTTPRequest(proxy=Proxy.parse(f"{kind}://{proxy.address}"))
                async with botting("https://bots.example", request) as bot:
                    assert str(await failure(bot)) == "The server's certificate isn't trusted"
