"""`efinbot check` as people, programs and GitHub read it."""

import json
from pathlib import Path

import pytest
from plain_problems import plain
from typer.testing import CliRunner

from efinbot.bot.cli import app
from efinbot.bot.cli.check_report import ReportFormat, report
from efinbot.bot.reload.check import Examination
from efinbot.knowledge import Level, Location, Problem

ERROR = Problem(Location(Path("a/b.yaml"), 3, 4), plain("this is wrong", "fix it"))
WARNING = Problem(Location(Path("a/b.yaml"), 5), plain("this is odd", "look at it"), Level.WARNING)


@pytest.fixture
def odd_folder(small_folder: Path) -> Path:
    """A folder that works, with an old source and a text that says much more in one language."""
    path = small_folder / "entries" / "wuyi.yaml"
    text = path.read_text(encoding="utf-8")
    more = "There are many fakes and the market for them grows with every year that passes"
    path.write_text(text.replace("There are many fakes", more), encoding="utf-8")
    return small_folder


def check(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["check", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("problems", "expected"),
    [
        ((), "7 entries with 49 questions and 2 tests: no problems."),
        ((ERROR,), "a/b.yaml:3:4: this is wrong; fix it\n1 problem in 1 file."),
        (
            (WARNING,),
            (
                "a/b.yaml:5:1: warning: this is odd; look at it\n"
                "7 entries with 49 questions and 2 tests: 1 warning."
            ),
        ),
        (
            (ERROR, WARNING, WARNING),
            (
                "a/b.yaml:3:4: this is wrong; fix it\n"
                "a/b.yaml:5:1: warning: this is odd; look at it\n"
                "a/b.yaml:5:1: warning: this is odd; look at it\n"
                "1 problem in 1 file, 2 warnings."
            ),
        ),
    ],
    ids=["nothing", "an error", "a warning", "both"],
)
def test_people_read_a_line_a_problem(problems: tuple[Problem, ...], expected: str) -> None:
    assert report(Examination(problems, 7, 49, 2), ReportFormat.TEXT) == expected


def test_programs_read_one_object() -> None:
    assert json.loads(report(Examination((ERROR, WARNING), 7, 49, 2), ReportFormat.JSON)) == {
        "entries": 7,
        "questions": 49,
        "tests": 2,
        "errors": 1,
        "warnings": 1,
        "problems": [
            {
                "level": "error",
                "file": "a/b.yaml",
                "line": 3,
                "column": 4,
                "what": "this is wrong",
                "fix": "fix it",
            },
            {
                "level": "warning",
                "file": "a/b.yaml",
                "line": 5,
                "column": 1,
                "what": "this is odd",
                "fix": "look at it",
            },
        ],
    }


@pytest.mark.parametrize(
    ("path", "what", "expected"),
    [
        ("a/b.yaml", "odd", "::error file=a/b.yaml,line=3,col=4::odd; fix it"),
        ("a,b:c.yaml", "odd", "::error file=a%2Cb%3Ac.yaml,line=3,col=4::odd; fix it"),
        ("b.yaml", "100%\r\nodd", "::error file=b.yaml,line=3,col=4::100%25%0D%0Aodd; fix it"),
        ("/else/b.yaml", "odd", "::error file=/else/b.yaml,line=3,col=4::odd; fix it"),
    ],
)
def test_github_reads_commands_in_which_nothing_can_be_forged(
    path: str, what: str, expected: str
) -> None:
    problem = Problem(Location(Path(path), 3, 4), plain(what, "fix it"))
    assert (
        report(Examination((problem,)), ReportFormat.GITHUB) == f"{expected}\n1 problem in 1 file."
    )


def test_github_gets_paths_from_where_the_command_runs(
    odd_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(odd_folder.parent)
    code, out, err = check(odd_folder, "--format", "github")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == (
        "::warning file=knowledge/entries/wuyi.yaml,line=10,col=5::the English text says much more "
        "than the Chinese one; say the same in both, or shorten the longer one"
    )


def test_warnings_fail_only_if_they_are_to(odd_folder: Path) -> None:
    code, out, err = check(odd_folder)
    assert (code, out) == (0, "")
    assert err.endswith("7 entries with 49 questions: 1 warning.\n")
    assert check(odd_folder, "--strict")[0] == 1


def test_what_is_right_passes_strictly(small_folder: Path) -> None:
    assert check(small_folder, "--strict") == (
        0,
        "7 entries with 49 questions: no problems.\n",
        "",
    )


def test_old_sources_are_looked_for_if_wanted(small_folder: Path) -> None:
    health = small_folder / "entries/health.yaml"
    text = health.read_text("utf-8").replace("More and more tea", "By 12% more tea")
    health.write_text(text.replace("卖得越来越多", "多卖了12%"), "utf-8")
    code, _, err = check(small_folder, "--stale", "1")
    assert code == 0
    assert (
        "health.yaml:8:5: warning: this rests on the source 'survey', which is about 2024-05" in err
    )
    assert check(small_folder, "--stale", "9999")[2] == ""
    dated = health.read_text("utf-8").replace("多卖了12%", "2024年多卖了12%")
    health.write_text(dated.replace("By 12% more", "In 2024 by 12% more"), "utf-8")
    assert "health.yaml" not in check(small_folder, "--stale", "1")[2]


def test_what_is_broken_is_reported_without_asking_the_engine(small_folder: Path) -> None:
    (small_folder / "overview.yaml").unlink()
    code, out, err = check(small_folder, "--format", "json")
    assert (code, err) == (1, "")
    said = json.loads(out)
    assert (said["errors"], said["warnings"]) == (1, 0)
    assert said["problems"][0]["file"] == str(small_folder / "overview.yaml")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--format", "jsn"), "there is no format 'jsn'; did you mean 'json'?"),
        (("--stale", "0"), "Invalid value for '--stale'"),
        (("--stale", "old"), "valid integer"),
    ],
    ids=["format", "no months", "words for months"],
)
def test_wrong_use_is_refused(arguments: tuple[str, ...], complaint: str) -> None:
    code, out, err = check(*arguments)
    assert (code, out) == (2, "")
    assert complaint in " ".join(err.split())
