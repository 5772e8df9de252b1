"""What outlives a restart: kept, forgotten, shared, and the databases that don't work."""

import asyncio
import contextlib
import logging
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from efinbot.bot.storage import Place, group_commit
from efinbot.bot.storage.serialization import from_json, to_json
from efinbot.bot.storage.state import State
from efinbot.bot.storage.tables import MUTES
from efinbot.bot.storage.write_behind import WriteBehindTable
from efinbot.intents import LIFETIME, Context
from efinbot.knowledge import LANGUAGES

NOW = 1_800_000_000.0
BOT = 7_000_000_001
ALICE, BOB = 5_111_222_333, 42
GROUP, SUPERGROUP = -4_000_111, -1_001_234_567_890
HOME = Place(ALICE, 0, ALICE)
TALK = Context(intent="explain", topics=("open_banking",), region="cn", language="zh", at=NOW)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'data' / 'state.sqlite3'}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "state.sqlite3"


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    return caplog


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def stored(file: Path) -> str:
    """The file's content as SQL."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        return "\n".join(database.iterdump())


def execute(file: Path, statement: str, *values: object) -> None:
    file.parent.mkdir(exist_ok=True)
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute(statement, values)


def warnings(log: pytest.LogCaptureFixture) -> list[str]:
    """The warnings so far; none comes with a traceback."""
    assert not any(record.exc_info for record in log.records)
    return [r.getMessage() for r in log.records if r.levelno >= logging.WARNING]


async def reopened(state: State, url: str, *, now: float = NOW) -> State:
    await state.close()
    return await State.open(url, BOT, now)


async def test_a_restart_keeps_everything(url: str, log: pytest.LogCaptureFixture) -> None:
    state = await State.open(url, BOT, NOW)
    await state.choose_language(GROUP, "en")
    await state.remember(HOME, TALK)
    await state.remember(Place(GROUP, 17, BOB), Context(listed=("cbdc", "psd2"), depth=2, at=NOW))
    await state.mute(BOB, NOW + 60.5)
    state.mark_handled(900_000_001)
    state = await reopened(state, url)
    assert state.language(GROUP) == "en"
    assert state.dialogue(HOME) == TALK
    there = state.dialogue(Place(GROUP, 17, BOB))
    assert there == Context(listed=("cbdc", "psd2"), depth=2, at=NOW)
    assert state.muted_until(BOB) == NOW + 60.5
    assert state.handled(900_000_001)
    await state.close()
    assert not log.records


async def test_what_was_never_said_is_not_known(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    assert state.language(ALICE) is None
    assert state.dialogue(HOME) is None
    assert state.muted_until(ALICE) == 0.0
    assert not state.handled(1)
    await state.close()


async def test_what_is_taken_back_stays_so_after_a_restart(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    await state.choose_language(ALICE, "zh")
    await state.mute(BOB, NOW + 60)
    state = await reopened(state, url)
    await state.choose_language(ALICE, None)
    await state.mute(BOB, 0.0)
    state = await reopened(state, url)
    assert state.language(ALICE) is None
    assert state.muted_until(BOB) == 0.0
    await state.close()


async def test_the_last_of_many_writes_counts(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    for depth in range(5):
        await state.remember(HOME, Context(depth=depth, at=NOW + depth))
    state = await reopened(state, url)
    assert state.dialogue(HOME) == Context(depth=4, at=NOW + 4)
    await state.close()


async def test_nobody_else_can_read_the_file(url: str, file: Path) -> None:
    state = await State.open(url, BOT, NOW)
    assert (mode(file.parent), mode(file)) == (0o700, 0o600)
    await state.close()


async def test_the_url_may_name_the_driver(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    await state.choose_language(ALICE, "en")
    state = await reopened(state, url.replace("sqlite:", "sqlite+aiosqlite:"))
    assert state.language(ALICE) == "en"
    await state.close()


async def test_a_database_in_memory_will_do(log: pytest.LogCaptureFixture) -> None:
    state = await State.open("sqlite://", BOT, NOW)
    await state.remember(HOME, TALK)
    assert state.dialogue(HOME) == TALK
    await state.close()
    assert not log.records


# Expiry and limits


async def test_old_dialogues_and_mutes_are_gone_after_a_restart(url: str, file: Path) -> None:
    state = await State.open(url, BOT, NOW)
    await state.remember(HOME, TALK)
    await state.mute(BOB, NOW + 60)
    state = await reopened(state, url, now=NOW + LIFETIME + 1)
    assert state.dialogue(HOME) is None
    assert state.muted_until(BOB) == 0.0
    await state.close()
    assert 'INSERT INTO "efinbot_dialogues' not in stored(file)
    assert 'INSERT INTO "efinbot_mutes' not in stored(file)


async def test_a_new_dialogue_clears_old_ones_away(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    await state.remember(HOME, TALK)
    await state.remember(Place(BOB, 0, BOB), Context(at=NOW + LIFETIME + 1))
    assert state.dialogue(HOME) is None
    state = await reopened(state, url)
    assert state.dialogue(HOME) is None
    assert state.dialogue(Place(BOB, 0, BOB)) is not None
    await state.close()


async def test_the_last_few_thousand_updates_are_known_even_if_ids_start_afresh(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    ids = [*range(900_000_000, 900_003_000), *range(100, 3100)]
    for update in ids:
        state.mark_handled(update)
        state.mark_handled(update)
    for _ in range(2):
        assert [update for update in ids if state.handled(update)] == ids[-4096:]
        state = await reopened(state, url)
    state.mark_handled(5)
    assert not state.handled(ids[-4096])
    assert state.handled(ids[-4095])
    await state.close()


async def test_of_too_many_dialogues_the_oldest_goes(
    url: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("efinbot.bot.storage.state._MOST_DIALOGUES", 5)
    state = await State.open(url, BOT, NOW)
    places = [Place(person, 0, person) for person in range(1, 9)]
    for second, place in enumerate(places):
        await state.remember(place, Context(at=NOW + second))
    await state.remember(places[3], Context(at=NOW + 9))
    for left in ([3, 4, 5, 6, 7], [3, 6, 7]):
        assert [n for n, place in enumerate(places) if state.dialogue(place)] == left
        monkeypatch.setattr("efinbot.bot.storage.state._MOST_DIALOGUES", 3)
        state = await reopened(state, url)
    await state.close()
    assert stored(file).count('INSERT INTO "efinbot_dialogues"') == 3


def test_what_is_never_written_takes_no_memory_either() -> None:
    table: WriteBehindTable[float] = WriteBehindTable(
        MUTES, BOT, 2, encode=lambda until: (until,), decode=float, order="until"
    )
    for person in range(100):
        table.put((person,), NOW)
    changes = table.take()
    assert changes.whole
    assert changes.new == [((98,), NOW), ((99,), NOW)]
    assert not table.changed


# Bots, chats, people


async def test_two_bots_in_one_file_know_nothing_of_each_other(url: str) -> None:
    one = await State.open(url, BOT, NOW)
    other = await State.open(url, BOT + 1, NOW)
    await one.remember(HOME, TALK)
    await one.choose_language(ALICE, "zh")
    one.mark_handled(1)
    await other.choose_language(ALICE, "en")
    await other.forget(ALICE)
    await other.close()
    one = await reopened(one, url)
    other = await State.open(url, BOT + 1, NOW)
    assert (one.language(ALICE), other.language(ALICE)) == ("zh", None)
    assert (one.dialogue(HOME), other.dialogue(HOME)) == (TALK, None)
    assert (one.handled(1), other.handled(1)) == (True, False)
    await one.close()
    await other.close()


async def test_everything_follows_a_group_that_moves(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    await state.choose_language(GROUP, "zh")
    await state.remember(Place(GROUP, 0, ALICE), TALK)
    await state.remember(HOME, TALK)
    await state.move(GROUP, SUPERGROUP)
    await state.move(GROUP, SUPERGROUP)  # Telegram says so on both sides
    for _ in range(2):
        assert state.language(GROUP) is None
        assert state.language(SUPERGROUP) == "zh"
        assert state.dialogue(Place(GROUP, 0, ALICE)) is None
        assert state.dialogue(Place(SUPERGROUP, 0, ALICE)) == TALK
        assert state.dialogue(HOME) == TALK
        state = await reopened(state, url)
    await state.close()


async def test_what_was_said_after_the_move_stays(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    later = Context(intent="compare", at=NOW + 5)
    await state.choose_language(GROUP, "zh")
    await state.choose_language(SUPERGROUP, "en")
    await state.remember(Place(GROUP, 0, ALICE), TALK)
    await state.remember(Place(SUPERGROUP, 0, ALICE), later)
    await state.move(GROUP, SUPERGROUP)
    assert state.language(SUPERGROUP) == "en"
    assert state.dialogue(Place(SUPERGROUP, 0, ALICE)) == later
    await state.close()


async def test_a_person_is_forgotten_everywhere_and_nobody_else_is(url: str, file: Path) -> None:
    state = await State.open(url, BOT, NOW)
    mine = (HOME, Place(GROUP, 0, ALICE), Place(SUPERGROUP, 3, ALICE))
    theirs = (Place(BOB, 0, BOB), Place(GROUP, 0, BOB))
    for place in (*mine, *theirs):
        await state.remember(place, TALK)
    await state.mute(ALICE, NOW + 60)
    for chat in (ALICE, BOB, GROUP):
        await state.choose_language(chat, "en")
    state = await reopened(state, url)
    await state.forget(ALICE)
    for _ in range(2):
        assert [state.dialogue(place) for place in mine] == [None] * 3
        assert [state.dialogue(place) for place in theirs] == [TALK] * 2
        assert state.muted_until(ALICE) == 0.0
        assert [state.language(chat) for chat in (ALICE, BOB, GROUP)] == [None, "en", "en"]
        state = await reopened(state, url)
    await state.close()
    assert str(BOB) in stored(file)
    assert str(ALICE) not in stored(file)


# Group commit

_CHILD = """
import asyncio, sys
from efinbot.bot.storage import Place
from efinbot.bot.storage.state import State
from efinbot.intents import Context

async def main():
    state = await State.open(sys.argv[1], 1, 0.0)
    for number in range(1000):
        state.mark_handled(number)
        await state.remember(Place(number, 0, number), Context(intent=f"i{number}", at=1.0))
        print(number, flush=True)
        sys.stdin.readline()

asyncio.run(main())
"""


async def test_an_awaited_write_outlives_a_kill(url: str) -> None:
    for last in (0, 5):
        command = [sys.executable, "-c", _CHILD, url]
        with subprocess.Popen(  # noqa: ASYNC220 - nothing else runs in this loop
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdin
            assert child.stdout
            for number in range(last + 1):
                assert child.stdout.readline() == f"{number}\n"
                if number < last:
                    child.stdin.write("\n")
                    child.stdin.flush()
            child.send_signal(signal.SIGKILL)
        state = await State.open(url, 1, 1.0)
        for number in range(last + 1):
            kept = state.dialogue(Place(number, 0, number))
            assert kept == Context(intent=f"i{number}", at=1.0)
            assert state.handled(number)
        await state.close()


def test_a_process_that_never_closes_ends_quietly(url: str) -> None:
    code = _CHILD.replace("range(1000)", "range(3)")
    command = [sys.executable, "-c", code, url]
    ended = subprocess.run(
        command, input="\n\n\n", capture_output=True, text=True, timeout=60, check=True
    )
    assert (ended.stdout, ended.stderr) == ("0\n1\n2\n", "")


async def test_writes_that_come_together_are_committed_together(
    url: str, commits: list[object]
) -> None:
    state = await State.open(url, BOT, NOW)
    places = [Place(person, 0, person) for person in range(1, 1501)]

    async def talk(place: Place) -> None:
        for depth in range(3):
            state.mark_handled(place.person * 3 + depth)
            await state.remember(place, Context(depth=depth, at=NOW))

    commits.clear()
    await asyncio.gather(*map(talk, places))
    assert len(commits) < 10
    state = await reopened(state, url)
    assert {state.dialogue(place) for place in places} == {Context(depth=2, at=NOW)}
    await state.close()


async def test_writes_that_nobody_awaits_are_committed_together_in_a_moment(
    url: str, commits: list[object]
) -> None:
    state = await State.open(url, BOT, NOW)
    commits.clear()
    for person in range(1, 41):
        state.mark_handled(person)
        state.remember(Place(person, 0, person), TALK)
        await asyncio.sleep(0)
    async with asyncio.timeout(10):
        while not commits:  # noqa: ASYNC110 - SQLAlchemy tells of them by a list
            await asyncio.sleep(0.01)
    await state.close()
    assert len(commits) == 1
    state = await State.open(url, BOT, NOW)
    assert all(state.dialogue(Place(person, 0, person)) == TALK for person in range(1, 41))
    await state.close()


async def test_nothing_is_committed_where_nothing_changed(url: str, commits: list[object]) -> None:
    state = await reopened(await State.open(url, BOT, NOW), url)
    commits.clear()
    await state.choose_language(ALICE, None)
    await state.forget(ALICE)
    await state.close()
    assert commits == []


async def test_a_writer_that_gives_up_takes_nobody_along(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    places = [Place(person, 0, person) for person in range(1, 41)]
    writers = [asyncio.ensure_future(state.remember(place, TALK)) for place in places]
    await asyncio.sleep(0)
    for writer in writers[::2]:
        writer.cancel()
    done = await asyncio.gather(*writers, return_exceptions=True)
    assert done[1::2] == [None] * 20
    state = await reopened(state, url)
    assert all(state.dialogue(place) == TALK for place in places)
    await state.close()


async def test_closing_writes_what_nobody_waited_for_and_may_be_repeated(url: str) -> None:
    state = await State.open(url, BOT, NOW)
    state.mark_handled(1)
    writing = asyncio.ensure_future(state.choose_language(ALICE, "en"))
    await asyncio.sleep(0)
    await asyncio.gather(state.close(), state.close())
    await state.close()
    await writing
    await state.choose_language(ALICE, "zh")
    assert state.language(ALICE) == "zh"
    state = await State.open(url, BOT, NOW)
    assert state.handled(1)
    assert state.language(ALICE) == "en"
    await state.close()


# Databases that can't be opened


def _directory(file: Path) -> str:
    file.mkdir(parents=True)
    return f"sqlite:///{file}"


def _garbage(file: Path) -> str:
    file.parent.mkdir()
    file.write_bytes(b"This is no database, and it is long enough to be taken for one. " * 100)
    return f"sqlite:///{file}"


def _file_for_a_folder(file: Path) -> str:
    file.parent.write_text("in the way", encoding="utf-8")
    return f"sqlite:///{file}"


def _newer(file: Path) -> str:
    execute(file, "CREATE TABLE efinbot_version (version_num VARCHAR(32) PRIMARY KEY)")
    execute(file, "INSERT INTO efinbot_version VALUES ('9999')")
    return f"sqlite:///{file}"


def _strange(file: Path) -> str:
    execute(file, "CREATE TABLE efinbot_languages (other)")
    return f"sqlite:///{file}"


@pytest.mark.parametrize(
    ("make", "why"),
    [
        pytest.param(_directory, "Is a directory", id="directory"),
        pytest.param(_garbage, "file is not a database", id="garbage"),
        pytest.param(_file_for_a_folder, "File exists", id="file for a folder"),
        pytest.param(_newer, "revision 9999, newer than this efinbot", id="newer revision"),
        pytest.param(_strange, "already exists", id="a stranger's table"),
        pytest.param(lambda _: "sqlite:////proc/efinbot/x", "/proc/efinbot/x", id="no such place"),
        pytest.param(lambda _: "sqlite+pysqlite:///x", "async driver", id="synchronous driver"),
        pytest.param(lambda _: "oracel://host/name", "no driver", id="unknown kind"),
        pytest.param(lambda _: "state.sqlite3", "its URL can't be read", id="no URL"),
        pytest.param(lambda _: "", "its URL can't be read", id="nothing"),
    ],
)
async def test_without_a_database_memory_answers_and_one_line_says_why(
    make: Callable[[Path], str], why: str, file: Path, log: pytest.LogCaptureFixture
) -> None:
    url = make(file)
    state = await State.open(url, BOT, NOW)
    await state.choose_language(ALICE, "en")
    await state.remember(HOME, TALK)
    await state.mute(BOB, NOW + 60)
    state.mark_handled(1)
    await state.move(ALICE, GROUP)
    assert state.language(GROUP) == "en"
    assert state.dialogue(Place(GROUP, 0, ALICE)) == TALK
    assert state.muted_until(BOB) == NOW + 60
    assert state.handled(1)
    await state.forget(ALICE)
    assert state.dialogue(Place(GROUP, 0, ALICE)) is None
    await state.close()
    (line,) = warnings(log)
    assert why in line
    assert "\n" not in line


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("postgresql+asyncpg://bot:hunter2@db.example/name", id="driver missing"),
        pytest.param("postgresql+asyncpg://bot:x/hunter2@db.example/name", id="slash"),
        pytest.param("postgresql+asyncpg://bot:x@hunter2@db.example/name", id="at sign"),
        pytest.param("postgresql+asyncpg://bot:x:hunter2@db.example:port/name", id="no port"),
        pytest.param("nothing://bot:hunter2@db.example/name", id="unknown kind"),
        pytest.param("//bot:hunter2@db.example/name", id="no kind"),
    ],
)
async def test_a_password_is_never_logged(url: str, log: pytest.LogCaptureFixture) -> None:
    state = await State.open(url, BOT, NOW)
    await state.choose_language(ALICE, "en")
    await state.close()
    assert len(warnings(log)) == 1
    assert "hunter2" not in log.text


async def test_a_missing_driver_is_named(
    log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    state = await State.open("postgresql+asyncpg://bot:hunter2@db.example/name", BOT, NOW)
    await state.close()
    (line,) = warnings(log)
    assert "the driver asyncpg isn't installed: pip install asyncpg" in line


# Databases that stop working


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next write after a failure is tried without a pause."""
    monkeypatch.setattr(group_commit, "PAUSE", 0.0)


@pytest.fixture
def full() -> Iterator[Callable[[], None]]:
    """A disk of a few dozen pages, and what makes room on it for connections to come."""

    def fill(connection: DBAPIConnection, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA max_page_count=40")
        cursor.close()

    event.listen(sa.Engine, "connect", fill)

    def make_room() -> None:
        if event.contains(sa.Engine, "connect", fill):
            event.remove(sa.Engine, "connect", fill)

    yield make_room
    make_room()


@pytest.mark.usefixtures("at_once")
async def test_a_full_disk_is_reported_once_and_made_up_for(
    url: str, full: Callable[[], None], log: pytest.LogCaptureFixture
) -> None:
    state = await State.open(url, BOT, NOW)
    context = Context(topics=("x" * 1000,), at=NOW)
    places = [Place(person, 0, person) for person in range(1, 301)]
    await asyncio.gather(*(state.remember(place, context) for place in places))
    await state.choose_language(BOB, "zh")
    (line,) = warnings(log)
    assert "full" in line
    assert "xxx" not in line
    assert all(state.dialogue(place) == context for place in places)
    full()
    await state.choose_language(ALICE, "en")
    assert log.records[-1].getMessage() == "all is stored again"
    state = await reopened(state, url)
    assert all(state.dialogue(place) == context for place in places)
    assert state.language(ALICE) == "en"
    await state.close()
    assert len(warnings(log)) == 1


@pytest.mark.usefixtures("at_once")
async def test_a_deleted_file_is_made_anew_with_all_that_memory_knows(
    url: str, file: Path, log: pytest.LogCaptureFixture
) -> None:
    state = await State.open(url, BOT, NOW)
    await state.choose_language(ALICE, "en")
    shutil.rmtree(file.parent)
    await state.remember(HOME, TALK)
    (line,) = warnings(log)
    assert "the file was deleted or replaced" in line
    await state.mute(BOB, NOW + 60)
    state = await reopened(state, url)
    assert state.language(ALICE) == "en"
    assert state.dialogue(HOME) == TALK
    assert state.muted_until(BOB) == NOW + 60
    await state.close()


async def test_answers_wait_for_a_locked_database_once(
    url: str, file: Path, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("efinbot.bot.storage.database._PATIENCE", 0.0)
    monkeypatch.setattr(group_commit, "PAUSE", 1e9)
    state = await State.open(url, BOT, NOW)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await asyncio.gather(*(state.choose_language(chat, "zh") for chat in range(50)))
    await state.remember(HOME, TALK)
    other.close()
    (line,) = warnings(log)
    assert "locked" in line
    state = await reopened(state, url)
    assert state.dialogue(HOME) == TALK
    assert {state.language(chat) for chat in range(50)} == {"zh"}
    await state.close()


@pytest.mark.usefixtures("at_once")
async def test_each_failure_after_a_success_is_reported(
    url: str, file: Path, log: pytest.LogCaptureFixture
) -> None:
    state = await State.open(url, BOT, NOW)
    for _ in range(2):
        shutil.rmtree(file.parent)
        await state.remember(HOME, TALK)
        await state.remember(HOME, TALK)
    assert [record.levelname for record in log.records] == ["WARNING", "INFO"] * 2
    await state.close()


# Contexts in other versions' words

_TEXT = st.text(max_size=8)
_TEXTS = st.lists(_TEXT, max_size=4).map(tuple)


@given(
    st.builds(
        Context,
        intent=_TEXT,
        topics=_TEXTS,
        earlier=_TEXTS,
        region=st.none() | _TEXT,
        listed=_TEXTS,
        depth=st.integers(0, 1000),
        language=st.none() | st.sampled_from(LANGUAGES),
        at=st.floats(allow_nan=False),
    )
)
def test_a_context_comes_back_as_it_went(context: Context) -> None:
    assert from_json(context.at, orjson.loads(orjson.dumps(to_json(context)))) == context


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
)
_FIELDS = ("intent", "topics", "earlier", "region", "listed", "depth", "language", "at", "newer")


@given(st.dictionaries(st.sampled_from(_FIELDS), _JSON))
def test_whatever_is_stored_gives_a_context_that_can_be_stored(found: dict[str, object]) -> None:
    context = from_json(1.0, found)
    assert context
    assert from_json(1.0, orjson.loads(orjson.dumps(to_json(context)))) == context
    assert context.at == 1.0
    assert isinstance(context.intent, str)
    assert context.language in {None, *LANGUAGES}


@pytest.mark.parametrize(
    ("context", "kept"),
    [
        pytest.param('{"intent": 5, "depth": 2}', Context(depth=2, at=NOW), id="wrong type"),
        pytest.param('{"mood": "x", "depth": 2}', Context(depth=2, at=NOW), id="unknown field"),
        pytest.param('{"topics": ["a", 1]}', Context(at=NOW), id="wrong item"),
        pytest.param('{"language": "fr"}', Context(at=NOW), id="unknown language"),
        pytest.param('{"depth": true}', Context(at=NOW), id="not a number"),
        pytest.param("[]", None, id="no fields"),
        pytest.param("{", None, id="no JSON"),
    ],
)
async def test_broken_fields_are_dropped_and_the_rest_is_kept(
    context: str, kept: Context | None, url: str, file: Path, log: pytest.LogCaptureFixture
) -> None:
    state = await State.open(url, BOT, NOW)
    await state.remember(HOME, TALK)
    await state.choose_language(GROUP, "zh")
    await state.choose_language(BOB, "zh")
    await state.close()
    execute(file, "UPDATE efinbot_dialogues SET context = ?", context)
    execute(file, "UPDATE efinbot_languages SET language = 'fr' WHERE chat = ?", BOB)
    for _ in range(2):
        state = await State.open(url, BOT, NOW)
        assert state.dialogue(HOME) == kept
        assert state.language(BOB) is None
        assert state.language(GROUP) == "zh"
        await state.close()
    assert not log.records
