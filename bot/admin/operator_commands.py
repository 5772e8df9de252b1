"""The operators' commands, in their private chat with the bot; hidden from everybody else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from itertools import chain
from typing import Final, TypeAlias

from ...knowledge import Level
from ..redaction import described
from ..reload.check import examine
from ..reload.subprocess_worker import run_in_subprocess
from ..replies.markup import html_message
from ..storage import Change
from ..telegram.context import MessageContext
from ..telegram.services import Services
from ..telegram.update_handler import OperatorHandlers
from . import summaries
from .change_proposals import ChangeProposal, Decision, propose
from .gap_review import gap_list
from .sessions import AdminSessions, OperatorMessage
from .statistics import Statistics, summarise, today
from .uploads import is_yaml, received

OperatorCommand: TypeAlias = Callable[[AdminSessions, MessageContext], Awaitable[None]]

_CHANGES: Final = 50
"""How many changes are listed at most, over some pages."""
_PROBLEMS: Final = 60
"""How many problems of a level are told at most, over some pages."""
_RESTORING: Final = Decision(
    yes="operators.restore",
    no="operators.cancel",
    doing="operators.restoring",
    done="operators.restored",
    dropped="operators.cancelled",
)
_log = logging.getLogger(__name__)


async def _reload(sessions: AdminSessions, message: MessageContext) -> None:
    await sessions.run(message, "operators.reloading", _reloaded)


async def _reloaded(reply: OperatorMessage) -> None:
    with reply.sessions.news.withheld_from(reply.author.id):
        outcome = await reply.bot.live.reload()
    if outcome.problems:
        await reply.show_problems(outcome.problems)
    elif outcome.changes:
        signed = (summaries.signed(change) for change in outcome.changes)
        files = summaries.names(dict.fromkeys(chain.from_iterable(signed)), reply.language)
        await reply.say("operators.live", files=files)
    else:
        await reply.say("operators.unchanged")


async def _check(sessions: AdminSessions, message: MessageContext) -> None:
    await sessions.run(message, "operators.checking", _checked)


async def _checked(reply: OperatorMessage) -> None:
    """Show all that an examination of the folder finds, the errors first."""
    language, folder = reply.language, reply.bot.live.folder
    found = await run_in_subprocess(examine, folder)
    counts = {key: getattr(found, key) for key in ("entries", "asks", "tests")}
    blocks = [html_message("operators.checked", language, **counts)]
    for heading, level in (
        ("operators.problems", Level.ERROR),
        ("operators.warnings", Level.WARNING),
    ):
        problems = found.of_level(level)
        blocks.append(summaries.problems(heading, problems, language, folder, _PROBLEMS))
    clean = "" if found.problems else html_message("operators.no_problems", language)
    await reply.show(*blocks, clean)


async def _stats(sessions: AdminSessions, message: MessageContext) -> None:
    await sessions.run(message, "statistics.counting", _counted)


async def _counted(reply: OperatorMessage) -> None:
    """Show statistics as text, and below them as a chart, if matplotlib is installed."""
    found = await asyncio.to_thread(summarise, reply.bot.state.records.counts, today())
    blocks = summaries.statistics(found, reply.bot.knowledge, reply.language)
    wants_chart, can_draw = not found.is_empty, find_spec("matplotlib") is not None
    if wants_chart and not can_draw:
        blocks.append(html_message("statistics.no_chart", reply.language))
    await reply.show(*blocks)
    if wants_chart and can_draw:
        await _send_chart(reply, found)


async def _send_chart(reply: OperatorMessage, found: Statistics) -> None:
    title = html_message("statistics.period", reply.language, days=found.whole.days)
    try:
        await reply.send_picture(await asyncio.to_thread(_drawn, found), title)
    except Exception as error:  # noqa: BLE001 - the text is there, whatever happens
        _log.warning("statistics could not be drawn: %s", described(error))


def _drawn(found: Statistics) -> bytes:
    from .chart import draw  # noqa: PLC0415 - loading what draws takes a second, in a thread

    return draw(found)


async def _gaps(sessions: AdminSessions, message: MessageContext) -> None:
    await sessions.run(message, "gaps.grouping", gap_list)


async def _history(sessions: AdminSessions, message: MessageContext) -> None:
    language, made = sessions.language(message), await sessions.bot.state.history.changes()
    if not made:
        await sessions.answer(message, "operators.no_history")
        return
    heading = f"<b>{html_message('operators.history', language)}</b>"
    reply = await sessions.begin(message, heading)
    latest = reversed(made[-_CHANGES:])
    await reply.show(heading, *(summaries.change(one, language) for one in latest))


async def _rollback(sessions: AdminSessions, message: MessageContext) -> None:
    """Propose what the folder held before a change: the last one, or that of a number."""
    made = await sessions.bot.state.history.changes()
    wanted = message.text.strip().removeprefix("#")
    numbers = [str(change.number) for change in made]
    if not made:
        await sessions.answer(message, "operators.no_history")
    elif wanted and wanted not in numbers:
        await sessions.answer(message, "operators.no_such_change", number=wanted)
    else:
        undone = made[numbers.index(wanted) if wanted else -1 :]
        await sessions.run(message, "operators.checking", partial(_restore, undone=undone))


async def _restore(reply: OperatorMessage, undone: Sequence[Change]) -> None:
    """Show what undoing some changes does, the first of which is to be undone with all later."""
    language = reply.language
    files: dict[str, bytes | None] = {}
    for change in reversed(undone):
        files |= change.before
    changes = [summaries.change(change, language) for change in reversed(undone)]
    title = html_message("operators.back_to", language, number=undone[0].number)
    undoes = html_message("operators.undone", language)
    heading = f"<b>{title}</b>\n\n{summaries.listed(undoes, changes, language)}"
    await propose(reply, ChangeProposal(files, "rollback", heading, _RESTORING))


OPERATIONS: Final[Mapping[str, OperatorCommand]] = {
    "reload": _reload,
    "check": _check,
    "stats": _stats,
    "gaps": _gaps,
    "history": _history,
    "rollback": _rollback,
}
"""The operators' commands: see `menus.OPERATOR_MENU`."""


def operator_handlers(sessions: AdminSessions) -> OperatorHandlers:
    """Return what operators may do, as the update handler asks for it."""
    return OperatorHandlers(
        commands={name: partial(_run, sessions, command) for name, command in OPERATIONS.items()},
        takes=lambda document: is_yaml(document.file_name),
        received=partial(received, sessions),
        tapped=sessions.tapped,
    )


async def _run(
    sessions: AdminSessions, command: OperatorCommand, _: Services, message: MessageContext
) -> None:
    await command(sessions, message)
