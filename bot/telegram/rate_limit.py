"""Who sends more than a person would."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

_PEOPLE: Final = 10_000


@dataclass(slots=True)
class Flood:
    """Counts what each person sends."""

    limit: int
    """How many messages are all right within a window."""
    window: float
    """Its length in seconds."""
    _counts: OrderedDict[int, tuple[float, int]] = field(default_factory=OrderedDict, init=False)

    def is_over(self, person: int, now: float) -> bool:
        """Count a message, and return whether it is one too many.

        Args:
            person: Who sent it.
            now: Seconds since the epoch.
        """
        since, count = self._counts.pop(person, (now, 0))
        if now - since > self.window:
            since, count = now, 0
        self._counts[person] = (since, count + 1)
        if len(self._counts) > _PEOPLE:
            self._counts.popitem(last=False)
        return count + 1 > self.limit
