"""How many questions a second efinbot answers in Telegram, against bots that only echo.

Each bot polls a local Bot API of its own; bots run on one core, the servers on another. In turn,
over some rounds, each bot finds a backlog and is timed while it answers it: its throughput is the
median of the rounds, its processor time a question what the kernel counts. Once more the backlog is
answered over a line on which every answer takes as long to be taken as on the Internet. Then
questions arrive at a steady rate, and the time from a question's arrival to its answer is measured.

aiogram takes no pydantic as new as efinbot's. Its echo takes part if the variable AIOGRAM_PYTHON
names an interpreter that has aiogram.

Usage: python benchmarks/throughput.py [ROUNDS]
"""

import asyncio
import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path

from efinbot.sandbox.bot_api.faults import Fault
from efinbot.sandbox.bot_api.server import Server
from efinbot.sandbox.people.actions import say
from efinbot.sandbox.state.accounts import Bot
from efinbot.sandbox.state.world import Chat

HERE = Path(__file__).parent
QUESTIONS = HERE.parent / "tests" / "questions.jsonl"
ECHO = "python-telegram-bot's echo"
CONTESTANTS = {
    ECHO: [sys.executable, str(HERE / "echoes" / "ptb_echo.py")],
    "efinbot": [sys.executable, "-m", "efinbot.bot", "run"],
}
if AIOGRAM := os.environ.get("AIOGRAM_PYTHON"):
    CONTESTANTS["aiogram's echo"] = [AIOGRAM, str(HERE / "echoes" / "aiogram_echo.py")]
ROUNDS = 9
BACKLOG = 600
LINE = 0.02
STEADY = 200
SECONDS = 10
PATIENCE = 60
TICKS = os.sysconf("SC_CLK_TCK")


class Questioner:
    """People who ask a bot, and note when it answers."""

    def __init__(self, server: Server, bot: Bot, texts: Iterator[str]) -> None:
        self.server, self.bot, self.texts = server, bot, texts
        self.asked: dict[str, float] = {}
        self.answered: dict[str, float] = {}
        world = server.api.world
        add = world.add

        def noting(chat, author, content, **fields):  # noqa: ANN001, ANN003, ANN202 - as World.add
            if author is bot:
                self.answered[chat.key] = time.perf_counter()
            return add(chat, author, content, **fields)

        world.add = noting
        people = [world.person(f"P{n}", language_code="en") for n in range(STEADY * SECONDS)]
        self.chats = [world.private_chat(bot, person) for person in people]
        bot.started_by |= {person.id for person in people}

    async def rush(self, first: int) -> float:
        """Let a backlog of people ask at once; return how many are answered a second."""
        chats = [self.chats[(first + n) % len(self.chats)] for n in range(BACKLOG)]
        self._begin()
        for chat in chats:
            self._ask(chat)
        await self._until_answered()
        return BACKLOG / (max(self.answered.values()) - min(self.asked.values()))

    async def trickle(self) -> list[float]:
        """Let people ask at a steady rate; return the seconds that each answer took."""
        self._begin()
        begin = time.perf_counter()
        for number, chat in enumerate(self.chats):
            await asyncio.sleep(max(begin + number / STEADY - time.perf_counter(), 0))
            self._ask(chat)
        await self._until_answered()
        return [self.answered[chat.key] - self.asked[chat.key] for chat in self.chats]

    def _begin(self) -> None:
        self.asked.clear()
        self.answered.clear()

    def _ask(self, chat: Chat) -> None:
        world = self.server.api.world
        self.asked[chat.key] = time.perf_counter()
        say(world, world.people[chat.id], chat, next(self.texts))

    async def _until_answered(self) -> None:
        end = time.perf_counter() + PATIENCE
        while len(self.answered) < len(self.asked):
            if time.perf_counter() > end:
                sys.exit(f"{len(self.asked) - len(self.answered)} questions were not answered")
            await asyncio.sleep(0.01)


class Contestant:
    """A bot that runs, and the people who ask it."""

    def __init__(self, server: Server, process: subprocess.Popen[bytes], asks: Questioner) -> None:
        self.server, self.process, self.asks = server, process, asks
        self.rates: list[float] = []
        self.costs: list[float] = []

    def rush(self, number: int) -> None:
        """Time one backlog."""
        before = self._used()
        rate = asyncio.run(self.server.run(self.asks.rush(number * BACKLOG)))
        self.rates.append(rate)
        self.costs.append((self._used() - before) / BACKLOG)

    def far_away(self) -> float:
        """Return how many are answered a second over a line of some length."""
        slow = Fault("sendmessage", None, None, BACKLOG, None, None, None, LINE)
        self.server.do(lambda: self.server.api.faults.add(slow))
        return asyncio.run(self.server.run(self.asks.rush(0)))

    def _used(self) -> float:
        """Return the seconds of processor time that the bot has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def contestant(command: list[str], texts: Iterator[str]) -> Iterator[Contestant]:
    """Run a bot until it polls, on the first core."""
    server = Server()
    server.start()
    server.api.request_log.enabled = False
    bot = server.do(lambda: server.api.world.bot("efinbot_bot"))
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "EFINBOT_TOKEN": bot.token,
            "EFINBOT_API_URL": server.url,
            "EFINBOT_DATABASE_URL": f"sqlite:///{folder}/state.db",
            "EFINBOT_FLOOD_LIMIT": "1000000",
        }
        process = subprocess.Popen(  # noqa: S603 - commands of this file
            ["taskset", "-c", "0", *command],  # noqa: S607 - taskset is where the system has it
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        try:
            end = time.perf_counter() + PATIENCE
            while not server.do(lambda: bot.mailbox.polled):
                if process.poll() is not None or time.perf_counter() > end:
                    sys.exit(f"{command[-1]} did not start")
                time.sleep(0.05)
            asks = server.do(lambda: Questioner(server, bot, texts))
            yield Contestant(server, process, asks)
        finally:
            process.terminate()
            process.wait(PATIENCE)
            server.close()


def main() -> None:
    """Measure, and print a table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    os.sched_setaffinity(0, {1})
    # The servers remember all that was said: to look through it would be taken for the bots' delay.
    gc.disable()
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["text"] for line in lines]
    with ExitStack() as stack:
        running = {
            name: stack.enter_context(contestant(command, cycle(questions)))
            for name, command in CONTESTANTS.items()
        }
        for number in range(rounds + 1):
            for one in running.values():
                one.rush(number)
        line = f"over a line of {1000 * LINE:.0f} ms"
        rush = "answers a second | times the echo | CPU each"
        print(f"| bot | {rush} | {line} | p50 at {STEADY}/s | p99 |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for name, one in running.items():
            # The first round is for warming up. Rounds are paired: the machine's speed varies.
            pairs = zip(one.rates[1:], running[ECHO].rates[1:], strict=True)
            times = statistics.median(rate / echo for rate, echo in pairs)
            rate = statistics.median(one.rates[1:])
            cost = 1000 * statistics.median(one.costs[1:])
            far = one.far_away()
            waits = asyncio.run(one.server.run(one.asks.trickle()))
            p50, p99 = (1000 * statistics.quantiles(waits, n=100)[n - 1] for n in (50, 99))
            speed = f"{rate:.0f} | {times:.2f} | {cost:.2f} ms | {far:.0f}"
            print(f"| {name} | {speed} | {p50:.1f} ms | {p99:.1f} ms |")


main()
