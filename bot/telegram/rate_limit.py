"""The rate limit: people who send too much get no answers for a while (flood control)."""

import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from ..settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..storage import State

_PEOPLE: Final = 10_000


class RateLimit:
    """Counts what each person sends and taps, and mutes who exceeds the limit.

    Args:
        settings: The limit, its window, how long somebody is muted, and the operators, to whom no
            limit applies.
        state: Returns what keeps mutes over a restart.
    """

    def __init__(self, settings: Settings, state: "Callable[[], State]") -> None:
        self._settings = settings
        self._state = state
        self._counts: OrderedDict[int, tuple[float, int]] = OrderedDict()

    def is_muted(self, person: int) -> bool:
        """Return whether somebody exceeded the limit lately."""
        trusted = person in self._settings.operators
        return not trusted and self._state().muted_until(person) > time.time()

    def exceeds(self, person: int) -> bool:
        """Count a message or a tap; return whether it is one too many, and mute its sender then."""
        now = time.time()
        if person in self._settings.operators or self._count(person, now) <= (
            self._settings.flood_limit
        ):
            return False
        self._state().mute(person, now + self._settings.flood_pause)
        return True

    def _count(self, person: int, now: float) -> int:
        since, count = self._counts.pop(person, (now, 0))
        if now - since > self._settings.flood_window:
            since, count = now, 0
        self._counts[person] = (since, count + 1)
        if len(self._counts) > _PEOPLE:
            self._counts.popitem(last=False)
        return count + 1
