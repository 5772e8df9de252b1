"""`efinbot init --update`: newer shipped knowledge in a folder that was copied and edited since."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from efinbot.bot.cli import app
from efinbot.knowledge import SHIPPED, Problem, inspect
from efinbot.knowledge.updating import COPIED, UNDO, FolderUpdate, copied_note

GONE = "tests/gone.yaml"
QUESTION = b"- {ask: what is Pix, intent: explain, topics: [pix]}\n"


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that nobody has edited."""
    folder = tmp_path_factory.mktemp("copies") / "untouched"
    assert CliRunner().invoke(app, ["init", str(folder)]).exit_code == 0
    return folder


@pytest.fixture
def mine(untouched: Path, tmp_path: Path) -> Path:
    """A copy to be edited."""
    return shutil.copytree(untouched, tmp_path / "mine")


def init(*words: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["init", *map(str, words)], env={"COLUMNS": "500"})
    return result.exit_code, result.stdout, result.stderr


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def copied_from(folder: Path, name: str, content: bytes | None) -> None:
    """Make the folder a copy of a version whose file had this content; None: it had none."""
    note = json.loads((folder / COPIED).read_bytes())
    note.pop(name, None)
    (folder / name).unlink(missing_ok=True)
    if content is not None:
        note |= json.loads(copied_note({name: content}))
        (folder / name).write_bytes(content)
    (folder / COPIED).write_text(json.dumps(note, indent=0) + "\n")


def shipped(name: str) -> bytes:
    return (SHIPPED / name).read_bytes()


def lines(out: str) -> list[str]:
    """Return what is said of each file."""
    return [line.strip() for line in out.splitlines() if line.startswith("  ")]


ENTRY, TEST, UNWANTED = "entries/pix.yaml", "tests/typos.yaml", "tests/plain.yaml"
EARLIER, EDIT = b"# as it was\n", b"# mine\n"
DELETED = None
FATES = {
    "changed by the new version": (ENTRY, EARLIER, EARLIER, f"updated  {ENTRY}", True),
    "changed by both": (
        *(ENTRY, EARLIER, EDIT),
        f"kept     {ENTRY} (you changed it, and the new version did too)",
        False,
    ),
    "changed by you": (ENTRY, b"", EDIT, "", False),
    "changed by you as by the new version": (ENTRY, EARLIER, b"", "", True),
    "with other line ends": (ENTRY, EARLIER, b"# as it was\r\n", f"updated  {ENTRY}", True),
    "a schema": ("schema/entry.json", EARLIER, EARLIER, "updated  schema/entry.json", True),
    "deleted by you": (TEST, b"", DELETED, "", False),
    "deleted by you and changed": (
        *(TEST, EARLIER, DELETED),
        f"kept     {TEST} deleted (the new version changed it)",
        False,
    ),
    "new": (TEST, None, DELETED, f"added    {TEST}", True),
    "new, as a file of yours is called": (
        *(TEST, None, EDIT),
        f"kept     {TEST} (you changed it, and the new version did too)",
        False,
    ),
}


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("name", "copied", "here", "told", "taken"), FATES.values(), ids=FATES.keys()
)
def test_what_was_not_changed_follows_the_new_version(
    mine: Path, name: str, copied: bytes | None, here: bytes | None, told: str, *, taken: bool
) -> None:
    copied_from(mine, name, None if copied is None else copied + shipped(name))
    if here is DELETED:
        (mine / name).unlink(missing_ok=True)
        before = None
    else:
        before = here + shipped(name)
        (mine / name).write_bytes(before)
    code, out, err = init("--update", mine)
    assert (code, err) == (0, "")
    assert lines(out) == ([told] if told else [])
    after = (mine / name).read_bytes() if (mine / name).exists() else None
    assert after == (shipped(name) if taken else before)
    assert inspect(mine).problems == ()
    assert "is up to date: nothing to do." in init("--update", mine)[1]


@pytest.mark.parametrize(
    ("here", "told", "left"),
    [
        pytest.param(QUESTION, f"removed  {GONE}", False, id="unchanged"),
        pytest.param(
            QUESTION + EDIT,
            f"kept     {GONE} (you changed it; the new version has no such file)",
            True,
            id="changed",
        ),
    ],
)
def test_what_the_new_version_has_no_more_is_removed_if_unchanged(
    mine: Path, here: bytes, told: str, *, left: bool
) -> None:
    copied_from(mine, GONE, QUESTION)
    (mine / GONE).write_bytes(here)
    assert lines(init("--update", mine)[1]) == [told]
    assert (mine / GONE).exists() == left


def edited(mine: Path) -> None:
    """Make a folder that needs something of every kind."""
    for name in ("entries/pix.yaml", "entries/upi.yaml", "glossary.yaml"):
        copied_from(mine, name, EARLIER + shipped(name))
    for name in ("entries/gdpr.yaml", "entries/pipl.yaml"):
        copied_from(mine, name, EARLIER + shipped(name))
        (mine / name).write_bytes(EDIT + shipped(name))
    copied_from(mine, UNWANTED, EARLIER + shipped(UNWANTED))
    (mine / UNWANTED).unlink()
    copied_from(mine, TEST, None)
    copied_from(mine, GONE, QUESTION)
    (mine / "tests" / "mine.yaml").write_bytes(QUESTION)


SUMMARY = "3 files updated, 3 kept because you changed them, 1 added, 1 removed."


def test_it_is_summed_up_and_can_be_taken_back(mine: Path) -> None:
    edited(mine)
    before = contents(mine)
    code, out, _ = init("--update", mine)
    assert (code, out.splitlines()[0]) == (0, SUMMARY)
    assert f"The new version of what was kept is in {SHIPPED}" in out
    assert f"efinbot init --undo {mine}" in out
    assert contents(mine) != before
    assert (mine / "tests" / "mine.yaml").read_bytes() == QUESTION
    code, out, err = init("--undo", mine)
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "3 files updated, 1 added, 1 removed."
    assert contents(mine) == before


def test_taking_back_keeps_what_was_changed_since(mine: Path) -> None:
    copied_from(mine, ENTRY, EARLIER + shipped(ENTRY))
    init("--update", mine)
    (mine / ENTRY).write_bytes(EDIT + shipped(ENTRY))
    assert lines(init("--undo", mine)[1]) == [f"kept     {ENTRY} (you changed it since the update)"]
    assert (mine / ENTRY).read_bytes() == EDIT + shipped(ENTRY)


@pytest.mark.parametrize("undo", [False, True], ids=["update", "undo"])
def test_a_dry_run_says_what_would_happen_and_writes_nothing(mine: Path, *, undo: bool) -> None:
    edited(mine)
    if undo:
        init("--update", mine)
    before = contents(mine)
    way = "--undo" if undo else "--update"
    code, out, _ = init(way, "--dry-run", mine)
    first, *told = out.splitlines()
    assert (code, first) == (0, f"Nothing was written; this is what would happen to {mine}:")
    assert contents(mine) == before
    _, done, _ = init(way, mine)
    assert [line for line in done.splitlines() if "--undo" not in line] == told


def test_what_would_break_the_folder_is_not_written(mine: Path) -> None:
    copied_from(mine, TEST, None)
    (mine / "entries" / "mine.yaml").write_text("kind: nothing\n")
    before = contents(mine)
    code, out, err = init("--update", mine)
    assert (code, out) == (1, "")
    assert f"Afterwards {mine} couldn't be read, so nothing was written." in err
    assert f"{mine / 'entries' / 'mine.yaml'}:1:1: " in err
    assert contents(mine) == before


def test_what_is_edited_meanwhile_is_not_lost(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edited(mine)
    before = contents(mine)

    def edits(_: FolderUpdate, folder: Path) -> tuple[Problem, ...]:
        (folder / ENTRY).write_bytes(EDIT)
        return ()

    monkeypatch.setattr(FolderUpdate, "problems", edits)
    assert f"{mine} was edited meanwhile, so nothing was written" in refused(["--update", mine])
    assert contents(mine) == {**before, ENTRY: EDIT}


def test_a_file_that_cannot_be_written_leaves_everything_as_it_was(mine: Path) -> None:
    edited(mine)
    linked = mine / ENTRY
    linked.rename(mine.parent / "elsewhere.yaml")
    linked.symlink_to(mine.parent / "elsewhere.yaml")
    before = contents(mine)
    code, _, err = init("--update", mine)
    assert code == 2
    assert f"{mine} can't be written: it is a symbolic link; nothing was changed" in err
    assert contents(mine) == before


def test_a_copy_without_a_note_keeps_everything_and_is_noted(mine: Path) -> None:
    (mine / COPIED).unlink()
    (mine / ENTRY).write_bytes(EDIT + shipped(ENTRY))
    (mine / TEST).unlink()
    before = contents(mine)
    code, out, _ = init("--update", mine)
    assert code == 0
    assert f"Nothing in {mine} tells what it was copied from" in out
    assert lines(out) == [f"differs  {ENTRY}", f"missing  {TEST}"]
    assert {n: c for n, c in contents(mine).items() if n != COPIED} == before
    assert "is up to date: nothing to do." in init("--update", mine)[1]


def refused(words: Iterable[str | Path]) -> str:
    code, out, err = init(*words)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    return err


def test_what_is_no_copy_is_refused(mine: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert f"there is no folder {missing}" in refused(["--update", missing])
    assert "is the shipped knowledge itself" in refused(["--update", SHIPPED])
    assert "holds no update to take back" in refused(["--undo", mine])
    assert "give either --update or --undo" in refused(["--update", "--undo", mine])
    assert "--dry-run goes with one of them" in refused(["--dry-run", tmp_path / "new"])
    (mine / COPIED).write_text("[1]")
    assert f"{COPIED} in {mine} is damaged; delete it" in refused(["--update", mine])
    (mine / UNDO).write_text("{")
    assert f"{UNDO} in {mine} is damaged; delete it" in refused(["--undo", mine])
