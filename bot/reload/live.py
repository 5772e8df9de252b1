"""The live knowledge: what answers now, kept up to date with its folder."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ...intents import Engine
from ...knowledge import KnowledgeError, Problem, Snapshot
from ...knowledge.atomic_write import write_files
from ...knowledge.messages import message
from ...knowledge.watcher import changes
from ..assistant import Assistant
from ..background_tasks import BackgroundTasks
from ..redaction import described
from ..storage.changes import Author, Change
from .build import build, open_built, take
from .engine_cache import read
from .garbage import return_free_memory
from .subprocess_worker import run_in_subprocess, run_in_thread

_DISK: Final = "disk"
"""Origin of what was saved in the folder."""
_SETTLING: Final = 0.5
"""Seconds for which a broken folder is given time to be saved on, before anybody is told."""
_FINISHING: Final = 1.0
"""Seconds in which answers that are under way end, so that nothing holds the engine before."""
_BREATH: Final = 0.02
"""Seconds between the parts of an engine that is freed, in which answers get their turn."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reloaded:
    """What came of reading the folder."""

    problems: tuple[Problem, ...] = ()
    """Problems to fix; nothing has changed then."""
    changes: tuple[Change, ...] = ()
    """What has gone live, one after the other."""
    fixed: bool = False
    """Whether the folder was broken the last time."""


class Observer:
    """Somebody who follows what happens to the knowledge; does nothing of its own accord."""

    def adopted(self) -> None:
        """Hear that another assistant answers from now on."""

    async def reloaded(self, outcome: Reloaded) -> None:
        """Hear what came of reading the folder: a change, or problems, the same ones once."""


class MeanwhileError(Exception):
    """The folder isn't any more what a change was made for.

    Args:
        names: The files that differ.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(f"changed meanwhile: {', '.join(names)}")
        self.names = names


@dataclass(frozen=True)
class _WrittenChange:
    """A change of somebody's that has been written, and perhaps not learned yet."""

    before: Snapshot
    """What the folder held."""
    files: Mapping[str, bytes | None]
    """What was written."""
    author: Author
    """Who did it."""
    origin: str
    """From where."""

    def steps(self, now: Snapshot) -> tuple[tuple[Snapshot, Author | None, str], ...]:
        """Return how the folder came to hold what it does, if what was written is a part of it."""
        if any(now.files.get(name) != held for name, held in self.files.items()):
            return ()
        after = self.before.with_(self.files)
        return ((self.before, None, _DISK), (after, self.author, self.origin))


def open_assistant(folder: Path) -> Assistant:
    """Return what answers from a folder; see `open_built`."""
    return Assistant(open_built(folder))


class Live:
    """An assistant that follows its folder: edits are checked, learned elsewhere, and swapped in.

    A text or a name is answered with in a fraction of a second. What takes learning, in another
    process, follows some seconds later. What is broken changes nothing.

    Args:
        folder: The knowledge.
        assistant: Answers from it.
        held: What the folder held before the assistant was made, so that what is saved while that
            takes its time counts as an edit; as it is now if None. See `open`.
    """

    def __init__(self, folder: Path, assistant: Assistant, held: Snapshot | None = None) -> None:
        self.folder = folder
        self.assistant = assistant
        self.observers: list[Observer] = []
        self.snapshot = held or Snapshot.of(folder)
        """The files that answers are made from."""
        self._learned = self.snapshot.training_fingerprint
        self._problems: tuple[Problem, ...] = ()
        self._touching = asyncio.Lock()
        self._writing = asyncio.Lock()
        self._job: asyncio.Task[Reloaded] | None = None
        self._aim = self.snapshot.fingerprint
        self._tasks = BackgroundTasks()
        self._written: _WrittenChange | None = None

    @classmethod
    def open(cls, folder: Path, assistant: Callable[[Path], Assistant] = open_assistant) -> "Live":
        """Return the assistant of a folder, following it from before it was read.

        Args:
            folder: The knowledge.
            assistant: Makes what answers from it.

        Raises:
            KnowledgeError: The knowledge has problems.
        """
        held = Snapshot.of(folder)
        return cls(folder, assistant(folder), held)

    async def watch(self) -> None:
        """Follow the folder until cancelled."""
        self.follow()
        async for _ in changes(self.folder):
            # A newer change ends the learning of an older one, so this doesn't wait for it.
            self.follow()

    async def reload(self) -> Reloaded:
        """Read the folder, and answer from what it holds now; return when it has been learned.

        Raises:
            WorkerError: It could not be learned; the texts have changed all the same.
        """
        async with self._touching:
            snapshot = await asyncio.to_thread(Snapshot.of, self.folder)
        if self._job is None or self._job.done() or self._aim != snapshot.fingerprint:
            if self._job:
                self._job.cancel()
            self._aim = snapshot.fingerprint
            self._job = self._tasks.start(self._take_over(snapshot))
        job = self._job
        while True:
            await asyncio.wait({job})
            if not job.cancelled() or job is self._job:
                return job.result()
            job = self._job

    async def write(
        self, files: Mapping[str, bytes | None], author: Author, origin: str, base: Snapshot
    ) -> Reloaded:
        """Change files, and answer from them; if anything prevents that, all is as before.

        One change after the other, so that each is kept with its author. What somebody else saves
        meanwhile stays as it is.

        Args:
            files: Their new content by name, such as ``entries/pix.yaml``; None removes a file.
            author: Who does it.
            origin: From where.
            base: What the change was made for.

        Raises:
            MeanwhileError: The folder holds something else by now.
            OSError: It can't be written, e.g. because it is read-only.
            WorkerError: It could not be learned.
        """
        async with self._writing:
            async with self._touching:
                now = await asyncio.to_thread(Snapshot.of, self.folder)
                if names := base.changed(now):
                    raise MeanwhileError(names)
                before = await asyncio.to_thread(_held, self.folder, files)
            self._written = _WrittenChange(now, files, author, origin)
            try:
                async with self._touching:
                    await run_in_thread(write_files, self.folder, files)
                outcome = await self.reload()
            except BaseException:
                await self._take_back(before, files)
                raise
            finally:
                self._written = None
            if outcome.problems:
                await self._take_back(before, files)
            return outcome

    async def _take_back(
        self, before: Mapping[str, bytes | None], written: Mapping[str, bytes | None]
    ) -> None:
        """Restore the files that hold what was written still."""
        async with self._touching:
            now = await asyncio.to_thread(_held, self.folder, written)
            back = {n: before[n] for n in written if now[n] == written[n] != before[n]}
            if back:
                await run_in_thread(write_files, self.folder, back)
                self.follow()

    async def close(self) -> None:
        """End what is under way."""
        await self._tasks.cancel()

    def follow(self) -> None:
        """Have the folder read; the log and the observers are told what comes of it."""
        self._tasks.start(self._followed())

    async def _followed(self) -> None:
        try:
            await self.reload()
        except Exception as error:  # noqa: BLE001 - the next change is followed all the same
            _log.error("a change of the knowledge could not be taken over: %s", described(error))

    async def _take_over(self, snapshot: Snapshot) -> Reloaded:
        """Answer from a snapshot, which is what the folder holds."""
        before, fixed = self.snapshot, bool(self._problems)
        if snapshot.training_fingerprint != self._learned:
            try:
                knowledge, linker = await run_in_subprocess(read, self.folder)
                renew = self.assistant.engine.with_knowledge
                if quick := await asyncio.to_thread(renew, knowledge, linker):
                    self._adopt(quick, learned="")
                built = await run_in_subprocess(build, self.folder)
                engine = await asyncio.to_thread(take, built)
            except KnowledgeError as error:
                return await self._refused(error.problems)
            self._adopt(engine, snapshot.training_fingerprint)
        self.snapshot, self._problems = snapshot, ()
        if files := len(before.changed(snapshot)):
            _log.info("new knowledge answers; files changed: %d", files)
        return await self._told(Reloaded((), tuple(self._changes(before, snapshot)), fixed))

    def _changes(self, before: Snapshot, now: Snapshot) -> Iterator[Change]:
        """Yield what has happened to the folder, each change with its author."""
        steps = self._written.steps(now) if self._written else ()
        if steps:
            self._written = None
        for after, author, origin in (*steps, (now, None, _DISK)):
            if change := Change.between(before, after, time.time(), author, origin):
                yield change
            before = after

    async def _refused(self, problems: tuple[Problem, ...]) -> Reloaded:
        """Leave everything as it is; a save that goes on cancels this before anybody is told."""
        await asyncio.sleep(_SETTLING)
        if problems == self._problems:
            return Reloaded(problems)
        self._problems = problems
        _log.warning("%s", message("reload.broken", problem=problems[0]))
        return await self._told(Reloaded(problems))

    async def _told(self, outcome: Reloaded) -> Reloaded:
        """Tell the observers, if there is something to tell; a newer change doesn't end that."""
        if outcome.problems or outcome.changes or outcome.fixed:
            await asyncio.shield(self._tasks.start(self._tell(outcome)))
        return outcome

    async def _tell(self, outcome: Reloaded) -> None:
        for observer in self.observers:
            try:
                await observer.reloaded(outcome)
            except Exception as error:  # noqa: BLE001 - what has happened has happened
                _log.error("a change of the knowledge was not told: %s", described(error))

    def _adopt(self, engine: Engine, learned: str) -> None:
        """Answer with an engine from now on."""
        parts = _parts(self.assistant.engine)
        self.assistant, self._learned = Assistant(engine), learned
        for observer in self.observers:
            observer.adopted()
        self._tasks.start(_let_go(parts))


def _held(folder: Path, names: Iterable[str]) -> dict[str, bytes | None]:
    """Return what files hold, to the last byte; None for what is no file."""
    paths = {name: folder / name for name in names}
    return {name: path.read_bytes() if path.is_file() else None for name, path in paths.items()}


def _parts(engine: Engine) -> list[object]:
    preprocessor = engine.preprocessor
    return [
        engine.scorer,
        preprocessor.linker,
        preprocessor.homophones,
        preprocessor.spelling,
    ]


async def _let_go(parts: list[object]) -> None:
    """Free an engine part by part: in one piece, that would hold up answers."""
    await asyncio.sleep(_FINISHING)
    while parts:
        parts.pop()
        await asyncio.sleep(_BREATH)
    await asyncio.to_thread(return_free_memory)
