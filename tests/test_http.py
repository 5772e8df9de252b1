"""Exchanges with a server on loopback that says whatever a test wants it to."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from yarl import URL

from efinbot.bot.telegram.connection import ExchangeError, ExchangeTimeoutError
from efinbot.bot.telegram.http import Client

SECRET = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # noqa: S105 - from Telegram's manual
OK = b"HTTP/1.1 200 OK\r\n"
HELLO = OK + b"Content-Length: 5\r\n\r\nhello"
UNENDED = OK + b"\r\nhello"
MIB = 2**20


class Script:
    """A server that answers each request with the next part of a script.

    A part that is None closes the connection, one that is empty leaves the request unanswered.
    """

    def __init__(self, *parts: bytes | None) -> None:
        self.parts = iter(parts)
        self.requests: list[bytes] = []
        self.connections = 0
        self.writers: list[asyncio.StreamWriter] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0]
                self.requests.append(head + await reader.readexactly(int(length or 0)))
                part = next(self.parts)
                if part is None:
                    break
                writer.write(part)
                if part is UNENDED:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()


@asynccontextmanager
async def played(script: Script, tls: ssl.SSLContext | None = None) -> AsyncIterator[URL]:
    server = await asyncio.start_server(script, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    try:
        yield URL(f"{'https' if tls else 'http'}://localhost:{port}/bot{SECRET}/getMe?a=1")
    finally:
        server.close()
        for writer in script.writers:
            writer.transport.abort()


@asynccontextmanager
async def client(**options: float | ssl.SSLContext | None) -> AsyncIterator[Client]:
    opened = Client({"User-Agent": "test"}, **options)
    try:
        yield opened
    finally:
        await opened.close()


async def test_what_is_sent() -> None:
    script = Script(HELLO, HELLO)
    async with played(script) as url, client() as asked:
        await asked.exchange("POST", url, b'{"a":1}')
        await asked.exchange("GET", url)
    target = (
        f"/bot{SECRET}/getMe?a=1 HTTP/1.1\r\nHost: localhost:{url.port}\r\nUser-Agent: test\r\n"
    )
    body = 'Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}'
    assert script.requests == [f"POST {target}{body}".encode(), f"GET {target}\r\n".encode()]
    assert script.connections == 1


@pytest.mark.parametrize(
    ("said", "body", "connections"),
    [
        (HELLO, b"hello", 1),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", b"hello", 1),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b"", 1),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + HELLO, b"hello", 1),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + HELLO, b"hello", 1),
        (OK + b"Connection: close\r\nContent-Length: 5\r\n\r\nhello", b"hello", 2),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"hello", 2),
        (UNENDED, b"hello", 2),
        (HELLO + HELLO, b"hello", 2),
        (HELLO + b"\x00\x01garbage", b"hello", 2),
    ],
    ids=[
        "length",
        "chunks",
        "no body",
        "continue",
        "early hints",
        "close",
        "HTTP/1.0",
        "until the end",
        "two answers",
        "garbage behind it",
    ],
)
async def test_answers_and_whether_the_connection_is_kept(
    said: bytes, body: bytes, connections: int
) -> None:
    script = Script(said, HELLO)
    async with played(script) as url, client() as asked:
        assert (await asked.exchange("GET", url)).body == body
        assert (await asked.exchange("GET", url)).body == b"hello"
    assert script.connections == connections


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (None, "the server hung up"),
        (b"SSH-2.0\r\n\r\n", "the answer is no HTTP"),
        (b"HTTP/1.1 101 Switching\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n", "no HTTP"),
        (OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "no HTTP"),
        (OK + b"Content-Length: 2000000\r\n\r\n" + b"x" * 2_000_000, "too large"),
        (OK + b"X: y\r\n" * 500_000, "too large"),
    ],
    ids=["nothing", "another protocol", "upgrade", "two lengths", "huge body", "endless head"],
)
async def test_what_is_no_answer(said: bytes | None, why: str) -> None:
    script = Script(said, HELLO)
    async with played(script) as url, client(largest=MIB) as asked:
        with pytest.raises(ExchangeError, match=why):
            await asked.exchange("GET", url)
        assert len(script.requests) == 1
        assert (await asked.exchange("GET", url)).body == b"hello"
    assert script.connections == 2


async def test_bytes_that_nobody_asked_for_are_no_answer_to_the_next_request() -> None:
    script = Script(HELLO, HELLO)
    async with played(script) as url, client() as asked:
        await asked.exchange("GET", url)
        script.writers[0].write(OK + b"Content-Length: 3\r\n\r\nbad")
        with suppress(ConnectionError):
            await script.writers[0].wait_closed()
        assert (await asked.exchange("GET", url)).body == b"hello"
    assert script.connections == 2


@pytest.mark.parametrize("said", [b"", OK, HELLO[:-1]], ids=["nothing", "half a head", "most"])
async def test_an_answer_that_does_not_end_costs_the_read_timeout(said: bytes) -> None:
    script = Script(said)
    async with played(script) as url, client() as asked:
        with pytest.raises(ExchangeTimeoutError, match="no answer in time"):
            await asked.exchange("GET", url, read=0.05)


async def test_a_connection_that_is_not_made_in_time() -> None:
    silent = Script(b"")
    async with played(silent) as url, client() as asked:
        # The server speaks no TLS, and waits for the rest of what it takes for a head.
        with pytest.raises(ExchangeTimeoutError, match="no connection in time"):
            await asked.exchange("GET", url.with_scheme("https"), connect=0.05)


async def test_many_at_once_have_a_connection_each() -> None:
    script = Script(*[HELLO] * 20)
    async with played(script) as url, client() as asked:
        for _ in range(2):
            answers = [asked.exchange("GET", url) for _ in range(10)]
            assert [one.body for one in await asyncio.gather(*answers)] == [b"hello"] * 10
    assert script.connections == 10


async def test_a_connection_that_was_unused_for_long_is_not_used() -> None:
    script = Script(HELLO, HELLO)
    async with played(script) as url, client(keep_alive=-1) as asked:
        for _ in range(2):
            await asked.exchange("GET", url)
    assert script.connections == 2


async def test_a_name_that_does_not_exist() -> None:
    async with client() as asked:
        with pytest.raises(ExchangeError, match="name can't be resolved") as caught:
            await asked.exchange("GET", URL(f"http://nobody.invalid/{SECRET}"))
    assert SECRET not in repr(caught.value.__context__)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost, signed by itself, with its key."""
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    openssl = shutil.which("openssl") or pytest.skip("no openssl to make a certificate")
    command = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
        " -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    subprocess.run(
        [openssl, *command.split(), "-keyout", file, "-out", file], check=True, capture_output=True
    )
    return file


def tls_of(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_tls(certificate: Path) -> None:
    script = Script(HELLO, HELLO)
    trusting = ssl.create_default_context(cafile=certificate)
    async with played(script, tls_of(certificate)) as url, client(tls=trusting) as asked:
        for _ in range(2):
            assert (await asked.exchange("POST", url, b"{}")).body == b"hello"
    assert script.connections == 1


@pytest.mark.parametrize("trusted", [False, True], ids=["unknown issuer", "another name"])
async def test_a_certificate_that_is_not_trusted(certificate: Path, *, trusted: bool) -> None:
    script = Script(HELLO)
    context = ssl.create_default_context(cafile=certificate) if trusted else None
    async with played(script, tls_of(certificate)) as url, client(tls=context) as asked:
        asked_for = url.with_host("127.0.0.1") if trusted else url
        with pytest.raises(ExchangeError, match="certificate isn't trusted"):
            await asked.exchange("GET", asked_for)
    assert not script.requests
