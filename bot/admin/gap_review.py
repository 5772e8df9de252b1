"""Gaps as operators go through them: the list, what would help, one tap to add it."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from ...intents.carrier_phrases import Frames
from ...intents.gaps.finder import Gap
from ...knowledge import Language, Snapshot, Text
from ...knowledge.editor import EditError
from ..messages import phrasebook, say
from ..reload.dry_run import Rehearsal, edited
from ..reload.engine_cache import open_engine
from ..reload.subprocess_worker import aside
from ..replies.markup import bold, escape
from ..storage import Missed
from . import summaries
from .change_proposals import Decision, Proposal, apply, scratch
from .gap_findings import Finding, gaps, look_into
from .sessions import Button, Sheet

_SHOWN: Final = 10
"""How many gaps are listed."""
_ROW: Final = 5
"""How many buttons stand side by side."""
_EXAMPLES: Final = 5


def ranked(folder: Path, missed: Sequence[Missed]) -> list[Gap]:
    """Return the gaps that missed questions show, the widest first."""
    return gaps(open_engine(folder), missed, Frames.load())


def looked_into(folder: Path, gap: Gap, root: Path) -> Finding:
    """Return what helps with a gap, tried out; in a process of its own.

    Args:
        folder: The knowledge.
        gap: The gap.
        root: For copies of the folder: nothing is left of them where the process is killed.
    """
    tempfile.tempdir = str(root)
    return look_into(gap, open_engine(folder), Frames.load(), Rehearsal(folder))


async def gap_list(sheet: Sheet) -> None:
    """Show the widest gaps, with a button for each."""
    words, language = phrasebook(), sheet.language
    missed = [*sheet.bot.state.records.missed]
    found = await aside(ranked, sheet.bot.live.folder, missed) if missed else []
    if not found:
        await sheet.show(say(words.no_gaps, language))
        return
    shown = found[:_SHOWN]
    rows = [f"{number}. {_headline(gap, language)}" for number, gap in enumerate(shown, 1)]
    buttons = [Button(str(n), partial(_look, gap=gap)) for n, gap in enumerate(shown, 1)]
    await sheet.show(
        f"<b>{say(words.gaps, language, count=len(found))}</b>",
        "\n".join(rows),
        say(words.which_gap, language),
        rows=[buttons[start : start + _ROW] for start in range(0, len(buttons), _ROW)],
    )


async def _look(sheet: Sheet, gap: Gap) -> None:
    """Show a gap, then what would help and what that would do."""
    words, language, folder = phrasebook(), sheet.language, sheet.bot.live.folder
    near = ", ".join(f"{one.id} {one.score:.2f}" for one in gap.near)
    blocks = [
        _headline(gap, language),
        summaries.listed(say(words.also_asked, language), map(escape, gap.texts[1:]), language),
        say(words.near, language, entries=near) if near else "",
    ]
    await sheet.show(*blocks, say(words.measuring, language))
    since, base = time.time(), await asyncio.to_thread(Snapshot.of, folder)
    async with scratch() as root:
        finding = await aside(looked_into, folder, gap, root)
    add = Button(words.add.in_(language), partial(_add, finding=finding, base=base, since=since))
    row = [
        *([add] if finding.proposal else []),
        Button(words.ignore.in_(language), partial(_ignore, gap=gap)),
        Button(words.back.in_(language), gap_list),
    ]
    await sheet.show(*blocks, *_told(finding, language), rows=[row])


async def _add(sheet: Sheet, finding: Finding, base: Snapshot, since: float) -> None:
    """Add what was proposed, as a change of this operator's."""
    words, added = phrasebook(), finding.proposal
    if added is None:
        return
    try:
        content = edited(base.files[added.file], added)
    except EditError as error:
        await sheet.show(say(words.impossible, sheet.language, reason=error))
        return
    decision = Decision(
        yes=words.add,
        no=words.discard,
        doing=words.applying,
        done=words.applied,
        dropped=words.discarded,
    )
    heading = _addition(finding, sheet.language)
    await apply(sheet, Proposal({added.file: content}, "gap", heading, decision), base, since)


async def _ignore(sheet: Sheet, gap: Gap) -> None:
    words, language = phrasebook(), sheet.language
    sheet.bot.state.records.drop_missed(gap.texts)
    back = Button(words.back.in_(language), gap_list)
    await sheet.show(_headline(gap, language), say(words.ignored, language), rows=[[back]])


def _headline(gap: Gap, language: Language) -> str:
    """Return the question that was asked most, how often, and what became of it."""
    counts: list[str] = []
    for outcome, count in gap.outcomes.items():
        said: Text = getattr(phrasebook().outcomes, outcome)
        counts.append(f"{said.in_(language)} {count}")
    return f"{bold(gap.representative)} ×{gap.count} ({escape(', '.join(counts))})"


def _told(finding: Finding, language: Language) -> list[str]:
    """Return what would help and what that would do, block by block."""
    words, effect = phrasebook(), finding.effect
    if finding.proposal is None or effect is None:
        pasted = f"<pre>{escape(finding.yaml)}</pre>" if finding.yaml else ""
        return [escape(finding.advice.in_(language)), pasted]
    heading = f"<b>{say(words.broken, language, count=len(effect.broken))}</b>"
    broken = summaries.listed(heading, map(escape, effect.broken), language, _EXAMPLES)
    does = say(words.effect, language, asked=effect.asked, answered=effect.answered)
    return [_addition(finding, language), does, broken or say(words.unbroken, language)]


def _addition(finding: Finding, language: Language) -> str:
    file = finding.proposal.file if finding.proposal else ""
    heading = say(phrasebook().addition, language, file=file)
    return f"{heading}\n<pre>{escape(finding.yaml)}</pre>"
