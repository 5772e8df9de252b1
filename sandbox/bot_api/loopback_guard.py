"""Keeps other web sites out: they could reach the loopback interface by way of a browser."""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from .http_messages import answer_json

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
"""The names that this machine has for itself."""


class LoopbackGuard:
    """Refuses requests that name another host, or that a page from elsewhere makes.

    Args:
        app: Answers the others.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if urlsplit(f"//{host}").hostname not in LOOPBACK:
            # A name that somebody else points at this machine: DNS rebinding.
            await answer_json(send, 403, {"error": f"this is no place to reach as {host!r}"})
        elif origin is not None and origin != f"http://{host}":
            await answer_json(send, 403, {"error": f"pages of {origin} have no access"})
        else:
            await self._app(scope, receive, send)
