"""What efinbot depends on: no more than it uses, and only where it is used."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "intents", "knowledge", "sandbox")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
KNOWN = packages_distributions()
EXTRAS = {
    "bot/app.py": "run",
    "bot/http_session.py": "run",
    "bot/link_check.py": "run",
    "bot/reload/webhook.py": "run",
    "bot/telegram/network_errors.py": "run",
    "bot/telegram/request.py": "run",
    "bot/admin/chart.py": "charts",
    "sandbox/": "sandbox",
}
"""Modules that may import what an extra brings."""
LOADED_BY_OTHERS = {
    "aiosqlite": "sqlalchemy",
    "asyncpg": "sqlalchemy",
    "httptools": "uvicorn",
    "pytest": "pytest-asyncio",
    "python-multipart": "starlette",
}
"""What isn't imported here, but by what is."""
PARTS = {"pydantic-core": "pydantic"}
"""Distributions that belong to another, which pins their version."""


def declared(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in requirements}


def imported(path: Path) -> Iterator[str]:
    """Yield the top-level names that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def distributions(path: Path) -> set[str]:
    """Return the distributions that a module imports from, by the names pip knows them by."""
    names = {name for name in imported(path) if name not in sys.stdlib_module_names}
    # Where several share a name, as ruamel.yaml and its parts in C do, the shortest is meant.
    found = {canonicalize_name(min(KNOWN.get(name, [name]), key=len)) for name in names}
    return {PARTS.get(name, name) for name in found}


def allowed(module: str) -> set[str]:
    """Return what a module may import: what the base brings, and the extra that it belongs to."""
    extras: dict[str, list[str]] = PROJECT["optional-dependencies"]
    found = declared(PROJECT["dependencies"])
    for prefix, extra in EXTRAS.items():
        if module.startswith(prefix):
            found |= declared(extras[extra])
    return found


def test_each_import_is_declared() -> None:
    undeclared: dict[str, set[str]] = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            module = path.relative_to(ROOT).as_posix()
            if beyond := distributions(path) - allowed(module):
                undeclared[module] = beyond
    assert undeclared == {}


def test_each_dependency_is_used() -> None:
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    used = {name for path in paths for name in distributions(path)} | {"efinbot"}
    extras: dict[str, list[str]] = PROJECT["optional-dependencies"]
    named = declared(PROJECT["dependencies"]).union(*map(declared, extras.values()))
    assert {name for name in named if LOADED_BY_OTHERS.get(name, name) not in used} == set()
