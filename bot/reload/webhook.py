"""The reload webhook: the result of each edit of the knowledge, posted as JSON to a URL."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final, Self, TypeAlias

import aiohttp

from ...knowledge import LANGUAGES, Language, Level, Problem
from ...knowledge.messages import message
from ..background_tasks import BackgroundTasks
from ..redaction import described
from .check import as_data, examine
from .live import Live, Observer, Reloaded
from .subprocess_worker import run_in_subprocess

_LISTED: Final = 100
"""How many problems are sent; the rest are counted."""
_TIMEOUT: Final = aiohttp.ClientTimeout(total=10)
_log = logging.getLogger(__name__)

ReloadEvent: TypeAlias = dict[str, Any]
"""The JSON object that is sent: see `ReloadWebhook`."""


class ReloadWebhook(Observer):
    """Sends what became of each edit to a URL, in order, and never holds a reload up.

    An event has these keys: ``event``, which is ``live`` (the edit answers now), ``refused`` (it
    has problems, so the last good knowledge keeps answering), ``fixed`` (a broken folder is as it
    was before it broke) or ``checked`` (problems found by a full check of an edit that is live);
    ``summary``, a sentence for people by language; ``entries``, how many there are; ``files``, the
    names of those that changed; ``problems``, each as `as_data` has it, and ``said``, the same in
    a sentence by language; ``more``, how many problems were left out.

    Used as ``async with``: it follows the folder from then on, until the end.

    Args:
        url: Where to send events.
        live: What follows the folder.
    """

    def __init__(self, url: str, live: Live) -> None:
        self._url = url
        self._live = live
        self._order = asyncio.Lock()
        self._tasks = BackgroundTasks()
        self._checking: asyncio.Task[None] | None = None
        self._is_failing = False

    async def __aenter__(self) -> Self:
        self._live.observers.append(self)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._live.observers.remove(self)
        await self._tasks.cancel()

    async def reloaded(self, outcome: Reloaded) -> None:
        """Send what became of an edit, and then what a check finds in it."""
        if self._checking:
            self._checking.cancel()
        name = "refused" if outcome.problems else "live" if outcome.changes else "fixed"
        files = sorted({file for change in outcome.changes for file in change.after})
        self._tasks.start(self._send(self._event(name, outcome.problems, files)))
        if outcome.changes:
            self._checking = self._tasks.start(self._check(files))

    async def _check(self, files: Sequence[str]) -> None:
        try:
            problems = (await run_in_subprocess(examine, self._live.folder)).problems
        except Exception as error:  # noqa: BLE001 - nobody awaits this
            _log.error("an edit of the knowledge could not be checked: %s", described(error))
            return
        if problems:
            await self._send(self._event("checked", problems, files))

    def _event(self, name: str, problems: Sequence[Problem], files: Sequence[str]) -> ReloadEvent:
        entries = len(self._live.assistant.engine.knowledge.entries)
        return {
            "event": name,
            "summary": {code: summary(name, problems, entries, code) for code in LANGUAGES},
            "entries": entries,
            "files": files,
            "problems": [_told(problem) for problem in problems[:_LISTED]],
            "more": max(len(problems) - _LISTED, 0),
        }

    async def _send(self, event: ReloadEvent) -> None:
        try:
            async with (
                self._order,
                aiohttp.ClientSession(timeout=_TIMEOUT) as session,
                session.post(self._url, json=event) as response,
            ):
                response.raise_for_status()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            if not self._is_failing:
                _log.warning("the reload webhook can't be reached: %s", described(error))
            self._is_failing = True
        else:
            self._is_failing = False


def summary(name: str, problems: Sequence[Problem], entries: int, language: Language) -> str:
    """Return what an event says, in one line."""
    if name == "live":
        return message("reload.live", language, entries=entries)
    if name == "fixed":
        return message("reload.fixed", language, entries=entries)
    found = _found(problems, language)
    if name == "refused":
        return message("reload.refused", language, found=found)
    return message("reload.live_with_problems", language, found=found, entries=entries)


def _told(problem: Problem) -> dict[str, object]:
    return {**as_data(problem), "said": {code: problem.said(code) for code in LANGUAGES}}


def _found(problems: Sequence[Problem], language: Language) -> str:
    count = sum(problem.level is Level.ERROR for problem in problems)
    errors = message("reload.errors", language, count=count)
    warnings = message("reload.warnings", language, count=len(problems) - count)
    if not count:
        return warnings
    if count == len(problems):
        return errors
    return message("reload.both", language, errors=errors, warnings=warnings)
