"""Confidence: is the best interpretation in scope (p_in_scope), and is it right (p_correct)?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise
from math import log1p
from typing import Final, NamedTuple, Self

from .candidates import Candidates, score
from .classifier.linear_model import Logistic
from .entity_linker import EntityType
from .preprocessing import MASK, MASKS, ProcessedMessage
from .text import StringIndex, is_unspaced
from .understanding import FALLBACK

ANSWER: Final = 0.5
"""Chance of being in scope from which a question is answered."""
GUESS: Final = 0.36
"""Chance of being right below which an answer would be a guess: most of these are wrong, so the
likeliest entries are offered instead."""
OFFER: Final = 0.25
"""Chance of being in scope from which entries are offered, even where none was named."""
_LITTLE: Final = 0.1
"""Keeps the share of a next to nothing in a next to nothing small."""
_CORRECTED: Final = 0.5
"""What a corrected word counts for, in words that are known as written."""
_SEEN: Final = 2
"""How often a word must occur in the knowledge to count as known."""


class ConfidenceFeatures(NamedTuple):
    """What tells a right interpretation from a wrong one."""

    about: float
    """See `Interpretation.about`."""
    wanted: float
    """See `Interpretation.wanted`."""
    foreign_subject: float
    """Score of the fallback by the message's words, unless the interpretation rests on a name."""
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
class KnownWords:
    """The words of everything that the bot answers."""

    known: StringIndex
    """The Latin words and pairs of Chinese characters that occur more than once."""

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Self:
        """Choose the known ones by how often each occurs."""
        return cls(StringIndex(part for part, count in counts.items() if count >= _SEEN))

    def coverage(self, message: ProcessedMessage) -> float:
        """Return the share of a message's words and character pairs that are known.

        A corrected word counts half, except in a name: a misspelt name is a name still.
        """
        parts = [part for part in words_and_pairs(message.masked_tokens) if part not in MASKS]
        written = {*(words_and_pairs(message.raw_tokens) if message.corrections else parts)}
        known = [*compress(parts, self.known.known(parts))]
        credit = sum(1.0 if part in written else _CORRECTED for part in known)
        names = (message.tokens[m.start : m.end] for m in message.mentions)
        named = sum(len(words_and_pairs(name)) for name in names)
        return (credit + named) / max(len(parts) + named, 1)


@dataclass(frozen=True)
class ConfidenceModel:
    """Estimates how sure an interpretation is; immutable, safe to share."""

    known_words: KnownWords
    """The words of everything that is answered."""
    in_scope: Logistic
    """The chance that a message is about something that is covered, from its features."""
    correct: Logistic
    """The chance that its best interpretation is right, from its features."""

    def features(self, message: ProcessedMessage, candidates: Candidates) -> ConfidenceFeatures:
        """Return what the chances are estimated from."""
        return confidence_features(message, candidates, self.known_words)

    def p_in_scope(self, features: ConfidenceFeatures) -> float:
        """Return the chance, from 0 to 1, that a message is about something that is covered."""
        return self.in_scope.chance(features)

    def p_correct(self, features: ConfidenceFeatures) -> float:
        """Return the chance, from 0 to 1, that the best interpretation is right."""
        return self.correct.chance(features)


def words_and_pairs(tokens: Sequence[str]) -> list[str]:
    """Return the Latin words of a token list, and its pairs of Chinese characters."""
    latin = [word for word in tokens if not is_unspaced(word)]
    if len(latin) == len(tokens):
        return latin
    pairs = [one + two for one, two in pairwise(tokens) if is_unspaced(one) and is_unspaced(two)]
    return pairs + latin


def confidence_features(
    message: ProcessedMessage, candidates: Candidates, known_words: KnownWords
) -> ConfidenceFeatures:
    """Return the features of the best interpretation of a message."""
    best = candidates.interpretations[0]
    meaning = (best.intent, frozenset(best.topics))
    rivals = (
        score(i) for i in candidates.interpretations if (i.intent, frozenset(i.topics)) != meaning
    )
    # A place names no entry: whatever else goes on in Britain isn't covered.
    in_place = best.basis == "place" and MASK[EntityType.ENTRY] in message.masked_tokens
    named = float(best.basis == "named" or in_place)
    coverage = known_words.coverage(message)
    foreign = candidates.request[FALLBACK]
    share = max(foreign, 0.0) / (max(foreign, 0.0) + max(best.wanted, 0.0) + _LITTLE)
    return ConfidenceFeatures(
        about=(1 - named) * best.about,
        wanted=best.wanted,
        foreign_subject=(1 - named) * candidates.subject[FALLBACK],
        foreign_request=foreign,
        foreign_share=share,
        margin=score(best) - next(rivals, 0.0),
        coverage=coverage,
        outside=float(any(m.name.type is EntityType.OUTSIDE for m in message.mentions)),
        length=log1p(len(message.raw_tokens)),
        named=named,
        named_foreign_share=named * share,
        named_coverage=named * coverage,
        follow_up=float(best.basis in ("context", "order", "move")),
    )
