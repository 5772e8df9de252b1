"""An edit of the knowledge while questions are answered: how soon it is live, and who waits for it.

Questions are asked all the time; how late each answer is, compared with its own time, tells what
reading, learning and swapping hold up. The same is measured with nothing going on: that is what the
machine itself does.
"""

import asyncio
import gc
import shutil
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from efinbot.bot.reload.live import Live, Reloaded
from efinbot.knowledge import SHIPPED

EDITS = 3
QUESTION = "what are the risks of opne banking"
PAUSE = 0.002


class Clock:
    """Notes when an edit is live, and when it has been learned."""

    def __init__(self) -> None:
        self.live = asyncio.Event()
        self.learned = asyncio.Event()

    def adopted(self) -> None:
        """Hear that the edit is live."""
        self.live.set()

    async def reloaded(self, _: Reloaded) -> None:
        """Hear that it has been learned."""
        self.learned.set()


async def ask(live: Live, delays: list[float]) -> None:
    """Ask on and on; note by how many milliseconds each answer comes late."""
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(PAUSE)
        live.assistant.answer(QUESTION, None, 0)
        delays.append(1000 * (time.perf_counter() - begun - PAUSE))


async def measure(folder: Path) -> None:
    """Edit a folder again and again, and print what that does."""
    live, clock = Live.open(folder), Clock()
    live.observers.append(clock)
    gc.freeze()
    sys.setswitchinterval(0.001)
    watching = asyncio.create_task(live.watch())
    delays: list[float] = []
    asking = asyncio.create_task(ask(live, delays))
    path = folder / "entries" / "ovo.yaml"
    text = path.read_text(encoding="utf-8")
    soon, learned, worst, idle = [], [], [], []
    for _ in range(EDITS):
        delays.clear()
        await asyncio.sleep(4)
        idle.append(max(delays))
        delays.clear()
        for event in (clock.live, clock.learned):
            event.clear()
        begun = time.perf_counter()
        path.write_text(
            text.replace("an Indonesian", f"an Indonesian {time.time_ns()}"), encoding="utf-8"
        )
        await clock.live.wait()
        soon.append(time.perf_counter() - begun)
        await clock.learned.wait()
        learned.append(time.perf_counter() - begun)
        await asyncio.sleep(1.5)
        worst.append(max(delays))
    for name, values in (
        ("live after, s", soon),
        ("learned after, s", learned),
        ("latest answer meanwhile, ms", worst),
        ("latest answer without, ms", idle),
    ):
        print(f"{name:28} median {statistics.median(values):6.2f}  worst {max(values):6.2f}")
    for task in (watching, asking):
        task.cancel()
    await live.close()


if __name__ == "__main__":
    with TemporaryDirectory() as place:
        asyncio.run(measure(shutil.copytree(SHIPPED, Path(place, "knowledge"))))
