"""A folder to start from: a copy that is whole, and refused where something stands already."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from efinbot.bot.cli import app
from efinbot.knowledge import SHIPPED, Snapshot, inspect


def init(folder: Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["init", str(folder)])
    return result.exit_code, result.stdout, result.stderr


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_copy_is_the_shipped_knowledge_with_its_schemas(tmp_path: Path) -> None:
    code, _, err = init(tmp_path / "deep" / "mine")
    assert (code, err) == (0, "")
    copied = contents(tmp_path / "deep" / "mine")
    assert set(json.loads(copied.pop(".efinbot-copied.json"))) == set(copied)
    assert copied == contents(SHIPPED)
    assert inspect(tmp_path / "deep" / "mine").problems == ()
    shipped = Snapshot.of(SHIPPED).training_fingerprint
    assert Snapshot.of(tmp_path / "deep" / "mine").training_fingerprint == shipped


def test_it_says_what_to_do_next(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    _, out, _ = init(folder)
    for command in (
        f"efinbot check {folder}",
        f"efinbot demo --knowledge {folder}",
        f"efinbot run --knowledge {folder}",
    ):
        assert command in out


def test_an_empty_repository_will_do(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert init(tmp_path)[0] == 0
    assert (tmp_path / "overview.yaml").exists()


@pytest.mark.parametrize("name", ["notes.txt", "overview.yaml"])
def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    code, out, err = init(tmp_path)
    assert (code, out) == (2, "")
    assert f"{tmp_path} is not empty; name a folder that is new or empty." in err
    assert contents(tmp_path) == {name: b"mine"}


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    code, out, err = init(tmp_path / "mine")
    assert (code, out) == (2, "")
    assert "can't be written" in err
    assert "Traceback" not in err
