"""Proxies on loopback, as small as they can be, and a certificate for the server behind them."""

import asyncio
import shutil
import ssl
import struct
import subprocess
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

SOCKS = 5
REFUSED = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"


@dataclass
class ProxyServer:
    """A proxy that leads everywhere to one port of this machine."""

    target: int
    """The port."""
    login: tuple[str, str] | None = None
    """What it wants to be told."""
    address: str = ""
    """Where it is: ``host:port``."""
    asked: list[str] = field(default_factory=list[str])
    """Where clients wanted to go."""
    received: bytes = b""
    """The first bytes of all clients."""

    async def serve_http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Tunnel what is asked for by CONNECT, pass on whatever else."""
        self.received += await reader.readexactly(1)
        if not self.received[-1:].isalpha():
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return
        head = self.received[-1:] + await reader.readuntil(b"\r\n\r\n")
        self.received += head[1:]
        self.asked.append(head.split()[1].decode())
        wanted = b64encode(":".join(self.login).encode()) if self.login else b""
        if wanted and b"Proxy-Authorization: Basic " + wanted not in head:
            writer.write(REFUSED)
            return
        inner = await asyncio.open_connection("127.0.0.1", self.target)
        if head.startswith(b"CONNECT"):
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            inner[1].write(head)
        await _joined((reader, writer), inner)

    async def serve_socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak SOCKS5, with names and with a login."""
        greeting = await reader.readexactly(2)
        self.received += greeting
        if greeting[0] != SOCKS:
            return
        wanted = 2 if self.login else 0
        if wanted not in await reader.readexactly(greeting[1]):
            writer.write(bytes([SOCKS, 255]))
            return
        writer.write(bytes([SOCKS, wanted]))
        if self.login:
            await reader.readexactly(1)
            told = [await _counted(reader), await _counted(reader)]
            accepted = told == [part.encode() for part in self.login]
            writer.write(bytes([1, 0 if accepted else 1]))
            if not accepted:
                return
        *_, kind = await reader.readexactly(4)
        host = await (_counted(reader) if kind == 3 else reader.readexactly(4))
        (port,) = struct.unpack("!H", await reader.readexactly(2))
        self.asked.append(f"{host.decode()}:{port}")
        inner = await asyncio.open_connection("127.0.0.1", self.target)
        writer.write(bytes([SOCKS, 0, 0, 1, 127, 0, 0, 1, 0, 0]))
        await _joined((reader, writer), inner)


@asynccontextmanager
async def proxying(
    kind: str, target: int, login: tuple[str, str] | None = None
) -> AsyncIterator[ProxyServer]:
    """Run a proxy: ``http`` or ``socks5``."""
    proxy = ProxyServer(target, login)
    serve = proxy.serve_socks if kind == "socks5" else proxy.serve_http
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await serve(reader, writer)
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    proxy.address = "127.0.0.1:{1}".format(*server.sockets[0].getsockname())
    try:
        yield proxy
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def make_certificate(folder: Path, name: str) -> Path | None:
    """Make a certificate signed by itself, with its key, if there is a program for that."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    file = folder / f"{name}.pem"
    command = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
        f" -subj /CN={name} -addext subjectAltName=DNS:{name}"
    )
    subprocess.run(
        [openssl, *command.split(), "-keyout", file, "-out", file], check=True, capture_output=True
    )
    return file


def server_tls(certificate: Path) -> ssl.SSLContext:
    """Return what a server with a certificate speaks TLS with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def _counted(reader: asyncio.StreamReader) -> bytes:
    return await reader.readexactly((await reader.readexactly(1))[0])


Pipe = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _joined(outer: Pipe, inner: Pipe) -> None:
    """Pass on what either side says, until one of them ends."""

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while part := await reader.read(2**16):
                writer.write(part)

    ways = {
        asyncio.create_task(copy(outer[0], inner[1])),
        asyncio.create_task(copy(inner[0], outer[1])),
    }
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        inner[1].close()
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
