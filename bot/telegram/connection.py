"""A connection to an HTTP/1.1 server, on which one exchange goes on at a time."""

import asyncio
from collections.abc import Callable
from typing import Final, NamedTuple, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

_FINAL: Final = 200
"""Status from which an answer isn't followed by another to the same request."""
_LENGTHS: Final = (b"content-length", b"transfer-encoding")
"""Headers by which an answer tells where it ends; otherwise the connection's end is its end."""


class ExchangeError(Exception):
    """An exchange failed; the message says why, and nothing of the request or the address."""


class ExchangeTimeoutError(ExchangeError):
    """There was no connection, or no answer, in time."""


class UnansweredError(ExchangeError):
    """The server closed the connection before anything of the answer had come."""


class Answer(NamedTuple):
    """What a server says."""

    status: int
    """Status code, from 200 on."""
    body: bytes
    """The whole body."""


class Connection(asyncio.Protocol):
    """A connection; whatever goes wrong closes it.

    Args:
        largest: How many bytes an answer may have, its head included.
        lost: Called when the connection is closed.
    """

    def __init__(self, largest: int, lost: Callable[["Connection"], object]) -> None:
        self.unused_since = 0.0
        """When the last exchange ended, by the clock of the event loop."""
        self._loop = asyncio.get_running_loop()
        self.closed: asyncio.Future[None] = self._loop.create_future()
        """Done once the connection is closed."""
        self._largest = largest
        self._lost = lost
        self._parser = HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._patience: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._received = 0
        self._body: list[bytes] = []
        self._in_body = False
        self._has_length = False

    @property
    def usable(self) -> bool:
        """Whether another exchange may be tried."""
        return self._transport is not None and not self._transport.is_closing()

    async def exchange(self, request: bytes, patience: float | None) -> Answer:
        """Send a request, and return the answer.

        Args:
            request: Head and body.
            patience: Seconds to wait for the next bytes of the answer.

        Raises:
            ExchangeTimeoutError: They took longer.
            UnansweredError: The connection was closed, and nothing had come.
            ExchangeError: The answer breaks off, is too large or isn't HTTP.
        """
        self._answer = answer = self._loop.create_future()
        self._received, self._patience = 0, patience
        self._expect()
        if self._transport and self.usable:
            self._transport.write(request)
        else:
            self._fail(_unanswered())
        try:
            return await answer
        except BaseException:
            self.abort()  # cancelled, perhaps: what is to come would be the next one's answer
            raise
        finally:
            self._answer = None
            self._unexpect()
            self.unused_since = self._loop.time()

    def abort(self) -> None:
        """Close the connection at once."""
        if self._transport:
            self._transport.abort()

    # Called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take a part of the answer."""
        self._received += len(data)
        if self._received > self._largest:
            self._fail(ExchangeError("the answer is too large"))
            return
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self._fail(ExchangeError("the answer is no HTTP"))
        if self._answer and not self._answer.done():
            self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """End, which may be how an answer ends."""
        if self._in_body and not self._has_length and exc is None:
            self._succeed()
        elif self._received:
            self._fail(ExchangeError("the answer broke off"))
        else:
            self._fail(_unanswered())
        self.closed.set_result(None)
        self._lost(self)

    # Called by the parser

    def on_message_begin(self) -> None:
        """Begin an answer."""
        self._body.clear()
        self._in_body = self._has_length = False
        if self._answer is None or self._answer.done():
            self.abort()  # nothing was asked

    def on_header(self, name: bytes, _: bytes) -> None:
        """Take a header."""
        if name.lower() in _LENGTHS:
            self._has_length = True

    def on_headers_complete(self) -> None:
        """Begin the body."""
        self._in_body = self._parser.get_status_code() >= _FINAL

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """End an answer, unless it only says that another follows."""
        if self._in_body:
            keeps = self._parser.should_keep_alive()
            self._succeed()
            if not keeps:
                self.abort()

    def _succeed(self) -> None:
        self._in_body = False
        if self._answer and not self._answer.done():
            answer = Answer(self._parser.get_status_code(), b"".join(self._body))
            self._answer.set_result(answer)
        self._body.clear()

    def _fail(self, error: ExchangeError) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(error)
        self.abort()

    def _expect(self) -> None:
        """Wait for more, for as long as the patience lasts."""
        self._unexpect()
        if self._patience is not None:
            self._timer = self._loop.call_later(self._patience, self._expire)

    def _unexpect(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        self._fail(ExchangeTimeoutError("no answer in time"))


def _unanswered() -> UnansweredError:
    return UnansweredError("the server hung up")
