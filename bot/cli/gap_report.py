"""Findings about gaps, for people in a terminal and for programs."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

from rich.text import Text

from ...intents.gaps.proposals import Basis
from ...knowledge.problems import quoted
from ..admin.gap_findings import Finding
from ..reload.dry_run import Effect

_EXAMPLES: Final = 4
"""How many questions of a gap are shown to people."""
_SHOWN: Final = 3
"""How many broken tests are shown to people."""
_BASES: Final[Mapping[Basis, str]] = {
    Basis.CHOSEN: "tapped by most of those to whom it was offered",
    Basis.NEAREST: "the nearest; nobody has said that it is right",
}


def rendered(finding: Finding, number: int) -> Text:
    """Return a finding as lines for a terminal.

    Args:
        finding: The finding.
        number: By which it can be applied.
    """
    lines = [Text(line, style) for line, style in _lines(finding, number)]
    return Text("\n").join(lines)


def _effect_said(effect: Effect) -> str:
    """Return an effect in a line, without the tests that it breaks."""
    count = len(effect.broken)
    broken = f"breaks {count} test{'s' * (count > 1)}" if count else "breaks no test"
    return f"answers {effect.answered} of {effect.asked}; {broken}"


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
    gap, proposal = finding.gap, finding.proposal
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in gap.outcomes.items())
    day = datetime.fromtimestamp(gap.at, UTC).date()
    yield f"{number}. {quoted(gap.representative)}", "bold"
    yield f"   asked {_times(gap.count)}, last on {day}: {outcomes}", ""
    if others := gap.texts[1:]:
        more = f" and {len(others) - _EXAMPLES} more" if len(others) > _EXAMPLES else ""
        yield f"   also {', '.join(map(quoted, others[:_EXAMPLES]))}{more}", ""
    near = ", ".join(f"{near.id} {near.score:.2f}" for near in gap.near)
    yield f"   near: {near or 'nothing'}", "dim"
    if proposal and finding.effect:
        yield f"   {finding.location}: add", "cyan"
        yield from ((f"      {line}", "green") for line in finding.yaml.splitlines())
        yield f"   {_BASES[proposal.basis]}; {_effect_said(finding.effect)}", ""
        broken = finding.effect.broken
        yield from ((f"      {test}", "red") for test in broken[:_SHOWN])
        if len(broken) > _SHOWN:
            yield f"      and {len(broken) - _SHOWN} more", "red"
    else:
        yield f"   {finding.advice.text()}", ""
        yield from ((f"      {line}", "green") for line in finding.yaml.splitlines())


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
