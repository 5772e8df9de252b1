"""The command `efinbot gaps`: gaps printed as they are looked into, numbered to be applied."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter
from rich.console import Console
from rich.text import Text

from ...intents import Engine
from ...intents.carrier_phrases import CarrierPhrases
from ...intents.gaps.finder import Gap
from ...intents.gaps.proposals import LineProposal
from ...knowledge.messages import message
from ...knowledge.problems import quoted
from ..admin.gap_findings import ApplyError, Finding, apply, gaps, look_into
from ..reload.dry_run import DryRun
from ..reload.notebook import Notebook
from ..storage import Missed
from .gap_report import as_data, rendered


def show_gaps(
    folder: Path,
    engine: Engine,
    missed: Sequence[Missed],
    top: int,
    *,
    as_json: bool,
) -> None:
    """Look into the gaps with the most questions, and print each when that is done.

    Args:
        folder: The knowledge.
        engine: What answers from it today.
        missed: The questions that were recorded.
        top: How many gaps are looked into.
        as_json: Whether to report for programs, as one object.
    """
    phrases = CarrierPhrases.load()
    found = gaps(engine, missed, phrases)
    dry_run = DryRun(folder)
    console = Console(highlight=False, soft_wrap=True)
    waiting = Console(stderr=True)
    findings: list[Finding] = []
    for number, gap in enumerate(found[:top], 1):
        with waiting.status(Text(message("gaps.trying_out", question=quoted(gap.representative)))):
            finding = look_into(gap, engine, phrases, dry_run)
        findings.append(finding)
        if not as_json:
            console.print(rendered(finding, number), end="\n\n")
    _notebook().write(tuple(finding.proposal for finding in findings), _key(folder))
    if as_json:
        listed = [as_data(finding, n) for n, finding in enumerate(findings, 1)]
        whole = {"recorded": len(missed), "gaps": len(found), "shown": listed}
        sys.stdout.write(f"{json.dumps(whole, ensure_ascii=False)}\n")
    else:
        console.print(_summary(missed, found, findings))


def apply_gap(folder: Path, number: int) -> str:
    """Add what was proposed as a number when the gaps of a folder were last shown.

    Args:
        folder: The knowledge.
        number: The number, counted from 1.

    Returns:
        What was done, in a line.

    Raises:
        ApplyError: There is no such proposal, or it can't be applied.
    """
    shown = _notebook().read(_key(folder)) or ()
    proposal = shown[number - 1] if number <= len(shown) else None
    if proposal is None:
        raise ApplyError(message("gaps.no_such_number", number=number))
    place = apply(folder, proposal)
    lines = message("gaps.and").join(map(quoted, proposal.lines))
    return message("gaps.added", place=place, lines=lines)


def were_shown(folder: Path) -> bool:
    """Return whether the gaps of a folder have numbers."""
    return _notebook().read(_key(folder)) is not None


def _summary(missed: Sequence[Missed], found: Sequence[Gap], findings: Sequence[Finding]) -> str:
    if not missed:
        return message("gaps.nothing_recorded")
    questions = message("gaps.questions", count=len(missed))
    if not found:
        return message("gaps.all_answered", questions=questions)
    gaps, shown = message("gaps.gaps", count=len(found)), len(findings)
    summary = message("gaps.found", gaps=gaps, questions=questions)
    if shown < len(found):
        summary = message("gaps.found_shown", gaps=gaps, questions=questions, count=shown)
    if any(finding.proposal for finding in findings):
        return message("gaps.how_to_apply", found=summary)
    return summary


def _notebook() -> Notebook[tuple[LineProposal | None, ...]]:
    return Notebook("gaps", TypeAdapter(tuple[LineProposal | None, ...]))


def _key(folder: Path) -> str:
    return str(folder.resolve())
