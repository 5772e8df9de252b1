import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from efinbot.bot import Assistant, open_engine
from efinbot.intents import Engine, training
from efinbot.knowledge import Knowledge, KnowledgeError

Open = Callable[[], int]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "efinbot"


@pytest.fixture
def opened(
    engine: Engine, cache: Path, small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Open:
    """Open the engine of the small folder; return how often one has been built since the start."""
    built: list[Knowledge] = []

    def build(knowledge: Knowledge) -> Engine:
        built.append(knowledge)
        return engine

    def open_() -> int:
        assistant = Assistant(open_engine(small_folder, cache))
        assert assistant.answer("What is DeFi?", None, 0).understanding.topics == ("defi",)
        return len(built)

    monkeypatch.setattr(training, "train", build)
    return open_


def only_file(cache: Path) -> Path:
    (path,) = cache.iterdir()
    return path


def test_an_engine_is_built_once(opened: Open) -> None:
    assert (opened(), opened()) == (1, 1)


def test_changed_knowledge_is_another_engine(opened: Open, small_folder: Path) -> None:
    overview = small_folder / "overview.yaml"
    before = overview.read_text(encoding="utf-8")
    assert opened() == 1
    overview.write_text(f"{before}\n# more\n", encoding="utf-8")
    assert opened() == 2
    overview.write_text(before, encoding="utf-8")
    assert opened() == 2


def test_what_is_saved_while_an_engine_is_built_is_never_taken_for_what_was_there(
    engine: Engine, cache: Path, small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overview = small_folder / "overview.yaml"

    def build(_: Knowledge) -> Engine:
        overview.write_bytes(overview.read_bytes() + b"# more\n")
        return engine

    monkeypatch.setattr(training, "train", build)
    open_engine(small_folder, cache)
    assert not cache.exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda content: content[: len(content) // 2],
        lambda _: b"nonsense",
        lambda _: b"\x80\x05K\x01.",
        lambda content: content[:50] + b"\xff" * 50 + content[100:],
    ],
    ids=["empty", "truncated", "nonsense", "another object", "overwritten"],
)
def test_a_damaged_file_is_replaced_silently(
    opened: Open,
    cache: Path,
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[bytes], bytes],
) -> None:
    opened()
    path = only_file(cache)
    path.write_bytes(damage(path.read_bytes()))
    assert (opened(), opened()) == (2, 2)
    assert only_file(cache) == path
    assert caplog.records == []


def test_a_cache_that_cannot_be_written_costs_a_warning_and_no_answer(
    opened: Open, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache.parent.write_text("a file where the folder should be")
    assert opened() == 1
    (warning,) = caplog.records
    assert warning.levelno == logging.WARNING
    assert str(cache) in warning.getMessage()


def test_nothing_is_left_of_a_file_that_could_not_be_written(
    opened: Open, cache: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_: Path, __: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    assert opened() == 1
    assert list(cache.iterdir()) == []
    assert "No space left on device" in caplog.text


def test_only_the_engines_used_last_are_kept(opened: Open, cache: Path) -> None:
    cache.mkdir(parents=True)
    for age in range(10):
        old = cache / f"engine-{age}.pickle"
        old.touch()
        os.utime(old, (1000 - age, 1000 - age))
    stranger = cache / "notes.txt"
    stranger.touch()
    opened()
    names = {path.name for path in cache.iterdir()}
    assert {"notes.txt", *(f"engine-{age}.pickle" for age in range(7))} < names
    assert len(names) == 9


def test_an_engine_that_is_opened_counts_as_used(opened: Open, cache: Path) -> None:
    opened()
    path = only_file(cache)
    os.utime(path, (1000, 1000))
    opened()
    assert path.stat().st_mtime > 1000


def test_what_a_killed_process_leaves_goes_as_old_engines_do(
    opened: Open, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", lambda *_: None)  # as far as it comes
        killed.setattr(Path, "unlink", lambda *_, **__: None)
        for _ in range(10):
            opened()
    assert len([*cache.iterdir()]) == 10
    opened()
    assert len([*cache.iterdir()]) == 8


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_the_cache_is_private(opened: Open, cache: Path) -> None:
    opened()
    assert cache.stat().st_mode & 0o777 == 0o700
    assert only_file(cache).stat().st_mode & 0o777 == 0o600


def test_knowledge_with_problems_is_never_cached(
    opened: Open, cache: Path, small_folder: Path
) -> None:
    (small_folder / "overview.yaml").unlink()
    with pytest.raises(KnowledgeError, match=r"overview\.yaml"):
        opened()
    assert not cache.exists()


def test_an_engine_of_other_knowledge_is_built_and_answers_from_it(
    tmp_path: Path, small_folder: Path
) -> None:
    first = open_engine(small_folder, tmp_path)
    second = open_engine(small_folder, tmp_path)
    said = first.understand("What is oxidation?")
    assert said == second.understand("What is oxidation?")
    assert said.topics == ("oxidation",)
