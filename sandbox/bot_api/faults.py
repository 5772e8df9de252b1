"""Faults on demand: rate limits, errors, lost connections, delays, outages."""

from dataclasses import dataclass
from typing import Any, Literal

from .refusals import Refusal, too_many_requests


@dataclass(slots=True)
class Fault:
    """How the next requests go wrong."""

    method: str | None = None
    """Method that it is about, in any case; none for all."""
    chat: int | None = None
    """Chat that it is about; none for all."""
    bot: int | None = None
    """Bot that it is about; none for all."""
    times: int = 1
    """How many requests it is about."""
    retry_after: int | None = None
    """Answer 429 with so many seconds."""
    status: int | None = None
    """Answer with this HTTP status, such as 502."""
    reset: Literal["before", "after"] | None = None
    """Cut the connection before or after the request took effect."""
    delay: float = 0.0
    """Answer so many seconds later."""

    def refusal(self) -> Refusal | None:
        """Return what is answered instead of a result, if it is."""
        if self.retry_after is not None:
            return too_many_requests(self.retry_after)
        if self.status is not None:
            return Refusal(self.status, _PHRASES.get(self.status, "Internal Server Error"))
        return None


_PHRASES = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}


class Faults:
    """The faults that are to come."""

    def __init__(self) -> None:
        self._coming: list[Fault] = []
        self.down_until = 0.0
        """The end of an outage, on the clock of the loop."""

    def add(self, fault: Fault) -> None:
        """Let requests go wrong from now on."""
        self._coming.append(fault)

    def clear(self) -> None:
        """Let everything go right again."""
        self._coming.clear()
        self.down_until = 0.0

    def take(self, bot: int, method: str, parameters: dict[str, Any]) -> Fault | None:
        """Return the fault of a request, and count it."""
        if not self._coming:
            return None
        for fault in self._coming:
            if (
                fault.method in (None, method)
                and fault.bot in (None, bot)
                and fault.chat in (None, parameters.get("chat_id"))
            ):
                fault.times -= 1
                if fault.times <= 0:
                    self._coming.remove(fault)
                return fault
        return None
