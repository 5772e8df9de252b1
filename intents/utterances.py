"""Example utterances of each intent: what people say when they want it."""

import re
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from ..knowledge import Problem, Words, read_document
from ..knowledge.models import NonEmptyStr
from ..knowledge.sample_questions import SLOTS, SampleQuestions
from ..knowledge.validation_errors import problems_of

EXAMPLES: Final = Path(__file__).parent / "data" / "examples"
"""One file an intent."""

TOPIC, REGION, SUBJECT = SLOTS
_SLOT: Final = re.compile("|".join(map(re.escape, SLOTS)))


class Utterances(Words):
    """What people say for one intent."""

    other: tuple[NonEmptyStr, ...] = ()
    """Utterances in other languages."""
    worded: Words = Words()
    """Utterances that describe in lay words what they are about, and name nothing."""
    elliptical: Words = Words()
    """Follow-ups that leave out what they are about."""

    def with_(self, more: SampleQuestions | None) -> "Utterances":
        """Return these utterances and those of a knowledge."""
        if more is None:
            return self
        worded = Words(zh=(*self.worded.zh, *more.worded.zh), en=(*self.worded.en, *more.worded.en))
        both = {"zh": (*self.zh, *more.zh), "en": (*self.en, *more.en), "worded": worded}
        return self.model_copy(update=both)


class UtterancesError(Exception):
    """The utterances can't be used; the message lists every problem with its place."""


def load_utterances() -> Mapping[str, Utterances]:
    """Load the example utterances.

    Returns:
        The utterances by intent.

    Raises:
        UtterancesError: A file can't be used.
    """
    found: dict[str, Utterances] = {}
    problems: list[Problem] = []
    for path in sorted(EXAMPLES.glob("*.yaml")):
        document = read_document(path)
        problems += document.problems
        if document.tree is None:
            continue
        try:
            found[path.stem] = Utterances.model_validate(document.tree)
        except ValidationError as error:
            problems += problems_of(error, document, Utterances)
    if problems:
        raise UtterancesError("\n".join(map(str, sorted(problems))))
    return found


def fill(utterance: str, name: Callable[[str, int], str]) -> str:
    """Replace the slots of an utterance.

    Args:
        utterance: May hold each of `SLOTS`, any number of times.
        name: Gives the name for a slot, and how many stand before it.
    """
    number = count()
    return _SLOT.sub(lambda slot: name(slot[0], next(number)), utterance)
