"""python-telegram-bot's way to the Bot API: quick, and silent about the token."""

import asyncio
import json
import logging
import os
from dataclasses import dataclass
from functools import lru_cache, partial
from http import HTTPStatus
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Final, NamedTuple
from urllib.request import getproxies, proxy_bypass

import aiohttp
import orjson
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from ..redaction import described, hide_tokens
from .connection import ExchangeError, ExchangeTimeoutError
from .http import Client

_log = logging.getLogger(__name__)

_UNSET: Final = BaseRequest.DEFAULT_NONE
_JSON: Final = {"Content-Type": "application/json"}
_REASONS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (aiohttp.ConnectionTimeoutError, "no connection in time"),
    (TimeoutError, "no answer in time"),
    (aiohttp.ClientProxyConnectionError, "the proxy can't be reached"),
    (aiohttp.ClientConnectorDNSError, "the server's name can't be resolved"),
    (aiohttp.ClientConnectorCertificateError, "the server's certificate isn't trusted"),
    (aiohttp.ClientConnectorSSLError, "no TLS with the server"),
    (aiohttp.ClientConnectorError, "the server can't be reached"),
    (aiohttp.ServerDisconnectedError, "the server hung up"),
    (aiohttp.ClientPayloadError, "the answer broke off"),
    (aiohttp.ClientHttpProxyError, "the proxy refuses"),
    (aiohttp.ClientResponseError, "the answer is no HTTP"),
    (aiohttp.InvalidURL, "the server's address is wrong"),
    (OSError, "the connection broke"),
)
"""What failed in aiohttp, the more special first."""


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait, each None for as long as it takes."""

    read: float | None = 5
    """For the next bytes of the answer."""
    write: float | None = 20
    """For an upload to be taken; other requests fit into the socket's buffer."""
    connect: float | None = 5
    """For a connection, name resolution and TLS included."""
    pool: float | None = 1
    """For a free place among the connections."""


class HTTPRequest(BaseRequest):
    """Requests over connections of its own; uploads, and all that goes by a proxy, over aiohttp.

    Needs `initialize`, and can be initialized again.

    Args:
        connections: How many requests are under way at most.
        keep_alive: Seconds for which an unused connection is kept.
        timeouts: What holds where a call of python-telegram-bot doesn't set its own.
        proxy: URL of an HTTP proxy.
        trust_env: Whether to use the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name.
    """

    def __init__(
        self,
        connections: int = 256,
        *,
        keep_alive: float = 60,
        timeouts: Timeouts | None = None,
        proxy: str | None = None,
        trust_env: bool = True,
    ) -> None:
        self._timeouts = timeouts or Timeouts()
        self._connections = connections
        self._keep_alive = keep_alive
        self._headers = {"User-Agent": self.USER_AGENT, "Accept-Encoding": "identity"}
        self._client = Client(self._headers, keep_alive=keep_alive)
        self._session: aiohttp.ClientSession | None = None
        self._places = asyncio.Semaphore(connections)
        # The same few addresses are asked for again and again: one for each method.
        self._target = lru_cache(maxsize=256)(partial(_target, proxy=proxy, trust_env=trust_env))
        self._usual = aiohttp.ClientTimeout(
            total=None, connect=self._timeouts.connect, sock_read=self._timeouts.read
        )

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer by default."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Open what connections are made by; does nothing where it is open."""
        if self._session is not None:
            return
        self._places = asyncio.Semaphore(self._connections)
        reuse = aiohttp.TraceConfig()
        reuse.on_connection_reuseconn.append(_note_reuse)
        self._session = aiohttp.ClientSession(
            # self._places bounds the number of connections, with a timeout of its own.
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=self._keep_alive),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=self._headers,
            trace_configs=[reuse],
        )

    async def shutdown(self) -> None:
        """Close all connections; does nothing where there is none."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()
            await self._client.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parse an answer of the Bot API.

        Args:
            payload: The answer's body.

        Raises:
            TelegramError: It is no JSON.
        """
        try:
            return orjson.loads(payload)
        except orjson.JSONDecodeError:
            pass
        try:
            # Takes what orjson is too strict for: halves of surrogate pairs, bytes that are no
            # UTF-8. One odd character must not cost a whole batch of updates.
            return json.loads(payload.decode(errors="replace"))
        except ValueError:
            _log.warning("the server's answer of %d bytes is no JSON", len(payload))
        message = "Invalid server response"
        raise TelegramError(message)

    async def do_request(  # noqa: PLR0917 - as the base class has it
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = _UNSET,
        write_timeout: object = _UNSET,
        connect_timeout: object = _UNSET,
        pool_timeout: object = _UNSET,
    ) -> tuple[int, bytes]:
        """Ask the server; see `BaseRequest.do_request`.

        Raises:
            TimedOut: There was no place, no connection, or no answer in time.
            NetworkError: There is no answer for another reason. Neither message names the address.
            RuntimeError: The object isn't initialized.
        """
        if self._session is None:
            message = "this HTTPRequest is not initialized"
            raise RuntimeError(message)
        try:
            places = self._places
            await _enter(places, _chosen(pool_timeout, self._timeouts.pool))
            try:
                limits = self._limits(request_data, read_timeout, write_timeout, connect_timeout)
                status, answer = await self._ask(self._session, method, url, request_data, limits)
            finally:
                places.release()
        except TelegramError:
            raise
        except Exception as error:  # noqa: BLE001 - python-telegram-bot would repeat any in full
            failure = _failure(error)
        else:
            if status >= HTTPStatus.MULTIPLE_CHOICES:
                # What isn't JSON becomes an error's message, and may be a page with the address.
                answer = hide_tokens(answer.decode(errors="replace")).encode()
            return status, answer
        # Raised here, so that no traceback goes on to the error that holds the address.
        raise failure

    def _limits(
        self, data: RequestData | None, read: object, write: object, connect: object
    ) -> aiohttp.ClientTimeout:
        uploads = data is not None and data.contains_files
        if read is write is connect is _UNSET and not uploads:
            return self._usual
        sock_read = _chosen(read, self._timeouts.read)
        to_connect = _chosen(connect, self._timeouts.connect)
        total = None
        if uploads:
            # aiohttp knows no limit for writing alone.
            parts = (sock_read, to_connect, _chosen(write, self._timeouts.write))
            known = [part for part in parts if part is not None]
            total = sum(known) if len(known) == len(parts) else None
        return aiohttp.ClientTimeout(total=total, connect=to_connect, sock_read=sock_read)

    async def _ask(
        self,
        session: aiohttp.ClientSession,
        method: str,
        url: str,
        data: RequestData | None,
        limits: aiohttp.ClientTimeout,
    ) -> tuple[int, bytes]:
        target = self._target(url)
        body = _body(data)
        if target.direct and not isinstance(body, aiohttp.FormData):
            connect, read = limits.connect, limits.sock_read
            return await self._client.exchange(method, target.url, body, connect=connect, read=read)

        async def attempt(sent: _Attempt) -> tuple[int, bytes]:
            async with session.request(
                method,
                target.url,
                data=body,
                headers=_JSON if isinstance(body, bytes) else None,
                # Another server would be told the token.
                allow_redirects=False,
                proxy=target.proxy,
                timeout=limits,
                trace_request_ctx=sent,
            ) as response:
                sent.on_used_connection = False
                return response.status, await response.read()

        first = _Attempt()
        try:
            return await attempt(first)
        except (aiohttp.ServerDisconnectedError, OSError) as error:
            # A form may hold files that have been read to their end.
            replayable = not isinstance(body, aiohttp.FormData)
            if not (replayable and first.on_used_connection and _unanswered(error)):
                raise
        # As in `Client.exchange`.
        return await attempt(_Attempt())


@dataclass(slots=True)
class _Attempt:
    on_used_connection: bool = False
    """Whether the request went out where others had before, and nothing has come back yet."""


async def _note_reuse(
    _: aiohttp.ClientSession, context: SimpleNamespace, __: aiohttp.TraceConnectionReuseconnParams
) -> None:
    context.trace_request_ctx.on_used_connection = True


def _unanswered(error: Exception) -> bool:
    if isinstance(error, aiohttp.ServerDisconnectedError):
        # Otherwise it is the head of an answer.
        return isinstance(error.message, str)
    return not isinstance(error, TimeoutError)


async def _enter(places: asyncio.Semaphore, seconds: float | None) -> None:
    try:
        async with asyncio.timeout(seconds if places.locked() else None):
            await places.acquire()
    except TimeoutError:
        message = "Timed out: all connections are in use; the request was not sent"
        raise TimedOut(message) from None


def _body(data: RequestData | None) -> bytes | aiohttp.FormData | None:
    if data is None:
        return None
    if not data.contains_files:
        return orjson.dumps(data.parameters, option=orjson.OPT_NON_STR_KEYS)
    form = aiohttp.FormData(data.json_parameters, quote_fields=False)
    for name, (filename, content, mime_type) in data.multipart_data.items():
        # Large bytes would be copied in one go, while everybody else waits.
        file = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, file, filename=filename, content_type=mime_type)
    return form


class _Target(NamedTuple):
    url: URL
    proxy: str | None
    direct: bool
    """Whether it needs nothing that only aiohttp knows."""


def _target(url: str, *, proxy: str | None, trust_env: bool) -> _Target:
    target = URL(url)
    if proxy is None and trust_env and not proxy_bypass(target.host or ""):
        proxy = getproxies().get(target.scheme)
    plain = target.scheme in {"http", "https"} and target.host and target.user is None
    return _Target(target, proxy, direct=bool(plain) and proxy is None)


def _chosen(given: object, default: float | None) -> float | None:
    return given if given is None or isinstance(given, int | float) else default


def _failure(error: Exception) -> NetworkError:
    if isinstance(error, ExchangeTimeoutError):
        return TimedOut(f"Timed out: {error}")
    if isinstance(error, ExchangeError):
        return NetworkError(_sentence(str(error)))
    detail = type(error).__name__
    if isinstance(error, OSError) and (code := error.errno or 0) > 0:
        detail += f", {os.strerror(code)}"
    reason = next((words for kind, words in _REASONS if isinstance(error, kind)), None)
    if reason is None:
        return NetworkError(f"The request can't be made ({described(error)})")
    if isinstance(error, TimeoutError):
        return TimedOut(f"Timed out: {reason} ({detail})")
    return NetworkError(_sentence(f"{reason} ({detail})"))


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]
