"""The wheel in environments of its own, with no more than it asks for, beside a host's code."""

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from importlib.metadata import distribution, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "intents", "knowledge", "sandbox")
SOURCES = (*PACKAGES, "pyproject.toml", "README.md", "LICENSE")
HOST_GROWS_BY = 30
"""How many packages may come with efinbot where python-telegram-bot is installed."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Built from a copy, because setuptools leaves its traces where it builds.
    copy = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    built = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    command = [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(built), str(copy)]
    subprocess.run(command, check=True, capture_output=True)
    return next(built.glob("*.whl"))


def required(requirement: str) -> set[str]:
    """Return the distributions that a requirement brings, itself among them."""
    found: set[tuple[str, str]] = set()
    waiting = [Requirement(requirement)]
    while waiting:
        one = waiting.pop()
        for extra in ("", *one.extras):
            if (key := (canonicalize_name(one.name), extra)) in found:
                continue
            found.add(key)
            waiting += (
                line
                for line in map(Requirement, requires(one.name) or ())
                if line.marker is None or line.marker.evaluate({"extra": extra})
            )
    return {name for name, _ in found}


def install(name: str, packages: Path) -> None:
    """Make what is installed here available there, too."""
    for entry in {file.parts[0] for file in distribution(name).files or ()}:
        source, place = Path(sysconfig.get_path("purelib"), entry), packages / entry
        if entry not in {"..", "__pycache__"} and not place.exists():
            place.symlink_to(source)


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes an environment of the wheel, of what it and some extras require, and of nothing else.

    Returns its interpreter.
    """

    def make(extras: str = "") -> Path:
        place = tmp_path_factory.mktemp("environment")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
        packages = next(place.glob("lib/python*/site-packages"))
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(packages)
        for name in required(f"efinbot[{extras}]") - {"efinbot"}:
            install(name, packages)
        return place / "bin" / "python"

    return make


@pytest.fixture(scope="module")
def python(environment: Callable[[], Path]) -> Path:
    """The interpreter of an environment without extras."""
    return environment()


def run(python: Path, code: str, folder: Path) -> str:
    """Run code and return what it prints; nothing may be complained about."""
    command = [str(python), "-c", code]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout


def test_the_wheel_claims_one_import_name(wheel: Path) -> None:
    names = {Path(name).parts[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"efinbot"}


def test_the_wheel_holds_all_modules_and_data(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and path.suffix != ".pyc" and path.name != "README.md":
                assert f"efinbot/{path.relative_to(ROOT).as_posix()}" in held


def test_a_host_grows_by_few_packages() -> None:
    added = required("efinbot") - required("python-telegram-bot") - {"efinbot"}
    assert len(added) <= HOST_GROWS_BY, sorted(added)


def test_the_installed_wheel_answers_from_its_own_data(python: Path, tmp_path: Path) -> None:
    command = [str(python), "-m", "efinbot.bot", "ask", "什么是开放银行"]
    answer = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert "银行" in answer.stdout.decode()
    found = run(python, "import efinbot.knowledge as k; print(k.__file__)", tmp_path)
    assert Path(found.strip()).is_relative_to(python.parent.parent)


def test_a_host_has_packages_of_the_same_names(python: Path, tmp_path: Path) -> None:
    for name in PACKAGES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("NAME = 'the host'\n", encoding="utf-8")
    code = (
        "import bot, intents, knowledge, sandbox\n"
        "from telegram.ext import ApplicationBuilder\n"
        "from efinbot.bot import Settings, install\n"
        "application = ApplicationBuilder().token('1:a').build()\n"
        "install(application, Settings(database_url='sqlite:///state.sqlite3'))\n"
        "names = {package.NAME for package in (bot, intents, knowledge, sandbox)}\n"
        "print(names, len(application.handlers))"
    )
    assert run(python, code, tmp_path) == "{'the host'} 2\n"


def test_the_installed_wheel_keeps_its_state(python: Path, tmp_path: Path) -> None:
    code = (
        "import asyncio\n"
        "from efinbot.bot.storage.state import State\n"
        "async def main():\n"
        "    for _ in range(2):\n"
        "        state = await State.open('sqlite:///state.sqlite3', 1, 0.0)\n"
        "        print(state.language(5))\n"
        "        await state.choose_language(5, 'zh')\n"
        "        await state.close()\n"
        "asyncio.run(main())"
    )
    assert run(python, code, tmp_path) == "None\nzh\n"


@pytest.mark.parametrize(
    ("extras", "module"),
    [
        ("run", "efinbot.bot.app"),
        ("sandbox", "efinbot.sandbox.testing"),
        ("run,sandbox", "efinbot.sandbox.demo"),
        ("charts", "efinbot.bot.admin.chart"),
    ],
)
def test_an_extra_brings_what_it_is_for(
    environment: Callable[[str], Path], extras: str, module: str, tmp_path: Path
) -> None:
    assert run(environment(extras), f"import {module}", tmp_path) == ""


@pytest.mark.parametrize(("command", "extras"), [("run", "run"), ("demo", "run,sandbox")])
def test_a_missing_extra_is_named_in_one_line(
    python: Path, command: str, extras: str, tmp_path: Path
) -> None:
    words = [str(python), "-m", "efinbot.bot", command]
    ended = subprocess.run(words, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert line.endswith(f'pip install "efinbot[{extras}]"')
