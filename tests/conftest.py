"""What many tests need."""

import pytest

from efinbot.bot import open_engine
from efinbot.intents import Engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine of the shipped knowledge."""
    return open_engine()
