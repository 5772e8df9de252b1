"""Sparse TF-IDF features of tokenised text: words, pairs of words, and pieces of words."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, count, pairwise
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from ..text import StringIndex, is_unspaced

Floats = npt.NDArray[np.float32]
Values = npt.NDArray[np.float32 | np.float16 | np.uint16 | np.uint8]
Indices = npt.NDArray[np.int32]
Starts = npt.NDArray[np.int64]

# Pieces survive inflection and misspelling, so they weigh more than whole words. In scripts without
# spaces the pieces are characters and their pairs, which are what words are elsewhere.
_WORD_WEIGHT: Final = 0.3
_PIECE_LENGTHS: Final = range(2, 5)
# Marks words, so that the word "a" and the piece "a" are different features.
_MARK: Final = "="
_TINY: Final = 1e-12
_TEXTS_AT_ONCE: Final = 2000
"""How many texts are worked on at once: more take more memory, and hardly less time."""
_REMEMBERED: Final = 4096
"""How many words are remembered with their pieces."""
_MAX_REMEMBERED: Final = 32
"""How long these are at most: longer ones take memory and hardly come again."""
_SHORT: Final = 2**16
"""The width of vectors up to which their positions are numbers of two bytes."""


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
    indices: npt.NDArray[np.int32 | np.uint16]
    """Positions of the values within their rows."""
    values: Values
    """The values: weights, or counts, which are whole numbers."""
    width: int
    """The length of every row."""

    def __len__(self) -> int:
        return len(self.starts) - 1

    def products(self, dense: Floats) -> Floats:
        """Return the product of each row with a vector."""
        weighted = np.zeros(len(self.values) + 1, np.float32)
        np.multiply(self.values, dense.take(self.indices), out=weighted[:-1])
        begins, ends = self.starts[:-1], self.starts[1:]
        sums = np.add.reduceat(weighted, begins) if len(begins) else weighted[:0]
        sums[begins == ends] = 0  # what is summed for an empty row is the next value
        return sums

    def halved(self) -> Self:
        """Return the rows in less memory: values of half the precision, and short positions."""
        short = self.width <= _SHORT
        indices = self.indices.astype(np.uint16) if short else self.indices
        return type(self)(self.starts, indices, self.values.astype(np.float16), self.width)

    def with_empty(self) -> Self:
        """Return the rows with an empty one below."""
        starts = np.append(self.starts, self.starts[-1])
        return type(self)(starts, self.indices, self.values, self.width)

    def taken(self, chosen: Indices) -> Self:
        """Return some of the rows, in the order given."""
        begins = self.starts[chosen]
        lengths = self.starts[chosen + 1] - begins
        starts = np.concatenate(([0], np.cumsum(lengths)))
        positions = runs(begins, lengths)
        return type(self)(starts, self.indices[positions], self.values[positions], self.width)

    def renumbered(self, places: Indices, width: int) -> Self:
        """Return the rows with their columns in other places, negative for those to leave out."""
        moved = places[self.indices]
        kept = moved >= 0
        starts = np.cumsum(np.append(np.False_, kept), dtype=np.int32)[self.starts]
        return type(self)(starts.astype(np.int64), moved[kept], self.values[kept], width)

    def transposed(self) -> Self:
        """Return the columns as rows."""
        owners = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))
        order = np.argsort(self.indices, kind="stable")
        starts = np.cumsum([0, *np.bincount(self.indices, minlength=self.width)], dtype=np.int64)
        return type(self)(starts, owners[order], self.values[order], len(self))

    @classmethod
    def joined(cls, parts: Sequence["Rows"]) -> Self:
        """Return the rows of several parts of equal width."""
        starts = np.concatenate(([0], *(np.diff(part.starts) for part in parts))).cumsum()
        indices = np.concatenate([part.indices for part in parts])
        return cls(starts, indices, np.concatenate([part.values for part in parts]), parts[0].width)


class _Memory(dict[str, list[int]]):
    """Positions of the known pieces of words that came lately; a pickle leaves them out."""

    def remember(self, word: str, places: list[int]) -> None:
        """Add a word, unless that would take much memory."""
        if len(word) <= _MAX_REMEMBERED:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[word] = places

    def __reduce__(self) -> tuple[type[Self], tuple[()]]:
        return type(self), ()


@dataclass(frozen=True, slots=True)
class FeatureSpace:
    """The features seen in the knowledge and their weights."""

    positions: StringIndex
    """The position of every known feature: words and pairs of words, then pieces."""
    words: int
    """How many of them are words or pairs of words."""
    rarity: Floats
    """Inverse document frequency by position; zero for what is known only from elsewhere."""
    memory: _Memory = field(default_factory=_Memory, repr=False, compare=False)
    """The pieces of few words make up most of what people write, so they are looked up once."""

    @classmethod
    def fit(cls, utterances: Sequence[Sequence[str]]) -> Self:
        """Learn the features of tokenised utterances and how rare each is."""
        return cls.learn(utterances)[0]

    @classmethod
    def learn(cls, utterances: Sequence[Sequence[str]], least: int = 1) -> tuple[Self, Rows]:
        """Learn the features of tokenised utterances; return their counts too.

        Args:
            utterances: The tokens of each.
            least: How many of them must have a feature; what is rarer is left out.
        """
        positions: defaultdict[str, int] = defaultdict(count().__next__)
        place = positions.__getitem__

        @lru_cache(_REMEMBERED)
        def placed(run: str) -> list[int]:
            return [*map(place, _pieces(run))]

        parts: list[Rows] = []
        for some in _in_parts(utterances):
            known = [
                [*map(place, words), *chain(*map(placed, unbroken))]
                for words, unbroken in map(_parsed, some)
            ]
            parts.append(_tallied(known, len(positions)))
        frequency = sum(np.bincount(part.indices, minlength=len(positions)) for part in parts)
        is_word = np.fromiter((name[0] == _MARK for name in positions), np.bool_, len(positions))
        kept = frequency >= least
        chosen = np.concatenate((np.flatnonzero(kept & is_word), np.flatnonzero(kept & ~is_word)))
        places = np.full(len(positions), -1, np.int32)
        places[chosen] = np.arange(len(chosen))
        names = np.array([*positions], np.object_)[chosen]
        # Most names go, before there are two copies of the counts.
        positions.clear()
        for number, part in enumerate(parts):
            parts[number] = part.renumbered(places, len(chosen))
        counts = Rows.joined(parts)
        space = cls(
            StringIndex(names),
            int((kept & is_word).sum()),
            np.ones(len(chosen), np.float32),
        )
        return space.reweighted(counts), counts

    def reweighted(self, counts: Rows) -> Self:
        """Return a space with the rarities of other utterances, given their counts."""
        frequency = np.bincount(counts.indices, minlength=counts.width)
        # Smoothed as in scikit-learn: as if one more utterance contained everything.
        rarity = np.where(frequency, np.log((1 + len(counts)) / (1 + frequency)) + 1, 0)
        return type(self)(self.positions, self.words, rarity.astype(np.float32), self.memory)

    def counts(self, utterances: Sequence[Sequence[str]]) -> Rows:
        """Count the known features of tokenised utterances."""
        parts: list[Rows] = []
        for some in _in_parts(utterances):
            known = [[*chain(*self._known(utterance))] for utterance in some]
            parts.append(_tallied(known, len(self.positions)))
        return Rows.joined(parts)

    def _known(self, tokens: Sequence[str]) -> tuple[list[int], list[int]]:
        """Return the positions of the words and of the pieces of a text, with repeats."""
        words, unbroken = _parsed(tokens)
        pieces: list[int] = []
        for run in unbroken:
            found = self.memory.get(run)
            if found is None:
                found = self.positions.found(_pieces(run))
                # Characters in a row are half a message, which seldom comes again.
                if not is_unspaced(run[0]):
                    self.memory.remember(run, found)
            pieces += found
        return self.positions.found(words), pieces

    def weighted(self, counts: Rows) -> Rows:
        """Turn counts into vectors: (1 + log count) x rarity, words and pieces to their weights."""
        values: Floats = (1 + np.log(counts.values)) * self.rarity[counts.indices]
        # Not all at once, because of the memory.
        for start in range(0, len(counts), _TEXTS_AT_ONCE):
            starts = counts.starts[start : start + _TEXTS_AT_ONCE + 1]
            some = slice(starts[0], starts[-1])
            owners = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
            values[some] *= self._scales(values[some], counts.indices[some] < self.words, owners)
        return Rows(counts.starts, counts.indices, values, counts.width)

    def _scales(
        self, values: Floats, is_word: npt.NDArray[np.bool_], owners: Starts
    ) -> npt.NDArray[np.float64]:
        """Return what values are multiplied by, so that words and pieces get their weights."""
        group = 2 * owners + is_word
        squares = np.bincount(group, values * values, 2 * (int(owners.max(initial=-1)) + 1))
        squares = squares.reshape(-1, 2)
        weights = np.where(squares > 0, [1 - _WORD_WEIGHT, _WORD_WEIGHT], 0)
        # A text with only words or only pieces known has all its weight there.
        weights /= np.maximum(weights.sum(axis=1, keepdims=True), _TINY)
        return np.sqrt(weights / np.maximum(squares, _TINY)).ravel()[group]

    def vector(self, tokens: Sequence[str]) -> Vector:
        """Return the features of a tokenised text; unknown ones are left out."""
        # The same as `weighted`, which is made for many texts.
        words, pieces = self._known(tokens)
        tally = Counter(words + pieces)
        indices = np.fromiter(tally, np.int32, len(tally))
        counts = np.fromiter(tally.values(), np.float32, len(tally))
        values: Floats = (1 + np.log(counts)) * self.rarity.take(indices)
        split = len(set(words))
        of_words, of_pieces = values[:split], values[split:]
        square, other = float(of_words @ of_words), float(of_pieces @ of_pieces)
        if square:
            of_words *= ((_WORD_WEIGHT if other else 1) / square) ** 0.5
        if other:
            of_pieces *= ((1 - _WORD_WEIGHT if square else 1) / other) ** 0.5
        return Vector(indices, values)

    def coverage(self, tokens: Sequence[str]) -> float:
        """Return the share of the pieces of a text that are known, from 0 to 1.

        The rarer a piece, the more it counts; an unknown one counts as much as the rarest.
        """
        pieces = [piece for run in _parsed(tokens)[1] for piece in _pieces(run)]
        rarities = self.rarity[self.positions.found(pieces)]
        known = float(rarities @ rarities)
        unknown = len(pieces) - int(np.count_nonzero(rarities))
        total = known + unknown * float(self.rarity.max()) ** 2
        return known / total if total else 0.0


def runs(starts: Starts, lengths: Starts) -> Indices:
    """Return runs of consecutive integers, one after the other, given their starts and lengths."""
    ends = np.cumsum(lengths)
    places = np.repeat((starts - ends + lengths).astype(np.int32), lengths)
    places += np.arange(len(places), dtype=np.int32)
    return places


def blend(first: Vector, second: Vector, share: float) -> Vector:
    """Return the mean of two vectors, the second weighing its share, scaled to length one."""
    indices, places = np.unique(
        np.concatenate((first.indices, second.indices)), return_inverse=True
    )
    parts = np.concatenate(((1 - share) * first.values, share * second.values))
    values = np.bincount(places, parts, len(indices))
    length = max(float(np.sqrt(values @ values)), _TINY)
    return Vector(indices, (values / length).astype(np.float32))


def _in_parts(utterances: Sequence[Sequence[str]]) -> Iterator[Sequence[Sequence[str]]]:
    """Yield utterances some at a time; none at all are one part, too."""
    for start in range(0, max(len(utterances), 1), _TEXTS_AT_ONCE):
        yield utterances[start : start + _TEXTS_AT_ONCE]


def _tallied(known: Sequence[Sequence[int]], width: int) -> Rows:
    """Count the features of each of many texts, given their positions with repeats."""
    lengths = np.fromiter(map(len, known), np.int64, len(known))
    places = np.fromiter(chain.from_iterable(known), np.int64, int(lengths.sum()))
    # Sorting all at once takes a fraction of the time of sorting text by text.
    keys = np.repeat(np.arange(len(known)), lengths) * max(width, 1) + places
    found, counts = np.unique(keys, return_counts=True)
    owners, indices = np.divmod(found, max(width, 1))
    starts = np.concatenate(([0], np.cumsum(np.bincount(owners, minlength=len(known)))))
    return Rows(starts.astype(np.int64), indices.astype(np.int32), counts.astype(np.uint16), width)


def _parsed(tokens: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the words of a text and its pairs with a word in them, and its unbroken runs.

    These are written without a space in between: words again, and characters in a row, which are
    left to the pieces of runs.
    """
    unspaced = [*map(is_unspaced, tokens)]
    if all(unspaced):
        return [], ["".join(tokens)] if tokens else []
    words = [_MARK + token for token, alone in zip(tokens, unspaced, strict=True) if not alone]
    runs: list[str] = []
    before, joins = "", False
    for token, is_character in zip(tokens, unspaced, strict=True):
        if is_character and joins:
            runs[-1] += token
        else:
            if runs:
                words.append(f"{_MARK}{before} {token}")
            runs.append(token)
        before, joins = token, is_character
    return words, runs


def _pieces(run: str) -> list[str]:
    """Return the substrings of a run, of which spaces mark the ends.

    Of characters, the space itself is one: a feature all such texts share, the larger the shorter
    they are, which makes up for the little that few characters say.
    """
    padded = f" {run} "
    if is_unspaced(run[:1]):
        return [*padded, *map("".join, pairwise(padded))]
    return [
        padded[start : start + length]
        for length in _PIECE_LENGTHS
        for start in range(len(padded) - length + 1)
    ]
