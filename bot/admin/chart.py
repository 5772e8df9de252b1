"""Statistics as a picture that a phone shows well.

A module of its own, because importing matplotlib takes a second.
"""

# Its types leave open what its many keyword arguments are.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .statistics import Span, Statistics, milliseconds

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INCHES: Final = (12.8, 9.6)
_DPI: Final = 100
_INK, _FADED, _LINE, _PAPER = "#1f2933", "#7b8794", "#e4e7eb", "#ffffff"
_BLUE: Final = "#2f6fb2"
_PARTS: Final = (("answered", _BLUE), ("offered", "#f2b544"), ("declined", "#d9685b"))
"""What a bar is made of, from below; told apart by who sees no red and green too."""
_ENTRIES: Final = 6
_LONGEST: Final = 22
"""Characters of an entry's id that have room."""
_STYLE: Final[dict[Any, str | int]] = {
    "font.family": "DejaVu Sans",
    "font.size": 19,
    "text.color": _INK,
    "axes.edgecolor": _LINE,
    "xtick.color": _FADED,
    "ytick.color": _INK,
}


def draw(statistics: Statistics) -> bytes:
    """Return statistics as a PNG of 1280 by 960 pixels."""
    with rc_context(_STYLE):
        figure = Figure(figsize=_INCHES, dpi=_DPI, facecolor=_PAPER)
        canvas = FigureCanvasAgg(figure)
        _head(figure, statistics.whole)
        if statistics.is_empty:
            figure.text(0.5, 0.5, "Nothing was asked.", ha="center", color=_FADED, fontsize=26)
        else:
            days = statistics.bars[0].days
            _heading(
                figure, 0.05, 0.73, "Questions a day" if days == 1 else f"Questions in {days} days"
            )
            _over_time(figure.add_axes((0.09, 0.455, 0.86, 0.255)), statistics.bars)
            if statistics.entries:
                _heading(figure, 0.05, 0.355, "Told about most")
                _ranking(figure.add_axes((0.29, 0.05, 0.33, 0.29)), statistics.entries)
            _shares(figure, statistics)
        picture = BytesIO()
        canvas.print_png(picture)
    return picture.getvalue()


def _head(figure: Figure, whole: Span) -> None:
    """Say what time it is about, and the figures to be seen at a glance."""
    last = whole.start + timedelta(whole.days - 1)
    days = dict.fromkeys(f"{day.day} {day:%b %Y}" for day in (whole.start, last))
    figure.text(0.05, 0.935, "efinbot", fontsize=26, weight="bold")
    figure.text(0.95, 0.935, " – ".join(days), ha="right", color=_FADED)
    if not whole.questions:
        return
    votes = whole.up + whole.down
    for left, (number, name) in zip(
        (0.05, 0.29, 0.53, 0.77),
        (
            (_short(whole.questions), "questions"),
            (f"{whole.answered / whole.questions:.0%}", "answered"),
            (f"{whole.up / votes:.0%}" if votes else "–", f"liked, {_short(votes)} votes"),
            (milliseconds(whole.median), f"p50; p99 {milliseconds(whole.slowest)}"),
        ),
        strict=True,
    ):
        figure.text(left, 0.835, number, fontsize=37, weight="bold")
        figure.text(left, 0.79, name, color=_FADED)


def _over_time(axes: "Axes", bars: Sequence[Span]) -> None:
    """Draw what became of the questions, span by span."""
    places = range(len(bars))
    ground = [0] * len(bars)
    for name, colour in _PARTS:
        heights: list[int] = [getattr(span, name) for span in bars]
        axes.bar(places, heights, 0.78, ground, color=colour, label=name)
        ground = [below + height for below, height in zip(ground, heights, strict=True)]
    _bare(axes)
    axes.set_xlim(-0.6, len(bars) - 0.4)
    axes.set_ylim(0, max(*ground, 1) * 1.05)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(lambda number, _: _short(round(number)))
    axes.grid(axis="y", color=_LINE)
    axes.tick_params(axis="y", colors=_FADED)
    shown = places[:: -max(len(bars) // 5, 1)]
    days = [bars[place].start for place in shown]
    axes.set_xticks(list(shown), [f"{day.day} {day:%b}" for day in days])
    axes.legend(
        loc="lower right",
        bbox_to_anchor=(1.0, 1.02),
        ncols=len(_PARTS),
        frameon=False,
        handlelength=0.8,
        handletextpad=0.4,
        columnspacing=1.2,
        borderaxespad=0.0,
    )


def _ranking(axes: "Axes", entries: Mapping[str, int]) -> None:
    """Draw the entries that were told about most, the first one on top."""
    _bare(axes)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])
    shown = tuple(islice(entries.items(), _ENTRIES))[::-1]
    places = range(_ENTRIES - len(shown), _ENTRIES)
    names = [id_ if len(id_) <= _LONGEST else f"{id_[: _LONGEST - 1]}…" for id_, _ in shown]
    drawn = axes.barh(places, [number for _, number in shown], 0.62, color=_BLUE)
    axes.bar_label(drawn, [_short(number) for _, number in shown], padding=6, color=_FADED)
    axes.set_yticks(list(places), names)
    axes.set_ylim(-0.6, _ENTRIES - 0.4)
    axes.set_xlim(0, max((number for _, number in shown), default=1) * 1.25)


def _shares(figure: Figure, statistics: Statistics) -> None:
    """Write in which languages and where it was asked."""
    height = 0.355
    for title, numbers in (("Languages", statistics.languages), ("Where", statistics.surfaces)):
        _heading(figure, 0.7, height, title)
        for line, (name, share) in enumerate(_percent(numbers), 1):
            figure.text(0.7, height - 0.042 * line, name)
            figure.text(0.95, height - 0.042 * line, share, ha="right", color=_FADED)
        height -= 0.042 * min(len(numbers), 4) + 0.065


def _heading(figure: Figure, left: float, height: float, words: str) -> None:
    figure.text(left, height, words, weight="bold", fontsize=20)


def _percent(numbers: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    whole = sum(numbers.values())
    return ((name, f"{number / whole:.0%}") for name, number in islice(numbers.items(), 4))


def _short(number: int) -> str:
    """Return a number with as many digits as have room."""
    for size, unit in ((10**9, "B"), (10**6, "M")):
        if number >= size:
            return f"{number / size:.1f}{unit}"
    return f"{number:,}"


def _bare(axes: "Axes") -> None:
    """Take away the frame."""
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
