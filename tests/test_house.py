"""The layout of the code: names that mean one thing, modules of a readable size."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "intents", "knowledge", "sandbox")
LINES = 350
LOADED_LATE = {"Assistant", "Recorded", "Records", "Settings", "State"}
"""What takes long to load: with SQLAlchemy, with the engine, with pydantic's settings."""
TYPE_NAME = re.compile("_*[A-Z][A-Za-z]*[a-z][A-Za-z]*")


def modules(rooms: Iterable[str]) -> list[Path]:
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def repeated(named: Iterable[tuple[str, Path]]) -> dict[str, list[str]]:
    """Return the names that stand in several modules, with these."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for name, path in named:
        places[name].append(path.relative_to(ROOT).as_posix())
    return {name: found for name, found in places.items() if len(found) > 1}


def types(path: Path) -> set[str]:
    """Return the classes and type aliases of a module, without the mark of what is private."""
    tree = ast.parse(path.read_text("utf-8"))
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias":
            target = node.target
        # As types are written: neither a constant nor a function.
        if isinstance(target, ast.Name) and TYPE_NAME.fullmatch(target.id):
            names.add(target.id)
    return {name.lstrip("_") for name in names}


def imported_for_types(path: Path) -> set[str]:
    """Return the names that a module imports from its own package for the type checker alone."""
    nodes = [*ast.walk(ast.parse(path.read_text("utf-8")))]
    guards = [n for n in nodes if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test)]
    inside = [node for guard in guards for node in ast.walk(guard)]
    imports = [node for node in inside if isinstance(node, ast.ImportFrom) and node.level]
    return {alias.name for node in imports for alias in node.names}


# The sandbox plays Telegram: a chat is something else there than in what knows the bot.
sides = pytest.mark.parametrize("rooms", [PACKAGES[:3], PACKAGES[3:]], ids=["bot", "sandbox"])


@sides
def test_no_two_modules_have_one_name(rooms: tuple[str, ...]) -> None:
    named = [(path.name, path) for path in modules(rooms) if not path.name.startswith("__")]
    assert repeated(named) == {}


def test_no_two_types_have_one_name() -> None:
    named = [(name, path) for path in modules(PACKAGES) for name in types(path)]
    assert repeated(named) == {}


def test_own_imports_are_for_the_type_checker_alone_only_where_they_take_long() -> None:
    # What a package's own __getattr__ loads is imported so as well.
    loaded = {path: imported_for_types(path) for path in modules(PACKAGES)}
    hidden = {str(path): names - LOADED_LATE for path, names in loaded.items()}
    assert not {path: names for path, names in hidden.items() if names and "__init__" not in path}


def test_no_module_is_long() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in modules(PACKAGES)}
    assert {str(path): lines for path, lines in lengths.items() if lines > LINES} == {}
