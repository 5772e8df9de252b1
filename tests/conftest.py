"""What many tests need."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

# python-telegram-bot reads it when it is imported: without it, every RetryAfter is a warning.
os.environ["PTB_TIMEDELTA"] = "1"

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from operating import Workshop, opened
from pydantic import SecretStr
from sqlalchemy import event

from efinbot.bot import Assistant, Settings, open_engine
from efinbot.bot.app import serve
from efinbot.bot.reload.live import Live
from efinbot.intents import Engine
from efinbot.knowledge import SHIPPED, Knowledge, load
from efinbot.sandbox.testing import BotAccount, Telegram, telegram

# What is printed would be as wide as the terminal in which the tests were started, and in the
# language of whoever started them.
for _inherited in ("COLUMNS", "LINES", "LC_ALL", "LC_MESSAGES", "LANG"):
    os.environ.pop(_inherited, None)

# How long an example takes says how busy the machine is, and nothing of the code.
hypothesis.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("untimed")

__all__ = ["telegram"]
SMALL = Path(__file__).parent / "small_knowledge"
"""A second subject, tea, as an operator would write it."""


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One worker more than processors: many tests wait, for other processes and for the clock."""
    return (yield) + 1


def pytest_sessionstart(session: pytest.Session) -> None:
    """Build the engine before all workers would at the same time, in vain but for one.

    What they build in would be measured by coverage, which takes three times as long.
    """
    if session.config.getoption("numprocesses", None):
        command = [sys.executable, "-m", "efinbot.bot.reload.build", str(SHIPPED)]
        environment = {name: value for name, value in os.environ.items() if "COV" not in name}
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)


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


@pytest.fixture(scope="module")
def command() -> tuple[str, ...]:
    """The command line as a command of its own, with the engine that it needs in the cache."""
    open_engine()
    return (sys.executable, "-m", "efinbot.bot")


@pytest.fixture
def live(settings: Settings, assistant: Assistant) -> Live:
    """Answers from the shipped knowledge, and follows its folder."""
    return Live(settings.knowledge, assistant)


@pytest.fixture(scope="module")
def tea_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A place for engines about tea alone: in the usual one, others would take their place."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "tea"))
        yield


@pytest.fixture
def account(telegram: Telegram) -> BotAccount:
    """The bot's account in the local Telegram."""
    return telegram.bot("efinbot_bot", first_name="efinbot")


@pytest.fixture
def settings(telegram: Telegram, account: BotAccount, tmp_path: Path) -> Settings:
    """The settings of the bot in the local Telegram."""
    return Settings(
        token=SecretStr(account.token),
        api_url=telegram.url,
        database_url=SecretStr(f"sqlite:///{tmp_path / 'state.sqlite3'}"),
        flood_limit=1000,
    )


@pytest.fixture
async def efinbot(account: BotAccount, settings: Settings, live: Live) -> AsyncIterator[BotAccount]:
    """The bot, running in the local Telegram as `efinbot run` runs it."""
    stop = asyncio.Event()
    running = asyncio.create_task(serve(settings, live, stop))
    yield account
    stop.set()
    await running


@pytest.fixture
def commits() -> Iterator[list[object]]:
    """Everything that was committed while the test ran."""
    seen: list[object] = []

    def note(connection: object) -> None:
        seen.append(connection)

    event.listen(sa.Engine, "commit", note)
    yield seen
    event.remove(sa.Engine, "commit", note)


@pytest.fixture
async def workshop(
    telegram: Telegram, account: BotAccount, small_folder: Path, tmp_path: Path
) -> AsyncIterator[Workshop]:
    """The bot about tea, with two operators."""
    async with opened(telegram, account, small_folder, tmp_path) as workshop:
        yield workshop
