"""Whether the best interpretation is sure enough to be answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log1p
from typing import Final, NamedTuple

from .candidates import Scores
from .entity_linker import Sort
from .preprocessing import STAND_IN, Reading
from .text import is_unspaced
from .understanding import FALLBACK, Interpretation

ANSWER: Final = 0.5
"""Confidence from which a question is answered: somewhat more than even, as a wrong answer is
worse than an honest refusal."""
GUESS: Final = 0.25
"""Chance of being right below which an answer would be a guess: most of these are wrong, so the
likeliest entries are offered instead."""
OFFER: Final = 0.25
"""Confidence from which entries are offered, even where none was named."""
_STAND_INS: Final = frozenset(STAND_IN.values())
_LITTLE: Final = 0.1
"""Keeps the share of a next to nothing in a next to nothing small."""
_MENDED: Final = 0.5
"""What a mended word counts for, in words that are known as written."""
_SEEN: Final = 2
"""How often a word must occur in the knowledge to count as known."""


class Evidence(NamedTuple):
    """What tells a right interpretation from a wrong one."""

    about: float
    """See `Interpretation.about`."""
    wanted: float
    """See `Interpretation.wanted`."""
    foreign_subject: float
    """Score of the fallback by the message's words, unless it rests on a name."""
    foreign_request: float
    """Score of the fallback by what is wanted."""
    foreign_share: float
    """Its share of this and of the interpretation's own score."""
    margin: float
    """Lead over the best interpretation that means something else."""
    coverage: float
    """Share of the message's words and character pairs that the knowledge knows."""
    outside: float
    """1 if the message names something that isn't covered."""
    length: float
    """Logarithm of one plus the number of tokens."""
    named: float
    """1 if the interpretation rests on a name."""
    named_foreign_share: float
    """The foreign share again, if it rests on a name."""
    named_coverage: float
    """The coverage again, if it rests on a name."""
    follow_up: float
    """1 if it rests on the conversation."""


@dataclass(frozen=True)
class Known:
    """The words of everything that the bot answers."""

    counts: Mapping[str, int]
    """How often each Latin word and each pair of Chinese characters occurs."""

    def coverage(self, reading: Reading) -> float:
        """Return the share of a message's words and character pairs that are known.

        A word that was mended counts half, except in a name: a slip in a name leaves it a name.
        """
        parts = [part for part in units(reading.rest) if part not in _STAND_INS]
        written = {*(units(reading.raw) if reading.repairs else parts)}
        known = [part for part in parts if self.counts.get(part, 0) >= _SEEN]
        credit = sum(1.0 if part in written else _MENDED for part in known)
        named = sum(len(units(reading.mended[m.start : m.end])) for m in reading.mentions)
        return (credit + named) / max(len(parts) + named, 1)


def units(words: Sequence[str]) -> list[str]:
    """Return the Latin words of a token list, and its pairs of Chinese characters."""
    latin = [word for word in words if not is_unspaced(word)]
    if len(latin) == len(words):
        return latin
    pairs = [one + two for one, two in pairwise(words) if is_unspaced(one) and is_unspaced(two)]
    return pairs + latin


def weigh(
    reading: Reading,
    interpretations: Sequence[Interpretation],
    subject: Scores,
    request: Scores,
    known: Known,
) -> Evidence:
    """Gather the evidence for the best of some interpretations."""
    best = interpretations[0]
    meaning = (best.intent, frozenset(best.topics))
    rivals = (i.score for i in interpretations if (i.intent, frozenset(i.topics)) != meaning)
    # A place names no entry: whatever else goes on in Britain isn't covered.
    in_place = best.basis == "place" and STAND_IN[Sort.ENTRY] in reading.rest
    named = float(best.basis == "named" or in_place)
    coverage = known.coverage(reading)
    foreign = request[FALLBACK]
    share = max(foreign, 0.0) / (max(foreign, 0.0) + max(best.wanted, 0.0) + _LITTLE)
    return Evidence(
        about=(1 - named) * best.about,
        wanted=best.wanted,
        foreign_subject=(1 - named) * subject[FALLBACK],
        foreign_request=foreign,
        foreign_share=share,
        margin=best.score - next(iter(rivals), 0.0),
        coverage=coverage,
        outside=float(any(m.name.sort is Sort.OUTSIDE for m in reading.mentions)),
        length=log1p(len(reading.raw)),
        named=named,
        named_foreign_share=named * share,
        named_coverage=named * coverage,
        follow_up=float(best.basis in ("context", "order", "move")),
    )
