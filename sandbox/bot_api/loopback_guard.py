"""Keeps other web sites out: they could reach the loopback interface by way of a browser."""

from collections.abc import Collection
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
        hosts: The names that this machine is reached as.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if _name(host) not in self._hosts:
            # A name that somebody else points at this machine: DNS rebinding.
            await answer_json(send, 403, {"error": f"this is no place to reach as {host!r}"})
        elif origin is not None and origin != f"http://{host}":
            await answer_json(send, 403, {"error": f"pages of {origin} have no access"})
        else:
            await self._app(scope, receive, send)


def _name(host: str) -> str | None:
    """Return the name in a ``Host`` header; none if it holds none."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
