"""The container's recipe, as far as it can be checked without a container engine."""

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent


class Step(NamedTuple):
    word: str
    rest: str

    @property
    def words(self) -> list[str]:
        return [word for word in self.rest.split() if not word.startswith("--")]


def stages() -> list[list[Step]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", "")
    found: list[list[Step]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        found[-1].append(Step(word, rest))
    return found


STEPS = [step for stage in stages() for step in stage]
COPIED = [
    source
    for step in STEPS
    if step.word == "COPY" and "--from=" not in step.rest
    for source in step.words[:-1]
]


def ignored(path: str) -> bool:
    """Whether .dockerignore keeps a path out: the last pattern that covers it decides."""
    out = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = line.removeprefix("!")
        parts = Path(path).parts
        names = parts if pattern.startswith("**/") else parts[:1]
        if any(fnmatch(name, pattern.removeprefix("**/")) for name in names):
            out = not line.startswith("!")
    return out


@pytest.mark.parametrize("source", COPIED)
def test_what_is_copied_exists_and_gets_in(source: str) -> None:
    assert (ROOT / source).exists()
    assert not ignored(source)


def test_all_that_the_wheel_is_made_of_is_copied() -> None:
    packages = {"bot", "intents", "knowledge", "sandbox"}
    assert {"pyproject.toml", "README.md", "LICENSE", *packages} <= {*COPIED}


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        ".venv/bin/python",
        ".env",
        "efinbot.toml",
        "tests/conftest.py",
        "benchmarks/matcher.py",
        ".pytest_cache/README.md",
        ".ruff_cache/x",
        "build/lib/x.py",
        "efinbot.egg-info/PKG-INFO",
        "bot/__pycache__/cli.cpython-311.pyc",
        "intents/classifier/__pycache__/text.cpython-311.pyc",
        "state.db",
    ],
)
def test_what_does_not_belong_stays_out(path: str) -> None:
    assert ignored(path)


@pytest.mark.parametrize("requirements", [name for name in COPIED if name.endswith(".txt")])
def test_requirements_are_pinned_and_installed_by_their_hashes(requirements: str) -> None:
    text = (ROOT / requirements).read_text(encoding="utf-8")
    assert re.search(r"^[a-z0-9].*==.*\n    --hash=sha256:", text, re.MULTILINE)
    assert any(f"--require-hashes -r {requirements}" in step.rest for step in STEPS)


def test_nothing_else_comes_from_outside() -> None:
    pip = re.compile(r"-m pip --python \S+ (?:install|wheel) [^&]*")
    calls = [call for step in STEPS for call in pip.findall(step.rest)]
    assert len(calls) == 4
    assert all("--no-deps" in call for call in calls)
    assert all("--require-hashes" in call or "--no-index" in call for call in calls)
    assert not any(re.search(r"https?://|curl|wget|apt-get", step.rest) for step in STEPS)


def test_stages_begin_with_the_same_python() -> None:
    bases = {stage[0].words[0] for stage in stages()}
    assert bases == {"python:3.13-slim"}


def test_the_bot_runs_as_a_numbered_nobody_with_a_folder_of_its_own() -> None:
    final = stages()[-1]
    (user,) = (step.rest for step in final if step.word == "USER")
    assert re.fullmatch(r"[1-9][0-9]*:[1-9][0-9]*", user)
    owner, group = user.split(":")
    assert any(f"install -d -o {owner} -g {group} /data" in step.rest for step in final)
    assert Step("VOLUME", "/data") in final
    assert any("EFINBOT_DATABASE_URL=sqlite:////data/" in step.rest for step in final)


def test_it_starts_the_bot_and_stops_on_a_term_signal() -> None:
    final = stages()[-1]
    assert Step("CMD", '["efinbot", "run"]') in final
    assert Step("STOPSIGNAL", "SIGTERM") in final
    assert not any(step.word == "ENTRYPOINT" for step in final)
    assert any("PYTHONUNBUFFERED=1" in step.rest for step in final)
