"""Findings about gaps, for people in a terminal and for programs."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

from rich.text import Text

from ...intents.gaps.finder import Gap
from ...intents.gaps.proposals import Basis
from ...knowledge.messages import joined, message
from ...knowledge.problems import quoted
from ..admin.gap_findings import Finding
from ..reload.dry_run import Effect

_EXAMPLES: Final = 4
"""How many questions of a gap are shown to people."""
_SHOWN: Final = 3
"""How many broken tests are shown to people."""
_BASES: Final[Mapping[Basis, str]] = {
    Basis.CHOSEN: "gaps.basis_chosen",
    Basis.NEAREST: "gaps.basis_nearest",
}

_BECAME: Final[Mapping[str, str]] = {
    "declined": "gaps.became_declined",
    "offered": "gaps.became_offered",
    "unsure": "gaps.became_unsure",
    "rejected": "gaps.became_rejected",
    "chosen": "gaps.became_chosen",
}
"""What became of a question, as the key of a message: see `storage.Outcome`."""


def rendered(finding: Finding, number: int) -> Text:
    """Return a finding as lines for a terminal.

    Args:
        finding: The finding.
        number: By which it can be applied.
    """
    lines = [Text(line, style) for line, style in _lines(finding, number)]
    return Text("\n").join(lines)


def as_data(finding: Finding, number: int) -> dict[str, object]:
    """Return a finding for programs; see :func:`rendered`."""
    gap, proposal = finding.gap, finding.proposal
    added: dict[str, object] | None = None
    if proposal and finding.location:
        added = {
            "entry": proposal.entry,
            "basis": proposal.basis,
            "file": str(finding.location.path),
            "line": finding.location.line,
            "key": f"{proposal.key}.{proposal.language}",
            "lines": proposal.lines,
        }
    return {
        "number": number,
        "count": gap.count,
        "outcomes": gap.outcomes,
        "language": gap.language,
        "last": datetime.fromtimestamp(gap.at, UTC).isoformat(timespec="seconds"),
        "questions": gap.texts,
        "near": [{"entry": near.id, "score": round(near.score, 2)} for near in gap.near],
        "proposal": added,
        "effect": asdict(finding.effect) if finding.effect else None,
        "advice": finding.advice.text(),
        "yaml": finding.yaml,
    }


def _lines(finding: Finding, number: int) -> Iterator[tuple[str, str]]:
    """Yield the lines of a finding, each with its style."""
    gap, effect = finding.gap, finding.effect
    yield f"{number}. {quoted(gap.representative)}", "bold"
    yield from ((f"   {line}", style) for line, style in _described(gap))
    pasted = [(f"      {line}", "green") for line in finding.yaml.splitlines()]
    if finding.proposal is None or effect is None:
        yield f"   {finding.advice.text()}", ""
        yield from pasted
        return
    yield f"   {message('gaps.add_here', place=finding.location)}", "cyan"
    yield from pasted
    yield f"   {_told(finding.proposal.basis, effect)}", ""
    yield from ((f"      {test}", "red") for test in effect.broken[:_SHOWN])
    if (left := len(effect.broken) - _SHOWN) > 0:
        yield f"      {message('gaps.more', count=left)}", "red"


def _described(gap: Gap) -> Iterator[tuple[str, str]]:
    """Yield what a gap is, line by line."""
    outcomes = joined(message(_BECAME[one], count=n) for one, n in gap.outcomes.items())
    day = datetime.fromtimestamp(gap.at, UTC).date()
    yield message("gaps.asked", count=gap.count, day=day, outcomes=outcomes), ""
    others = gap.texts[1:]
    listed, left = joined(map(quoted, others[:_EXAMPLES])), len(others) - _EXAMPLES
    if left > 0:
        yield message("gaps.also_more", questions=listed, count=left), ""
    elif others:
        yield message("gaps.also", questions=listed), ""
    near = joined(f"{near.id} {near.score:.2f}" for near in gap.near)
    yield message("gaps.near", entries=near) if near else message("gaps.near_nothing"), "dim"


def _told(basis: Basis, effect: Effect) -> str:
    """Return why something is proposed and its effect in a line, without the tests it breaks."""
    answers = message("gaps.answers", answered=effect.answered, asked=effect.asked)
    count = len(effect.broken)
    breaks = message("gaps.breaks", count=count) if count else message("gaps.breaks_none")
    return message("gaps.does", basis=message(_BASES[basis]), answers=answers, breaks=breaks)
