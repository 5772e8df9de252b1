"""Usage statistics: counts, summed up for people."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Final

from ..storage.counts import (
    ANSWERED,
    DECLINED,
    DOWN,
    ENTRY,
    INTENT,
    LANGUAGE,
    LATENCY,
    OFFERED,
    SMALL_TALK,
    SURFACE,
    UP,
    seconds_of,
)

PERIODS: Final = (1, 7, 30)
"""The days that are summed up, each up to today."""
MONTH: Final = 30
_EPOCH: Final = date(1970, 1, 1)
_MOST_BARS: Final = 31
"""How many spans of time a chart shows: of more days, several are shown as one."""
_SPANS: Final = (1, 7, 28)


@dataclass(frozen=True, slots=True)
class Span:
    """What happened from one day to another."""

    start: date
    """Its first day, UTC."""
    days: int
    """How many days it has."""
    answered: int
    """Questions that were answered."""
    offered: int
    """Questions that were declined, with entries offered."""
    declined: int
    """Questions that were declined, with nothing offered."""
    small_talk: int
    """Greetings, thanks and calls for help: no questions."""
    up: int
    """Answers that somebody found good."""
    down: int
    """Answers that somebody found bad."""
    median: float | None
    """Seconds within which half of the answers were sent; None if there were none."""
    slowest: float | None
    """Seconds within which 99 of 100 were."""

    @property
    def questions(self) -> int:
        """Return how many questions were asked."""
        return self.answered + self.offered + self.declined


@dataclass(frozen=True, slots=True)
class Statistics:
    """How the bot did up to a day."""

    bars: tuple[Span, ...]
    """The time that is looked at in equal spans, the oldest first."""
    periods: tuple[Span, ...]
    """The last day, week and month: `PERIODS`."""
    whole: Span
    """All of the time that is looked at."""
    entries: Mapping[str, int]
    """How often entries were told about, the most wanted first; what follows is of the same time
    and in the same order."""
    intents: Mapping[str, int]
    """How often what was asked."""
    languages: Mapping[str, int]
    """In which languages."""
    surfaces: Mapping[str, int]
    """Where: in private, in groups, by buttons, inline."""

    @property
    def is_empty(self) -> bool:
        """Return whether nothing happened."""
        return not (self.whole.questions or self.whole.small_talk or self.surfaces)


def today() -> date:
    """Return the day, as counts have it."""
    return datetime.now(UTC).date()


def summarise(counts: Mapping[tuple[int, str], int], until: date, days: int = MONTH) -> Statistics:
    """Put counts together.

    Args:
        counts: How often what happened, by day and name: `Records.counts`.
        until: The last day that is looked at.
        days: How many days are, at least one.
    """
    by_day: dict[int, Counter[str]] = {}
    for (day, name), number in counts.items():
        by_day.setdefault(day, Counter())[name] += number
    last = (until - _EPOCH).days

    def total(end: int, length: int) -> Counter[str]:
        numbers: Counter[str] = Counter()
        for day in range(end - length + 1, end + 1):
            numbers.update(by_day.get(day, {}))
        return numbers

    def span(end: int, length: int) -> Span:
        return _span(_EPOCH + timedelta(end - length + 1), length, total(end, length))

    width = next((one for one in _SPANS if days <= one * _MOST_BARS), _SPANS[-1])
    # The latest span is a whole one; the earliest may begin before the time that is looked at.
    ends = range(last, last - days, -width)
    whole = total(last, days)
    return Statistics(
        bars=tuple(span(end, width) for end in reversed(ends)),
        periods=tuple(span(last, period) for period in PERIODS),
        whole=span(last, days),
        entries=_named(whole, ENTRY),
        intents=_named(whole, INTENT),
        languages=_named(whole, LANGUAGE),
        surfaces=_named(whole, SURFACE),
    )


def milliseconds(seconds: float | None) -> str:
    """Return a time as people read it."""
    if seconds is None:
        return "–"
    # Two digits: a bucket tells no more.
    shown = float(f"{seconds:.2g}")
    return f"{1000 * shown:g} ms" if shown < 1 else f"{shown:g} s"


def _span(start: date, days: int, numbers: Counter[str]) -> Span:
    times = sorted((int(bucket), number) for bucket, number in _named(numbers, LATENCY).items())
    return Span(
        start,
        days,
        answered=numbers[ANSWERED],
        offered=numbers[OFFERED],
        declined=numbers[DECLINED],
        small_talk=numbers[SMALL_TALK],
        up=numbers[UP],
        down=numbers[DOWN],
        median=_within(times, 0.5),
        slowest=_within(times, 0.99),
    )


def _named(numbers: Mapping[str, int], prefix: str) -> Mapping[str, int]:
    """Return the numbers whose names begin so, without that, the highest first."""
    found = {
        name.removeprefix(prefix): number
        for name, number in numbers.items()
        if name.startswith(prefix)
    }
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _within(times: Iterable[tuple[int, int]], share: float) -> float | None:
    """Return the seconds within which a share of what was timed took place."""
    buckets = tuple(times)
    reached = tuple(accumulate(number for _, number in buckets))
    if not reached:
        return None
    wanted = share * reached[-1]
    return next(
        seconds_of(bucket)
        for (bucket, _), so_far in zip(buckets, reached, strict=True)
        if so_far >= wanted
    )
