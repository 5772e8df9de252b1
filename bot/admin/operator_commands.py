"""What operators may do in their private chat with the bot; nobody else learns of it."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Final

from telegram import CallbackQuery

from ...knowledge import Level, Text
from ..messages import phrasebook, say
from ..redaction import described
from ..reload.check import examine
from ..reload.subprocess_worker import aside
from ..storage import Author, Change, Place
from ..telegram.commands import Command
from ..telegram.context import Turn
from ..telegram.keyboards import OPERATE
from ..telegram.service import Efinbot
from . import summaries
from .change_proposals import Decision, Proposal, weigh
from .gap_review import gap_list
from .sessions import Sheet, Work, begin
from .statistics import picture, summarise, today

_CHANGES: Final = 50
"""How many changes are listed at most, over some pages."""
_PROBLEMS: Final = 60
"""How many problems of a level are told at most, over some pages."""

_log = logging.getLogger(__name__)


def is_operator(bot: Efinbot, place: Place) -> bool:
    """Return whether a conversation is an operator's own."""
    return place.person in bot.settings.operators and place.chat == place.person


async def _at_work(turn: Turn, acknowledgement: Text, work: Work) -> None:
    """Answer a command at once and do it aside, one at a time for each operator."""
    if turn.bot.desk.is_busy(turn.message.place.person):
        await turn.send(say(phrasebook().busy, turn.language))
    else:
        turn.bot.desk.start(await begin(turn, say(acknowledgement, turn.language)), work)


async def _reload(turn: Turn) -> None:
    await _at_work(turn, phrasebook().reloading, _reloaded)


async def _check(turn: Turn) -> None:
    await _at_work(turn, phrasebook().checking, _checked)


async def _reloaded(sheet: Sheet) -> None:
    words, live, language = phrasebook(), sheet.bot.live, sheet.language
    with sheet.bot.desk.waiting(sheet):
        outcome = await live.reload()
    if outcome.problems:
        told = summaries.problems(words.errors, outcome.problems, language, live.folder)
        await sheet.show(say(words.kept, language), told)
    elif outcome.changes:
        signed = (summaries.signed(change) for change in outcome.changes)
        files = summaries.names(dict.fromkeys(chain.from_iterable(signed)), language)
        await sheet.show(say(words.live, language, files=files))
    else:
        await sheet.show(say(words.unchanged, language))


async def _checked(sheet: Sheet) -> None:
    """Show all that an examination of the folder finds, the errors first."""
    words, language, folder = phrasebook(), sheet.language, sheet.bot.live.folder
    found = await aside(examine, folder)
    counts = {key: getattr(found, key) for key in ("entries", "asks", "tests")}
    blocks = [say(words.checked, language, **counts)]
    for heading, level in ((words.errors, Level.ERROR), (words.warnings, Level.WARNING)):
        problems = [problem for problem in found.problems if problem.level is level]
        blocks.append(summaries.problems(heading, problems, language, folder, _PROBLEMS))
    clean = "" if found.problems else say(words.clean, language)
    await sheet.show(*blocks, clean)


async def _stats(turn: Turn) -> None:
    await _at_work(turn, phrasebook().counting, _counted)


async def _counted(sheet: Sheet) -> None:
    """Show statistics as text, and below them as a picture, if it can be drawn."""
    found = await asyncio.to_thread(summarise, sheet.bot.state.records.counts, today())
    await sheet.show(*summaries.statistics(found, sheet.bot.knowledge, sheet.language))
    if found.is_empty:
        return
    title = say(phrasebook().period, sheet.language, days=found.whole.days)
    try:
        await sheet.picture(await aside(picture, found), title)
    except Exception as error:  # noqa: BLE001 - the text is there, whatever happens
        _log.warning("statistics could not be drawn: %s", described(error))


async def _gaps(turn: Turn) -> None:
    await _at_work(turn, phrasebook().gathering, gap_list)


async def _history(turn: Turn) -> None:
    words, language = phrasebook(), turn.language
    made = (await turn.bot.state.history.changes())[-_CHANGES:]
    heading = f"<b>{say(words.history, language)}</b>" if made else say(words.no_history, language)
    sheet = await begin(turn, heading)
    if made:
        await sheet.show(heading, *(summaries.change(one, language) for one in reversed(made)))


async def _rollback(turn: Turn) -> None:
    """Propose what the folder held before a change: the last one, or that of a number."""
    made, wanted = await turn.bot.state.history.changes(), turn.text.strip().removeprefix("#")
    numbers = [str(change.number) for change in made]
    if not made:
        await turn.send(say(phrasebook().no_history, turn.language))
    elif wanted and wanted not in numbers:
        await turn.send(say(phrasebook().no_change, turn.language, number=wanted))
    else:
        undone = made[numbers.index(wanted) if wanted else -1 :]
        await _at_work(turn, phrasebook().checking, partial(_restore, undone=undone))


async def _restore(sheet: Sheet, undone: Sequence[Change]) -> None:
    """Show what undoing some changes does, the first of which is to be undone with all later."""
    words, language = phrasebook(), sheet.language
    files: dict[str, bytes | None] = {}
    for change in reversed(undone):
        files |= change.before
    decision = Decision(
        yes=words.restore,
        no=words.cancel,
        doing=words.restoring,
        done=words.restored,
        dropped=words.cancelled,
    )
    changes = [summaries.change(change, language) for change in reversed(undone)]
    back = f"<b>{say(words.back_to, language, number=undone[0].number)}</b>"
    heading = f"{back}\n\n{summaries.listed(say(words.undone, language), changes, language)}"
    await weigh(sheet, Proposal(files, "rollback", heading, decision))


OPERATIONS: Final[Mapping[str, Command]] = {
    "reload": _reload,
    "check": _check,
    "stats": _stats,
    "gaps": _gaps,
    "history": _history,
    "rollback": _rollback,
}
"""The operators' commands, in the order of their menu."""


async def tapped(bot: Efinbot, query: CallbackQuery, data: str) -> Text | None:
    """Do what a button below a message to an operator says; return what is to be said of it.

    It works for the operator whom the message was sent to, in their chat with the bot.
    """
    words, person, message = phrasebook(), query.from_user, query.message
    place = Place(message.chat.id if message else 0, 0, person.id)
    if message is None or not is_operator(bot, place):
        return bot.knowledge.interface.chat.stale
    mark, _, does = data.removeprefix(OPERATE).partition(".")
    paper = bot.desk.find(person.id, message.message_id, mark)
    if paper is None:
        return words.gone
    author = Author(person.id, person.full_name)
    sheet = Sheet(bot, place, message.message_id, author, paper.language)
    if does in paper.turns:
        await sheet.turn(paper, paper.turns[does])
    elif does not in paper.works:
        return words.gone
    elif bot.desk.is_busy(person.id):
        return words.busy
    else:
        bot.desk.forget(person.id, message.message_id)
        bot.desk.start(sheet, paper.works[does])
    return None
