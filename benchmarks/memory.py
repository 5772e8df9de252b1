"""How much memory `efinbot run` takes: at its start, after questions, and while it learns an edit.

The bot polls a local Bot API. What it takes is the resident memory that the kernel counts; that of
its child process is added where one runs. (Pages that both have are counted twice.) The largest of
many samples is printed beside what is taken in the end.

Usage: python benchmarks/memory.py [QUESTIONS]
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from efinbot.knowledge import SHIPPED
from efinbot.sandbox.testing import BotAccount, Telegram

ASKED = Path(__file__).parents[1] / "tests" / "questions.jsonl"
QUESTIONS = 1000
AT_ONCE = 50
PATIENCE = 90
SAMPLE = 0.02
EDITS = 2
FREEING = 3
"""Seconds after which the engine before an edit is gone."""


class Bot:
    """A bot that runs, with a knowledge and a cache of its own."""

    def __init__(self, telegram: Telegram, account: BotAccount, place: Path) -> None:
        self.folder = place / "knowledge"
        self.most = {"in all": 0, "bot": 0, "child": 0}
        self._log = place / "log"
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "efinbot.bot", "run"],
                env=os.environ
                | {
                    "EFINBOT_TOKEN": account.token,
                    "EFINBOT_API_URL": telegram.url,
                    "EFINBOT_DATABASE_URL": f"sqlite:///{place}/state.db",
                    "EFINBOT_KNOWLEDGE": str(self.folder),
                    "EFINBOT_FLOOD_LIMIT": "1000000",
                    "XDG_CACHE_HOME": str(place / "cache"),
                },
                stderr=log,
            )

    async def until(self, logged: str, times: int = 1) -> None:
        """Watch the memory until the bot has logged something so many times."""
        end = time.monotonic() + PATIENCE
        while self._log.read_text().count(logged) < times:
            if self.process.poll() is not None or time.monotonic() > end:
                sys.exit(f"waited for {logged!r} in vain:\n{self._log.read_text()}")
            self._sample()
            await asyncio.sleep(SAMPLE)

    def _sample(self) -> None:
        bot = resident(self.process.pid)
        child = sum(map(resident, children(self.process.pid)))
        for name, size in (("in all", bot + child), ("bot", bot), ("child", child)):
            self.most[name] = max(self.most[name], size)

    def report(self, when: str) -> None:
        """Print what the bot takes now, and the most that it took since the last report."""
        self._sample()
        most = ", ".join(f"{name} {size:.0f}" for name, size in self.most.items())
        print(f"{when:24} {resident(self.process.pid):4.0f} MB  (most: {most})", flush=True)
        self.most = dict.fromkeys(self.most, 0)


def resident(pid: int) -> float:
    """Return the resident memory of a process in MB; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def children(pid: int) -> list[int]:
    """Return the child processes of a process."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for thread in threads for child in thread.read_text().split()]


async def ask(telegram: Telegram, account: BotAccount, count: int) -> None:
    """Let people ask questions, and wait for the answers."""
    lines = ASKED.read_text(encoding="utf-8").splitlines()
    texts = islice(cycle([json.loads(line)["text"] for line in lines]), count)
    people = [telegram.person(f"P{n}") for n in range(AT_ONCE)]
    chats = [await person.starts(account) for person in people]
    await telegram.settled(seconds=PATIENCE)
    for number, text in enumerate(texts, 1):
        await people[number % AT_ONCE].says(chats[number % AT_ONCE], text)
        if number % AT_ONCE == 0:
            await telegram.settled(seconds=PATIENCE)


async def measure(place: Path, count: int) -> None:
    """Start a bot twice, ask it, edit its knowledge, and print what memory that takes."""
    async with Telegram.open() as telegram:
        telegram.records(enabled=False)
        account = telegram.bot("efinbot_bot")
        for how in ("started, nothing cached", "started, engine cached"):
            bot = Bot(telegram, account, place)
            try:
                await bot.until("connected as")
                await asyncio.sleep(2)
                bot.report(how)
                if how.endswith("nothing cached"):
                    continue
                await ask(telegram, account, count)
                bot.report(f"after {count} questions")
                edited = bot.folder / "entries" / "ovo.yaml"
                text = edited.read_text(encoding="utf-8")
                for number in range(1, EDITS + 1):
                    edit = text.replace("an Indonesian", f"an Indonesian number {number}")
                    edited.write_text(edit, encoding="utf-8")
                    await bot.until("new knowledge answers", number)
                    await asyncio.sleep(FREEING)
                    bot.report(f"after edit {number}")
            finally:
                bot.process.terminate()
                bot.process.wait(PATIENCE)


def main() -> None:
    """Measure in a folder that goes afterwards."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(SHIPPED, Path(folder, "knowledge"))
        asyncio.run(measure(Path(folder), count))


main()
