"""How many questions a second efinbot answers in Telegram, against bots that only echo.

Each bot runs on one core, by long polling; the local Bot API that asks it runs on another. First a
backlog waits for it: what is answered a second is its throughput. Then questions arrive at a steady
rate, and the time from a question's arrival to its answer is measured.

Usage: python benchmarks/throughput.py [BACKLOG]
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from efinbot.bot.sandbox.acts import say, start
from efinbot.bot.sandbox.people import Bot
from efinbot.bot.sandbox.server import Server
from efinbot.bot.sandbox.world import Chat

HERE = Path(__file__).parent
QUESTIONS = HERE.parent / "tests" / "questions.jsonl"
CONTESTANTS = {
    "python-telegram-bot's echo": [sys.executable, str(HERE / "echoes" / "ptb_echo.py")],
    "aiogram's echo": [sys.executable, str(HERE / "echoes" / "aiogram_echo.py")],
    "efinbot": [sys.executable, "-m", "efinbot.bot", "run"],
}
STEADY = 200
SECONDS = 10
PATIENCE = 60


class Questioner:
    """People who each ask one question, and note when it is answered."""

    def __init__(self, server: Server, bot: Bot, people: int, texts: Iterator[str]) -> None:
        self.server = server
        self.bot = bot
        self.texts = texts
        self.asked: dict[str, float] = {}
        self.answered: dict[str, float] = {}
        self.chats: list[Chat] = []
        world = server.api.world
        add = world.add

        def noting(chat, author, content, **fields):  # noqa: ANN001, ANN003, ANN202 - as World.add
            if author is bot:
                self.answered.setdefault(chat.key, time.perf_counter())
            return add(chat, author, content, **fields)

        world.add = noting
        for number in range(people):
            person = world.person(f"P{number}", language_code="en")
            chat, _ = start(world, person, bot)
            self.chats.append(chat)
        bot.mailbox.forget()

    def ask(self, chat: Chat) -> None:
        """Have the person of a private chat ask the next question."""
        world = self.server.api.world
        self.asked[chat.key] = time.perf_counter()
        say(world, world.people[chat.id], chat, next(self.texts))

    async def rush(self) -> float:
        """Let all ask at once; return how many are answered a second."""
        for chat in self.chats:
            self.ask(chat)
        await self._until_answered()
        return len(self.chats) / (max(self.answered.values()) - min(self.asked.values()))

    async def trickle(self) -> list[float]:
        """Let them ask at a steady rate; return the seconds that each answer took, sorted."""
        self.asked.clear()
        self.answered.clear()
        begin = time.perf_counter()
        chats = self.chats[: STEADY * SECONDS]
        for number, chat in enumerate(chats):
            await asyncio.sleep(max(begin + number / STEADY - time.perf_counter(), 0))
            self.ask(chat)
        await self._until_answered()
        return sorted(self.answered[chat.key] - self.asked[chat.key] for chat in chats)

    async def _until_answered(self) -> None:
        end = time.perf_counter() + PATIENCE
        while len(self.answered) < len(self.asked):
            if time.perf_counter() > end:
                sys.exit(f"{len(self.asked) - len(self.answered)} questions were not answered")
            await asyncio.sleep(0.01)


@contextmanager
def running(command: list[str], server: Server, bot: Bot) -> Iterator[None]:
    """Run a bot on a core of its own, until it polls."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "EFINBOT_TOKEN": bot.token,
            "EFINBOT_API_URL": server.url,
            "EFINBOT_DATABASE_URL": f"sqlite:///{folder}/state.db",
        }
        process = subprocess.Popen(  # noqa: S603 - commands of this file
            ["taskset", "-c", "0", *command], env=environment, stderr=subprocess.DEVNULL
        )
        try:
            end = time.perf_counter() + PATIENCE
            while not server.do(lambda: bot.mailbox.polled):
                if process.poll() is not None or time.perf_counter() > end:
                    sys.exit(f"{command[-1]} did not start")
                time.sleep(0.05)
            time.sleep(1)
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)


def main() -> None:
    """Measure, and print a table."""
    backlog = max(int(sys.argv[1]) if len(sys.argv) > 1 else 3000, STEADY * SECONDS)
    os.sched_setaffinity(0, {1})
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["text"] for line in lines]
    print(f"| bot | a second | at {STEADY}/s: p50 | p99 |\n| --- | --- | --- | --- |")
    for name, command in CONTESTANTS.items():
        server = Server()
        server.start()
        server.api.journal.enabled = False
        bot = server.do(lambda: server.api.world.bot("efinbot_bot"))
        with running(command, server, bot):
            texts = cycle(questions)
            people = server.do(lambda: Questioner(server, bot, backlog, texts))
            rate = asyncio.run(server.run(people.rush()))
            waits = asyncio.run(server.run(people.trickle()))
        server.close()
        p50, p99 = (1000 * statistics.quantiles(waits, n=100)[n - 1] for n in (50, 99))
        print(f"| {name} | {rate:.0f} | {p50:.1f} ms | {p99:.1f} ms |")


main()
