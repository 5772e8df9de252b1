"""Which words of questions go with which words of the statements that answer them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import log
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from .classifier.features import Floats, Indices, Rows, Starts
from .text import is_unspaced

_ROUNDS: Final = 4
"""Rounds of expectation maximisation: more learn the asks by heart."""
_AT_ONCE: Final = 4_000
"""How many words in the questions for statements are paired at once."""
_SEEN: Final = 2
"""How many questions must hold a word: what is seen once tells nothing of other questions."""
_DOUBT: Final = 2.0
"""Questions added to those beside each word of statements, in which anything may be asked."""
_ABOUT: Final = 0.7
"""How much of a question is taken to be about the statement; the rest may be anything."""
_LEAST: Final = 0.5
"""How much likelier than usual a word must be to be kept."""
_STEM: Final = 6
"""Characters of a word that count."""


@dataclass(frozen=True, slots=True)
class ExpectedWords:
    """The words that questions for one statement are likely to hold."""

    positions: Indices
    """Positions of the words."""
    gains: Floats
    """How much each adds to the logarithm of the likelihood."""


NOTHING: Final = ExpectedWords(np.zeros(0, np.int32), np.zeros(0, np.float32))
"""Nothing is known of the questions."""


@dataclass(slots=True)
class _Together:
    """Words of questions and of statements that occur together."""

    asked: Indices
    """The word of questions of each couple."""
    words: Indices
    """Its word of statements."""
    likely: Floats
    """How likely the one is beside the other."""
    places: Indices
    """The couples of each word in the questions for a statement, one after the other."""
    starts: Starts
    """Where those of each begin."""
    times: Floats
    """How many questions for the statement hold it."""

    @classmethod
    def of(cls, found: Indices, statements: Sequence[Indices]) -> Self:
        """Pair words.

        Args:
            found: Words of questions, each with the number of its statement and how many questions
                for that hold it; those of one word must not be in two blocks.
            statements: The words of each statement.
        """
        numbers: list[int] = found[:, 1].tolist()
        chosen = [statements[number] for number in numbers]
        lengths = np.array([*map(len, chosen)], np.int64)
        width = max(int(words.max()) for words in chosen) + 1
        keys = np.repeat(found[:, 0].astype(np.int64) * width, lengths) + np.concatenate(chosen)
        couples, places = np.unique(keys, return_inverse=True)
        return cls(
            asked=(couples // width).astype(np.int32),
            words=(couples % width).astype(np.int32),
            likely=np.ones(len(couples), np.float32),
            places=places.astype(np.int32),
            starts=np.cumsum(lengths) - lengths,
            times=found[:, 2].astype(np.float32),
        )

    def expect(self, beside: npt.NDArray[np.float64]) -> None:
        """Count how often each couple is expected, and add that to what is beside each word."""
        weights = self.likely[self.places]
        lengths = np.diff(self.starts, append=len(weights))
        weights *= np.repeat(self.times / np.add.reduceat(weights, self.starts), lengths)
        counts = np.bincount(self.places, weights, len(self.likely))
        beside += np.bincount(self.words, counts, len(beside))
        self.likely = counts.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Associations:
    """Lexical translation probabilities, as IBM model 1 has them (Brown et al. 1993)."""

    positions: Mapping[str, int]
    """The position of each known word of questions."""
    usual: Floats
    """How likely each is in any question."""
    words: Mapping[str, tuple[Indices, Floats]]
    """By word of statements: the words of questions that go with it, and how likely they are."""

    @classmethod
    def learn(cls, pairs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> Self:
        """Learn from questions, each with the words of the statement that answers it.

        Args:
            pairs: Units of the question and of the statement; see `units`.
        """
        counts = Counter(word for question, _ in pairs for word in question)
        asked = {word: count for word, count in counts.items() if count >= _SEEN}
        if not asked:
            return cls({}, np.zeros(0, np.float32), {})
        positions = {word: i for i, word in enumerate(asked)}
        held = {word: i + 1 for i, word in enumerate(dict.fromkeys(w for _, s in pairs for w in s))}
        # Words of questions mean the same whichever question for a statement they are in.
        together: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for question, statement in pairs:
            together[tuple(statement)].update(word for word in question if word in asked)
        # Every statement also holds the empty word, beside which anything may be asked.
        statements = [np.array([0, *(held[w] for w in s)], np.int32) for s in together]
        found = np.array(
            [
                (positions[word], number, times)
                for number, words in enumerate(together.values())
                for word, times in words.items()
            ],
            np.int32,
        ).reshape(-1, 3)
        found = found[found[:, 0].argsort(kind="stable")]
        # Some words of questions after the other, for less memory.
        first: npt.NDArray[np.int64] = np.flatnonzero(np.diff(found[:, 0], prepend=-1))
        cuts = first[np.unique(np.searchsorted(first, np.arange(0, int(first[-1]) + 1, _AT_ONCE)))]
        parts: list[Indices] = np.split(found, cuts[1:])
        blocks = [_Together.of(part, statements) for part in parts]
        for _ in range(_ROUNDS):
            beside = np.full(len(held) + 1, _DOUBT)
            for block in blocks:
                block.expect(beside)
            for block in blocks:
                block.likely /= beside[block.words].astype(np.float32)
        words = np.concatenate([block.words for block in blocks])
        order = words.argsort(kind="stable")
        bounds = np.searchsorted(words[order], np.arange(len(held) + 2))
        places = np.concatenate([block.asked for block in blocks])[order]
        likely = np.concatenate([block.likely for block in blocks])[order]
        own = [slice(*bounds[i : i + 2]) for i in range(len(held) + 1)]
        known = {word: (places[own[i]], likely[own[i]]) for word, i in held.items()}
        total = sum(asked.values())
        usual = np.array([(n + 0.5) / (total + 1) for n in asked.values()], np.float32)
        return cls(positions, usual, known)

    def expected(self, words: Iterable[str]) -> ExpectedWords:
        """Return what is likely to be asked beside the words of a statement."""
        known = [self.words[word] for word in words if word in self.words]
        chances = np.zeros(len(self.usual), np.float32)
        for positions, likely in known:
            chances[positions] += likely / len(known)
        ratio = _ABOUT / (1 - _ABOUT) * chances / self.usual
        kept = np.flatnonzero(ratio > _LEAST).astype(np.int32)
        return ExpectedWords(kept, np.log1p(ratio[kept]))


def within(positions: Mapping[str, int], question: Sequence[str]) -> Floats:
    """Return 1 for each of the known words of questions that one holds, and 0 for the others.

    Args:
        positions: Of the known words; see `Associations.positions`.
        question: Units of the question.
    """
    found = np.zeros(len(positions), np.float32)
    found[[positions[word] for word in question if word in positions]] = 1
    return found


def likelihoods(expected: Rows, held: Floats, length: int) -> Floats:
    """Return how much likelier a question is beside statements than anywhere, as logarithms.

    Args:
        expected: Of the statements; see `expected_rows`.
        held: The known words of the question; see `within`.
        length: How many words it has.

    Returns:
        The mean over the words of the question, by statement; at least the logarithm of
        ``1 - _ABOUT``.
    """
    return expected.products(held) / np.float32(max(length, 1)) + np.float32(log(1 - _ABOUT))


def expected_rows(expected: Sequence[ExpectedWords], width: int) -> Rows:
    """Return what is expected for statements, one below the other.

    Args:
        expected: Of each statement.
        width: How many words of questions are known.
    """
    starts = np.array([0, *accumulate(len(one.positions) for one in expected)], np.int64)
    positions = np.concatenate([one.positions for one in expected])
    return Rows(starts, positions, np.concatenate([one.gains for one in expected]), width)


def expected_in(rows: Rows, row: int) -> ExpectedWords:
    """Return what is expected for one of the statements."""
    part = slice(*rows.starts[row : row + 2])
    return ExpectedWords(rows.indices[part], rows.values[part].astype(np.float32))


def units(words: Sequence[str]) -> tuple[str, ...]:
    """Return what is associated: words by their beginning, characters and pairs of characters.

    Args:
        words: Tokens.
    """
    singles = (f"#{len(w)}" if w.isdecimal() else w if is_unspaced(w) else w[:_STEM] for w in words)
    pairs = (a + b for a, b in pairwise(words) if is_unspaced(a) and is_unspaced(b))
    return tuple(dict.fromkeys((*singles, *pairs)))
