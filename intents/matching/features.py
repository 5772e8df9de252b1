"""Sparse TF-IDF features of tokenised text: words, pairs of words, and pieces of words."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from ..text import is_unspaced

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int32]
Starts = npt.NDArray[np.int64]

# Pieces survive inflection and misspelling, so they weigh more than whole words. In scripts without
# spaces the pieces are characters and their pairs, which are what words are elsewhere.
_WORD_WEIGHT: Final = 0.3
_PIECE_LENGTHS: Final = range(2, 5)
# Marks words, lest "a" the word and "a" the piece be one feature.
_MARK: Final = "="
_TINY: Final = 1e-12


class Vector(NamedTuple):
    """A sparse vector of length one (or zero, for a text without a known feature)."""

    indices: Indices
    """Positions of the values."""
    values: Floats
    """The values at these positions."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse vectors of equal width, one below the other (the CSR format)."""

    starts: Starts
    """Where each row starts in the arrays below, and where the last one ends."""
    indices: Indices
    """Positions of the values within their rows."""
    values: Floats
    """The values."""
    width: int
    """The length of every row."""

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def owners(self) -> Indices:
        """The row of every value."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))

    def taken(self, chosen: Indices) -> Self:
        """Return some of the rows, in the order given."""
        lengths = np.diff(self.starts)[chosen]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        positions = runs(self.starts[chosen], lengths)
        return type(self)(starts, self.indices[positions], self.values[positions], self.width)


@dataclass(frozen=True, slots=True)
class FeatureSpace:
    """The features seen in the knowledge and their weights."""

    positions: Mapping[str, int]
    """The position of every known feature: words and pairs of words, then pieces."""
    words: int
    """How many of them are words or pairs of words."""
    rarity: Floats
    """Inverse document frequency by position; zero for what is known only from elsewhere."""

    @classmethod
    def fit(cls, utterances: Sequence[Sequence[str]]) -> Self:
        """Learn the features of tokenised utterances and how rare each is."""
        return cls.learn(utterances)[0]

    @classmethod
    def learn(cls, utterances: Sequence[Sequence[str]]) -> tuple[Self, Rows]:
        """Learn the features of tokenised utterances; return their counts too."""
        positions: defaultdict[str, int] = defaultdict(count().__next__)
        words = [[positions[name] for name in _words(utterance)] for utterance in utterances]
        split = len(positions)
        placed: dict[str, list[int]] = {}
        for known, utterance in zip(words, utterances, strict=True):
            for run in _unbroken(utterance):
                if run not in placed:
                    placed[run] = [positions[name] for name in _pieces(run)]
                known.extend(placed[run])
        counts = _tallied(words, len(positions))
        space = cls(dict(positions), split, np.ones(len(positions), np.float32))
        return space.reweighted(counts), counts

    def reweighted(self, counts: Rows) -> Self:
        """Return a space with the rarities of other utterances, given their counts."""
        frequency = np.bincount(counts.indices, minlength=counts.width)
        # Smoothed as in scikit-learn: as if one more utterance contained everything.
        rarity = np.where(frequency, np.log((1 + len(counts)) / (1 + frequency)) + 1, 0)
        return type(self)(self.positions, self.words, rarity.astype(np.float32))

    def counts(self, utterances: Sequence[Sequence[str]]) -> Rows:
        """Count the known features of tokenised utterances."""
        known = [[*chain(*self._known(utterance))] for utterance in utterances]
        return _tallied(known, len(self.positions))

    def _known(self, tokens: Sequence[str]) -> tuple[list[int], list[int]]:
        """Return the positions of the words and of the pieces of a text, with repeats."""
        positions = self.positions
        words = [positions[name] for name in _words(tokens) if name in positions]
        pieces: list[int] = []
        for run in _unbroken(tokens):
            pieces += [positions[name] for name in _pieces(run) if name in positions]
        return words, pieces

    def weighted(self, counts: Rows) -> Rows:
        """Turn counts into vectors: (1 + log count) x rarity, words and pieces to their weights."""
        values = (1 + np.log(counts.values)) * self.rarity[counts.indices]
        is_word = counts.indices < self.words
        group = 2 * counts.owners + is_word
        squares = np.bincount(group, values * values, 2 * len(counts)).reshape(-1, 2)
        weights = np.where(squares > 0, [1 - _WORD_WEIGHT, _WORD_WEIGHT], 0)
        # A text with only words or only pieces known has all its weight there.
        weights /= np.maximum(weights.sum(axis=1, keepdims=True), _TINY)
        scales = np.sqrt(weights / np.maximum(squares, _TINY)).ravel()
        values = (values * scales[group]).astype(np.float32)
        return Rows(counts.starts, counts.indices, values, counts.width)

    def vector(self, tokens: Sequence[str]) -> Vector:
        """Return the features of a tokenised text; unknown ones are left out."""
        # The same as `weighted`, which is made for many texts.
        words, pieces = map(Counter, self._known(tokens))
        size = len(words) + len(pieces)
        indices = np.fromiter(chain(words, pieces), np.int32, size)
        counts = np.fromiter(chain(words.values(), pieces.values()), np.float32, size)
        values = (1 + np.log(counts)) * self.rarity[indices]
        parts = values[: len(words)], values[len(words) :]
        weights = (_WORD_WEIGHT, 1 - _WORD_WEIGHT)
        squares = [float(part @ part) for part in parts]
        total = sum(weight for weight, square in zip(weights, squares, strict=True) if square)
        scaled = [
            part * np.float32((weight / total / square) ** 0.5) if square else part
            for part, weight, square in zip(parts, weights, squares, strict=True)
        ]
        return Vector(indices, np.concatenate(scaled))


def runs(starts: Starts, lengths: Starts) -> Starts:
    """Return runs of consecutive integers, one after the other, given their starts and lengths."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)


def blend(first: Vector, second: Vector, share: float) -> Vector:
    """Return the mean of two vectors, the second weighing its share, scaled to length one."""
    indices, places = np.unique(
        np.concatenate((first.indices, second.indices)), return_inverse=True
    )
    parts = np.concatenate(((1 - share) * first.values, share * second.values))
    values = np.bincount(places, parts, len(indices))
    length = max(float(np.sqrt(values @ values)), _TINY)
    return Vector(indices, (values / length).astype(np.float32))


def _tallied(known: Sequence[Sequence[int]], width: int) -> Rows:
    """Count the features of each of many texts, given their positions with repeats."""
    lengths = [len(positions) for positions in known]
    places = np.fromiter(chain.from_iterable(known), np.int64, sum(lengths))
    # Sorting all at once takes a fraction of the time of sorting text by text.
    keys = np.repeat(np.arange(len(known)), lengths) * max(width, 1) + places
    found, counts = np.unique(keys, return_counts=True)
    owners, indices = np.divmod(found, max(width, 1))
    starts = np.concatenate(([0], np.cumsum(np.bincount(owners, minlength=len(known)))))
    return Rows(starts.astype(np.int64), indices.astype(np.int32), counts.astype(np.float32), width)


def _words(tokens: Sequence[str]) -> list[str]:
    """Return the words and the pairs with a word in them; characters are left to the pieces."""
    found = [_MARK + token for token in tokens if not is_unspaced(token)]
    for left, right in pairwise(tokens):
        if not (is_unspaced(left) and is_unspaced(right)):
            found.append(f"{_MARK}{left} {right}")
    return found


def _unbroken(tokens: Sequence[str]) -> list[str]:
    """Return what is written without a space in between: words, and characters in a row."""
    found: list[str] = []
    after_unspaced = False
    for token in tokens:
        unspaced = is_unspaced(token)
        if unspaced and after_unspaced:
            found[-1] += token
        else:
            found.append(token)
        after_unspaced = unspaced
    return found


def _pieces(run: str) -> list[str]:
    """Return the substrings of a run, of which spaces mark the ends.

    Of characters, the space itself is one: a feature all such texts share, the larger the shorter
    they are, which makes up for the little that few characters say.
    """
    padded = f" {run} "
    if is_unspaced(run):
        return [*padded, *map("".join, pairwise(padded))]
    return [
        padded[start : start + length]
        for length in _PIECE_LENGTHS
        for start in range(len(padded) - length + 1)
    ]
