"""Results are found again; what can't be read or written is computed again."""

import os
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from efinbot.bot.reload.notebook import Notebook


@pytest.fixture
def notes(tmp_path: Path) -> Notebook[list[str]]:
    return Notebook("words", TypeAdapter(list[str]), tmp_path / "notes")


def test_a_note_is_found_by_all_that_it_is_about(notes: Notebook[list[str]]) -> None:
    notes.write(["开放银行"], "a", "b")
    assert notes.read("a", "b") == ["开放银行"]
    for other in (("a",), ("ab",), ("b", "a")):
        assert notes.read(*other) is None


@pytest.mark.parametrize("damage", [b"", b"[1]", b"\xff", b"{"])
def test_a_damaged_note_is_none(notes: Notebook[list[str]], tmp_path: Path, damage: bytes) -> None:
    notes.write(["a"], "a")
    (path,) = (tmp_path / "notes").iterdir()
    path.write_bytes(damage)
    assert notes.read("a") is None
    notes.write(["b"], "a")
    assert notes.read("a") == ["b"]


def test_a_folder_that_cannot_be_made_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "notes").touch()
    notes = Notebook("words", TypeAdapter(list[str]), tmp_path / "notes")
    notes.write(["a"], "a")
    assert notes.read("a") is None


def test_the_oldest_notes_of_the_kind_go(notes: Notebook[list[str]], tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "engine-1.pickle").touch()
    for age in range(510):
        old = folder / f"words-{age}.json"
        old.touch()
        os.utime(old, (1000 - age, 1000 - age))
    notes.write(["a"], "a")
    names = {path.name for path in folder.iterdir()}
    assert len(names) == 501
    assert {"engine-1.pickle", "words-0.json"} < names
    assert "words-509.json" not in names
