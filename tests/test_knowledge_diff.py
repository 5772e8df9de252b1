"""Two folders compared: entries, files, and questions whose answer changes."""

import pickle
import shutil
from pathlib import Path

import pytest
from operating import MATCHA

from efinbot.bot.reload.knowledge_diff import Assessment, KnowledgeDiff, Turned, assess

SMALL = Path(__file__).parent / "small_knowledge"
TESTS = """\
- {ask: what is the green powder, intent: explain, topics: [matcha]}
- {ask: the tea whisked with bamboo, intent: explain, topics: [wuyi]}
- {ask: how to steep without heat, intent: explain, topics: [cold-brew]}
"""


def changed(folder: Path) -> Path:
    """Add an entry and tests, change an entry, and touch what nobody reads."""
    (folder / "entries/matcha.yaml").write_text(MATCHA, encoding="utf-8")
    (folder / "tests").mkdir()
    (folder / "tests/tea.yaml").write_text(TESTS, encoding="utf-8")
    cold = folder / "entries/cold-brew.yaml"
    text = cold.read_text(encoding="utf-8")
    text = text.replace("  en: [how to steep", "  en: [jars in the sun, how to steep")
    text = text.replace("spoils when", "goes bad when")
    cold.write_text(text, encoding="utf-8")
    health = folder / "entries/health.yaml"
    health.write_text(health.read_text(encoding="utf-8") + "# checked\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def after(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return changed(shutil.copytree(SMALL, tmp_path_factory.mktemp("tea") / "after"))


@pytest.fixture(scope="session")
def found(after: Path) -> Assessment:
    names = ["entries/matcha.yaml", "entries/cold-brew.yaml"]
    return assess(SMALL, after, names, ["绿色的粉末是什么", "sun tea in jars"], "en")


@pytest.fixture(scope="session")
def comparison(found: Assessment) -> KnowledgeDiff:
    assert found.comparison is not None, found.errors
    return found.comparison


def test_entries_and_files_are_told_apart(comparison: KnowledgeDiff) -> None:
    assert [entry.id for entry in comparison.added] == ["matcha"]
    assert [(entry.id, entry.parts) for entry in comparison.changed] == [
        ("cold-brew", ("challenges +1 −1", "asks +1"))
    ]
    assert comparison.removed == ()
    assert comparison.files == ("entries/health.yaml", "tests/tea.yaml")


def test_the_other_way_round_what_was_added_is_removed(after: Path) -> None:
    back = assess(after, SMALL, [], [], "en").comparison
    assert back
    assert [(entry.id, entry.name.en) for entry in back.removed] == [("matcha", "Matcha")]
    assert back.added == ()
    assert back.broken == (), "a test that goes away is not broken"


def test_questions_that_turn_are_told_with_both_answers(comparison: KnowledgeDiff) -> None:
    turned = {one.asked: (one.before, one.after) for one in comparison.turned}
    assert turned["绿色的粉末是什么",][1] == "explain matcha"
    assert all(before != after for before, after in turned.values())
    assert comparison.asked > len(comparison.turned)


def test_a_test_that_fails_comes_first_with_what_it_wants(comparison: KnowledgeDiff) -> None:
    first, *others = comparison.turned
    assert isinstance(first, Turned)
    assert (first.asked, first.after, first.wanted) == (
        ("the tea whisked with bamboo",),
        "explain matcha",
        "explain wuyi",
    )
    assert comparison.broken == (first,)
    assert not any(one.wanted for one in others)


def test_what_failed_before_is_not_blamed_on_the_change(after: Path) -> None:
    again = assess(after, after, [], [], "en").comparison
    assert again
    assert (again.turned, again.added, again.changed, again.files) == ((), (), (), ())


def test_previews_show_what_readers_see(comparison: KnowledgeDiff) -> None:
    previews = {preview.title: preview for preview in comparison.previews}
    assert previews["Matcha"].before == ""
    assert "ground to powder" in previews["Matcha"].after
    assert "goes bad" in previews["Cold brew"].after
    assert "goes bad" not in previews["Cold brew"].before
    assert "Matcha" in previews["the tea whisked with bamboo"].after


def test_what_cannot_be_used_is_not_compared(after: Path, tmp_path: Path) -> None:
    broken = shutil.copytree(after, tmp_path / "broken")
    (broken / "entries/matcha.yaml").write_text("kind: case\nshows: [tee]\n", encoding="utf-8")
    found = assess(SMALL, broken, ["entries/matcha.yaml"], [], "en")
    assert found.comparison is None
    assert {problem.location.path.name for problem in found.errors} >= {"matcha.yaml"}


def test_warnings_are_told_of_the_changed_files_only(after: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(after, tmp_path / "warned")
    text = (folder / "entries/matcha.yaml").read_text(encoding="utf-8")
    dated = text.replace("Stone mills grind it slowly.", "Stone mills grind 40 grams an hour.")
    dated = dated.replace("用石磨慢慢磨。", "石磨每小时磨40克。")
    (folder / "entries/matcha.yaml").write_text(dated, encoding="utf-8")
    [warning] = assess(SMALL, folder, ["entries/matcha.yaml"], [], "en").warnings
    assert "the figure '40' has no source" in warning.what()


def test_it_is_fit_to_come_from_another_process(found: Assessment) -> None:
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own
