"""What the demo's page says of an edit of the knowledge: what is to mend, or that it went live."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ..knowledge import LANGUAGES, Problem
from ..sandbox.state.notices import Notice, NoticeItem
from .redaction import described
from .reload.check import examine
from .reload.live import Live, Reloaded
from .reload.subprocess_worker import run_in_subprocess
from .reload.webhook import summary

_LISTED: Final = 100
"""How many problems the page lists; `efinbot check` lists all."""
_log = logging.getLogger(__name__)


class Board:
    """Tells those who have the page open what becomes of edits.

    Args:
        tell: Puts a notice up, from any thread.
        live: What follows the folder.
    """

    def __init__(self, tell: Callable[[Notice], None], live: Live) -> None:
        self._tell = tell
        self._live = live
        self._checking: asyncio.Task[None] | None = None

    def adopted(self) -> None:
        """Hear that other knowledge answers: of that, `reloaded` tells when it is learned."""

    async def reloaded(self, outcome: Reloaded) -> None:
        """Say what became of an edit; what is worth a look in it is said when that is found."""
        if self._checking:
            self._checking.cancel()
        problems, entries = outcome.problems, len(self._live.assistant.engine.knowledge.entries)
        changed = bool(outcome.changes)
        self._tell(Notice(_summary(problems, entries, changed=changed), _remarks(problems)))
        if changed:
            self._checking = asyncio.create_task(self._check(entries))

    async def _check(self, entries: int) -> None:
        try:
            problems = (await run_in_subprocess(examine, self._live.folder)).problems
        except Exception as error:  # noqa: BLE001 - nobody awaits this
            _log.error("an edit of the knowledge could not be checked: %s", described(error))
            return
        if problems:
            self._tell(Notice(_summary(problems, entries, changed=True), _remarks(problems)))


def _summary(problems: Sequence[Problem], entries: int, *, changed: bool) -> Mapping[str, str]:
    event = ("checked" if problems else "live") if changed else "refused" if problems else "fixed"
    return {code: summary(event, problems, entries, code) for code in LANGUAGES}


def _remarks(problems: Sequence[Problem]) -> tuple[NoticeItem, ...]:
    listed = [
        NoticeItem(str(problem.location), f"{problem.what()}; {problem.fix()}", problem.level.value)
        for problem in problems[:_LISTED]
    ]
    left = len(problems) - len(listed)
    if left:
        level = min(problem.level for problem in problems[_LISTED:]).value
        listed.append(NoticeItem("", f"… {left}", level))
    return tuple(listed)
