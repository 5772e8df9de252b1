"""Distress: whether somebody needs help rather than an answer."""

from collections.abc import Sequence
from typing import Final

from .dialogue import Scores
from .dialogue_phrases import DialoguePhrases
from .understanding import CARE

_LIKELY: Final = 0.65
"""How likely distress must be to be met with care: less than for an answer, because care that
nobody needed does less harm than a lecture to somebody in distress."""
_HINT: Final = 0.3
"""How much likelier despair or dread in a message makes distress than its other words do."""
_EXAGGERATED: Final = 0.6
"""How much less likely a turn of phrase makes it that only sounds like it."""


def in_distress(
    words: Sequence[str], subject: Scores, request: Scores, phrases: DialoguePhrases
) -> bool:
    """Return whether a message is somebody's cry for help.

    Args:
        words: The tokens of the message.
        subject: What its words sound like.
        request: What is wanted.
        phrases: Has the words that tell.
    """
    if phrases.distress.find(words):
        return True
    likely = subject[CARE] + request[CARE]
    hints = (phrases.despair, phrases.dread)
    likely += sum(_HINT for hint in hints if hint.find(words))
    if phrases.exaggerating.find(words):
        likely -= _EXAGGERATED
    return likely >= _LIKELY
