"""python-telegram-bot's requests to the Bot API, over aiohttp; they never show the token."""

import json
import logging
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from http.client import responses
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Final

import aiohttp
import orjson
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from ..http_session import http_session
from ..proxy import Proxy
from ..redaction import hide_tokens
from .network_errors import failure_of, reasons_of

_log = logging.getLogger(__name__)

_KEPT: Final = 60
"""Seconds for which an unused connection is kept."""
_UNSET: Final = BaseRequest.DEFAULT_NONE
_JSON: Final = {"Content-Type": "application/json"}
_QUOTED: Final = 200
"""Characters of an answer that an error quotes."""


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait, each None for as long as it takes."""

    read: float | None = 5
    """For the next bytes of the answer."""
    write: float | None = 20
    """For an upload to be taken; other requests fit into the socket's buffer."""
    connect: float | None = 5
    """For a connection: a free place among them, name resolution and TLS included."""
    pool: float | None = 1
    """Added to that, as python-telegram-bot counts the free place apart."""


class HTTPRequest(BaseRequest):
    """Requests over connections that are kept.

    Needs `initialize`, and can be initialized again.

    Args:
        connections: How many requests are under way at most.
        timeouts: What holds where a call of python-telegram-bot doesn't set its own.
        proxy: By which all requests go.
        tls: Which certificates are trusted; those that the system trusts if True.
    """

    def __init__(
        self,
        connections: int = 256,
        *,
        timeouts: Timeouts | None = None,
        proxy: Proxy | None = None,
        tls: ssl.SSLContext | bool = True,
    ) -> None:
        self._timeouts = timeouts or Timeouts()
        self._proxy = proxy
        self._reasons = reasons_of(proxy)
        self._pool: dict[str, Any] = {
            "limit": connections,
            "keepalive_timeout": _KEPT,
            "ssl": tls,
        }
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer by default."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Open what connections are made by; does nothing where it is open."""
        if self._session is not None:
            return
        reuse = aiohttp.TraceConfig()
        reuse.on_connection_reuseconn.append(_note_reuse)
        self._session = http_session(
            self._proxy,
            self._pool,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT, "Accept-Encoding": "identity"},
            trace_configs=[reuse],
        )

    async def shutdown(self) -> None:
        """Close all connections; does nothing where there is none."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

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
            TimedOut: There was no connection, or no answer in time.
            NetworkError: There is no answer for another reason. Neither message names the address.
            RuntimeError: The object isn't initialized.
        """
        if self._session is None:
            message = "this HTTPRequest is not initialized"
            raise RuntimeError(message)
        own = self._timeouts
        read = _chosen(read_timeout, own.read)
        connect = _sum(_chosen(connect_timeout, own.connect), _chosen(pool_timeout, own.pool))
        total = None
        if request_data and request_data.contains_files:
            # aiohttp knows no limit for writing alone.
            total = _sum(read, connect, _chosen(write_timeout, own.write))
        limits = aiohttp.ClientTimeout(total=total, connect=connect, sock_read=read)
        try:
            status, answer = await _ask(self._session, method, url, _body(request_data), limits)
        except Exception as error:  # noqa: BLE001 - python-telegram-bot would repeat any in full
            failure = failure_of(error, self._reasons)
        else:
            if status < HTTPStatus.MULTIPLE_CHOICES:
                return status, answer
            if status != HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
                return status, _explained(status, answer)
            failure = NetworkError("The proxy refuses (it answers 407)")
        # Raised here, so that no traceback goes on to the error that holds the address.
        raise failure


def _explained(status: int, answer: bytes) -> bytes:
    """Return what the server says of an error, as JSON: it may be a page that holds the address.

    python-telegram-bot 21 would take anything else for an error of no kind.
    """
    text = hide_tokens(answer.decode(errors="replace"))
    try:
        json.loads(text)
    except ValueError:
        reason = f"{responses.get(status, 'Unknown error')} ({status})"
        text = json.dumps({"description": f"{reason}: {text[:_QUOTED]}" if text else reason})
    return text.encode()


@dataclass(slots=True)
class _Attempt:
    is_repeatable: bool = False
    """Whether the request went out where others had before, and nothing has come back yet."""


async def _ask(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    body: bytes | aiohttp.FormData | None,
    limits: aiohttp.ClientTimeout,
) -> tuple[int, bytes]:
    """Send a request, and return the answer.

    Servers close connections that were unused for long. Where that crosses with a request, it was
    not read, and is sent again, as browsers do. On a connection just made, or after part of an
    answer, it may have been obeyed: no second time then.
    """
    while True:
        attempt = _Attempt()
        try:
            async with session.request(
                method,
                url,
                data=body,
                headers=_JSON if isinstance(body, bytes) else None,
                # Another server would be told the token.
                allow_redirects=False,
                timeout=limits,
                trace_request_ctx=attempt,
            ) as response:
                attempt.is_repeatable = False
                return response.status, await response.read()
        except (aiohttp.ServerDisconnectedError, OSError) as error:
            # A form may hold files that have been read to their end.
            is_form = isinstance(body, aiohttp.FormData)
            if is_form or not attempt.is_repeatable or not _is_unanswered(error):
                raise


async def _note_reuse(
    _: aiohttp.ClientSession, context: SimpleNamespace, __: aiohttp.TraceConnectionReuseconnParams
) -> None:
    context.trace_request_ctx.is_repeatable = True


def _is_unanswered(error: Exception) -> bool:
    if isinstance(error, aiohttp.ServerDisconnectedError):
        # Otherwise it is the head of an answer.
        return isinstance(error.message, str)
    return not isinstance(error, TimeoutError)


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


def _chosen(given: object, default: float | None) -> float | None:
    return given if given is None or isinstance(given, int | float) else default


def _sum(*seconds: float | None) -> float | None:
    known = [one for one in seconds if one is not None]
    return sum(known) if len(known) == len(seconds) else None
