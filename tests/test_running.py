"""``efinbot run`` as a process: how it starts, stops, dies and what it says."""

import asyncio
import os
import shlex
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from unittest.mock import patch

import pytest
from proxies import proxying
from typer.testing import CliRunner

from efinbot.bot import Settings, redaction
from efinbot.bot.app import serve
from efinbot.bot.cli import app
from efinbot.bot.reload.live import Live
from efinbot.intents import Engine
from efinbot.sandbox.testing import BotAccount, Conversation, Person, Telegram

QUESTION = "what is open banking, asks Jane Q. Public"


@pytest.fixture
def environment(telegram: Telegram, account: BotAccount, tmp_path: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("EFINBOT_") and not name.upper().endswith("_PROXY")
    }
    return kept | {
        "EFINBOT_TOKEN": account.token,
        "EFINBOT_API_URL": telegram.url,
        "EFINBOT_DATABASE_URL": f"sqlite:///{tmp_path / 'state.sqlite3'}",
        "PYTHONDONTWRITEBYTECODE": "",
    }


@asynccontextmanager
async def started(
    command: tuple[str, ...], environment: dict[str, str], folder: Path
) -> AsyncIterator[Process]:
    """Run the command; whatever happens, it is dead in the end."""
    process = await asyncio.create_subprocess_exec(
        *command, "run", env=environment, cwd=folder, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def greeted(person: Person, account: BotAccount) -> Conversation:
    """Return somebody's chat with the bot, once that runs and has greeted them."""
    chat = await person.starts(account)
    await chat.expects("Hello!", seconds=20)
    return chat


async def ended(process: Process) -> tuple[int, str]:
    """Return the exit code and everything that was printed."""
    out, err = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode is not None
    return process.returncode, (out + err).decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
async def test_it_answers_until_it_is_told_to_stop(  # noqa: PLR0917 - fixtures
    telegram: Telegram,
    account: BotAccount,
    command: tuple[str, ...],
    environment: dict[str, str],
    tmp_path: Path,
    number: signal.Signals,
) -> None:
    ada = telegram.person("Ada", language_code="en")
    async with started(command, environment, tmp_path) as process:
        await greeted(ada, account)
        process.send_signal(number)
        code, printed = await ended(process)
    assert code == 0
    assert "connected as @efinbot_bot" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
async def test_it_needs_no_standard_streams(  # noqa: PLR0917 - fixtures
    telegram: Telegram,
    account: BotAccount,
    command: tuple[str, ...],
    environment: dict[str, str],
    tmp_path: Path,
    closed: str,
) -> None:
    ada = telegram.person("Ada", language_code="en")
    shell = ("sh", "-c", f"exec {shlex.join(command)} run {closed}")
    async with started(shell, environment, tmp_path) as process:
        await greeted(ada, account)
        process.terminate()
        code, printed = await ended(process)
    assert code == 0
    assert "Traceback" not in printed


UNSEEN = {"WATCHFILES_FORCE_POLLING": "true", "WATCHFILES_POLL_DELAY_MS": "600000"}
"""As in a folder whose changes the system doesn't tell."""


@pytest.mark.parametrize("seen", [True, False], ids=["on disk", "by SIGHUP"])
async def test_it_takes_over_edits(  # noqa: PLR0917 - fixtures
    telegram: Telegram,
    account: BotAccount,
    command: tuple[str, ...],
    environment: dict[str, str],
    small_folder: Path,
    small_engine: Engine,
    *,
    seen: bool,
) -> None:
    assert small_engine  # in the cache
    ada = telegram.person("Ada", language_code="en")
    changes = {"EFINBOT_KNOWLEDGE": str(small_folder), "EFINBOT_FLOOD_LIMIT": "100000"}
    variables = environment | changes | ({} if seen else UNSEEN)
    async with started(command, variables, small_folder) as process:
        chat = await ada.starts(account)
        await chat.expects("tea", seconds=20)
        path = small_folder / "entries" / "wuyi.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("half oxidised", "partly oxidised"), encoding="utf-8")
        if not seen:
            process.send_signal(signal.SIGHUP)
        answer = ""
        async with asyncio.timeout(20):
            while "partly oxidised" not in answer:
                await ada.says(chat, "what is Wuyi rock tea")
                answer = (await chat.expects("rock tea")).text
        process.terminate()
        code, printed = await ended(process)
    assert code == 0
    assert "Traceback" not in printed


UNKNOWN = "123456:" + "A" * 35
"""A token that no bot has."""


async def test_what_can_not_work_is_said_on_standard_error_and_ends_with_2(
    command: tuple[str, ...], environment: dict[str, str], tmp_path: Path
) -> None:
    unknown = {"EFINBOT_TOKEN": UNKNOWN}
    async with started(command, environment | unknown, tmp_path) as process:
        out, err = await asyncio.wait_for(process.communicate(), 20)
    assert (process.returncode, out) == (2, b"")
    assert "Telegram doesn't know this token" in err.decode()
    assert "Traceback" not in err.decode()
    assert UNKNOWN not in err.decode()


BROKEN = {
    "no token": ({"EFINBOT_TOKEN": ""}, "Open @BotFather in Telegram"),
    "half a token": ({"EFINBOT_TOKEN": "123456:ABC"}, "EFINBOT_TOKEN has no bot token"),
    "a token in a missing file": (
        {"EFINBOT_TOKEN": "", "EFINBOT_TOKEN_FILE": "nowhere"},
        "nowhere can't be read",
    ),
    "a mistyped variable": ({"EFINBOT_TOKN": "1"}, "did you mean 'EFINBOT_TOKEN'?"),
    "no such knowledge": ({"EFINBOT_KNOWLEDGE": "nowhere"}, "there is no folder 'nowhere'"),
    "a proxy of no known kind": (
        {"EFINBOT_API_URL": "https://bots.example", "ALL_PROXY": "gopher://me:hunter2@10.0.0.1"},
        "ALL_PROXY: this kind of proxy isn't supported",
    ),
    "no address": (
        {"EFINBOT_API_URL": "telegram"},
        "EFINBOT_API_URL: 'telegram' is not an address",
    ),
}


@pytest.mark.parametrize(("changes", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_what_is_set_wrong_is_said_and_ends_with_2(
    environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    # The logging of this process is pytest's.
    monkeypatch.setattr(redaction, "configure_logging", lambda: None)
    with patch.dict(os.environ, environment | changes, clear=True):
        result = CliRunner().invoke(app, ["run"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    for token in (environment["EFINBOT_TOKEN"], changes.get("EFINBOT_TOKEN")):
        assert not token or token not in result.stderr
    assert "hunter2" not in result.stderr


@pytest.mark.parametrize(
    ("missing", "proxy"), [("aiohttp", ""), ("aiohttp_socks", "socks5://10.0.0.1:1080")]
)
def test_a_missing_extra_is_named_in_one_line(
    environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    missing: str,
    proxy: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(redaction, "configure_logging", lambda: None)
    for name in list(sys.modules):
        if name.startswith(("efinbot.bot.app", "efinbot.bot.telegram.request", "efinbot.sandbox")):
            monkeypatch.delitem(sys.modules, name)
    for name in list(sys.modules):
        if name.partition(".")[0] == missing:
            monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, missing, None)
    changes = {"EFINBOT_PROXY": proxy, "EFINBOT_API_URL": "https://bots.example"}
    with patch.dict(os.environ, environment | changes, clear=True):
        result = CliRunner().invoke(app, ["run"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert (
        f'this needs {missing}, which is not installed: pip install "efinbot[run]"' in result.stderr
    )


async def test_without_a_server_it_goes_on_trying(
    account: BotAccount, command: tuple[str, ...], environment: dict[str, str], tmp_path: Path
) -> None:
    nowhere = {"EFINBOT_API_URL": "http://127.0.0.1:9"}
    async with started(command, environment | nowhere, tmp_path) as process:
        assert process.stderr is not None
        first = await asyncio.wait_for(process.stderr.readline(), 20)
        process.terminate()
        code, printed = await ended(process)
    assert b"no connection, trying again in 1 s" in first
    assert code == 0
    assert account.token not in first.decode() + printed


@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_telegram_is_reached_by_a_proxy(  # noqa: PLR0917 - fixtures
    telegram: Telegram,
    account: BotAccount,
    command: tuple[str, ...],
    environment: dict[str, str],
    tmp_path: Path,
    kind: str,
) -> None:
    ada = telegram.person("Ada", language_code="en")
    port = int(telegram.url.rpartition(":")[2])
    telegram.answers_to("bots.example")
    async with proxying(kind, port, ("me", "hunter2")) as proxy:
        environment |= {
            "EFINBOT_API_URL": "http://bots.example",
            "EFINBOT_PROXY": f"{kind}://me:hunter2@{proxy.address}",
        }
        async with started(command, environment, tmp_path) as process:
            await greeted(ada, account)
            process.terminate()
            code, printed = await ended(process)
    assert code == 0
    assert f"Telegram is reached by the proxy {kind}://{proxy.address}" in printed
    assert "hunter2" not in printed
    assert any("bots.example" in asked for asked in proxy.asked)


async def test_a_proxy_that_is_not_there_is_named_as_the_proxy(
    command: tuple[str, ...], environment: dict[str, str], tmp_path: Path
) -> None:
    environment |= {
        "EFINBOT_API_URL": "https://bots.example",
        "HTTPS_PROXY": "http://me:hunter2@127.0.0.1:9",
    }
    async with started(command, environment, tmp_path) as process:
        assert process.stderr is not None
        await asyncio.wait_for(process.stderr.readline(), 20)
        second = await asyncio.wait_for(process.stderr.readline(), 20)
        process.terminate()
        code, printed = await ended(process)
    assert code == 0
    assert b"trying again in 1 s: NetworkError: The proxy can't be reached (Connec" in second
    assert "hunter2" not in second.decode() + printed


async def test_killed_outright_it_forgets_nothing_that_it_has_stored(
    telegram: Telegram,
    account: BotAccount,
    command: tuple[str, ...],
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    ada = telegram.person("Ada", language_code="en")
    chat = ada.chat_with(account)
    answers = [
        ("/start", "Hello!"),
        ("/lang zh", "我用中文回答"),
        ("what is open banking", "Open banking and platforms"),
        ("any cases?", "Open banking and platforms: cases"),
        ("/trends", "发展趋势"),
    ]
    for number, (said, answer) in enumerate(answers, 1):
        await (ada.starts(account) if said == "/start" else ada.says(chat, said))
        async with started(command, environment, tmp_path) as process:
            await chat.expects(answer, seconds=20)
            # The answer is sent before it is stored.
            while handled(tmp_path / "state.sqlite3") < number:  # noqa: ASYNC110 - in another process
                await asyncio.sleep(0.01)
            process.kill()
            await process.wait()


def handled(database: Path) -> int:
    """Return how many updates a database has as handled."""
    with closing(sqlite3.connect(database)) as connection:
        [(number,)] = connection.execute("SELECT count(*) FROM efinbot_updates")
        return number


async def test_nothing_secret_is_printed_whatever_fails(
    telegram: Telegram,
    account: BotAccount,
    command: tuple[str, ...],
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    ada = telegram.person("Jane", language_code="en")
    async with started(command, environment, tmp_path) as process:
        chat = await greeted(ada, account)
        for fault in (
            {"status": 502},
            {"reset": "before"},
            {"reset": "after"},
            {"retry_after": 1},
            {"status": 401},
            {"status": 404},
            {"status": 400},
            {"status": 409},
        ):
            for method in ("sendMessage", "getUpdates"):
                telegram.fails(method, **fault)
                await ada.says(chat, QUESTION)
                await telegram.settled(seconds=20)
        telegram.is_down(0.5)
        await ada.says(chat, "/cases")
        await chat.expects("The cases", seconds=20)
        process.terminate()
        code, printed = await ended(process)
    assert code == 0
    assert account.token not in printed
    assert account.token.partition(":")[2] not in printed
    assert QUESTION not in printed
    assert str(ada.id) not in printed
    assert "Jane" not in printed
    assert "Traceback" not in printed


async def test_what_cannot_be_fetched_is_fetched_later_and_does_not_keep_it_from_stopping(
    telegram: Telegram,
    account: BotAccount,
    command: tuple[str, ...],
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    async with started(command, environment, tmp_path) as process:
        ada = telegram.person("Ada", language_code="en")
        chat = await greeted(ada, account)
        telegram.fails("getUpdates", status=502, times=1000)
        await ada.says(chat, "/trends")  # ends the poll that waits
        await asyncio.sleep(3)
        assert len(telegram.requests("getUpdates")) < 10
        process.terminate()
        code, printed = await ended(process)
    assert code == 0
    assert "updates can't be fetched" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("fault", [{"delay": 60.0}, {"status": 502}, {"retry_after": 60}], ids=str)
@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "getUpdates"])
async def test_it_stops_at_once_whatever_it_waits_for(
    telegram: Telegram, settings: Settings, live: Live, method: str, fault: dict[str, float]
) -> None:
    telegram.fails(method, times=1000, **fault)
    stop = asyncio.Event()
    running = asyncio.create_task(serve(settings, live, stop))
    await asyncio.sleep(0.5)  # by then it waits
    stop.set()
    async with asyncio.timeout(9):  # after ten seconds, containers are killed
        await running


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
async def test_it_can_be_stopped_while_it_starts(
    command: tuple[str, ...], environment: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    token = tmp_path / "token"
    os.mkfifo(token)  # to be read before anything else happens
    environment |= {"EFINBOT_TOKEN": "", "EFINBOT_TOKEN_FILE": str(token)}
    async with started(command, environment, tmp_path) as process:
        writing = await asyncio.to_thread(token.open, "w")
        # By then it waits for the content: Python misses a signal just before it begins to read.
        await asyncio.sleep(0.5)
        process.send_signal(number)
        code, printed = await ended(process)
        writing.close()
    assert (code, printed) == (0, "")


async def test_a_token_that_is_withdrawn_ends_it(
    telegram: Telegram,
    account: BotAccount,
    command: tuple[str, ...],
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    async with started(command, environment, tmp_path) as process:
        ada = telegram.person("Ada", language_code="en")
        chat = await greeted(ada, account)
        telegram.fails(status=401, times=1000)
        await ada.says(chat, "/trends")  # ends the poll that waits
        code, printed = await ended(process)
    assert code == 2
    assert "Telegram doesn't know this token" in printed
    assert account.token not in printed
