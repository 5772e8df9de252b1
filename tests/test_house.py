"""The layout of the code: names that mean one thing, modules of a readable size."""

import ast
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "intents", "knowledge", "sandbox")
LINES = 400


def modules(rooms: Iterable[str]) -> list[Path]:
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def repeated(named: Iterable[tuple[str, Path]]) -> dict[str, list[str]]:
    """Return the names that stand in several modules, with these."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for name, path in named:
        places[name].append(path.relative_to(ROOT).as_posix())
    return {name: found for name, found in places.items() if len(found) > 1}


def classes(path: Path) -> list[str]:
    tree = ast.walk(ast.parse(path.read_text("utf-8")))
    return [node.name for node in tree if isinstance(node, ast.ClassDef)]


# The sandbox plays Telegram: a chat is something else there than in what knows the bot.
sides = pytest.mark.parametrize("rooms", [PACKAGES[:3], PACKAGES[3:]], ids=["bot", "sandbox"])


@sides
def test_no_two_modules_have_one_name(rooms: tuple[str, ...]) -> None:
    named = [(path.name, path) for path in modules(rooms) if not path.name.startswith("__")]
    assert repeated(named) == {}


@sides
def test_no_two_public_classes_have_one_name(rooms: tuple[str, ...]) -> None:
    named = [(name, path) for path in modules(rooms) for name in classes(path) if name[0] != "_"]
    assert repeated(named) == {}


def test_no_module_is_long() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in modules(PACKAGES)}
    assert {str(path): lines for path, lines in lengths.items() if lines > LINES} == {}
