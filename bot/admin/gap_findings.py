"""Gaps: questions that got no good answer, and what to add to the knowledge."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...intents import Engine, blocking_problems
from ...intents.carrier_phrases import CarrierPhrases
from ...intents.gaps.finder import Gap, MissedQuestion, find_gaps
from ...intents.gaps.proposals import NEAR, LineProposal, outside_row, propose
from ...knowledge import Knowledge, Language, Location, inspect, is_installed
from ...knowledge.atomic_write import write_files
from ...knowledge.document import parse_document
from ...knowledge.editor import EditError, block
from ...knowledge.messages import LazyMessage, lazy, message, speaking
from .. import callback_data
from ..reload.dry_run import DryRun, Effect, copied, edited, items, relative
from ..reload.engine_cache import open_engine
from ..storage import Missed, Outcome


class ApplyError(Exception):
    """A proposal can't be applied; the message says why, and what to do."""


@dataclass(frozen=True)
class Finding:
    """A gap, and what to do about it."""

    gap: Gap
    """The gap."""
    proposal: LineProposal | None
    """What to add; None if nothing is known that helps."""
    effect: Effect | None
    """What that does; None without a proposal."""
    location: Location | None
    """Where the first line of the proposal goes; None without one."""
    yaml: str
    """What to paste: the lines of the proposal, or a row for ``outside.yaml``; may be empty."""
    advice: LazyMessage
    """What to do about it, in a sentence."""


def gaps(engine: Engine, missed: Iterable[Missed], phrases: CarrierPhrases) -> list[Gap]:
    """Return the gaps that recorded questions show, those with the most questions first."""
    return find_gaps(engine, _questions(missed, engine.knowledge), phrases)


def ranked(folder: Path, missed: Sequence[Missed]) -> list[Gap]:
    """Return the gaps that missed questions show, the widest first."""
    return gaps(open_engine(folder), missed, CarrierPhrases.load())


def looked_into(folder: Path, gap: Gap, root: Path, language: Language) -> Finding:
    """Return what helps with a gap, tried out; in a process of its own.

    Args:
        folder: The knowledge.
        gap: The gap.
        root: For copies of the folder: nothing is left of them where the process is killed.
        language: Whose words its effect is told in.
    """
    tempfile.tempdir = str(root)
    with speaking(language):
        return look_into(gap, open_engine(folder), CarrierPhrases.load(), DryRun(folder))


def look_into(gap: Gap, engine: Engine, phrases: CarrierPhrases, dry_run: DryRun) -> Finding:
    """Find out what helps; this takes some seconds a gap, unless it was looked into before."""
    proposals = propose(gap, engine, phrases)
    if best := dry_run.best(gap, proposals):
        proposal, effect = best
        yaml = block(proposal.keys, proposal.lines)
        advice = lazy("gaps.advice_add", file=proposal.file)
        place = place_of(dry_run.folder, proposal)
        return Finding(gap, proposal, effect, place, yaml, advice)
    row = ""
    question, trace = next(iter(gap.questions.items()))
    if outside := trace.understanding.outside:
        advice = lazy("gaps.advice_outside", name=outside)
    elif question.rejected:
        intent, topics = question.rejected
        advice = lazy("gaps.advice_rejected", answer=" ".join(topics) or intent)
    elif proposals:
        advice = lazy("gaps.advice_tried", entry=proposals[0].entry)
    elif gap.near and gap.near[0].score >= NEAR:
        advice = lazy("gaps.advice_fact", entry=gap.near[0].id)
    else:
        row = outside_row(gap, engine, phrases) or ""
        advice = lazy("gaps.advice_row" if row else "gaps.advice_entry")
    return Finding(gap, None, None, None, row, advice)


def place_of(folder: Path, proposal: LineProposal) -> Location:
    """Return where the first line of a proposal goes.

    Raises:
        EditError: It can't be added.
        OSError: The file can't be read.
    """
    path = folder / proposal.file
    text = edited(path.read_bytes(), proposal).decode("utf-8-sig")
    first = len(items(text, proposal.keys)) - len(proposal.lines)
    return parse_document(text, path).location((*proposal.keys, first))


def apply(folder: Path, proposal: LineProposal) -> Location:
    """Add the lines of a proposal to the knowledge, if they still fit it.

    Args:
        folder: The knowledge.
        proposal: What to add.

    Returns:
        Where the first of the lines stands now.

    Raises:
        ApplyError: It can't be added, or not there; nothing has changed.
    """
    file, own = folder / proposal.file, message("gaps.own_folder")
    if is_installed(folder):
        raise ApplyError(message("gaps.part_of_efinbot", folder=folder, own=own))
    try:
        return _added(folder, proposal)
    except EditError as error:
        reason = message("gaps.not_edited", file=file, reason=error.message)
    except FileNotFoundError:
        reason = message("gaps.gone", file=file)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        reason = message("gaps.not_written", file=file, reason=why, own=own)
    raise ApplyError(reason)


def _added(folder: Path, proposal: LineProposal) -> Location:
    path = folder / proposal.file
    before = path.read_bytes()
    with copied(folder, proposal) as copy:
        content = (copy / proposal.file).read_bytes()
        problems = blocking_problems(inspect(copy))
        place = place_of(folder, proposal)
    if problems:
        raise ApplyError(message("gaps.would_break", problem=relative(copy, problems[0])))
    if path.read_bytes() != before:
        raise ApplyError(message("gaps.saved_meanwhile", file=path))
    write_files(folder, {proposal.file: content})
    return place


def _questions(missed: Iterable[Missed], knowledge: Knowledge) -> Iterator[MissedQuestion]:
    for one in missed:
        rejected = one.outcome is Outcome.REJECTED
        answer = callback_data.decode(one.answer, knowledge) if rejected else None
        yield MissedQuestion(
            text=one.text,
            language=one.language,
            outcome=one.outcome,
            count=one.count,
            at=one.at,
            rejected=(answer.intent, answer.topics) if answer else None,
            chosen=one.chosen if one.chosen in knowledge.entries else None,
        )
