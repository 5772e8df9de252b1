"""Sample questions: how people ask for something, whatever it is."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator

from .messages import lazy
from .models import NonEmptyStr, Words
from .problems import InvalidValueError

SLOTS: Final = ("{topic}", "{region}", "{subject}")
"""What sample questions have for the name of an entry, of a region, and of the whole subject."""
_BRACES: Final = re.compile(r"\{[^{}]*\}?")


def _known_slots(line: str) -> str:
    if unknown := set(_BRACES.findall(line)) - set(SLOTS):
        raise InvalidValueError(
            lazy("problems.unknown_placeholder", placeholder=min(unknown), known=SLOTS)
        )
    return line


_Phrasing = Annotated[NonEmptyStr, AfterValidator(_known_slots)]


class SampleQuestions(Words):
    """How people ask for something, besides the entries' own ``asks``.

    ``{topic}`` stands for the name of any entry, ``{region}`` for that of any region, ``{subject}``
    for what people call the whole subject.
    """

    zh: tuple[_Phrasing, ...] = ()
    """Chinese."""
    en: tuple[_Phrasing, ...] = ()
    """English."""
    worded: Words = Words()
    """Questions that describe in lay words what they are about, and name nothing."""
