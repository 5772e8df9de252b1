"""The example utterances of each intent: what people say when they want it."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from ..knowledge import Problem, Words, read_document
from ..knowledge.model import Line
from ..knowledge.wording import explain

EXAMPLES: Final = Path(__file__).parent / "data" / "examples"
"""One file an intent."""

TOPIC: Final = "{topic}"
"""Stands for the name of an entry."""
REGION: Final = "{region}"
"""Stands for the name of a region."""
_SLOT: Final = re.compile(f"{re.escape(TOPIC)}|{re.escape(REGION)}")


class Utterances(Words):
    """What people say for one intent."""

    other: tuple[Line, ...] = ()
    """Utterances in other languages."""
    worded: Words = Words()
    """Utterances that describe in lay words what they are about, and name nothing."""
    elliptical: Words = Words()
    """Follow-ups that leave out what they are about."""


class UtterancesError(Exception):
    """The utterances can't be used; the message lists every problem with its place."""


def load_utterances(folder: Path = EXAMPLES) -> Mapping[str, Utterances]:
    """Load the example utterances.

    Args:
        folder: Holds ``<intent>.yaml`` files.

    Returns:
        The utterances by intent.

    Raises:
        UtterancesError: A file can't be used.
    """
    found: dict[str, Utterances] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        document = read_document(path)
        problems += document.problems
        if document.tree is None:
            continue
        try:
            found[path.stem] = Utterances.model_validate(document.tree)
        except ValidationError as error:
            for detail in error.errors():
                route, what, mend = explain(detail, Utterances)
                problems.append(Problem(document.place(route), what, mend))
    if problems:
        raise UtterancesError("\n".join(map(str, sorted(problems))))
    return found


def fill(utterance: str, topic: Callable[[], str], region: Callable[[], str]) -> str:
    """Replace the slots of an utterance.

    Args:
        utterance: May hold `TOPIC` and `REGION`, any number of times.
        topic: Gives the next name of an entry.
        region: Gives the next name of a region.
    """
    return _SLOT.sub(lambda slot: topic() if slot[0] == TOPIC else region(), utterance)
