"""The demo: the bot as a child process, in a Telegram of its own."""

import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

pytestmark = pytest.mark.usefixtures("tea_cache")
SECONDS = 60
SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="children are seen in /proc alone"
)


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """Where the demo keeps what it needs meanwhile."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def is_empty(folder: Path) -> bool:
    return not any(folder.iterdir())


def is_running(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


@asynccontextmanager
async def demo(
    *options: str, temporary: Path, folder: Path | None = None, **environment: str
) -> AsyncIterator[Process]:
    """Run the demo; whatever happens, it has ended in the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "efinbot.bot", "demo", "--no-browser", *options),
        env=os.environ | environment | {"TMPDIR": str(temporary)},
        cwd=folder,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.communicate()


async def address(process: Process) -> str:
    """Return where the page is, once the bot waits for questions."""
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), SECONDS)
    assert b"Ada as its operator" in line
    return line.split()[-1].decode()


async def ended(process: Process) -> tuple[int | None, str, str]:
    """Return the exit status and what was printed, to either stream."""
    out, err = await asyncio.wait_for(process.communicate(), SECONDS)
    return process.returncode, out.decode(), err.decode()


def children(process: Process) -> list[int]:
    """Return the processes that a process has started."""
    return [
        int(identifier)
        for path in Path(f"/proc/{process.pid}/task").glob("*/children")
        for identifier in path.read_text().split()
    ]


async def notice(http: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    """Return what the page says of the latest edit, once it says something new."""
    async with http.get(f"{url}/client/events", timeout=aiohttp.ClientTimeout(SECONDS)) as events:
        await events.content.readuntil(b"event: notice\n")
        line = await events.content.readline()
        return json.loads(line.removeprefix(b"data: "))["notice"]


@needs_proc
@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
async def test_a_signal_ends_the_bot_too_and_nothing_is_left(
    temporary: Path, small_folder: Path, number: signal.Signals
) -> None:
    async with demo("--knowledge", str(small_folder), temporary=temporary) as process:
        await address(process)
        (bot,) = children(process)
        process.send_signal(number)
        status, out, err = await ended(process)
    assert (status, out) == (0, "")
    assert "Traceback" not in err
    assert not is_running(bot)
    assert is_empty(temporary)


@needs_proc
async def test_the_demo_ends_as_its_bot_does(temporary: Path, small_folder: Path) -> None:
    async with demo("--knowledge", str(small_folder), temporary=temporary) as process:
        await address(process)
        (bot,) = children(process)
        os.kill(bot, signal.SIGKILL)
        status, _, _ = await ended(process)
    assert status not in (0, None)
    assert is_empty(temporary)


async def test_what_the_bot_says_before_it_ends_is_printed(
    temporary: Path, small_folder: Path
) -> None:
    (small_folder / "glossary.yaml").write_text("tannin: [", encoding="utf-8")
    async with demo("--knowledge", str(small_folder), temporary=temporary) as process:
        status, out, err = await ended(process)
    assert (status, out) == (2, "")
    assert "glossary.yaml:2:1: " in err


async def test_the_page_says_what_became_of_edits(temporary: Path, small_folder: Path) -> None:
    glossary = small_folder / "glossary.yaml"
    whole = glossary.read_text(encoding="utf-8")
    async with (
        demo("--knowledge", str(small_folder), temporary=temporary) as process,
        aiohttp.ClientSession() as http,
    ):
        url = await address(process)
        heard = asyncio.create_task(notice(http, url))
        await asyncio.sleep(0.5)  # the stream is open
        glossary.write_text(f"{whole}\nbroken: 1\n", encoding="utf-8")
        told = await heard
        assert set(told["summary"]) == {"en", "zh"}
        assert all(item["place"].startswith(str(glossary)) for item in told["items"])
        assert told["items"][0]["level"] == "error"
        assert told == await state(http, url)
        heard = asyncio.create_task(notice(http, url))
        await asyncio.sleep(0.5)
        glossary.write_text(whole, encoding="utf-8")
        assert (await heard)["items"] == []


async def state(http: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    """Return what those are told of the latest edit who open the page now."""
    async with http.get(f"{url}/client/state") as response:
        return (await response.json())["notice"]


async def test_settings_of_the_operators_own_bot_are_left_alone(
    temporary: Path, small_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("EFINBOT_FEEDBACK=perhaps\n", encoding="utf-8")
    others = {"EFINBOT_TOKEN": "1:other", "HTTP_PROXY": "http://127.0.0.1:9"}
    options = ("--knowledge", str(small_folder.relative_to(tmp_path)))
    async with demo(*options, temporary=temporary, folder=tmp_path, **others) as process:
        await address(process)


async def test_demos_stand_side_by_side(temporary: Path, small_folder: Path) -> None:
    options = ("--knowledge", str(small_folder))
    async with (
        demo(*options, temporary=temporary) as one,
        demo(*options, temporary=temporary) as other,
    ):
        assert await address(one) != await address(other)


async def test_a_port_that_is_taken_is_named_with_the_reason(temporary: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with demo("--port", str(port), temporary=temporary) as process:
            status, _, err = await ended(process)
    assert status == 2
    assert f"port {port} can't be used: Address already in use" in err


async def test_what_else_the_system_refuses_is_said(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere")
    code = "import tempfile; tempfile.tempdir = {!r}; from efinbot.bot.cli import main; main()"
    command = (sys.executable, "-c", code.format(nowhere), "demo", "--no-browser")
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    status, _, err = await ended(process)
    assert status == 2
    assert "the demo can't start: [Errno 2] No such file or directory" in err
    assert "port" not in err


async def test_without_its_packages_it_says_what_to_install() -> None:
    code = "import sys; sys.modules['starlette'] = None; from efinbot.bot.cli import main; main()"
    command = (sys.executable, "-c", code, "demo")
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    assert await ended(process) == (
        2,
        "",
        'efinbot demo needs packages that are not installed: pip install "efinbot[run,sandbox]"\n',
    )
