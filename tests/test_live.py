"""The knowledge while it is being edited: what answers, and what its operators hear."""

import asyncio
import os
import shutil
import sys
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from efinbot.bot import Assistant
from efinbot.bot.reload.live import Live, MeanwhileError, Reloaded
from efinbot.bot.reload.subprocess_worker import WorkerError
from efinbot.bot.storage import Author
from efinbot.intents import Engine
from efinbot.knowledge import Snapshot
from efinbot.knowledge.atomic_write import write_files
from efinbot.knowledge.document import MAX_BYTES

WUYI = "entries/wuyi.yaml"
ADA, BOB = Author(1, "Ada"), Author(2, "Bob")


class Listener:
    """Notes what it hears, and waits for it."""

    def __init__(self) -> None:
        self.adoptions: asyncio.Queue[None] = asyncio.Queue()
        self.outcomes: asyncio.Queue[Reloaded] = asyncio.Queue()

    def adopted(self) -> None:
        self.adoptions.put_nowait(None)

    async def reloaded(self, outcome: Reloaded) -> None:
        self.outcomes.put_nowait(outcome)


@pytest.fixture
def live(small_folder: Path, small_engine: Engine) -> Live:
    return Live(small_folder, Assistant(small_engine))


@pytest.fixture
def listener(live: Live) -> Listener:
    listener = Listener()
    live.observers.append(listener)
    return listener


@pytest.fixture
async def watched(live: Live) -> AsyncIterator[Live]:
    """The same, following its folder."""
    watching = asyncio.create_task(live.watch())
    await asyncio.sleep(0.2)  # the system is asked for changes from then on
    yield live
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    await live.close()


def edit(folder: Path, old: str, new: str, name: str = WUYI) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def said(live: Live, question: str = "what is Wuyi rock tea") -> str:
    return live.assistant.answer(question, None, 0).reply.html


def saved_in_place(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def saved_beside(path: Path, content: bytes) -> None:
    """Save as vim and others do: a new file takes the place, a backup stays."""
    shutil.copy(path, path.with_name(f"{path.name}~"))
    beside = path.with_name(f".{path.name}.swp")
    beside.write_bytes(content)
    beside.replace(path)


def saved_in_pieces(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        for start in range(0, len(content), 100):
            file.write(content[start : start + 100])
            file.flush()


SAVES = (saved_in_place, saved_beside, saved_in_pieces)


@pytest.mark.parametrize("save", SAVES, ids=lambda save: save.__name__)
async def test_an_edit_is_live_at_once_and_learned_soon(
    watched: Live, listener: Listener, save: Callable[[Path, bytes], None]
) -> None:
    path = watched.folder / WUYI
    content = path.read_bytes()
    save(path, content.replace(b"Wuyi", b"Wu-Yi"))
    await listener.adoptions.get()
    assert "Wu-Yi" in said(watched)
    outcome = await listener.outcomes.get()
    assert outcome.problems == ()
    (change,) = outcome.changes
    assert change.before == {WUYI: content}
    assert change.after == {WUYI: path.read_bytes()}
    assert (change.author, change.origin) == (None, "disk")
    assert "Wu-Yi" in said(watched)


async def test_what_is_broken_changes_nothing_and_is_told_once(
    watched: Live, listener: Listener
) -> None:
    before = said(watched)
    edit(watched.folder, "kind: case", "kind: cse")
    outcome = await listener.outcomes.get()
    (problem,) = outcome.problems
    assert problem.fix() == "did you mean 'case'?"
    assert problem.location.path == watched.folder / WUYI
    assert outcome.changes == ()
    edit(watched.folder, "kind: cse", "kind: cse ")
    assert (await watched.reload()).problems == outcome.problems
    assert listener.outcomes.empty()
    assert said(watched) == before
    edit(watched.folder, "kind: cse ", "kind: case")
    assert await listener.outcomes.get() == Reloaded(fixed=True)
    assert listener.adoptions.empty()


async def test_of_a_save_that_goes_on_nobody_hears(watched: Live, listener: Listener) -> None:
    path = watched.folder / WUYI
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + b'"')
    await asyncio.sleep(0.4)  # long enough to be seen, too short to be told
    path.write_bytes(content)
    assert (await watched.reload()) == Reloaded()
    assert listener.outcomes.empty()


async def test_what_is_saved_while_the_bot_starts_is_an_edit(
    small_folder: Path, small_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(folder: Path) -> Engine:
        edit(folder, "half oxidised", "partly oxidised")
        return small_engine

    with monkeypatch.context() as starting:
        starting.setattr("efinbot.bot.reload.live.open_built", opened)
        live = Live.open(small_folder)
    assert (await live.reload()).changes
    assert "partly oxidised" in said(live)


class Slow(Listener):
    """Takes its time to hear, as a database may."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()

    async def reloaded(self, outcome: Reloaded) -> None:
        self.begun.set()
        await self.may_end.wait()
        await super().reloaded(outcome)


async def test_a_change_is_told_though_a_newer_one_follows(live: Live) -> None:
    live.observers.append(slow := Slow())
    edit(live.folder, "half oxidised", "partly oxidised")
    first = asyncio.create_task(live.reload())
    await slow.begun.wait()
    (live.folder / "glossary.yaml").unlink()
    while not slow.adoptions.empty():
        slow.adoptions.get_nowait()
    second = asyncio.create_task(live.reload())
    await slow.adoptions.get()
    slow.may_end.set()
    await asyncio.gather(first, second)
    changes = [one for _ in range(2) for one in slow.outcomes.get_nowait().changes]
    assert [[*one.after] for one in changes] == [[WUYI], ["glossary.yaml"]]


NO_KNOWLEDGE = ("entries/wuyi.yaml~", "entries/.wuyi.yaml.swp", "entries/4913", "notes.txt")


@pytest.mark.parametrize("name", NO_KNOWLEDGE)
async def test_what_editors_leave_behind_is_no_change(live: Live, name: str) -> None:
    (live.folder / name).write_text("kind: [", encoding="utf-8")
    assert await live.reload() == Reloaded()


async def test_a_new_entry_is_answered_when_it_has_been_learned(
    live: Live, listener: Listener
) -> None:
    text = (live.folder / WUYI).read_text(encoding="utf-8")
    for old, new in (
        ("武夷岩茶", "凤凰单丛"),
        ("Wuyi rock tea", "Phoenix tea"),
        ("order: 1", "order: 9"),
    ):
        text = text.replace(old, new)
    text = text.replace("[大红袍]", "[]").replace("[Da Hong Pao]", "[]").split("asks:")[0]
    asks = "asks: {zh: [潮州人喝的乌龙], en: [the oolong from Guangdong]}"
    (live.folder / "entries" / "phoenix.yaml").write_text(text + asks, encoding="utf-8")
    outcome = await live.reload()
    assert outcome.problems == ()
    (change,) = outcome.changes
    assert list(change.before.values()) == [None]
    assert listener.adoptions.qsize() == 1
    assert "Phoenix tea grows" in said(live, "the oolong from Guangdong")
    (live.folder / "entries" / "phoenix.yaml").unlink()
    await live.reload()
    assert "Phoenix" not in said(live, "the oolong from Guangdong")


async def test_going_back_while_it_is_learned_brings_the_old_answers_back(
    watched: Live, listener: Listener
) -> None:
    before = said(watched)
    edit(watched.folder, "Wuyi rock", "Wuyi stone")
    await listener.adoptions.get()
    assert said(watched, "what is Wuyi stone tea") != before
    edit(watched.folder, "Wuyi stone", "Wuyi rock")
    await watched.reload()
    assert said(watched) == before
    assert listener.outcomes.empty()


async def test_questions_that_test_the_folder_need_no_learning(
    live: Live, listener: Listener
) -> None:
    (live.folder / "tests").mkdir()
    (live.folder / "tests" / "more.yaml").write_text("[]", encoding="utf-8")
    outcome = await live.reload()
    (change,) = outcome.changes
    assert list(change.after) == ["tests/more.yaml"]
    assert listener.adoptions.empty()


async def test_a_folder_in_the_place_of_the_watched_is_followed(
    watched: Live, listener: Listener, tmp_path: Path
) -> None:
    other = shutil.copytree(watched.folder, tmp_path / "other")
    edit(other, "half oxidised", "partly oxidised")
    watched.folder.rename(tmp_path / "away")
    other.rename(watched.folder)
    await listener.adoptions.get()
    assert "partly oxidised" in said(watched)
    edit(watched.folder, "partly oxidised", "oxidised a little")
    await listener.adoptions.get()


async def test_a_name_that_is_no_utf8_ends_no_watch(watched: Live, listener: Listener) -> None:
    (watched.folder / os.fsdecode(b"\xb2\xe8.txt")).write_bytes(b"")
    edit(watched.folder, "half oxidised", "partly oxidised")
    await listener.adoptions.get()
    edit(watched.folder, "partly oxidised", "oxidised a little")
    await listener.adoptions.get()


async def test_a_change_from_elsewhere_is_kept_with_its_author(live: Live) -> None:
    content = (live.folder / WUYI).read_bytes()
    files = {WUYI: content.replace(b"half oxidised", b"partly oxidised"), "glossary.yaml": None}
    outcome = await live.write(files, ADA, "upload", live.snapshot)
    (change,) = outcome.changes
    assert (change.author, change.origin) == (ADA, "upload")
    assert change.after == files
    assert "partly oxidised" in said(live)
    assert await live.reload() == Reloaded()
    await live.write(change.before, ADA, "rollback", live.snapshot)
    assert (live.folder / WUYI).read_bytes() == content
    assert (live.folder / "glossary.yaml").exists()


async def test_a_change_that_was_made_for_something_else_is_refused(live: Live) -> None:
    base = live.snapshot
    edit(live.folder, "half oxidised", "partly oxidised")
    edited = (live.folder / WUYI).read_bytes()
    with pytest.raises(MeanwhileError) as refusal:
        await live.write({WUYI: b""}, ADA, "upload", base)
    assert refusal.value.names == (WUYI,)
    assert (live.folder / WUYI).read_bytes() == edited


async def test_a_change_that_turns_out_broken_is_taken_back(live: Live, listener: Listener) -> None:
    before = Snapshot.of(live.folder)
    files = {WUYI: b"kind: cse", "entries/new.yaml": b"kind: case"}
    assert (await live.write(files, ADA, "upload", live.snapshot)).problems
    assert Snapshot.of(live.folder) == before
    assert listener.adoptions.empty()


async def test_changes_made_at_once_are_kept_each_with_its_author(
    live: Live, listener: Listener
) -> None:
    content = (live.folder / WUYI).read_bytes()
    hers = {WUYI: content.replace(b"half oxidised", b"partly oxidised")}
    first = asyncio.create_task(live.write(hers, ADA, "upload", live.snapshot))
    await listener.adoptions.get()  # it is written, but not learned yet
    his = {"glossary.yaml": None}
    await live.write(his, BOB, "upload", Snapshot.of(live.folder))
    await first
    changes = [one for _ in range(2) for one in listener.outcomes.get_nowait().changes]
    assert [(one.author, one.after) for one in changes] == [(ADA, hers), (BOB, his)]


async def test_what_is_saved_while_a_change_is_learned_is_kept_apart_from_it(
    live: Live, listener: Listener
) -> None:
    (live.folder / "tests").mkdir()
    (live.folder / "tests/stray.yaml").write_text("[]  # saved before")
    content = (live.folder / WUYI).read_bytes()
    hers = {WUYI: content.replace(b"half oxidised", b"partly oxidised")}
    writing = asyncio.create_task(live.write(hers, ADA, "upload", Snapshot.of(live.folder)))
    await listener.adoptions.get()  # it is written, but not learned yet
    (live.folder / "tests/more.yaml").write_text("[]  # saved meanwhile")
    live.follow()
    outcome = await writing
    assert [(one.author, one.origin, list(one.after)) for one in outcome.changes] == [
        (None, "disk", ["tests/stray.yaml"]),
        (ADA, "upload", [WUYI]),
        (None, "disk", ["tests/more.yaml"]),
    ]


async def test_taking_back_spares_what_was_saved_meanwhile(live: Live, listener: Listener) -> None:
    content = (live.folder / WUYI).read_bytes()
    files = {WUYI: content.replace(b"half oxidised", b"partly oxidised")}
    writing = asyncio.create_task(live.write(files, ADA, "upload", live.snapshot))
    await listener.adoptions.get()
    edit(live.folder, "kind: case", "kind: cse")
    saved = (live.folder / WUYI).read_bytes()
    await live.reload()
    assert (await writing).problems
    assert (live.folder / WUYI).read_bytes() == saved


async def test_what_is_taken_back_is_as_it_was_whatever_else_is_saved(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = b"[]  # too large to be read\n" + b"#" * 2 * MAX_BYTES
    (live.folder / "tests").mkdir()
    (live.folder / "tests/large.yaml").write_bytes(large)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    files = {"tests/large.yaml": b"[]", "glossary.yaml": None}
    before = (live.folder / "glossary.yaml").read_bytes()

    def beside_another(folder: Path, files: Mapping[str, bytes | None]) -> None:
        write_files(folder, files)
        (folder / "tests/other.yaml").write_bytes(b"[]")

    monkeypatch.setattr("efinbot.bot.reload.live.write_files", beside_another)
    with pytest.raises(WorkerError):
        await live.write(files, ADA, "upload", Snapshot.of(live.folder))
    assert (live.folder / "tests/large.yaml").read_bytes() == large
    assert (live.folder / "glossary.yaml").read_bytes() == before
    assert (live.folder / "tests/other.yaml").exists()


async def test_a_change_that_cannot_be_learned_is_taken_back(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Snapshot.of(live.folder)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(WorkerError):
        await live.write({"glossary.yaml": None}, ADA, "upload", live.snapshot)
    assert Snapshot.of(live.folder) == before


@pytest.mark.parametrize("stage", ["writing", "learning"])
async def test_a_change_that_is_interrupted_is_taken_back(
    live: Live, listener: Listener, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Snapshot.of(live.folder)
    loop, begun, ended = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
    disk = threading.Event()

    def writing(folder: Path, files: Mapping[str, bytes | None]) -> None:
        loop.call_soon_threadsafe(begun.set)
        disk.wait()
        write_files(folder, files)
        loop.call_soon_threadsafe(ended.set)

    monkeypatch.setattr("efinbot.bot.reload.live.write_files", writing)
    files = {f"tests/{number}.yaml": b"[]" for number in range(40)} | {"glossary.yaml": None}
    work = asyncio.create_task(live.write(files, ADA, "upload", live.snapshot))
    await begun.wait()
    if stage == "learning":
        disk.set()
        await listener.adoptions.get()
    work.cancel()
    loop.call_later(0.1, disk.set)
    with pytest.raises(asyncio.CancelledError):
        await work
    await ended.wait()
    assert Snapshot.of(live.folder) == before


async def test_where_nothing_can_be_written_nothing_changes(live: Live) -> None:
    before = Snapshot.of(live.folder)
    (live.folder / "entries").rename(live.folder / "kept")
    (live.folder / "entries").symlink_to("kept")
    with pytest.raises(OSError, match="symbolic link"):
        await live.write({WUYI: b""}, ADA, "upload", Snapshot.of(live.folder))
    (live.folder / "entries").unlink()
    (live.folder / "kept").rename(live.folder / "entries")
    assert Snapshot.of(live.folder) == before
