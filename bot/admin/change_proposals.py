"""Changes that operators propose: checked, shown with what they do, and decided by a button."""

import asyncio
import errno
import os
import shutil
import tempfile
import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from ...knowledge import Snapshot, Text, is_installed
from ..messages import phrasebook, say
from ..reload.knowledge_diff import Assessment, assess
from ..reload.live import MeanwhileError
from ..reload.subprocess_worker import aside, in_thread
from . import summaries
from .sessions import Button, Sheet

_MISSED: Final = 1000
"""How many of the questions that were missed last are asked again."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is said where a change is decided."""

    yes: Text
    """Button that makes it."""
    no: Text
    """Button that drops it."""
    doing: Text
    """It is being made."""
    done: Text
    """It was made: ``{files}``."""
    dropped: Text
    """It was dropped."""


@dataclass(slots=True)
class Proposal:
    """A change that an operator may make."""

    files: dict[str, bytes | None]
    """What files are to hold, by name; None removes a file."""
    origin: str
    """Where it comes from: see `Change.origin`."""
    heading: str
    """What it is, in HTML."""
    decision: Decision
    """How it is decided."""


async def weigh(sheet: Sheet, proposal: Proposal, *notes: str) -> None:
    """Check a change against the folder as it is now, show what it does, and let it be decided.

    Args:
        sheet: Where.
        proposal: The change.
        notes: What else to say, before all, in HTML.
    """
    live, words, language = sheet.bot.live, phrasebook(), sheet.language
    now, base = time.time(), await asyncio.to_thread(Snapshot.of, live.folder)
    blocks = [*notes, proposal.heading]
    if stray := live.snapshot.changed(base):
        blocks.append(say(words.disk_changed, language, files=summaries.names(stray, language)))
    after = base.with_(proposal.files)
    if not base.changed(after):
        sheet.bot.desk.decided(sheet.author.id, proposal.files)
        await sheet.show(*blocks, say(words.same, language))
        return
    async with scratch() as root:
        was, would = root / "was", root / "would"
        await in_thread(live.snapshot.write_to, was)
        await in_thread(after.write_to, would)
        missed = [one.text for one in sheet.bot.state.records.missed[-_MISSED:]]
        found = await aside(assess, was, would, [*proposal.files], missed, language)
        blocks += _told(found, sheet, would)
    yes, no = _buttons(sheet, proposal, base, now)
    refused = _refusal(sheet, proposal)
    if found.errors:
        await sheet.show(*blocks, say(words.mend_first, language), rows=[[no]])
    elif refused:
        await sheet.show(*blocks, refused, rows=[[no]])
    else:
        await sheet.show(*blocks, rows=[[yes, no]])


async def apply(sheet: Sheet, proposal: Proposal, base: Snapshot, since: float) -> None:
    """Make a change.

    Args:
        sheet: Where to say what comes of it.
        proposal: The change.
        base: What it was made for; if the folder holds something else by now, it is checked again.
        since: When the folder held that, in seconds since the epoch.
    """
    live, words, language = sheet.bot.live, phrasebook(), sheet.language
    decision = proposal.decision
    sheet.bot.desk.decided(sheet.author.id, proposal.files)
    if refused := _refusal(sheet, proposal):
        await sheet.show(proposal.heading, refused)
        return
    await sheet.show(proposal.heading, say(decision.doing, language))
    try:
        with sheet.bot.desk.waiting(sheet):
            outcome = await live.write(proposal.files, sheet.author, proposal.origin, base)
    except MeanwhileError as error:
        await weigh(sheet, proposal, *await _meanwhile(sheet, error.names, since))
        return
    except OSError as error:
        said = say(words.read_only, language, reason=error.strerror or error)
        await sheet.show(proposal.heading, said, rows=[_buttons(sheet, proposal, base, since)])
        return
    if outcome.problems:
        folder = sheet.bot.live.folder
        await sheet.show(
            say(words.kept, language),
            summaries.problems(words.errors, outcome.problems, language, folder),
        )
    else:
        await sheet.show(
            say(decision.done, language, files=summaries.names(proposal.files, language))
        )


def _buttons(
    sheet: Sheet, proposal: Proposal, base: Snapshot, since: float
) -> tuple[Button, Button]:
    """Return the buttons that make a change, and drop it."""
    decision, language = proposal.decision, sheet.language
    made = partial(apply, proposal=proposal, base=base, since=since)
    dropped = partial(_drop, proposal=proposal)
    return Button(decision.yes.in_(language), made), Button(decision.no.in_(language), dropped)


async def _drop(sheet: Sheet, proposal: Proposal) -> None:
    sheet.bot.desk.decided(sheet.author.id, proposal.files)
    await sheet.show(say(proposal.decision.dropped, sheet.language))


def _told(found: Assessment, sheet: Sheet, folder: Path) -> list[str]:
    """Return what was found, block by block."""
    words, language = phrasebook(), sheet.language
    warnings = summaries.problems(words.warnings, found.warnings, language, folder)
    if found.comparison is None:
        return [summaries.problems(words.errors, found.errors, language, folder), warnings]
    compared, *rest = summaries.comparison(found.comparison, language)
    return [compared, warnings, *rest]


async def _meanwhile(sheet: Sheet, names: Iterable[str], since: float) -> list[str]:
    """Return what has changed since a check: by whom and when, where that is known."""
    words, language = phrasebook(), sheet.language
    differing = {*names}
    made = [
        change
        for change in await sheet.bot.state.history.changes()
        if change.at >= since and differing.intersection(change.after)
    ]
    heading = say(words.meanwhile, language)
    told = summaries.listed(heading, (summaries.change(one, language) for one in made), language)
    unknown = differing.difference(*(change.after for change in made))
    rest = (
        say(words.disk_changed, language, files=summaries.names(unknown, language))
        if unknown
        else ""
    )
    return [told or heading, *filter(None, [rest])]


def _refusal(sheet: Sheet, proposal: Proposal) -> str:
    """Return why files can't be written, as far as that shows beforehand; empty if they can."""
    folder, words, reason = sheet.bot.live.folder, phrasebook(), ""
    places = {folder, *(folder / Path(name).parent for name in proposal.files)}
    if is_installed(folder):
        reason = words.installed.in_(sheet.language)
    elif not all(os.access(place, os.W_OK | os.X_OK) for place in places if place.is_dir()):
        reason = os.strerror(errno.EACCES)
    return say(words.read_only, sheet.language, reason=reason) if reason else ""


@asynccontextmanager
async def scratch() -> AsyncGenerator[Path]:
    """Give a folder for a while; it is removed in the end, whatever happens."""
    # Neither is done in a thread: this is in time even where work is cancelled or the loop ends.
    root = Path(tempfile.mkdtemp(prefix="efinbot-"))
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)
