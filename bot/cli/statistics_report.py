"""Statistics for the terminal, and for programs."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from itertools import accumulate, dropwhile, islice
from typing import Final

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ...knowledge.messages import message
from ..admin.statistics import Span, Statistics, milliseconds

_BAR: Final = 56
"""Columns of the longest bar: with its date and number it fits a terminal of 80."""
_PARTS: Final = (("answered", "█", "green"), ("offered", "▓", "yellow"), ("declined", "░", "red"))
"""What a bar is made of: so that it can be read without colours too."""
_NAMES: Final[Mapping[str, str]] = {
    "answered": "statistics.row_answered",
    "offered": "statistics.row_offered",
    "declined": "statistics.row_declined",
}
_MOST: Final = 10
"""How many entries and intents are listed."""


def rendered(statistics: Statistics) -> RenderableType:
    """Return statistics for a terminal of 80 columns or more, with or without colours."""
    if statistics.is_empty:
        days = statistics.whole.days
        return Text(message("statistics.nothing_recorded", count=days))
    return Group(_periods(statistics.periods), "", *_chart(statistics.bars), *_lists(statistics))


def as_json(statistics: Statistics) -> str:
    """Return statistics as one JSON object; times are in seconds, days in ISO's form."""
    return json.dumps(asdict(statistics), default=date.isoformat, ensure_ascii=False, indent=2)


def _periods(periods: Iterable[Span]) -> Table:
    spans = tuple(periods)
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("")
    for span in spans:
        table.add_column(message("statistics.column", count=span.days), justify="right")
    table.add_row(
        message("statistics.row_questions"), *(str(span.questions) for span in spans), style="bold"
    )
    for name, mark, style in _PARTS:
        numbers = (_shared(getattr(span, name), span.questions) for span in spans)
        table.add_row(Text.assemble((mark, style), f" {message(_NAMES[name])}"), *numbers)
    for name, row in (
        ("statistics.row_small_talk", (str(span.small_talk) for span in spans)),
        ("statistics.row_good", (_shared(span.up, span.up + span.down) for span in spans)),
        ("statistics.row_bad", (_shared(span.down, span.up + span.down) for span in spans)),
        ("statistics.row_median", (milliseconds(span.median) for span in spans)),
        ("statistics.row_slowest", (milliseconds(span.slowest) for span in spans)),
    ):
        table.add_row(message(name), *row)
    return table


def _chart(bars: Iterable[Span]) -> Iterator[Text]:
    """Yield a line a span: its first day, a bar of what became of the questions, their number."""
    # What was before the first question would be empty lines.
    spans = tuple(dropwhile(lambda span: not span.questions, bars))
    most = max((span.questions for span in spans), default=0)
    if spans and spans[0].days > 1:
        yield Text(message("statistics.bars", days=spans[0].days), style="dim")
    for span in spans:
        line = Text(f"{span.start.isoformat()}  ")
        parts = tuple(getattr(span, name) for name, _, _ in _PARTS)
        # Ends are rounded, not lengths: so a bar is as long as its number says.
        ends = [round(_BAR * end / most) for end in accumulate(parts, initial=0)]
        for (_, mark, style), start, end in zip(_PARTS, ends, ends[1:], strict=False):
            line.append(mark * (end - start), style)
        yield line.append(f" {span.questions}" if span.questions else "·", "dim")


def _lists(statistics: Statistics) -> Iterator[RenderableType]:
    for title, numbers in (
        ("statistics.list_entries", statistics.entries),
        ("statistics.list_intents", statistics.intents),
        ("statistics.list_languages", statistics.languages),
        ("statistics.list_surfaces", statistics.surfaces),
    ):
        if numbers:
            yield ""
            yield Text(message(title), style="bold")
            yield Columns(_listed(numbers), padding=(0, 3))


def _listed(numbers: Mapping[str, int]) -> Iterator[str]:
    for name, number in islice(numbers.items(), _MOST):
        yield f"{name} {number}"
    if rest := sum(islice(numbers.values(), _MOST, None)):
        yield message("statistics.others", count=rest)


def _shared(number: int, of: int) -> str:
    return f"{number} {number / of:4.0%}" if of else "–"
