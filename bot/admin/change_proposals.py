"""Changes that operators propose: checked in a dry run, shown with their effect, then decided."""

import asyncio
import errno
import os
import shutil
import tempfile
import time
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from ...knowledge import Snapshot, is_installed
from ...knowledge.messages import message
from ..reload.knowledge_diff import Assessment, assess
from ..reload.live import MeanwhileError
from ..reload.subprocess_worker import run_in_subprocess, run_in_thread
from ..replies.markup import html_message
from . import summaries
from .sessions import ActionButton, OperatorMessage

_MISSED: Final = 1000
"""How many of the questions that were missed last are asked again."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is said where a change is decided, as keys of messages."""

    yes: str
    """Button that makes it."""
    no: str
    """Button that drops it."""
    doing: str
    """It is being made."""
    done: str
    """It was made: ``{files}``."""
    dropped: str
    """It was dropped."""


APPLYING: Final = Decision(
    yes="operators.apply",
    no="operators.discard",
    doing="operators.applying",
    done="operators.applied",
    dropped="operators.discarded",
)
"""What is said where files are applied."""


@dataclass(slots=True)
class ChangeProposal:
    """A change that an operator may make."""

    files: dict[str, bytes | None]
    """What files are to hold, by name; None removes a file."""
    origin: str
    """Where it comes from: see `Change.origin`."""
    heading: str
    """What it is, in HTML."""
    decision: Decision
    """How it is decided."""


async def propose(reply: OperatorMessage, proposal: ChangeProposal, *notes: str) -> None:
    """Check a change against the folder as it is now, show what it does, and let it be decided.

    Args:
        reply: Where.
        proposal: The change.
        notes: What else to say, before all, in HTML.
    """
    live, language = reply.bot.live, reply.language
    now, base = time.time(), await asyncio.to_thread(Snapshot.of, live.folder)
    blocks = [*notes, proposal.heading]
    if stray := live.snapshot.changed(base):
        blocks.append(_disk_changed(reply, stray))
    if not base.changed(base.with_(proposal.files)):
        reply.sessions.decided(reply.author.id, proposal.files)
        await reply.show(*blocks, html_message("operators.no_changes", language))
        return
    told, has_errors = await _assessed(reply, proposal, base)
    yes, no = _buttons(reply, proposal, base, now)
    if has_errors:
        told.append(html_message("operators.fix_first", language))
    elif refusal := _refusal(reply, proposal):
        told.append(refusal)
    else:
        await reply.show(*blocks, *told, rows=[[yes, no]])
        return
    await reply.show(*blocks, *told, rows=[[no]])


async def apply(
    reply: OperatorMessage, proposal: ChangeProposal, base: Snapshot, since: float
) -> None:
    """Make a change.

    Args:
        reply: Where to say what comes of it.
        proposal: The change.
        base: What it was made for; if the folder holds something else by now, it is checked again.
        since: When the folder held that, in seconds since the epoch.
    """
    reply.sessions.decided(reply.author.id, proposal.files)
    if refusal := _refusal(reply, proposal):
        await reply.show(proposal.heading, refusal)
        return
    doing = html_message(proposal.decision.doing, reply.language)
    await reply.show(proposal.heading, doing)
    try:
        with reply.sessions.news.withheld_from(reply.author.id):
            outcome = await reply.bot.live.write(
                proposal.files, reply.author, proposal.origin, base
            )
    except MeanwhileError as error:
        await propose(reply, proposal, *await _changed_meanwhile(reply, error.names, since))
    except OSError as error:
        said = _read_only(reply, error.strerror or str(error))
        buttons = _buttons(reply, proposal, base, since)
        await reply.show(proposal.heading, said, rows=[buttons])
    else:
        if outcome.problems:
            await reply.show_problems(outcome.problems)
        else:
            files = summaries.names(proposal.files, reply.language)
            await reply.say(proposal.decision.done, files=files)


async def _assessed(
    reply: OperatorMessage, proposal: ChangeProposal, base: Snapshot
) -> tuple[list[str], bool]:
    """Return what a change does, block by block, and whether it has errors."""
    missed = [one.text for one in reply.bot.state.records.missed[-_MISSED:]]
    async with scratch() as root:
        was, would = root / "was", root / "would"
        await run_in_thread(reply.bot.live.snapshot.write_to, was)
        await run_in_thread(base.with_(proposal.files).write_to, would)
        found = await run_in_subprocess(
            assess, was, would, [*proposal.files], missed, reply.language
        )
        return _told(found, reply, would), bool(found.errors)


def _told(found: Assessment, reply: OperatorMessage, folder: Path) -> list[str]:
    """Return what was found, block by block."""
    language = reply.language
    warnings = summaries.problems("operators.warnings", found.warnings, language, folder)
    if found.comparison is None:
        errors = summaries.problems("operators.problems", found.errors, language, folder)
        return [errors, warnings]
    compared, *rest = summaries.comparison(found.comparison, language)
    return [compared, warnings, *rest]


def _buttons(
    reply: OperatorMessage, proposal: ChangeProposal, base: Snapshot, since: float
) -> Sequence[ActionButton]:
    """Return the buttons that make a change, and drop it."""
    decision, language = proposal.decision, reply.language
    made = partial(apply, proposal=proposal, base=base, since=since)
    dropped = partial(_drop, proposal=proposal)
    return (
        ActionButton(message(decision.yes, language), made),
        ActionButton(message(decision.no, language), dropped),
    )


async def _drop(reply: OperatorMessage, proposal: ChangeProposal) -> None:
    reply.sessions.decided(reply.author.id, proposal.files)
    await reply.say(proposal.decision.dropped)


async def _changed_meanwhile(
    reply: OperatorMessage, names: Iterable[str], since: float
) -> list[str]:
    """Return what has changed since a check: by whom and when, where that is known."""
    language, differing = reply.language, {*names}
    made = [
        change
        for change in await reply.bot.state.history.changes()
        if change.at >= since and differing.intersection(change.after)
    ]
    heading = html_message("operators.changed_meanwhile", language)
    told = summaries.listed(heading, (summaries.change(one, language) for one in made), language)
    unknown = differing.difference(*(change.after for change in made))
    return [told or heading, *([_disk_changed(reply, unknown)] if unknown else [])]


def _disk_changed(reply: OperatorMessage, names: Iterable[str]) -> str:
    files = summaries.names(names, reply.language)
    return html_message("operators.disk_changed", reply.language, files=files)


def _refusal(reply: OperatorMessage, proposal: ChangeProposal) -> str:
    """Return why files can't be written, as far as that shows beforehand; empty if they can."""
    folder = reply.bot.live.folder
    if is_installed(folder):
        return _read_only(reply, message("operators.installed", reply.language))
    places = {folder, *(folder / Path(name).parent for name in proposal.files)}
    if all(os.access(place, os.W_OK | os.X_OK) for place in places if place.is_dir()):
        return ""
    return _read_only(reply, os.strerror(errno.EACCES))


def _read_only(reply: OperatorMessage, reason: str) -> str:
    return html_message("operators.read_only", reply.language, reason=reason)


@asynccontextmanager
async def scratch() -> AsyncGenerator[Path]:
    """Give a folder for a while; it is removed in the end, whatever happens."""
    # Neither is done in a thread: this is in time even where work is cancelled or the loop ends.
    root = Path(tempfile.mkdtemp(prefix="efinbot-"))
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)
