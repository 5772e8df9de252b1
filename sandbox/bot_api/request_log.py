"""What bots asked for, and what they were told."""

from collections import deque
from dataclasses import dataclass
from typing import Any, Final

_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A request of a bot and its answer."""

    bot: str
    """Username of the bot."""
    method: str
    """Method in the documentation's spelling."""
    parameters: dict[str, Any]
    """Parameters, as values; as they were sent where they were refused."""
    answer: dict[str, Any]
    """The body of the answer; empty if the connection was cut."""
    at: float
    """Seconds since the epoch when it was answered."""

    @property
    def ok(self) -> bool:
        """Whether it was carried out."""
        return bool(self.answer.get("ok"))


class RequestLog:
    """The latest requests."""

    def __init__(self) -> None:
        self.enabled = True
        """Whether requests are kept."""
        self._kept: deque[LoggedRequest] = deque(maxlen=_KEPT)

    def add(self, request: LoggedRequest) -> None:
        """Keep a request."""
        self._kept.append(request)

    def requests(self, method: str | None = None, bot: str | None = None) -> list[LoggedRequest]:
        """Return requests in order.

        Args:
            method: The method they are about, in any case; none for all.
            bot: Username of the bot they are from; none for all.
        """
        wanted = method.lower() if method else None
        return [
            request
            for request in self._kept
            if wanted in (None, request.method.lower()) and bot in (None, request.bot)
        ]
