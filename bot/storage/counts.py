"""Counters: what is counted, under which names, by day."""

from collections.abc import Mapping
from math import log2
from typing import Final, NamedTuple

DAY: Final = 86_400
"""Seconds of a day; days begin at midnight UTC."""

ANSWERED: Final = "answered"
"""Questions that were answered; each question counts as this or as one of the next three."""
OFFERED: Final = "offered"
"""Questions that were declined, with entries offered."""
DECLINED: Final = "declined"
"""Questions that were declined, with nothing offered."""
SMALL_TALK: Final = "smalltalk"
"""Greetings, thanks and calls for help."""
UP: Final = "up"
"""Answers that somebody found good."""
DOWN: Final = "down"
"""Answers that somebody found bad."""
LANGUAGE: Final = "language."
"""What follows is the language of the answer."""
SURFACE: Final = "surface."
"""What follows is where it was asked: ``private``, ``group``, ``button`` or ``inline``."""
ENTRY: Final = "entry."
"""What follows is the id of an entry that was told about, for a question or a button."""
INTENT: Final = "intent."
"""What follows is the intent of a question."""
LATENCY: Final = "latency."
"""What follows is a bucket of the time that an answer took."""

_STEPS: Final = 4
"""Buckets from a time to twice that: each is wider by a fifth than the one before."""
_SECOND: Final = 1_000_000
VOTED: Final[Mapping[int, str]] = {1: UP, -1: DOWN}
"""What the values of votes count as."""


class Vote(NamedTuple):
    """What somebody finds of an answer."""

    value: int
    """1 for good, -1 for bad."""
    at: float
    """When they said so, in seconds since the epoch."""


def to_vote(value: int, at: float) -> Vote | None:
    """Return a stored vote; None if this version knows no such value."""
    return Vote(value, at) if value in VOTED else None


def bucket(seconds: float) -> int:
    """Return the bucket of a time: 0 for a microsecond and less, then in equal ratios."""
    return int(_STEPS * log2(max(seconds * _SECOND, 1.0)))


def seconds_of(bucket: int) -> float:
    """Return the time in the middle of a bucket: no time in it differs by more than 10 %."""
    return 2 ** ((bucket + 0.5) / _STEPS) / _SECOND
