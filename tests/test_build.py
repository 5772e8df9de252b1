"""An engine that a process of its own builds into a file, for the bot to take."""

import subprocess
import sys
from pathlib import Path

import pytest

from efinbot.bot.reload import build as module
from efinbot.bot.reload.build import build, open_built, take
from efinbot.bot.reload.engine_cache import cache_folder
from efinbot.intents import Engine
from efinbot.knowledge import KnowledgeError

QUESTION = "What is oxidation?"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return cache_folder()


@pytest.fixture
def learned(small_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Learning takes no time."""
    monkeypatch.setattr(module, "learn", lambda _: small_engine)


def test_the_command_builds_what_is_taken_from_the_cache_then(
    small_folder: Path, cache: Path
) -> None:
    command = [sys.executable, "-m", "efinbot.bot.reload.build", str(small_folder)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    path = Path(printed.strip())
    assert path.parent == cache
    assert take(path).understand(QUESTION).topics == ("oxidation",)
    written = path.stat().st_ino
    assert build(small_folder) == path
    assert path.stat().st_ino == written, "it was not built again"


def test_the_first_start_builds_in_another_process_and_the_next_takes_what_is_cached(
    small_folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def learn(_: Path) -> Engine:
        pytest.fail("learned in this process")

    monkeypatch.setattr("efinbot.bot.reload.engine_cache.learn", learn)
    assert open_built(small_folder).understand(QUESTION).topics == ("oxidation",)
    (cached,) = cache.iterdir()
    written = cached.stat().st_ino
    assert open_built(small_folder).understand(QUESTION).topics == ("oxidation",)
    assert cached.stat().st_ino == written, "it was not built again"


def test_a_cache_that_cannot_be_written_costs_a_warning_and_no_answer(
    small_folder: Path, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_text("a file where the folder should be")
    assert open_built(small_folder).understand(QUESTION).topics == ("oxidation",)
    (warning,) = caplog.records
    assert str(cache) in warning.getMessage()


def test_what_is_wrong_with_knowledge_that_cannot_be_built_is_said(small_folder: Path) -> None:
    (small_folder / "overview.yaml").write_text("nonsense")
    with pytest.raises(KnowledgeError):
        open_built(small_folder)


@pytest.mark.usefixtures("learned")
def test_where_the_cache_cannot_be_written_the_file_goes_when_it_is_taken(
    small_folder: Path, cache: Path
) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_text("a file where the folder should be")
    path = build(small_folder)
    assert take(path).understand(QUESTION).topics == ("oxidation",)
    assert not path.parent.exists()


@pytest.mark.usefixtures("learned")
def test_what_is_saved_meanwhile_is_not_cached(
    small_folder: Path, small_engine: Engine, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def learn(folder: Path) -> Engine:
        (folder / "glossary.yaml").unlink()
        return small_engine

    monkeypatch.setattr(module, "learn", learn)
    take(build(small_folder))
    assert not cache.exists()


def test_a_file_that_is_damaged_is_no_engine(tmp_path: Path) -> None:
    (tmp_path / "engine.pickle").write_bytes(b"nonsense")
    with pytest.raises(OSError, match="can't be read"):
        take(tmp_path / "engine.pickle")
