"""Repair of words that the knowledge has never seen.

Most typing errors turn a known word into an unknown one, so only unknown words are touched. Known
words are candidates if they share a form with the unknown one after the deletion of at most one
character from each: every word one edit away and many two edits away, found without a scan of the
vocabulary (the symmetric deletion of W. Garbe's SymSpell, verified by rapidfuzz). Missing and stray
spaces are repaired as well. The candidates are ranked as in a noisy channel: few edits speak for
one, and so do a frequent word and a pair of words that the knowledge has.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise
from math import log
from typing import Final, NamedTuple, Self

from rapidfuzz.distance import OSA

from .common_words import COMMON_WORDS
from .text import is_unspaced

MIN_SIMILARITY: Final = 0.7
"""The least OSA similarity of an unknown word and the word that replaces it wherever it stands.

A shorter word, of which one edit is a larger part, must make a known pair with a neighbour.
"""

_START: Final = "^"
_END: Final = "$"
_MIN_LENGTH: Final = 2
# Longer tokens are keys or links, not words with a slip of the finger.
_MAX_LENGTH: Final = 32

# Logarithms of odds, by which an edit, another first letter or an unknown word is less likely than
# a word seen once, and a known pair of words more likely. Wide ranges of them repair the same.
_EDIT: Final = 3.0
_INITIAL: Final = 1.5
_PAIR: Final = 2.0
_UNKNOWN: Final = 6.0


@dataclass(frozen=True, slots=True)
class Repair:
    """One replacement, as shown to people who ask why."""

    original: tuple[str, ...]
    """The tokens as written."""
    repaired: tuple[str, ...]
    """The known tokens that took their place."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of the knowledge and which of them follow each other."""

    frequency: Mapping[str, int]
    """Utterances that contain the word, for every known word."""
    pairs: AbstractSet[str] = field(default_factory=frozenset[str])
    """Words next to each other in some utterance, joined by a space, with marks for its start and
    end."""

    @classmethod
    def of(cls, utterances: Iterable[Sequence[str]]) -> Self:
        """Collect the words of tokenised utterances."""
        frequency: Counter[str] = Counter()
        pairs: set[str] = set()
        for utterance in utterances:
            frequency.update(set(utterance))
            # Pairs of characters are left out: they are most of all, and nothing here mends them.
            pairs.update(
                f"{left} {right}"
                for left, right in pairwise((_START, *utterance, _END))
                if not (is_unspaced(left) and is_unspaced(right))
            )
        return cls(dict(frequency), frozenset(pairs))

    def __contains__(self, token: str) -> bool:
        return token in self.frequency

    def adjoin(self, left: str, right: str) -> bool:
        """Return whether two words stand next to each other in some utterance."""
        return f"{left} {right}" in self.pairs


class _Option(NamedTuple):
    """A way to read the next tokens of a question."""

    words: tuple[str, ...]
    """The known words they are read as."""
    taken: int
    """How many tokens are read."""
    cost: float
    """What the errors assumed cost."""


class Repairer:
    """Replaces unknown words by the known words that were probably meant."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._by_deletion = _deletion_index(vocabulary.frequency)
        self._total = log(1 + sum(vocabulary.frequency.values()))

    def repair(self, tokens: Sequence[str]) -> tuple[list[str], list[Repair]]:
        """Replace the unknown words of a question.

        Known words, common English words, Chinese characters and everything with a digit stay as
        they are, except that digits stuck to a word are separated from it.

        Args:
            tokens: The tokens of a question.

        Returns:
            The tokens after repair, and what was replaced, in order.
        """
        # The first test is nearly always enough, and quicker.
        if self.vocabulary.frequency.keys() >= {*tokens} or all(map(self._is_right, tokens)):
            return list(tokens), []
        repaired: list[str] = []
        repairs: list[Repair] = []
        position = 0
        while position < len(tokens):
            before = repaired[-1] if repaired else _START
            option = self._best(before, tokens[position : position + 3])
            read = tuple(tokens[position : position + option.taken])
            if read != option.words:
                repairs.append(Repair(read, option.words))
            repaired += option.words
            position += option.taken
        return repaired, repairs

    def _best(self, before: str, ahead: Sequence[str]) -> _Option:
        """Return the best way to read the next one or two of up to three tokens ahead."""
        token, following = ahead[0], ahead[1] if len(ahead) > 1 else _END
        as_written = _Option((token,), 1, 0.0)
        known = self._is_right(token)
        if known and (following == _END or self._is_right(following)):
            return as_written
        options = [as_written]
        if following != _END and not (is_unspaced(token) or is_unspaced(following)):
            options += self._rejoined(token, following)
        if not known and len(token) <= _MAX_LENGTH:
            options += self._respelt(token, before, following)
            options += self._split(token)
        # Of equally likely options the last in the alphabet: their order here is accidental.
        return max(options, key=lambda option: (self._score(option, before, ahead), option.words))

    def _score(self, option: _Option, before: str, ahead: Sequence[str]) -> float:
        score = -option.cost
        after = ahead[option.taken] if option.taken < len(ahead) else _END
        for word, left in zip(option.words, (before, *option.words), strict=False):
            score += self._likelihood(word) + _PAIR * self.vocabulary.adjoin(left, word)
        score += _PAIR * self.vocabulary.adjoin(option.words[-1], after)
        # Options that read one token more have more to explain.
        return score - sum(map(self._likelihood, ahead[1 : option.taken]))

    def _likelihood(self, token: str) -> float:
        if frequency := self.vocabulary.frequency.get(token):
            return log(frequency) - self._total
        return -self._total - _UNKNOWN * (not self._is_right(token))

    def _is_right(self, token: str) -> bool:
        known = token in self.vocabulary.frequency
        return known or token in COMMON_WORDS or is_unspaced(token)

    def _rejoined(self, token: str, following: str) -> Iterator[_Option]:
        """Read two tokens as one word with a stray space, or as two with a misplaced space."""
        joined = token + following
        if joined in self.vocabulary:
            yield _Option((joined,), 2, _EDIT)
        for cut in (len(token) - 1, len(token) + 1):
            left, right = joined[:cut], joined[cut:]
            if left in self.vocabulary and right in self.vocabulary:
                yield _Option((left, right), 2, _EDIT)

    def _respelt(self, token: str, before: str, following: str) -> Iterator[_Option]:
        """Read a token as another word."""
        if not token.isalpha():
            return
        for word in {w for form in _deletions(token) for w in self._by_deletion.get(form, ())}:
            edits = OSA.distance(token, word)
            similar = edits <= (1 - MIN_SIMILARITY) * max(len(token), len(word))
            if similar or (edits == 1 and self._fits(word, before, following)):
                yield _Option((word,), 1, edits * _EDIT + (word[0] != token[0]) * _INITIAL)

    def _fits(self, word: str, before: str, following: str) -> bool:
        """Return whether a word makes a known pair with one of its neighbours."""
        # Of a word of two letters half is another, which takes more than that it may stand alone.
        left = len(word) > _MIN_LENGTH or before != _START
        right = len(word) > _MIN_LENGTH or following != _END
        adjoin = self.vocabulary.adjoin
        return (left and adjoin(before, word)) or (right and adjoin(word, following))

    def _split(self, token: str) -> Iterator[_Option]:
        """Read a token as two words without their space, or with a slip in its place."""
        frequency, adjoin = self.vocabulary.frequency, self.vocabulary.adjoin
        for cut in range(1, len(token)):
            left, right = token[:cut], token[cut:]
            if left not in frequency:
                continue
            # One letter is a word by chance too often, unless the knowledge has it just so.
            if right in frequency and (1 < cut < len(token) - 1 or adjoin(left, right)):
                yield _Option((left, right), 1, _EDIT)
            if 1 < cut < len(token) - 2 and right[0].isalpha() and adjoin(left, right[1:]):
                yield _Option((left, right[1:]), 1, _EDIT)


def _deletions(word: str) -> set[str]:
    """Return a word and every form of it with one character left out."""
    return {word, *(word[:cut] + word[cut + 1 :] for cut in range(len(word)))}


def _deletion_index(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    index: defaultdict[str, list[str]] = defaultdict(list)
    for word in words:
        # A word with digits is never an answer: "web2" must not become "web3".
        if _MIN_LENGTH <= len(word) <= _MAX_LENGTH and word.isalpha() and not is_unspaced(word):
            for form in _deletions(word):
                index[form].append(word)
    return {form: tuple(found) for form, found in index.items()}
