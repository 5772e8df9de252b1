"""What a proposal does is measured in a copy: what it answers, what it breaks, what is refused."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from efinbot.bot.reload import dry_run as module
from efinbot.bot.reload.dry_run import DryRun, Effect, edited
from efinbot.intents import Engine, training
from efinbot.intents.gaps.finder import Gap, MissedQuestion
from efinbot.intents.gaps.proposals import Basis, LineProposal
from efinbot.knowledge import Knowledge
from efinbot.knowledge.editor import EditError
from efinbot.knowledge.messages import lazy, speaking

SMALL = Path(__file__).parent / "small_knowledge"
TEXTS = ("what do grandparents sip", "the cup that grandparents sip")


@pytest.fixture(scope="module")
def dry_run(tmp_path_factory: pytest.TempPathFactory) -> DryRun:
    """The small knowledge with a test, and a folder for notes."""
    root = tmp_path_factory.mktemp("dry_run")
    folder = shutil.copytree(SMALL, root / "tea")
    (folder / "tests").mkdir()
    (folder / "tests" / "tea.yaml").write_text(
        "- {ask: why do leaves go dark, intent: explain, topics: [oxidation]}\n"
        "- {ask: who won the cup, intent: explain, topics: [oxidation]}\n",
        encoding="utf-8",
    )
    return DryRun(folder, root / "notes")


@pytest.fixture
def gap(small_engine: Engine) -> Gap:
    asked = [MissedQuestion(text, "en", "declined", 3 - n, 0.0) for n, text in enumerate(TEXTS)]
    return Gap({question: small_engine.trace(question.text) for question in asked})


def proposal(*lines: str, key: str = "asks", entry: str = "wuyi") -> LineProposal:
    return LineProposal(entry, key, "en", lines, Basis.CHOSEN)


def test_what_a_line_answers_is_counted_and_the_folder_left_alone(
    dry_run: DryRun, gap: Gap
) -> None:
    before = {path: path.read_bytes() for path in dry_run.folder.rglob("*.yaml")}
    effect = dry_run.effect(gap, proposal(*TEXTS))
    assert effect == Effect(asked=5, answered=5)
    assert {path: path.read_bytes() for path in dry_run.folder.rglob("*.yaml")} == before


def test_a_test_that_a_line_breaks_is_named_but_not_one_that_is_broken_anyway(
    dry_run: DryRun, gap: Gap
) -> None:
    effect = dry_run.effect(gap, proposal("leaves go dark", key="aliases"))
    (broken,) = effect.broken
    assert broken.startswith("tests/tea.yaml: 'why do leaves go dark' is answered with '")


def test_what_a_line_breaks_is_told_in_the_language_that_is_spoken(
    dry_run: DryRun, gap: Gap
) -> None:
    line = proposal("leaves go dark", key="aliases")
    with speaking("zh"):
        (chinese,) = dry_run.effect(gap, line).broken
    (english,) = dry_run.effect(gap, line).broken
    assert chinese.startswith("tests/tea.yaml: “why do leaves go dark”答成了“")
    assert english.startswith("tests/tea.yaml: 'why do leaves go dark' is answered with '")


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        pytest.param(
            proposal("Darjeeling", key="aliases"),
            "entries/darjeeling.yaml: 'Darjeeling' also names entry 'wuyi' (entries/wuyi.yaml); ",
            id="by-the-names",
        ),
        pytest.param(
            proposal("People", key="aliases"),
            "entries/wuyi.yaml: warning: the alias 'People' is an everyday word; ",
            id="by-the-engine",
        ),
    ],
)
def test_what_the_check_would_say_is_told(
    dry_run: DryRun, gap: Gap, refused: LineProposal, said: str
) -> None:
    assert dry_run.effect(gap, refused).problems[0].startswith(said)


def test_what_was_tried_out_is_remembered(
    dry_run: DryRun, gap: Gap, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = dry_run.effect(gap, proposal(*TEXTS))

    def refuse(_: Knowledge) -> Engine:
        pytest.fail("this was trained before")

    monkeypatch.setattr(training, "train", refuse)
    again = DryRun(dry_run.folder, dry_run.notes)
    assert again.effect(gap, proposal(*TEXTS)) == first


ANSWERS = Effect(asked=5, answered=5)


@pytest.mark.parametrize(
    ("effects", "best"),
    [
        pytest.param([ANSWERS, ANSWERS], 0, id="the-first-that-answers-all"),
        pytest.param([Effect(5, 3), ANSWERS], 1, id="the-one-that-answers-more"),
        pytest.param([Effect(5, 5, broken=("a",)), Effect(5, 2)], 1, id="one-that-breaks-nothing"),
        pytest.param([Effect(5, 5, broken=("a",))], 0, id="one-that-breaks-less-than-it-answers"),
        pytest.param([Effect(5, 5, problems=("a",))], None, id="none-that-the-check-refuses"),
        pytest.param([Effect(5, 0)], None, id="none-that-answers-nothing"),
        pytest.param([None, ANSWERS], 1, id="none-that-can't-be-written"),
        pytest.param([], None, id="nothing-to-try"),
    ],
)
def test_the_proposal_that_does_most_is_taken(
    gap: Gap,
    monkeypatch: pytest.MonkeyPatch,
    effects: Sequence[Effect | None],
    best: int | None,
) -> None:
    tried = [proposal(f"line {number}") for number in range(len(effects))]

    def effect(_: DryRun, __: Gap, one: LineProposal) -> Effect:
        found = effects[tried.index(one)]
        if found is None:
            raise EditError(lazy("editing.already_there", line=one.lines[0]))
        return found

    monkeypatch.setattr(module.DryRun, "effect", effect)
    taken = DryRun(SMALL).best(gap, tried)
    assert (taken[0] if taken else None) == (None if best is None else tried[best])


def test_a_file_with_windows_line_ends_keeps_them() -> None:
    text = "\ufeffkind: case\r\nasks:\r\n  en: [a]  # more\r\n"
    assert edited(text.encode(), proposal("b", "c, d")).decode() == (
        "\ufeffkind: case\r\nasks:\r\n  en: [a, b, 'c, d']  # more\r\n"
    )


def test_aliases_come_after_the_name() -> None:
    text = b"kind: case\nname: {zh: a, en: a}\nasks:\n  en:\n    - a\n"
    assert edited(text, proposal("b", key="aliases")) == (
        b"kind: case\nname: {zh: a, en: a}\naliases:\n  en:\n    - b\nasks:\n  en:\n    - a\n"
    )


def test_a_line_that_stands_there_is_not_added_again() -> None:
    with pytest.raises(EditError, match="'a' is already there"):
        edited(b"asks:\n  en: [a]\n", proposal("a"))
