import json
import os
import shlex
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

import efinbot.bot
from efinbot.bot.cli import app

ODD_LOCALE = {
    "LC_ALL": "C",
    "PYTHONIOENCODING": "ascii",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
}
SMALL = Path(__file__).parent / "small_knowledge"
TRAIN = """text,intent
lost my card,card
my card is gone,card
card was stolen,card
where is my card,card
transfer some money,pay
send money to her,pay
pay my landlord,pay
how do I pay a bill,pay
"""


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def spawned(
    command: tuple[str, ...], *arguments: str, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*command, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def train(tmp_path: Path) -> Path:
    path = tmp_path / "train.csv"
    path.write_text(TRAIN, encoding="utf-8")
    return path


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What is open banking?", "Open banking and platforms · 开放银行与平台化"),
        ("什么是开放银行?", "开放银行与平台化 · Open banking and platforms"),
        ("What are the trends?", "The trends"),
    ],
)
def test_ask_prints_the_reply_as_plain_text(question: str, title: str) -> None:
    code, out, err = run("ask", question)
    assert (code, err) == (0, "")
    assert out.split("\n")[0] == title
    assert "<b>" not in out
    assert "&amp;" not in out


@pytest.mark.usefixtures("engine")
def test_ask_why_shows_how_the_answer_came_about() -> None:
    code, out, err = run("ask", "What is DeFi in Singapore?", "--why")
    assert (code, err) == (0, "")
    for row in ("read as", "names", "candidates", "features", "confidence", "outcome"):
        assert row in out
    assert "explain defi" in out


@pytest.mark.usefixtures("engine")
def test_ask_why_shows_what_was_corrected() -> None:
    _, out, _ = run("ask", "What is blokchain?", "--why")
    assert "corrected" in out
    assert "blokchain → blockchain" in out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "Give either a TEXT or --jsonl."),
        (("hello", "--jsonl"), "Give either a TEXT or --jsonl."),
        (("--jsonl", "--why"), "--why works with a TEXT only"),
        (("hello", "--knowledge", "/nowhere"), "there is no folder '/nowhere'"),
        (("hello", "--knowledge", __file__), f"there is no folder '{__file__}'"),
        (("hello", "--loud"), "No such option"),
    ],
    ids=str,
)
def test_wrong_use_of_ask_is_refused(arguments: tuple[str, ...], complaint: str) -> None:
    code, out, err = run("ask", *arguments)
    assert (code, out) == (2, "")
    assert complaint in err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["ask", "chat"])
def test_knowledge_that_cannot_be_used_is_wrong_configuration(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EFINBOT_KNOWLEDGE", str(tmp_path))
    code, out, err = run(command, *(["hello"] if command == "ask" else []))
    assert (code, out) == (2, "")
    assert f"{tmp_path}/overview.yaml:1:1: " in err
    assert err.splitlines()[-1].endswith((" in 1 file.", " files."))


def test_check_says_that_there_is_there_are_no_problems(small_folder: Path) -> None:
    code, out, err = run("check", small_folder)
    assert (code, err) == (0, "")
    assert out.endswith("no problems.\n")


def test_check_takes_the_folder_from_the_environment(
    small_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EFINBOT_KNOWLEDGE", str(small_folder))
    assert run("check")[:2] == run("check", small_folder)[:2]
    other = shutil.copytree(small_folder, tmp_path / "other")
    (other / "tests").mkdir(exist_ok=True)
    (other / "tests/more.yaml").write_text("- {ask: hello, intent: greeting}\n", encoding="utf-8")
    assert run("check", other)[1] != run("check")[1]


def test_check_lists_every_problem_with_its_place(small_folder: Path) -> None:
    (small_folder / "overview.yaml").unlink()
    entry = next(iter(sorted((small_folder / "entries").iterdir())))
    entry.write_text("kind: drink\n", encoding="utf-8")
    code, out, err = run("check", small_folder)
    assert (code, out) == (1, "")
    problems = err.splitlines()
    assert any(line.startswith(f"{small_folder}/overview.yaml:1:1: ") for line in problems)
    assert any(line.startswith(f"{entry}:1:") for line in problems)
    assert problems[-1] == f"{len(problems) - 1} problems in 2 files."


def test_check_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    code, out, err = run("check", tmp_path / "none")
    assert (code, out) == (2, "")
    assert "there is no folder" in err


COMMANDS = {
    "ask": ("ask", "what is tea"),
    "chat": ("chat",),
    "check": ("check",),
    "gaps": ("gaps",),
    "run": ("run",),
}
"""What answers from the knowledge, or looks into it, in its own process."""


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS.keys())
@pytest.mark.parametrize("place", ["environment", ".env", "efinbot.toml"])
def test_the_knowledge_that_is_set_holds_for_every_command(
    arguments: tuple[str, ...], place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("EFINBOT_TOKEN", f"123456:{'A' * 35}")
    monkeypatch.setattr("efinbot.bot.redaction.configure_logging", lambda *_: None)
    (tmp_path / "broken").mkdir()
    if place == "environment":
        monkeypatch.setenv("EFINBOT_KNOWLEDGE", "~/broken")
    elif place == ".env":
        (tmp_path / ".env").write_text("EFINBOT_KNOWLEDGE=~/broken\n")
    else:
        (tmp_path / "efinbot.toml").write_text('knowledge = "~/broken"\n')
    code, out, err = run(*arguments)
    assert (code, out) == (1 if arguments == ("check",) else 2, "")
    assert f"{tmp_path}/broken/overview.yaml:1:1: " in err


@pytest.mark.usefixtures("small_engine")
@pytest.mark.parametrize("arguments", [("ask", "what is oolong"), ("check",)], ids=" ".join)
def test_a_folder_on_the_command_line_wins(
    arguments: tuple[str, ...],
    small_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EFINBOT_KNOWLEDGE", "/nowhere")
    monkeypatch.setenv("HOME", str(tmp_path))
    code, _, err = run(*arguments, "--knowledge", f"~/{small_folder.name}")
    assert (code, err) == (0, "")


def test_evaluate_prints_one_object_with_the_keys_of_the_contract(
    train: Path, tmp_path: Path
) -> None:
    test = tmp_path / "test.csv"
    test.write_text("text,intent\nmy card is lost,card\nnice weather,out_of_scope\n")
    code, out, err = run("evaluate", train, test, "--json")
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    report = json.loads(out)
    assert report["in_scope_accuracy"] == 1
    for name in ("oos_precision", "oos_recall", "mcc", "p50_ms", "p99_ms", "fit_s"):
        assert isinstance(report[name], float)


def test_evaluate_knows_no_rejection_without_questions_to_reject(train: Path) -> None:
    report = json.loads(run("evaluate", train, train, "--json")[1])
    assert report["oos_precision"] is report["oos_recall"] is report["mcc"] is None


def test_evaluate_prints_a_table_and_what_was_confused(train: Path, tmp_path: Path) -> None:
    test = tmp_path / "test.csv"
    test.write_text("text,intent\nlost my card,pay\n")
    code, out, err = run("evaluate", train, test)
    assert (code, err) == (0, "")
    assert "pay taken for card: 1 time" in out
    assert "in_scope_accuracy  0.000" in out
    assert "mcc                -" in out


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "'text' is missing"),
        (b"text,label\na,b\n", "'intent' is missing"),
        (b"text,intent\n,b\n", "'text' is empty"),
        (b"text,intent\n", "no questions in the test set"),
    ],
)
def test_evaluate_refuses_a_csv_that_it_cannot_use(
    train: Path, tmp_path: Path, content: bytes, complaint: str
) -> None:
    test = tmp_path / "test.csv"
    test.write_bytes(content)
    code, out, err = run("evaluate", train, test)
    assert (code, out) == (2, "")
    assert complaint in err
    assert "Traceback" not in err


def test_evaluate_refuses_a_file_that_is_not_there(train: Path) -> None:
    code, _, err = run("evaluate", train, train.parent / "none.csv")
    assert code == 2
    assert "does not exist" in err


def test_without_a_command_the_help_is_shown() -> None:
    code, out, err = run()
    assert code == 2
    for command in ("ask", "chat", "init", "schema", "check", "evaluate"):
        assert f"\n  {command} " in out + err


@pytest.mark.parametrize("command", ["ask", "chat", "init", "schema", "check", "evaluate"])
def test_every_command_has_help(command: str) -> None:
    code, out, err = run(command, "--help")
    assert (code, err) == (0, "")
    assert f"Usage: root {command}" in out.replace("efinbot", "root")
    assert "..." not in out


@pytest.mark.parametrize("environment", [{}, ODD_LOCALE], ids=["usual", "odd"])
def test_chinese_goes_in_and_out_whatever_the_locale(
    command: tuple[str, ...], environment: dict[str, str]
) -> None:
    done = spawned(command, "ask", "什么是开放银行?", **environment)
    assert done.stderr == b""
    assert done.stdout.decode().startswith("开放银行与平台化 · Open banking")


def test_the_version_is_told() -> None:
    assert run("--version") == (0, f"efinbot {version('efinbot')}\n", "")


TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # noqa: S105 - from Telegram's manual


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", TOKEN),
        (TOKEN,),
        ("run", f"--{TOKEN}"),
        ("run", "--knowledge", TOKEN),
        ("check", TOKEN),
        ("check", "--format", TOKEN),
        ("stats", "--days", TOKEN),
        ("evaluate", TOKEN, TOKEN),
    ],
    ids=" ".join,
)
def test_a_token_in_a_wrong_place_is_not_repeated(arguments: tuple[str, ...]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert TOKEN[10:] not in err


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("ask 'What is DeFi?'", 0),
        ("ask --jsonl", 0),
        ("chat", 0),
        ("check /nowhere", 2),
        ("run", 2),
    ],
)
def test_closed_streams_break_nothing(
    command: tuple[str, ...], arguments: str, code: int, closed: str
) -> None:
    line = f"{shlex.join(command)} {arguments} {closed}"
    done = spawned(("sh", "-c", line), EFINBOT_TOKEN="")
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Error" not in done.stdout


HOMELESS = """
import pwd, sys

def getpwuid(uid):
    raise KeyError(uid)

pwd.getpwuid = getpwuid
from efinbot.bot.cli import main
main()
"""
"""Runs the command line as a user whom the system doesn't know."""


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("ask", "What is oxidation?"), 0, "can't be cached in /dev/null/efinbot"),
        (("stats",), 2, "There is no home folder to keep the bot's state in"),
        (("run",), 2, "There is no home folder to keep the bot's state in"),
        (("chat",), 0, ""),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_user_without_a_home_is_no_surprise(
    tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    homes = {"HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"}
    variables = {name: value for name, value in os.environ.items() if name not in homes}
    # About tea, as whoever has no cache learns it all every time.
    variables |= {"EFINBOT_TOKEN": TOKEN, "EFINBOT_KNOWLEDGE": str(SMALL)}
    done = subprocess.run(
        [sys.executable, "-c", HOMELESS, *arguments],
        env=variables,
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == code, done.stderr
    assert said in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_importing_the_plugin_loads_nothing_of_the_extras() -> None:
    code = (
        "import sys, efinbot.bot\n"
        "from efinbot.bot import install\n"
        "extras = {'aiohttp', 'aiohttp_socks', 'orjson', 'uvloop', 'matplotlib', 'starlette'}\n"
        "late = {'sqlalchemy', 'alembic', 'scipy'}\n"
        "print(sorted((extras | late) & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "[]\n"


def test_help_is_shown_whatever_the_locale(command: tuple[str, ...]) -> None:
    done = spawned(command, "--help", **ODD_LOCALE)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "中文" in done.stdout.decode()


def test_a_reader_who_leaves_causes_no_complaint(command: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    with subprocess.Popen(
        [*command, "ask", "What is DeFi?"], stdout=write, stderr=subprocess.PIPE
    ) as process:
        os.close(write)
        _, complaints = process.communicate(timeout=120)
    assert (process.returncode, complaints) == (0, b"")


def test_the_package_offers_what_it_names() -> None:
    assert {getattr(efinbot.bot, name).__name__ for name in efinbot.bot.__all__} == {
        *efinbot.bot.__all__
    }
    with pytest.raises(AttributeError, match="'nothing'"):
        efinbot.bot.nothing  # noqa: B018
