"""What the demo's page says of an edit of the knowledge: what is to mend, or that it went live."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ..knowledge import Level, Problem
from .sandbox.notices import Notice, Remark
from .workshop.aside import aside
from .workshop.examination import examine
from .workshop.live import Live, Reloaded

_LISTED: Final = 100
"""How many problems the page lists; `efinbot check` lists all."""


class Board:
    """Tells those who have the page open what becomes of edits.

    Args:
        tell: Puts a notice up, such as `sandbox.server.Server.tell`; from any thread.
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
        problems = (await aside(examine, self._live.folder)).problems
        if problems:
            self._tell(Notice(_summary(problems, entries, changed=True), _remarks(problems)))


def _summary(problems: Sequence[Problem], entries: int, *, changed: bool) -> Mapping[str, str]:
    errors = sum(problem.level is Level.ERROR for problem in problems)
    warnings = len(problems) - errors
    found = (
        _counted(errors, "to mend"),
        _counted(warnings, "warning" if warnings == 1 else "warnings"),
    )
    english = ", ".join(filter(None, found))
    chinese = "，".join(filter(None, (_counted(errors, "处要改"), _counted(warnings, "处警告"))))
    if problems and changed:
        return {
            "en": f"{english} – knowledge live: {entries} entries",
            "zh": f"{chinese}——知识已生效：{entries} 个条目",
        }
    if problems:
        return {
            "en": f"{english} – the last good knowledge keeps answering",
            "zh": f"{chinese}——仍由上一版正确的知识作答",
        }
    if changed:
        return {
            "en": f"Knowledge reloaded: {entries} entries",
            "zh": f"知识已重新载入：{entries} 个条目",
        }
    return {
        "en": f"Nothing to mend any more: {entries} entries, as before",
        "zh": f"没有要改的了：{entries} 个条目，与之前相同",
    }


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number else ""


def _remarks(problems: Sequence[Problem]) -> tuple[Remark, ...]:
    listed = [
        Remark(str(problem.place), f"{problem.what}; {problem.mend}", problem.level.value)
        for problem in problems[:_LISTED]
    ]
    left = len(problems) - len(listed)
    if left:
        level = min(problem.level for problem in problems[_LISTED:]).value
        listed.append(Remark("", f"… {left} more; efinbot check lists them all", level))
    return tuple(listed)
