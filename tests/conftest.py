"""What many tests need."""

import shutil
import sys
from pathlib import Path

import pytest

from efinbot.bot import Assistant, open_engine
from efinbot.intents import Engine
from efinbot.knowledge import Knowledge, load

SMALL = Path(__file__).parent / "small_knowledge"
"""A second subject, tea, as an operator would write it."""


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine of the shipped knowledge."""
    return open_engine()


@pytest.fixture(scope="session")
def small() -> Knowledge:
    """The small knowledge about tea."""
    return load(SMALL)


@pytest.fixture(scope="session")
def small_engine() -> Engine:
    """The engine of the small knowledge."""
    return open_engine(SMALL)


@pytest.fixture
def small_folder(tmp_path: Path) -> Path:
    """A copy of the small knowledge, to be changed or broken."""
    return shutil.copytree(SMALL, tmp_path / "knowledge")


@pytest.fixture(scope="session")
def assistant(engine: Engine) -> Assistant:
    """Answers from the shipped knowledge."""
    return Assistant(engine)


@pytest.fixture(scope="session")
def command(engine: Engine) -> tuple[str, ...]:
    """The command line as a command of its own; the engine it needs is in the cache by now."""
    assert engine
    return (sys.executable, "-m", "efinbot.bot")
