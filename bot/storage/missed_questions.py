"""Missed questions: those that got no good answer."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from ...intents.text import normalize
from ...knowledge import Language
from .serialization import to_language


class Outcome(StrEnum):
    """What became of a question."""

    DECLINED = "declined"
    """Nothing was offered."""
    OFFERED = "offered"
    """It was declined, with entries offered."""
    UNSURE = "unsure"
    """It was answered, below high confidence."""
    REJECTED = "rejected"
    """It was answered, and somebody put 👎 below that."""
    CHOSEN = "chosen"
    """It was declined, and one of the offered entries was tapped."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that was not answered as well as it might be; by whom is not known."""

    text: str
    """The question: at most 200 characters, with addresses, numbers and mentions removed."""
    language: Language
    """Language in which it was answered."""
    outcome: Outcome
    """What became of it."""
    answer: str
    """The answer that was given, as `bot.views.write` has it; empty if it was declined."""
    chosen: str
    """Id of the entry that was tapped; empty otherwise."""
    count: int
    """How often it was asked with this outcome."""
    at: float
    """When it was last, in seconds since the epoch."""


def digest(text: str, outcome: Outcome) -> int:
    """Return what stands for a question, however it is written, and its outcome: 64 bits, signed.

    Questions are found by it because a text is no good key: databases differ in what they take for
    the same text, and in how long a key may be.
    """
    said = f"{outcome}:{normalize(text)}".encode()
    return int.from_bytes(blake2b(said, digest_size=8).digest(), signed=True)


def to_row(missed: Missed) -> tuple[object, ...]:
    """Return the values of the columns behind the key."""
    return (
        missed.text,
        missed.language,
        missed.outcome.value,
        missed.answer,
        missed.chosen,
        missed.count,
        missed.at,
    )


def from_row(  # noqa: PLR0917 - one a column
    text: str, language: str, outcome: str, answer: str, chosen: str, count: int, at: float
) -> Missed | None:
    """Return what was kept; None if this version knows no such language or outcome."""
    spoken = to_language(language)
    if spoken is None or outcome not in list(Outcome):
        return None
    return Missed(text, spoken, Outcome(outcome), answer, chosen, count, at)
