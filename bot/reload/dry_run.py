"""Dry runs: proposals tried in a copy of the folder, to see what they answer and break."""

import re
import tempfile
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from ...intents import Engine, blocking_problems
from ...intents.gaps.finder import Gap, is_open
from ...intents.gaps.proposals import LineProposal
from ...knowledge import KeyPath, Problem, Snapshot, inspect
from ...knowledge.document import Tree, parse_document
from ...knowledge.editor import EditError, append
from ...knowledge.messages import lazy, spoken
from ...knowledge.models import Asks, Entry
from ...knowledge.snapshot import TESTS
from .check import examine
from .engine_cache import engine_key
from .notebook import Notebook

_TRIES: Final = 3
"""How many proposals for a gap are tried out: each takes some seconds."""
_ORDER: Final = (*Entry.model_fields, *Asks.model_fields)
"""The usual order of keys in an entry."""
_PLACE: Final = re.compile(r":\d+:\d+")
"""Line and column, which an edit moves."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What adding some lines does, told in the language of whoever tried it."""

    asked: int
    """How many times the questions of the gap were asked."""
    answered: int
    """How many of these times they would be answered, surely and with the right entry."""
    broken: tuple[str, ...] = ()
    """The tests that would fail and don't now."""
    problems: tuple[str, ...] = ()
    """What the check would find and doesn't now."""


@contextmanager
def copied(folder: Path, proposal: LineProposal) -> Generator[Path]:
    """Give a copy of a folder of knowledge, to which a proposal has been added, for a while.

    Raises:
        EditError: It can't be added.
        OSError: The folder can't be read.
    """
    with tempfile.TemporaryDirectory(prefix="efinbot-") as copy:
        now = Snapshot.of(folder)
        content = edited((folder / proposal.file).read_bytes(), proposal)
        now.with_({proposal.file: content}).write_to(Path(copy))
        yield Path(copy)


def relative(folder: Path, problem: Problem) -> str:
    """Return a problem with its place relative to the folder, and without its line.

    An edit moves lines; so what is said before and after it can be compared.
    """
    return _PLACE.sub("", str(problem).replace(f"{folder}/", ""))


def edited(content: bytes, proposal: LineProposal) -> bytes:
    """Return a file of knowledge with the lines of a proposal.

    Raises:
        EditError: They can't be added, or stand there already.
    """
    text = content.decode()
    there = items(text, proposal.keys)
    for line in proposal.lines:
        if line in there:
            raise EditError(lazy("editing.already_there", line=line))
        text = append(text, proposal.keys, line, _ORDER)
    return text.encode()


def items(text: str, route: KeyPath) -> Sequence[Tree]:
    """Return the items of a list in a YAML text; none if there is no such list."""
    tree = parse_document(text.removeprefix("\ufeff")).tree
    for step in route:
        tree = tree.get(str(step)) if isinstance(tree, dict) else None
    return tree if isinstance(tree, list) else ()


@dataclass(frozen=True)
class DryRun:
    """Tries proposals out; what was tried out before is remembered."""

    folder: Path
    """The knowledge; nothing in it is touched."""
    notes: Path | None = None
    """Where effects are remembered; the user's cache folder if None."""

    def best(
        self, gap: Gap, proposals: Iterable[LineProposal]
    ) -> tuple[LineProposal, Effect] | None:
        """Return the proposal that does most for a gap, and its effect.

        Args:
            gap: The gap.
            proposals: What to try, the most promising first.

        Returns:
            One that answers something, causes no problem and, if possible, breaks no test.
        """
        best: tuple[LineProposal, Effect] | None = None
        for proposal in list(proposals)[:_TRIES]:
            try:
                effect = self.effect(gap, proposal)
            except EditError:
                continue
            if effect.problems or not effect.answered:
                continue
            if best is None or _merit(effect) > _merit(best[1]):
                best = proposal, effect
            if effect.answered == effect.asked and not effect.broken:
                break
        return best

    def effect(self, gap: Gap, proposal: LineProposal) -> Effect:
        """Return what a proposal would do; this takes some seconds the first time.

        Raises:
            EditError: It can't be added.
        """
        asked = (repr((q.text, q.count, q.rejected, q.chosen)) for q in gap.questions)
        about = (spoken(), self._state, repr(proposal), *asked)
        notebook = Notebook("effect", TypeAdapter(Effect), self.notes)
        effect = notebook.read(*about)
        if effect is None:
            effect = self._tried(gap, proposal)
            notebook.write(effect, *about)
        return effect

    @cached_property
    def _state(self) -> str:
        """A key for all that an effect depends on, besides the gap and the proposal."""
        return f"{engine_key(self.folder)} {Snapshot.of(self.folder).fingerprint}"

    @cached_property
    def _now(self) -> tuple[Problem, ...]:
        """What the check finds in the folder as it is."""
        return examine(self.folder).problems

    def _tried(self, gap: Gap, proposal: LineProposal) -> Effect:
        from ...intents.training import train  # noqa: PLC0415 - not needed for what is remembered

        with copied(self.folder, proposal) as copy:
            inspection = inspect(copy)
            refused = blocking_problems(inspection)
            if refused or inspection.knowledge is None:
                return Effect(gap.count, 0, problems=self._new(copy, refused))
            engine = train(inspection.knowledge)
            found = examine(copy, opened=lambda _: engine).problems
            tests, others = _parted(copy, found)
            failing = {_spot(self.folder, test) for test in _parted(self.folder, self._now)[0]}
            broken = (test for test in tests if _spot(copy, test) not in failing)
            return Effect(
                gap.count,
                _answered(gap, proposal, engine),
                tuple(relative(copy, test) for test in broken),
                self._new(copy, others),
            )

    def _new(self, copy: Path, problems: Iterable[Problem]) -> tuple[str, ...]:
        """Return the problems that the folder doesn't have as it is."""
        now = Counter(relative(self.folder, problem) for problem in self._now)
        then = Counter(relative(copy, problem) for problem in problems)
        return tuple((then - now).elements())


def _parted(folder: Path, problems: Iterable[Problem]) -> tuple[list[Problem], list[Problem]]:
    """Return the problems with the tests of a folder, and the others."""
    parts: tuple[list[Problem], list[Problem]] = [], []
    for problem in problems:
        parts[not problem.location.path.is_relative_to(folder / TESTS)].append(problem)
    return parts


def _spot(folder: Path, test: Problem) -> tuple[Path, int, int]:
    place = test.location
    return place.path.relative_to(folder), place.line, place.column


def _answered(gap: Gap, proposal: LineProposal, engine: Engine) -> int:
    answered = 0
    for question in gap.questions:
        trace = engine.trace(question.text, language=question.language)
        if proposal.entry in trace.understanding.topics and not is_open(question, trace):
            answered += question.count
    return answered


def _merit(effect: Effect) -> tuple[bool, int, int]:
    return not effect.broken, effect.answered, -len(effect.broken)
