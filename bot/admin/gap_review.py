"""Gaps as operators go through them: the list, what would help, one tap to add it."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from ...intents.gaps.finder import Gap
from ...knowledge import Language, Snapshot
from ...knowledge.editor import EditError
from ...knowledge.messages import joined, message
from ..reload.dry_run import edited
from ..reload.subprocess_worker import run_in_subprocess
from ..replies.markup import bold, escape, html_message
from . import summaries
from .change_proposals import APPLYING, ChangeProposal, apply, scratch
from .gap_findings import Finding, looked_into, ranked
from .sessions import ActionButton, OperatorMessage

_SHOWN: Final = 10
"""How many gaps are listed."""
_ROW: Final = 5
"""How many buttons stand side by side."""
_EXAMPLES: Final = 5
"""How many tests that would fail are named."""
_OUTCOMES: Final[Mapping[str, str]] = {
    "declined": "gaps.outcome_declined",
    "offered": "gaps.outcome_offered",
    "unsure": "gaps.outcome_unsure",
    "rejected": "gaps.outcome_rejected",
    "chosen": "gaps.outcome_chosen",
}
"""What became of a missed question, as the key of a message: see `storage.Outcome`."""


async def gap_list(reply: OperatorMessage) -> None:
    """Show the widest gaps, with a button for each."""
    language, missed = reply.language, [*reply.bot.state.records.missed]
    found = await run_in_subprocess(ranked, reply.bot.live.folder, missed) if missed else []
    if not found:
        await reply.say("gaps.none")
        return
    listed = found[:_SHOWN]
    lines = [f"{number}. {_headline(gap, language)}" for number, gap in enumerate(listed, 1)]
    buttons = [ActionButton(str(n), partial(_look, gap=gap)) for n, gap in enumerate(listed, 1)]
    await reply.show(
        f"<b>{html_message('gaps.groups', language, count=len(found))}</b>",
        "\n".join(lines),
        html_message("gaps.choose", language),
        rows=[buttons[start : start + _ROW] for start in range(0, len(buttons), _ROW)],
    )


async def _look(reply: OperatorMessage, gap: Gap) -> None:
    """Show a gap, then what would help and what that would do."""
    language, folder = reply.language, reply.bot.live.folder
    blocks = _described(gap, language)
    await reply.show(*blocks, html_message("gaps.trying", language))
    since, base = time.time(), await asyncio.to_thread(Snapshot.of, folder)
    async with scratch() as root:
        finding = await run_in_subprocess(looked_into, folder, gap, root, language)
    add = partial(_add, finding=finding, base=base, since=since)
    row = [
        *([ActionButton(message("gaps.add", language), add)] if finding.proposal else []),
        ActionButton(message("gaps.ignore", language), partial(_ignore, gap=gap)),
        ActionButton(message("gaps.back", language), gap_list),
    ]
    await reply.show(*blocks, *_told(finding, language), rows=[row])


async def _add(reply: OperatorMessage, finding: Finding, base: Snapshot, since: float) -> None:
    """Add what was proposed, as a change of this operator's."""
    added = finding.proposal
    if added is None:
        return
    try:
        content = edited(base.files[added.file], added)
    except EditError as error:
        await reply.say("operators.impossible", reason=error.message)
        return
    heading, decision = _addition(finding, reply.language), replace(APPLYING, yes="gaps.add")
    await apply(reply, ChangeProposal({added.file: content}, "gap", heading, decision), base, since)


async def _ignore(reply: OperatorMessage, gap: Gap) -> None:
    language = reply.language
    reply.bot.state.records.drop_missed(gap.texts)
    back = ActionButton(message("gaps.back", language), gap_list)
    ignored = html_message("gaps.ignored", language)
    await reply.show(_headline(gap, language), ignored, rows=[[back]])


def _described(gap: Gap, language: Language) -> list[str]:
    """Return what a gap is, block by block."""
    also = html_message("gaps.also_asked", language)
    near = joined((f"{one.id} {one.score:.2f}" for one in gap.near), language)
    return [
        _headline(gap, language),
        summaries.listed(also, map(escape, gap.texts[1:]), language),
        html_message("gaps.closest", language, entries=near) if near else "",
    ]


def _headline(gap: Gap, language: Language) -> str:
    """Return the question that was asked most, how often, and what became of it."""
    counts = (f"{message(_OUTCOMES[one], language)} {n}" for one, n in gap.outcomes.items())
    return f"{bold(gap.representative)} ×{gap.count} ({escape(joined(counts, language))})"


def _told(finding: Finding, language: Language) -> list[str]:
    """Return what would help and what that would do, block by block."""
    effect = finding.effect
    if finding.proposal is None or effect is None:
        pasted = f"<pre>{escape(finding.yaml)}</pre>" if finding.yaml else ""
        return [escape(finding.advice.text(language)), pasted]
    heading = f"<b>{html_message('operators.tests_fail', language, count=len(effect.broken))}</b>"
    broken = summaries.listed(heading, map(escape, effect.broken), language, _EXAMPLES)
    asked, answered = effect.asked, effect.answered
    does = html_message("gaps.effect", language, asked=asked, answered=answered)
    none = html_message("gaps.no_test_fails", language)
    return [_addition(finding, language), does, broken or none]


def _addition(finding: Finding, language: Language) -> str:
    file = finding.proposal.file if finding.proposal else ""
    heading = html_message("gaps.add_to", language, file=file)
    return f"{heading}\n<pre>{escape(finding.yaml)}</pre>"
