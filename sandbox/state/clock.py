"""The time in the sandbox: the real time, moved on as tests please."""

import time


class Clock:
    """Tells the time. Moved on by tests, so that hours pass at once."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Return the seconds since the epoch."""
        return time.time() + self._ahead

    def date(self) -> int:
        """Return the whole seconds since the epoch, as messages carry them."""
        return int(self.now())

    def advance(self, seconds: float) -> None:
        """Move on by so many seconds, 0 or more."""
        self._ahead += seconds
