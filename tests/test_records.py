"""What is recorded: missed questions, counts, votes, changes; bounded, read while a bot runs."""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from efinbot.bot.storage import Author, Change, Missed, Outcome, Place, group_commit
from efinbot.bot.storage.changes import pack, unpack
from efinbot.bot.storage.counts import DAY, bucket, seconds_of
from efinbot.bot.storage.database import StorageError, upgrade
from efinbot.bot.storage.offline_reader import Recorded, read_state
from efinbot.bot.storage.state import State
from efinbot.intents import Context
from efinbot.knowledge import Snapshot

NOW = 1_800_000_000.0
TODAY = int(NOW // DAY)
BOT = 7_000_000_001
ALICE, BOB = 5_111_222_333, 42
GROUP, SUPERGROUP = -4_000_111, -1_001_234_567_890
WEATHER = Missed("What about the weather?", "en", Outcome.DECLINED, "", "", 1, NOW)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite3"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


async def reopened(state: State, url: str, *, now: float = NOW) -> State:
    await state.close()
    return await State.open(url, BOT, now)


def execute(file: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute(statement)


# Missed questions


async def test_a_question_asked_again_is_counted_however_it_is_written(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    chinese = replace(WEATHER, text="天气呢？", language="zh", at=NOW + 1)
    again = replace(WEATHER, text="WHAT  about the weather?", at=NOW + 2)
    rejected = replace(WEATHER, outcome=Outcome.REJECTED, answer="ze.defi", at=NOW + 3)
    for question in (WEATHER, chinese, again, rejected):
        state.records.note_missed(question)
    for _ in range(2):
        assert state.records.missed == [chinese, replace(again, count=2), rejected]
        state = await reopened(state, url)
    await state.close()


async def test_what_was_noted_can_be_taken_back(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    state.records.note_missed(WEATHER)
    state.records.note_missed(replace(WEATHER, at=NOW + 5))
    state.records.note_missed(replace(WEATHER, count=-1))
    assert state.records.missed == [replace(WEATHER, at=NOW + 5)]
    for _ in range(2):
        state.records.note_missed(replace(WEATHER, count=-1))
        assert state.records.missed == []
    state = await reopened(state, url)
    assert state.records.missed == []
    await state.close()


async def test_what_is_answered_now_is_dropped_whatever_became_of_it(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    for outcome in Outcome:
        state.records.note_missed(replace(WEATHER, outcome=outcome))
    kept = replace(WEATHER, text="and the tide?")
    state.records.note_missed(kept)
    state = await reopened(state, url)
    state.records.drop_missed(["what about the WEATHER?", "never asked"])
    for _ in range(2):
        assert state.records.missed == [kept]
        state = await reopened(state, url)
    await state.close()


async def test_of_too_many_questions_the_oldest_go(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("efinbot.bot.storage.records._MOST_MISSED", 3)
    state = await State.open(url, BOT, NOW)
    for number in (1, 2, 3, 1, 4):
        state.records.note_missed(replace(WEATHER, text=f"question {number}"))
    assert [one.text[-1] for one in state.records.missed] == ["3", "1", "4"]
    await state.close()


# Age


@pytest.mark.parametrize("by", ["what comes later", "a restart"])
async def test_what_is_old_is_gone(by: str, url: str) -> None:
    state = await State.open(url, BOT, NOW)
    state.records.note_missed(WEATHER)
    state.records.count(["questions"], NOW)
    state.records.vote(GROUP, 1, ALICE, 1, NOW)
    later = NOW + 401 * DAY
    if by == "a restart":
        state = await reopened(state, url, now=later)
        assert (state.records.missed, state.records.counts) == ([], {})
    else:
        state.records.note_missed(replace(WEATHER, text="new", at=later))
        state.records.count(["questions"], later)
        state.records.vote(GROUP, 2, ALICE, -1, later)
        assert [one.text for one in state.records.missed] == ["new"]
        assert state.records.counts == {(TODAY + 401, "questions"): 1, (TODAY + 401, "down"): 1}
    assert state.records.vote(GROUP, 1, ALICE, 1, later) == 0
    await state.close()


# Counts and votes


async def test_counts_are_kept_by_day(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    state.records.count(["questions", "answered"], NOW)
    state.records.count(["questions"], NOW + 1)
    state.records.count(["questions"], NOW + DAY)
    for _ in range(2):
        assert state.records.counts == {
            (TODAY, "questions"): 2,
            (TODAY, "answered"): 1,
            (TODAY + 1, "questions"): 1,
        }
        state = await reopened(state, url)
    await state.close()


async def test_a_person_has_one_vote_a_message_and_the_counts_follow(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    assert state.records.vote(GROUP, 1, ALICE, 1, NOW) == 0
    assert state.records.vote(GROUP, 1, ALICE, 1, NOW) == 1
    assert state.records.vote(GROUP, 1, BOB, -1, NOW) == 0
    assert state.records.vote(GROUP, 2, ALICE, -1, NOW) == 0
    assert state.records.counts == {(TODAY, "up"): 1, (TODAY, "down"): 2}
    state = await reopened(state, url)
    assert state.records.vote(GROUP, 1, ALICE, -1, NOW + DAY) == 1
    assert state.records.counts == {(TODAY, "down"): 2, (TODAY + 1, "down"): 1}
    assert state.records.vote(GROUP, 1, ALICE, 0, NOW + 2 * DAY) == -1
    assert state.records.vote(GROUP, 1, ALICE, 0, NOW + 2 * DAY) == 0
    for _ in range(2):
        assert state.records.counts == {(TODAY, "down"): 2}
        state = await reopened(state, url)
    await state.close()


async def test_votes_are_deleted_with_the_person_at_once_and_the_counts_stay(
    url: str, file: Path
) -> None:
    state = await State.open(url, BOT, NOW)
    state.records.vote(GROUP, 1, ALICE, 1, NOW)
    state.records.vote(GROUP, 1, BOB, 1, NOW)
    state = await reopened(state, url)
    await state.forget(ALICE)
    with contextlib.closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT person FROM efinbot_votes").fetchall() == [(BOB,)]
    assert state.records.counts == {(TODAY, "up"): 2}
    await state.close()


async def test_votes_follow_a_group_that_moves(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    state.records.vote(GROUP, 1, ALICE, 1, NOW)
    state.records.vote(GROUP, 2, ALICE, 1, NOW)
    state.records.vote(SUPERGROUP, 2, ALICE, -1, NOW)
    await state.move(GROUP, SUPERGROUP)
    state = await reopened(state, url)
    assert state.records.vote(GROUP, 1, ALICE, 0, NOW) == 0
    assert state.records.vote(SUPERGROUP, 1, ALICE, 0, NOW) == 1
    assert state.records.vote(SUPERGROUP, 2, ALICE, 0, NOW) == -1
    await state.close()


@given(st.floats(1e-6, 1e5))
def test_the_time_of_a_bucket_is_near_all_times_in_it(seconds: float) -> None:
    assert seconds_of(bucket(seconds)) == pytest.approx(seconds, rel=0.1)


def test_a_time_of_nothing_has_a_bucket() -> None:
    assert bucket(0.0) == bucket(-1.0) == 0


# Changes

EDIT = Change(1, NOW, None, "disk", {"entries/a.yaml": b"a: 1\n"}, {"entries/a.yaml": b"a: 2\n"})


async def test_a_change_is_kept_to_the_byte(url: str) -> None:
    whole = Change(
        2,
        NOW + 1,
        Author(ALICE, "Алиса 😀"),
        "upload",
        {"new.yaml": None, "gone.yaml": b"\xff\x00\r\n", "empty.yaml": b""},
        {"new.yaml": "名字".encode(), "gone.yaml": None, "empty.yaml": b"\n"},
    )
    state = await State.open(url, BOT, NOW)
    assert await state.history.note(replace(EDIT, number=0)) == EDIT
    assert await state.history.note(replace(whole, number=0)) == whole
    for _ in range(2):
        assert await state.history.changes() == [EDIT, whole]
        state = await reopened(state, url)
    await state.close()


@pytest.mark.parametrize(
    ("limit", "most"), [("_MOST_CHANGES", 3), ("_CHANGES_SIZE", 3 * 10_500)], ids=["number", "size"]
)
async def test_of_too_many_changes_the_oldest_go(
    limit: str, most: int, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"efinbot.bot.storage.history.{limit}", most)
    state = await State.open(url, BOT, NOW)
    for _ in range(6):
        await state.history.note(replace(EDIT, after={"a": os.urandom(10_000)}))
    for _ in range(2):
        assert [change.number for change in await state.history.changes()] == [4, 5, 6]
        state = await reopened(state, url)
    large = await state.history.note(replace(EDIT, after={"a": os.urandom(100_000)}))
    assert large.number == 7
    assert (await state.history.changes())[-1] == large
    await state.close()


async def test_changes_are_unpacked_while_others_get_their_turn(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    await state.history.note(EDIT)
    turn = asyncio.Event()
    asyncio.get_running_loop().call_soon(turn.set)
    assert await state.history.changes() == [EDIT]
    assert turn.is_set()
    await state.close()


async def test_a_folder_goes_on_from_its_last_change_and_another_begins_anew(
    url: str, tmp_path: Path
) -> None:
    begun, edited = Snapshot({"a": b"1", "b": b"1"}), Snapshot({"b": b"2", "c": b"1"})
    gone_on = Change(2, NOW, None, "disk", {"a": b"1", "c": None}, {"a": None, "c": b"1"})
    state = await State.open(url, BOT, NOW)
    await state.history.resume(tmp_path, begun, NOW)
    noted = await state.history.note(replace(EDIT, before={"b": b"1"}, after={"b": b"2"}))
    state = await reopened(state, url)
    for _ in range(2):
        await state.history.resume(tmp_path, edited, NOW)
        assert await state.history.changes() == [noted, gone_on]
        state = await reopened(state, url)
    await state.history.resume(tmp_path / "other", begun, NOW)
    assert await state.history.changes() == [noted, gone_on]
    await state.close()


@given(st.dictionaries(st.text(), st.none() | st.binary()))
def test_files_come_out_as_they_were_packed(files: dict[str, bytes | None]) -> None:
    assert unpack(pack(files)) == files


async def test_broken_rows_are_dropped_and_the_rest_is_kept(url: str, file: Path) -> None:
    state = await State.open(url, BOT, NOW)
    await state.history.resume(file.parent, Snapshot({}), NOW)
    await state.history.note(EDIT)
    await state.history.note(replace(EDIT, number=2))
    state.records.note_missed(WEATHER)
    state.records.note_missed(replace(WEATHER, text="one"))
    state.records.note_missed(replace(WEATHER, text="two"))
    state.records.vote(GROUP, 1, ALICE, 1, NOW)
    await state.close()
    execute(file, "UPDATE efinbot_changes SET before = x'00' WHERE number = 2")
    execute(file, "UPDATE efinbot_missed SET outcome = 'sold' WHERE text = 'one'")
    execute(file, "UPDATE efinbot_missed SET language = 'fr' WHERE text = 'two'")
    execute(file, "UPDATE efinbot_votes SET value = 5")
    execute(file, "UPDATE efinbot_folders SET files = x'00'")
    for _ in range(2):
        state = await State.open(url, BOT, NOW)
        assert await state.history.changes() == [EDIT]
        assert state.records.missed == [WEATHER]
        assert state.records.vote(GROUP, 1, ALICE, 0, NOW) == 0
        await state.close()


# When it is written


async def test_recording_adds_no_commit_to_an_answer(url: str, commits: list[object]) -> None:
    state = await State.open(url, BOT, NOW)
    commits.clear()
    for number in range(5):
        state.records.note_missed(WEATHER)
        state.records.count(["questions"], NOW)
        await state.remember(Place(ALICE, 0, ALICE), Context(depth=number, at=NOW))
    assert len(commits) == 5
    await state.close()
    assert len(commits) == 6
    state = await State.open(url, BOT, NOW)
    assert state.records.missed == [replace(WEATHER, count=5)]
    await state.close()


async def test_what_was_recorded_is_written_soon_though_nobody_waits(
    url: str, commits: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "SOON", 0.0)
    state = await State.open(url, BOT, NOW)
    commits.clear()
    for _ in range(5):
        state.records.count(["questions"], NOW)
    async with asyncio.timeout(10):
        while not (await read_state(url, BOT)).counts:
            pass
    assert len(commits) == 1
    assert (await read_state(url, BOT)).counts == {(TODAY, "questions"): 5}
    await state.close()


async def test_what_is_recorded_while_the_database_is_closed_opens_it_no_more(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "SOON", 0.05)
    state = await State.open(url, BOT, NOW)
    state.mark_handled(1)
    closing = asyncio.create_task(state.close())
    await asyncio.sleep(0)
    while not closing.done():
        state.records.count(["questions"], NOW)
        await asyncio.sleep(0)
    await asyncio.sleep(group_commit.SOON)
    assert asyncio.all_tasks() == {asyncio.current_task()}


# For the command line


def contents(file: Path) -> dict[Path, bytes]:
    """The file and those beside it."""
    return {path: path.read_bytes() for path in file.parent.iterdir()}


def _garbage(file: Path) -> None:
    file.write_bytes(b"This is no database, and it is long enough to be taken for one. " * 100)


async def test_a_running_bot_is_read_from_and_not_disturbed(url: str, file: Path) -> None:
    state = await State.open(url, BOT, NOW)
    state.records.note_missed(WEATHER)
    state.records.count(["questions"], NOW)
    state = await reopened(state, url)
    await state.choose_language(ALICE, "en")
    beside = list(contents(file))
    expected = Recorded((WEATHER,), {(TODAY, "questions"): 1})
    assert await read_state(url, BOT) == await read_state(url, None) == expected
    assert list(contents(file)) == beside
    await state.choose_language(ALICE, "zh")
    await state.close()
    left = contents(file)
    assert await read_state(url, None) == expected
    assert contents(file) == left
    assert list(left) == [file]


def _nothing(_: Path) -> None:
    pass


def _empty(file: Path) -> None:
    file.touch()


def _older(file: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        upgrade(connection, "0001")
    engine.dispose()


@pytest.mark.parametrize("make", [_nothing, _empty, _older], ids=["no file", "empty", "older"])
async def test_where_nothing_was_recorded_nothing_is_read(
    make: Callable[[Path], None], url: str, file: Path
) -> None:
    make(file)
    left = contents(file)
    assert await read_state(url, None) == await read_state(url, BOT) == Recorded()
    assert contents(file) == left


async def test_of_several_bots_one_must_be_named(url: str) -> None:
    for bot in (BOT, BOT + 1):
        state = await State.open(url, bot, NOW)
        state.records.count([f"entry.{bot}"], NOW)
        await state.close()
    with pytest.raises(StorageError, match=f"the bots {BOT}, {BOT + 1} share this database"):
        await read_state(url, None)
    assert (await read_state(url, BOT + 1)).counts == {(TODAY, f"entry.{BOT + 1}"): 1}


async def test_a_file_that_is_no_database_is_refused_in_one_line(url: str, file: Path) -> None:
    _garbage(file)
    with pytest.raises(StorageError, match="file is not a database") as refused:
        await read_state(url, None)
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)
