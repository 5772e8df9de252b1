"""`efinbot gaps`: what was recorded, ranked, with what to add; and adding it."""

import asyncio
import errno
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from efinbot.bot.admin import gap_findings as module
from efinbot.bot.admin.gap_findings import ApplyError, apply
from efinbot.bot.cli import app
from efinbot.bot.reload import notebook
from efinbot.bot.storage import Missed, Outcome
from efinbot.bot.storage.state import State
from efinbot.intents.gaps.proposals import Basis, LineProposal
from efinbot.knowledge import Inspection, inspect, starter

BOT = 7_000_000_001
DAY = 24 * 60 * 60
GRANDPARENTS = Missed("what do grandparents sip", "en", Outcome.OFFERED, "", "", 1, 0.0)
TAPPED = replace(
    GRANDPARENTS,
    text="the cup that grandparents sip",
    outcome=Outcome.CHOSEN,
    chosen="wuyi",
)
KOMBUCHA = Missed("what is Kombucha", "en", Outcome.DECLINED, "", "", 1, 0.0)
COFFEE = replace(KOMBUCHA, text="espresso prices")
Record = Callable[[Sequence[Missed]], None]


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it is noted what a proposal does: it is tried out once for all tests."""
    return tmp_path_factory.mktemp("notes")


@pytest.fixture
def record(
    small_folder: Path,
    tmp_path: Path,
    notes: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Record:
    """Record questions as a running bot does, from a minute ago on."""
    request.getfixturevalue("small_engine")
    url = f"sqlite:///{tmp_path / 'state.sqlite3'}"
    monkeypatch.setenv("EFINBOT_DATABASE_URL", url)
    monkeypatch.setenv("EFINBOT_KNOWLEDGE", str(small_folder))
    monkeypatch.setattr(notebook, "cache_folder", lambda: notes)
    now = time.time()

    async def note(questions: Sequence[Missed], bot: int) -> None:
        state = await State.open(url, bot, now)
        for one in questions:
            state.records.note_missed(replace(one, at=now - 60 + one.at))
        await state.close()

    def record(questions: Sequence[Missed], bot: int = BOT) -> None:
        asyncio.run(note(questions, bot))

    return record


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["gaps", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_where_nothing_is_recorded_it_says_why(record: Record) -> None:
    code, out, _ = run()
    assert code == 0
    assert out.startswith(
        "There are no recorded questions to look into. While it runs, the bot records"
    )
    record([])
    assert run()[1] == out


def test_where_all_is_answered_by_now_it_says_so(record: Record) -> None:
    record([replace(KOMBUCHA, text="What is oxidation?")])
    assert run()[1] == "No gaps in 1 recorded question: all are answered now.\n"


def test_gaps_are_shown_with_what_to_add_and_it_is_added(
    record: Record, small_folder: Path
) -> None:
    record([COFFEE, *[GRANDPARENTS] * 3, TAPPED, KOMBUCHA])
    path = small_folder / "entries" / "wuyi.yaml"
    before = path.read_text(encoding="utf-8")
    code, out, _ = run()
    assert code == 0
    first, *others, summary = out.strip().split("\n\n")
    shown = [line.strip() for line in first.splitlines()]
    assert shown[0] == "1. 'what do grandparents sip'"
    assert shown[1].startswith("asked 4 times, last on 20")
    assert shown[1].endswith(": 3 offered, 1 chosen")
    assert shown[2] == "also 'the cup that grandparents sip'"
    assert shown[3].startswith("closest: ")
    assert shown[4].startswith(f"{path}:16:")
    assert shown[4].endswith(": add")
    assert shown[5:7] == ["asks:", "en:"]
    assert shown[7] in {"- what do grandparents sip", "- the cup that grandparents sip"}
    assert shown[-1].startswith("most people who were offered it tapped it; answers ")
    assert shown[-1].endswith(" of 4; breaks no test")
    said = "\n\n".join(others)
    assert 'kombucha:\n        name: {zh: "Kombucha", en: "Kombucha"}\n        near: [' in said
    assert "declined because outside.yaml names 'coffee'" in said
    assert summary.startswith(
        "3 gaps in 4 recorded questions. To add what is proposed as number N, run "
    )
    code, out, err = run("--apply", "1")
    assert (code, err) == (0, "")
    assert out.startswith(f"{path}:16:")
    assert out.endswith("' added; a running bot picks it up automatically\n")
    added = [line.removeprefix("- ") for line in shown[7:-1]]
    assert path.read_text(encoding="utf-8") == before.replace(
        "what grows between rocks]", f"what grows between rocks, {', '.join(added)}]"
    )
    code, out, err = run("--apply", "1")
    assert (code, out) == (2, "")
    assert err.endswith(" is already there\n")


def test_programs_get_one_object(record: Record, small_folder: Path) -> None:
    record([TAPPED, replace(COFFEE, at=1.0), KOMBUCHA])
    code, out, _ = run("--format", "json", "--top", "2")
    assert code == 0
    whole = json.loads(out)
    assert (whole["recorded"], whole["gaps"]) == (3, 2 + 1)
    first, second = whole["shown"]
    assert (first["number"], first["count"], first["language"]) == (1, 1, "en")
    assert first["outcomes"] == {"chosen": 1}
    assert first["questions"] == [TAPPED.text]
    assert first["proposal"] == {
        "entry": "wuyi",
        "basis": "chosen",
        "file": str(small_folder / "entries" / "wuyi.yaml"),
        "line": 16,
        "key": "asks.en",
        "lines": [TAPPED.text],
    }
    assert first["yaml"] == f"asks:\n  en:\n    - {TAPPED.text}"
    assert first["effect"] == {"asked": 1, "answered": 1, "broken": [], "problems": []}
    assert (second["questions"], second["proposal"], second["effect"]) == (
        [COFFEE.text],
        None,
        None,
    )


def test_only_what_was_asked_lately_counts_if_wanted(record: Record) -> None:
    record([replace(KOMBUCHA, at=-9.0 * DAY), replace(COFFEE, at=-2.0 * DAY)])
    assert json.loads(run("--format", "json")[1])["gaps"] == 2
    assert json.loads(run("--format", "json", "--days", "7")[1])["gaps"] == 1
    assert run("--days", "1")[1].startswith("There are no recorded questions to look into.")


def test_an_answer_that_was_found_bad_is_to_be_looked_at(record: Record) -> None:
    record(
        [
            replace(
                KOMBUCHA, text="what is oxidation", outcome=Outcome.REJECTED, answer="ee.oxidation"
            )
        ]
    )
    advice = "people rejected the answer 'oxidation'; check whether it says what they asked for"
    assert f"\n   {advice}\n" in run()[1]


def test_applying_shows_the_gaps_if_nobody_has_looked_at_them(
    record: Record, small_folder: Path
) -> None:
    record([TAPPED])
    code, out, _ = run("--apply", "1")
    assert code == 0
    assert out.startswith(f"1. '{TAPPED.text}'\n")
    assert TAPPED.text in (small_folder / "entries" / "wuyi.yaml").read_text(encoding="utf-8")


def test_numbers_are_those_that_were_shown_whatever_is_recorded_meanwhile(
    record: Record, small_folder: Path
) -> None:
    record([TAPPED])
    run()
    record([KOMBUCHA] * 9)
    assert run("--apply", "1")[0] == 0
    assert TAPPED.text in (small_folder / "entries" / "wuyi.yaml").read_text(encoding="utf-8")


def test_a_number_without_a_proposal_is_refused(record: Record) -> None:
    record([COFFEE])
    run()
    for number in ("1", "2"):
        code, _, err = run("--apply", number)
        assert code == 2
        assert err == f"nothing was proposed as number {number}; 'efinbot gaps' shows what is\n"


def test_a_proposal_that_no_longer_fits_is_refused(record: Record, small_folder: Path) -> None:
    record([TAPPED])
    run()
    path = small_folder / "entries" / "wuyi.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("CN", "XX"), encoding="utf-8")
    code, _, err = run("--apply", "1")
    assert code == 2
    assert err.startswith("adding it would cause a problem: entries/wuyi.yaml: there is")
    path.write_text("asks: {en: what}\n", encoding="utf-8")
    assert run("--apply", "1")[2] == f"{path}: 'asks.en' is not a list\n"
    path.unlink()
    assert run("--apply", "1")[2] == f"{path} no longer exists\n"


def test_a_folder_that_cannot_be_written_is_said_to_be(
    record: Record, small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    record([TAPPED])
    run()
    monkeypatch.setattr(module, "write_files", refuse)
    path = small_folder / "entries" / "wuyi.yaml"
    code, _, err = run("--apply", "1")
    assert code == 2
    assert err == (
        f"{path} can't be written (read-only file system);"
        " 'efinbot init DIR' makes a folder of your own\n"
    )


def test_what_is_installed_is_not_edited(
    record: Record, small_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = small_folder.rename(tmp_path / "site-packages")
    monkeypatch.setenv("EFINBOT_KNOWLEDGE", str(installed))
    monkeypatch.setattr(starter, "SHIPPED", installed)
    record([TAPPED])
    run()
    code, _, err = run("--apply", "1")
    assert code == 2
    assert "is part of efinbot, and the next update replaces it; 'efinbot init DIR'" in err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--format", "yaml"), "there is no format 'yaml'"),
        (
            ("--apply", "1", "--format", "json"),
            "--apply prints one line of text",
        ),
        (("--top", "0"), "Invalid value for '--top'"),
        (("--knowledge", "/nowhere"), "there is no folder"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_refused(arguments: tuple[str, ...], complaint: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert complaint in err


def test_where_several_bots_share_a_database_the_token_tells_which(
    record: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    record([COFFEE])
    record([KOMBUCHA], BOT + 1)
    code, _, err = run()
    assert code == 2
    shared = f"the bots {BOT}, {BOT + 1} share this database"
    assert err == f"{shared}; say which one you mean with --bot ID\n"
    monkeypatch.setenv("EFINBOT_TOKEN", f"{BOT + 1}:{'A' * 35}")
    code, out, _ = run("--format", "json")
    assert code == 0
    assert [gap["questions"] for gap in json.loads(out)["shown"]] == [[KOMBUCHA.text]]


def test_what_is_saved_while_a_line_is_added_is_not_overwritten(
    small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = small_folder / "entries/wuyi.yaml"

    def saved_meanwhile(copy: Path) -> Inspection:
        file.write_bytes(file.read_bytes() + b"# mine\n")
        return inspect(copy)

    monkeypatch.setattr("efinbot.bot.admin.gap_findings.inspect", saved_meanwhile)
    line = LineProposal("wuyi", "asks", "en", ("what is that cliff tea",), Basis.CHOSEN)
    with pytest.raises(ApplyError, match="somebody else has just saved"):
        apply(small_folder, line)
    assert file.read_bytes().endswith(b"# mine\n")
