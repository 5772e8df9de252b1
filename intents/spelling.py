"""Spelling correction of words in Latin letters.

Most typing errors turn a known word into an unknown one, so only unknown words are corrected.
rapidfuzz finds the known words near one; they are ranked as in a noisy channel: few edits speak
for a word, and so do its frequency and a pair of words that the knowledge has. Missing and stray
spaces are corrected as well. Chinese is corrected by sound: see `homophones`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import log
from typing import Final, NamedTuple, Self

from rapidfuzz.distance import OSA, Indel

from .character_sets import character_sets, within_edits
from .common_words import COMMON_WORDS
from .text import StringIndex, Tokens, is_unspaced

MIN_SIMILARITY: Final = 0.7
"""The least OSA similarity of an unknown word and the word that replaces it wherever it stands.

A shorter word, of which one edit is a larger part, must make a known pair with a neighbour.
"""
_MAX_UNKNOWN: Final = 8
"""A message with more unknown words isn't mistyped but in another language."""
_MAX_EDITS: Final = 2
_LONG_WORD: Final = 5
"""Letters from which a word may be two edits away."""

_START: Final = "^"
_END: Final = "$"
_MIN_LENGTH: Final = 2
# Longer tokens are keys or links, not words with a typing error.
_MAX_LENGTH: Final = 32

# Logarithms of odds, by which an edit, another first letter or an unknown word is less likely than
# a word seen once, and a known pair of words more likely. Wide ranges of them correct the same.
_EDIT: Final = 3.0
_INITIAL: Final = 1.5
_PAIR: Final = 2.0
_UNKNOWN: Final = 6.0


@dataclass(frozen=True, slots=True)
class Correction:
    """One replacement, as shown to people who ask why."""

    original: Tokens
    """The tokens as written."""
    corrected: Tokens
    """The known tokens that took their place."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of the knowledge and which of them follow each other."""

    frequency: Mapping[str, int]
    """Utterances that contain the word, for every known word."""
    pairs: StringIndex
    """Words next to each other in some utterance, joined by a space, with marks for its start and
    end."""

    @classmethod
    def of(cls, utterances: Iterable[Sequence[str]]) -> Self:
        """Collect the words of tokenised utterances."""
        frequency: Counter[str] = Counter()
        pairs: set[str] = set()
        for utterance, times in Counter(map(tuple, utterances)).items():
            for word in set(utterance):
                frequency[word] += times
            # Pairs of characters are left out: they are most of all, and are corrected by sound.
            pairs.update(
                f"{left} {right}"
                for left, right in pairwise((_START, *utterance, _END))
                if not (is_unspaced(left) and is_unspaced(right))
            )
        return cls(dict(frequency), StringIndex(sorted(pairs)))

    def __contains__(self, token: str) -> bool:
        return token in self.frequency

    def adjoin(self, left: str, right: str) -> bool:
        """Return whether two words stand next to each other in some utterance."""
        return f"{left} {right}" in self.pairs


class _Option(NamedTuple):
    """A way to read the next tokens of a question."""

    words: Tokens
    """The known words they are read as."""
    taken: int
    """How many tokens are read."""
    cost: float
    """What the errors assumed cost."""


class SpellingCorrector:
    """Replaces unknown words by the known words that were probably meant."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._total = log(1 + sum(vocabulary.frequency.values()))
        # A word with digits is never an answer: "web2" must not become "web3".
        self._words = sorted(
            (
                word
                for word in vocabulary.frequency
                if _MIN_LENGTH <= len(word) <= _MAX_LENGTH
                and word.isalpha()
                and not is_unspaced(word)
            ),
            key=len,
        )
        self._characters = character_sets(self._words)
        lengths = Counter(map(len, self._words))
        longest = _MAX_LENGTH + _MAX_EDITS + 1
        self._shorter = list(accumulate((lengths[n] for n in range(longest)), initial=0))
        """How many of the words are shorter than a length."""

    def may_be_misspelt(self, tokens: Sequence[str]) -> bool:
        """Return whether a message has unknown words, but not too many of them."""
        # The first test is nearly always enough, and quicker.
        if self.vocabulary.frequency.keys() >= {*tokens}:
            return False
        return 0 < sum(not self._is_right(token) for token in tokens) <= _MAX_UNKNOWN

    def correct(self, tokens: Sequence[str]) -> tuple[list[str], list[Correction]]:
        """Replace the unknown words of a question.

        Known words, common English words, Chinese characters and everything with a digit stay as
        they are, except that digits stuck to a word are separated from it.

        Args:
            tokens: The tokens of a question.

        Returns:
            The tokens after correction, and what was replaced, in order.
        """
        if not self.may_be_misspelt(tokens):
            return list(tokens), []
        corrected: list[str] = []
        corrections: list[Correction] = []
        position = 0
        while position < len(tokens):
            before = corrected[-1] if corrected else _START
            option = self._best(before, tokens[position : position + 3])
            read = tuple(tokens[position : position + option.taken])
            if read != option.words:
                corrections.append(Correction(read, option.words))
            corrected += option.words
            position += option.taken
        return corrected, corrections

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
        for word, edits in self._near(token):
            # Hardly anybody who types two letters wrong mistakes the first.
            if edits > 1 and word[0] != token[0]:
                continue
            similar = edits <= (1 - MIN_SIMILARITY) * max(len(token), len(word))
            if similar or (edits == 1 and self._fits(word, before, following)):
                # A letter too many and one too few are likelier than two wrong ones.
                errors = max((edits + Indel.distance(token, word) / 2) / 2, 1)
                yield _Option((word,), 1, errors * _EDIT + (word[0] != token[0]) * _INITIAL)

    def _near(self, token: str) -> Iterator[tuple[str, int]]:
        """Yield the known words a few edits away, each with how many."""
        most = _MAX_EDITS if len(token) >= _LONG_WORD else 1
        shortest, longest = max(len(token) - most, 0), len(token) + most
        first, end = self._shorter[shortest], self._shorter[longest + 1]
        for place in within_edits(self._characters[first:end], token, most):
            word = self._words[first + place]
            edits = OSA.distance(token, word, score_cutoff=most)
            if edits <= most:
                yield word, edits

    def _fits(self, word: str, before: str, following: str) -> bool:
        """Return whether a word makes a known pair with one of its neighbours."""
        # Of a word of two letters half is another, which takes more than that it may stand alone.
        left = len(word) > _MIN_LENGTH or before != _START
        right = len(word) > _MIN_LENGTH or following != _END
        adjoin = self.vocabulary.adjoin
        return (left and adjoin(before, word)) or (right and adjoin(word, following))

    def _split(self, token: str) -> Iterator[_Option]:
        """Read a token as two words without their space, or with another letter in its place."""
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
