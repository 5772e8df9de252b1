"""What was counted, put together: as numbers, in the terminal, as a picture."""

import asyncio
import json
import os
import struct
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from efinbot.bot.admin.chart import draw
from efinbot.bot.admin.statistics import Statistics, milliseconds, summarise, today
from efinbot.bot.cli import app
from efinbot.bot.cli.statistics_report import rendered
from efinbot.bot.storage.counts import DAY, bucket
from efinbot.bot.storage.state import State

UNTIL = date(2026, 3, 1)
LAST = (UNTIL - date(1970, 1, 1)).days
NAMES = {
    "answered": 8,
    "offered": 1,
    "declined": 1,
    "smalltalk": 2,
    "up": 3,
    "down": 1,
    "entry.defi": 5,
    "entry.open-banking": 7,
    "intent.explain": 8,
    "language.zh": 7,
    "language.en": 3,
    "surface.private": 10,
    "surface.button": 4,
}
COUNTS = {
    (LAST - ago, name): number for ago in (0, 1, 6, 7, 29, 30) for name, number in NAMES.items()
}


def shown(statistics: Statistics, **traits: bool) -> str:
    """The report as a terminal of 80 columns has it."""
    out = StringIO()
    Console(file=out, width=80, highlight=False, **traits).print(rendered(statistics))
    return out.getvalue()


def test_periods_end_today() -> None:
    found = summarise(COUNTS, UNTIL)
    assert [(span.days, span.questions, span.small_talk) for span in found.periods] == [
        (1, 10, 2),
        (7, 30, 6),
        (30, 50, 10),
    ]
    assert [(span.up, span.down) for span in found.periods] == [(3, 1), (9, 3), (15, 5)]
    assert list(found.entries.items()) == [("open-banking", 35), ("defi", 25)]
    assert found.languages == {"zh": 35, "en": 15}
    assert list(found.surfaces) == ["private", "button"]
    assert found.intents == {"explain": 40}


def test_a_day_has_a_bar() -> None:
    found = summarise(COUNTS, UNTIL, 7)
    assert [bar.start for bar in found.bars] == [UNTIL - timedelta(ago) for ago in range(6, -1, -1)]
    assert [bar.questions for bar in found.bars] == [10, 0, 0, 0, 0, 10, 10]
    assert found.whole.answered == 24


@pytest.mark.parametrize(("days", "width", "bars"), [(31, 1, 31), (32, 7, 5), (400, 28, 15)])
def test_of_many_days_several_share_a_bar_and_none_is_left_out(
    days: int, width: int, bars: int
) -> None:
    counts = {(LAST - ago, "answered"): 1 for ago in range(days)}
    found = summarise(counts, UNTIL, days)
    assert (len(found.bars), {bar.days for bar in found.bars}) == (bars, {width})
    assert sum(bar.answered for bar in found.bars) == days
    assert found.bars[-1].start == UNTIL - timedelta(width - 1)


@given(st.lists(st.floats(1e-4, 100), min_size=1, max_size=300))
def test_latencies_can_be_read_off_within_a_tenth(seconds: list[float]) -> None:
    counts: dict[tuple[int, str], int] = {}
    for one in seconds:
        key = LAST, f"latency.{bucket(one)}"
        counts[key] = counts.get(key, 0) + 1
    whole = summarise(counts, UNTIL, 1).whole
    ranked = sorted(seconds)
    for share, found in ((0.5, whole.median), (0.99, whole.slowest)):
        exact = ranked[-(-int(share * 100) * len(ranked) // 100) - 1]
        assert found == pytest.approx(exact, rel=0.1)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"),
        (0.000_283, "0.28 ms"),
        (0.0359, "36 ms"),
        (0.996, "1 s"),
        (12.3, "12 s"),
        (1234.5, "1200 s"),
    ],
)
def test_times_are_told_with_two_digits(seconds: float | None, text: str) -> None:
    assert milliseconds(seconds) == text


def test_the_report_fits_80_columns_and_needs_no_colours() -> None:
    text = shown(summarise({**COUNTS, (LAST, f"latency.{bucket(0.0125)}"): 1}, UNTIL))
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text
    for line in (
        "questions 10 30 50",
        "█ answered 8 80% 24 80% 40 80%",
        "half answered within 13 ms 13 ms 13 ms",
        f"2026-03-01 {'█' * 45}{'▓' * 5}{'░' * 6} 10",
        "open-banking 35",
    ):
        assert line in " ".join(text.split())
    assert "\x1b[32m█" in shown(summarise(COUNTS, UNTIL), force_terminal=True)


def test_a_chart_begins_with_the_first_question() -> None:
    text = shown(summarise({(LAST - 2, "answered"): 1}, UNTIL))
    assert [line[:10] for line in text.splitlines() if line.startswith("2026")] == [
        "2026-02-27",
        "2026-02-28",
        "2026-03-01",
    ]


@pytest.mark.parametrize(("days", "when"), [(1, "today"), (30, "in the last 30 days")])
def test_nothing_is_said_to_be_nothing(days: int, when: str) -> None:
    empty = summarise({(LAST - days, "answered"): 1}, UNTIL, days)
    assert empty.is_empty
    assert shown(empty) == f"Nothing was asked {when}.\n"
    assert draw(empty).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "counts",
    [
        COUNTS,
        {(LAST, "declined"): 1},
        {(LAST, "smalltalk"): 1},
        {(LAST, "surface.button"): 1, (LAST, "entry.$x_1$" + "y" * 60): 10**9},
        {(LAST - ago, "answered"): 10**6 for ago in range(400)},
    ],
    ids=["usual", "one", "small talk", "taps alone", "many"],
)
@pytest.mark.parametrize("days", [1, 30, 400])
def test_whatever_was_counted_makes_a_picture_and_a_report(
    counts: dict[tuple[int, str], int], days: int
) -> None:
    statistics = summarise(counts, UNTIL, days)
    picture = draw(statistics)
    assert struct.unpack(">II", picture[16:24]) == (1280, 960)
    assert max(map(len, shown(statistics).splitlines())) <= 80


# The command


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for name in (name for name in os.environ if name.startswith("EFINBOT_")):
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'state.sqlite3'}"
    monkeypatch.setenv("EFINBOT_DATABASE_URL", url)
    return url


def counted(url: str, bot: int, times: int) -> None:
    async def count() -> None:
        now = (today() - date(1970, 1, 1)).days * DAY + 1.0
        state = await State.open(url, bot, now)
        for _ in range(times):
            state.records.count(["answered", "entry.defi"], now)
        await state.close()

    asyncio.run(count())


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["stats", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_stats_before_anything_was_asked(url: str) -> None:
    assert url
    assert run() == (0, "Nothing was asked in the last 30 days.\n", "")


def test_stats_of_the_only_bot(url: str) -> None:
    counted(url, 1, 3)
    code, out, err = run("--days", "7")
    assert (code, err) == (0, "")
    assert "defi 3" in out
    code, out, err = run("--format", "json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["entries"] == {"defi": 3}
    assert found["periods"][0]["start"] == today().isoformat()


def test_of_two_bots_the_one_of_the_token_or_the_one_that_is_named(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(url, 1234567, 3)
    counted(url, 7654321, 5)
    code, _, err = run()
    assert code == 2
    shared = "the bots 1234567, 7654321 share this database"
    assert err == f"{shared}; say which one you mean with --bot ID\n"
    assert "defi 5" in run("--bot", "7654321")[1]
    monkeypatch.setenv("EFINBOT_TOKEN", "1234567:" + "A" * 35)
    assert "defi 3" in run()[1]


def test_mistakes_are_named(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, err = run("--format", "jsn")
    assert code == 2
    assert "there is no format 'jsn'; did you mean 'json'?" in " ".join(err.split())
    monkeypatch.setenv("EFINBOT_DATABASE_URL", f"{url}/nowhere/state")
    Path("state.sqlite3").touch()
    assert run() == (0, "Nothing was asked in the last 30 days.\n", "")
    monkeypatch.setenv("EFINBOT_DATABASE_URL", "state.sqlite3")
    code, _, err = run()
    assert code == 2
    assert "its URL can't be read" in err
