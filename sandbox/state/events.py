"""What happens in the sandbox, in order: for those who watch chats from the outside."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""

    id: int
    """Counts up from 1."""
    kind: str
    """``message``, ``edited``, ``deleted``, ``typing``, ``reaction``, ``callback``,
    ``commands``, ``chat`` or ``notice``."""
    chat: str | None
    """Key of the chat it happened in, if it was one chat."""
    author: int
    """Who did it; 0 for nobody in particular."""
    data: dict[str, Any]
    """What happened, as JSON."""


class Events:
    """The latest events. Belongs to the loop of the server."""

    def __init__(self) -> None:
        self._kept: deque[Event] = deque(maxlen=_KEPT)
        self._waiting: list[asyncio.Future[None]] = []
        self.last = 0
        """Identifier of the latest event."""

    def add(self, kind: str, chat: str | None, author: int, data: dict[str, Any]) -> None:
        """Tell everybody who watches."""
        self.last += 1
        self._kept.append(Event(self.last, kind, chat, author, data))
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            for future in waiting:
                if not future.done():
                    future.set_result(None)

    def since(self, last: int) -> list[Event]:
        """Return the events after the one with this identifier, as far as they are kept."""
        found: list[Event] = []
        for event in reversed(self._kept):
            if event.id <= last:
                break
            found.append(event)
        found.reverse()
        return found

    async def wait(self, seconds: float) -> None:
        """Return when something happens, or after so many seconds."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await asyncio.wait((future,), timeout=max(seconds, 0))
        future.cancel()
