"""An HTTP/1.1 client for many small exchanges at once, over connections that are kept."""

import asyncio
import os
import socket
import ssl
from collections import deque
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, TypeAlias

import aiohappyeyeballs
from yarl import URL

from .connection import Answer, Connection, ExchangeError, ExchangeTimeoutError, UnansweredError

_Addresses: TypeAlias = (
    "list[tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str | int | bytes, ...]]]"
)

_FRESH: Final = 10.0
"""Seconds for which the addresses of a server are taken for right."""
_NEXT_ADDRESS: Final = 0.25
"""Seconds after which another address of a server is tried beside the one before: RFC 8305."""


class Client:
    """Exchanges requests for answers. Follows no redirects; uses no proxy.

    Args:
        headers: What is sent with every request.
        keep_alive: Seconds for which an unused connection is used again.
        largest: How many bytes an answer may have, its head included.
        tls: Which certificates are trusted; those that the system trusts if None.
    """

    def __init__(
        self,
        headers: Mapping[str, str],
        *,
        keep_alive: float = 60,
        largest: int = 2**28,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._headers = dict(headers)
        self._keep_alive = keep_alive
        self._largest = largest
        self._tls = tls
        self._servers: dict[URL, _Server] = {}
        # The same few addresses are asked again and again: one for each method of the Bot API.
        self._head = lru_cache(256)(self._written)

    async def exchange(
        self,
        method: str,
        url: URL,
        body: bytes | None = None,
        *,
        connect: float | None = None,
        read: float | None = None,
    ) -> Answer:
        """Send a request, and return the answer.

        Servers close connections that were unused for long. Where that crosses with a request, it
        was not read, and is sent again on a new connection, as browsers do. On a connection just
        made, or after part of an answer, it may have been obeyed: no second time then.

        Args:
            method: GET or POST.
            url: Where to: http or https. A login in it isn't used.
            body: JSON.
            connect: Seconds to wait for a connection, name resolution and TLS included; None for
                as long as it takes.
            read: Seconds to wait for the next bytes of the answer; None as above.

        Raises:
            ExchangeTimeoutError: It took longer.
            ExchangeError: It failed for another reason.
        """
        head = self._head(method, url, with_body=body is not None)
        request = head if body is None else b"%b%d\r\n\r\n%b" % (head, len(body), body)
        server = self._server(url)
        if connection := server.unused():
            try:
                return await server.exchange(connection, request, read)
            except UnansweredError:
                pass
        return await server.exchange(await server.connect(connect), request, read)

    async def close(self) -> None:
        """Close all connections; what is under way fails."""
        servers = list(self._servers.values())
        self._servers.clear()
        for server in servers:
            await server.close()

    def _server(self, url: URL) -> "_Server":
        origin = url.origin()
        server = self._servers.get(origin)
        if server is None:
            if origin.scheme == "https" and self._tls is None:
                self._tls = ssl.create_default_context()
                self._tls.set_alpn_protocols(["http/1.1"])
            tls = self._tls if origin.scheme == "https" else None
            server = self._servers[origin] = _Server(origin, tls, self._keep_alive, self._largest)
        return server

    def _written(self, method: str, url: URL, *, with_body: bool) -> bytes:
        """Return the head of a request, up to where the length of its body stands."""
        lines = [f"{method} {url.raw_path_qs} HTTP/1.1", f"Host: {url.host_port_subcomponent}"]
        lines += [f"{name}: {value}" for name, value in self._headers.items()]
        lines += ["Content-Type: application/json", "Content-Length: "] if with_body else ["", ""]
        return "\r\n".join(lines).encode("ascii")


class _Server:
    """The connections to one server."""

    def __init__(
        self, origin: URL, tls: ssl.SSLContext | None, keep_alive: float, largest: int
    ) -> None:
        self._host, self._port = origin.raw_host or "", origin.port
        self._tls = tls
        self._keep_alive = keep_alive
        self._largest = largest
        self._loop = asyncio.get_running_loop()
        self._open: set[Connection] = set()
        self._unused: deque[Connection] = deque()
        self._addresses: _Addresses = []
        self._resolved_at = 0.0
        self._resolving = asyncio.Lock()
        self._closed = False

    def unused(self) -> Connection | None:
        """Take the connection that was used last, if there is one; close those too long unused."""
        oldest = self._loop.time() - self._keep_alive
        while self._unused and self._unused[0].unused_since < oldest:
            self._unused.popleft().abort()
        while self._unused:
            if (connection := self._unused.pop()).usable:
                return connection
        return None

    async def exchange(
        self, connection: Connection, request: bytes, patience: float | None
    ) -> Answer:
        """Use a connection, and keep it if it can be used again; see `Connection.exchange`."""
        answer = await connection.exchange(request, patience)
        if connection.usable:
            self._unused.append(connection)
        return answer

    async def connect(self, seconds: float | None) -> Connection:
        """Return a new connection.

        Raises:
            ExchangeTimeoutError: It took longer.
            ExchangeError: There is none, for another reason.
        """
        try:
            async with asyncio.timeout(seconds):
                connection = await self._secured(await self._connected())
        except TimeoutError:
            message = "no connection in time"
            raise ExchangeTimeoutError(message) from None
        if self._closed:
            connection.abort()
        return connection

    async def close(self) -> None:
        """Close all connections, those that are being made included."""
        self._closed = True
        ends = [connection.closed for connection in self._open]
        for connection in tuple(self._open):
            connection.abort()
        if ends:
            await asyncio.wait(ends)

    async def _connected(self) -> socket.socket:
        try:
            addresses = await self._resolved()
        except (OSError, UnicodeError):
            message = "the server's name can't be resolved"
            raise ExchangeError(message) from None
        try:
            return await aiohappyeyeballs.start_connection(  # pyright: ignore[reportUnknownMemberType] - has a bare tuple
                addresses, happy_eyeballs_delay=_NEXT_ADDRESS, interleave=1
            )
        except TimeoutError:
            raise
        except OSError as error:
            detail = f" ({os.strerror(error.errno)})" if error.errno else ""
            message = f"the server can't be reached{detail}"
            raise ExchangeError(message) from None

    async def _resolved(self) -> _Addresses:
        async with self._resolving:  # where many connect at once, one asks for all
            if not self._addresses or self._loop.time() - self._resolved_at > _FRESH:
                self._addresses = [
                    *await self._loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
                ]
                self._resolved_at = self._loop.time()
        return self._addresses

    async def _secured(self, connected: socket.socket) -> Connection:
        try:
            _, connection = await self._loop.create_connection(
                lambda: Connection(self._largest, self._lost),
                sock=connected,
                ssl=self._tls,
                server_hostname=self._host if self._tls else None,
            )
        except ssl.SSLCertVerificationError:
            message = "the server's certificate isn't trusted"
            raise ExchangeError(message) from None
        except ssl.SSLError:
            message = "no TLS with the server"
            raise ExchangeError(message) from None
        except ConnectionError:
            message = "the server hung up"
            raise ExchangeError(message) from None
        if connection.usable:
            self._open.add(connection)
        return connection

    def _lost(self, connection: Connection) -> None:
        self._open.discard(connection)
        if connection in self._unused:
            self._unused.remove(connection)
