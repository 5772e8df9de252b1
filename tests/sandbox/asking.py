"""What the tests of the sandbox ask it with."""

from collections.abc import Awaitable
from typing import Any, Protocol


class Ask(Protocol):
    """Asks the Bot API for something, as JSON, and returns the body of its answer."""

    def __call__(self, method: str, /, **parameters: object) -> Awaitable[dict[str, Any]]: ...


async def fetched(ask: Ask, **parameters: object) -> list[dict[str, Any]]:
    """Return the updates that wait for the bot."""
    body = await ask("getUpdates", **parameters)
    return body["result"]


def kinds(updates: list[dict[str, Any]]) -> list[str]:
    """Return what updates are about, in order."""
    return [next(name for name in update if name != "update_id") for update in updates]
