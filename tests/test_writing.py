"""Writing: whole files, whole changes, inside the folder."""

import errno
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from efinbot.knowledge.atomic_write import write_files

posix = pytest.mark.skipif(os.name != "posix", reason="file modes")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "knowledge"
    (folder / "entries").mkdir(parents=True)
    (folder / "overview.yaml").write_bytes(b"name: a\r\n")
    (folder / "entries" / "pix.yaml").write_bytes(b"kind: case\n")
    return folder


def held(folder: Path) -> Mapping[str, bytes]:
    """Return all files of a folder, hidden ones too."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_files_are_written_made_and_deleted(folder: Path) -> None:
    write_files(
        folder,
        {
            "overview.yaml": b"name: b\r\n",
            "tests/pix.yaml": b"- ask: a\n",
            "entries/pix.yaml": None,
        },
    )
    assert held(folder) == {"overview.yaml": b"name: b\r\n", "tests/pix.yaml": b"- ask: a\n"}


def test_what_is_gone_may_be_deleted(folder: Path) -> None:
    before = held(folder)
    write_files(folder, {"entries/new.yaml": None})
    assert held(folder) == before


@posix
def test_the_mode_of_a_file_stays_and_a_new_one_has_the_usual(folder: Path) -> None:
    (folder / "overview.yaml").chmod(0o640)
    umask = os.umask(0o027)
    try:
        write_files(folder, {"overview.yaml": b"", "outside.yaml": b""})
    finally:
        os.umask(umask)
    modes = [(folder / name).stat().st_mode & 0o777 for name in ("overview.yaml", "outside.yaml")]
    assert modes == [0o640, 0o640]


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../a.yaml",
        "/etc/a.yaml",
        "entries/../../a.yaml",
        "entries/",
        "a\\..\\b.yaml",
    ],
)
def test_a_name_that_leads_out_of_the_folder_is_refused(folder: Path, name: str) -> None:
    before = held(folder.parent)
    with pytest.raises(ValueError, match="names no file in the folder"):
        write_files(folder, {"overview.yaml": b"", name: b""})
    assert held(folder.parent) == before


@posix
@pytest.mark.parametrize("link", ["overview.yaml", "entries"])
def test_links_are_not_followed(folder: Path, tmp_path: Path, link: str) -> None:
    outside = (folder / link).rename(tmp_path / "outside")
    (folder / link).symlink_to(outside)
    before = held(tmp_path)
    with pytest.raises(OSError, match="symbolic link") as refused:
        write_files(folder, {"overview.yaml": b"", "entries/pix.yaml": b""})
    assert refused.value.filename == str(folder / link)
    assert held(tmp_path) == before


def test_a_folder_is_no_file(folder: Path) -> None:
    with pytest.raises(IsADirectoryError):
        write_files(folder, {"entries": b""})
    assert len(held(folder)) == 2


@posix
@pytest.mark.parametrize(
    ("step", "failing"), [("fsync", 1), ("fsync", 2), ("replace", 1), ("replace", 2)]
)
def test_a_failure_leaves_everything_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: str, failing: int
) -> None:
    """Whether the disk is full while content is written, or a name can't be taken."""
    owner = os if step == "fsync" else Path
    works = getattr(owner, step)
    calls = 0

    def fail(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == failing:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return works(*arguments)

    before = held(folder)
    monkeypatch.setattr(owner, step, fail)
    with pytest.raises(OSError, match="No space left"):
        write_files(
            folder,
            {
                "entries/pix.yaml": None,
                "overview.yaml": b"name: b\n",
                "new/folder/a.yaml": b"a",
            },
        )
    assert held(folder) == before
    assert {path.name for path in folder.iterdir()} == {"entries", "overview.yaml"}


@posix
@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_stays_as_it_is(folder: Path) -> None:
    before = held(folder)
    folder.chmod(0o500)
    try:
        with pytest.raises(PermissionError):
            write_files(folder, {"overview.yaml": b""})
    finally:
        folder.chmod(0o700)
    assert held(folder) == before


@posix
@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may write anything")
def test_a_file_that_may_not_be_written_is_not_replaced(folder: Path) -> None:
    (folder / "overview.yaml").chmod(0o400)
    with pytest.raises(PermissionError):
        write_files(folder, {"overview.yaml": b""})
    assert (folder / "overview.yaml").read_bytes() == b"name: a\r\n"


def test_a_file_system_without_other_names_for_files_will_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write_files(folder, {"overview.yaml": b"b", "entries/pix.yaml": None})
    assert held(folder) == {"overview.yaml": b"b"}
