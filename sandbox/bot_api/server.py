"""Serves over HTTP, in a thread and a loop of its own, so that it answers whatever tests do."""

import asyncio
import contextlib
import socket
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from ..state.world import World
from .api import BotApi
from .endpoints import BotApiEndpoints
from .http_messages import Protocol
from .loopback_guard import LOOPBACK, LoopbackGuard

T = TypeVar("T")
_BACKLOG: Final = 512


class Server:
    """A local Telegram on a port of the loopback interface.

    Args:
        port: Where; 0 takes a free one.
        seed: Makes tokens the same every time, too; without one they are random.
        page: Makes what answers the requests that aren't for the Bot API; without it, nothing does.

    Raises:
        OSError: The port can't be used.
    """

    def __init__(
        self,
        port: int = 0,
        seed: int | None = None,
        page: Callable[[BotApi], ASGIApp] | None = None,
    ) -> None:
        self._socket = socket.create_server(("127.0.0.1", port), backlog=_BACKLOG)
        self.port: int = self._socket.getsockname()[1]
        """Where it listens."""
        self.hosts = set(LOOPBACK)
        """The names that it answers to."""
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event
        self.api = BotApi(World(seed))
        """The Bot API; touched by way of :meth:`run` and :meth:`do` alone."""
        self._page = page(self.api) if page else PlainTextResponse("Not Found", 404)
        self._thread = threading.Thread(target=self._serve, name="efinbot-sandbox", daemon=True)

    @property
    def url(self) -> str:
        """The root of the server, without a slash."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()
        self._started.wait()

    def close(self) -> None:
        """Stop answering and let everything go. May be called again."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()
        self._socket.close()

    def do(self, action: Callable[[], T]) -> T:
        """Run a function in the loop of the server and return its result."""

        async def run() -> T:
            return action()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    async def run(self, action: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the loop of the server and return its result."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(action, self._loop))

    def _serve(self) -> None:
        try:
            with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                runner.run(self._run())
        finally:
            self._started.set()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        server = uvicorn.Server(
            _config(LoopbackGuard(BotApiEndpoints(self.api, self._page), self.hosts))
        )
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        await server.startup(sockets=[self._socket])
        self._started.set()
        await self._stop.wait()
        await self.api.close()
        await _shut_down(server)


def _config(application: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=300,
    )


async def _shut_down(server: uvicorn.Server) -> None:
    """Close what a server has open, at once: its own way of doing so waits in steps."""
    for listener in server.servers:
        listener.close()
    for connection in list(server.server_state.connections):
        connection.shutdown()
    for task in list(server.server_state.tasks):
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop  # noqa: PLC0415 - not there on Windows

    return uvloop.new_event_loop
