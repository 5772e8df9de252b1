"""What the demo's page says of an edit of the knowledge: what is to mend, or that it went live."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ..knowledge import Level, Problem
from .sandbox.notices import Notice, Remark

_LISTED: Final = 100
"""How many problems the page lists; `efinbot check` lists all."""


class Board:
    """Tells those who have the page open.

    Args:
        tell: Puts a notice up, such as `sandbox.server.Server.tell`; from any thread.
    """

    def __init__(self, tell: Callable[[Notice], None]) -> None:
        self._tell = tell
        self._problems = False

    def reloaded(self, problems: Sequence[Problem], entries: int, *, changed: bool) -> None:
        """Say what became of an edit.

        Args:
            problems: All that was found in the files, the warnings as well.
            entries: How many entries answer now, be it with the edit or without.
            changed: Whether the edit went live.
        """
        if problems or changed or self._problems:
            self._tell(Notice(_summary(problems, entries, changed=changed), _remarks(problems)))
        self._problems = bool(problems)


def _summary(problems: Sequence[Problem], entries: int, *, changed: bool) -> Mapping[str, str]:
    errors = sum(problem.level is Level.ERROR for problem in problems)
    warnings = len(problems) - errors
    noticed = "1 warning" if warnings == 1 else f"{warnings} warnings"
    if errors:
        also, besides = (f", {noticed}", f"，{warnings} 处警告") if warnings else ("", "")
        return {
            "en": f"{errors} to mend{also} – the last good knowledge keeps answering",
            "zh": f"{errors} 处要改{besides}——仍由上一版正确的知识作答",
        }
    if warnings:
        return {
            "en": f"{noticed} – knowledge live: {entries} entries",
            "zh": f"{warnings} 处警告——知识已生效：{entries} 个条目",
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
