"""The wheel in an environment of its own, beside a host's code."""

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "intents", "knowledge", "sandbox")
SOURCES = (*PACKAGES, "pyproject.toml", "README.md", "LICENSE")


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


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that holds the wheel and what it depends on."""
    place = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    packages = next(place.glob("lib/python*/site-packages"))
    # A path in a .pth file brings the dependencies but not the editable efinbot: its own .pth file
    # isn't read there.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    return place / "bin" / "python"


def test_the_wheel_claims_one_import_name(wheel: Path) -> None:
    names = {Path(name).parts[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"efinbot"}


def test_the_wheel_holds_all_data_and_is_typed(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    for package in PACKAGES:
        assert f"efinbot/{package}/py.typed" in held
        for path in (ROOT / package).rglob("*.yaml"):
            assert f"efinbot/{path.relative_to(ROOT).as_posix()}" in held
    for path in (ROOT / "knowledge" / "data" / "schema").iterdir():
        assert f"efinbot/knowledge/data/schema/{path.name}" in held
    for path in (ROOT / "sandbox" / "page").iterdir():
        assert f"efinbot/sandbox/page/{path.name}" in held


def test_the_installed_wheel_answers_from_its_own_data(python: Path, tmp_path: Path) -> None:
    command = [str(python), "-m", "efinbot.bot", "ask", "什么是开放银行"]
    answer = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert "银行" in answer.stdout.decode()
    where = [str(python), "-c", "import efinbot.knowledge as k; print(k.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert Path(found.stdout.strip()).is_relative_to(python.parent.parent)


def test_a_host_with_a_bot_package_of_its_own_can_use_it(python: Path, tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__init__.py").write_text("NAME = 'the host'\n", encoding="utf-8")
    code = (
        "import bot, efinbot.bot\n"
        "answer = efinbot.bot.Assistant(efinbot.bot.open_engine()).answer('hi', None, 0.0)\n"
        "print(bot.NAME, answer.understanding.intent)"
    )
    command = [str(python), "-c", code]
    said = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert said.stdout.split("\n")[0] == "the host greeting"


def test_the_installed_wheel_keeps_its_state(python: Path, tmp_path: Path) -> None:
    code = (
        "import asyncio\n"
        "from efinbot.bot.storage import State\n"
        "async def main():\n"
        "    for _ in range(2):\n"
        "        state = await State.open('sqlite:///state.sqlite3', 1, 0.0)\n"
        "        print(state.language(5))\n"
        "        await state.choose_language(5, 'zh')\n"
        "        await state.close()\n"
        "asyncio.run(main())"
    )
    command = [str(python), "-c", code]
    said = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert (said.stdout, said.stderr) == ("None\nzh\n", "")
