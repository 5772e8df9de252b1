"""Spelling correction of Chinese, by sound.

Chinese input methods offer characters by sound, so an error nearly always keeps the sound. A
character in a pair that the vocabulary has never seen is replaced by one that sounds alike, if that
makes every pair around it known and completes a known run of three.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from .pinyin import fold_syllable
from .text import is_unspaced, unspaced_runs

_SEEN: Final = 5
"""How often a pair of characters must occur to replace one that doesn't fit on either side."""
_COMMON: Final = 30
"""How often, if the character fits on one side."""
CHARACTER_BITS: Final = 21
"""How many bits a character of Unicode takes."""


@dataclass(frozen=True, slots=True)
class RunCounts:
    """How often runs of up to three characters occur, in a tenth of the memory of a dictionary."""

    runs: "array[int]"
    """The runs as numbers, sorted."""
    counts: "array[int]"
    """How often each occurs."""

    @classmethod
    def of(cls, text: str, length: int) -> Self:
        """Count the runs of a length in a text, across no space."""
        codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64)
        size = max(len(codes) - length + 1, 0)
        numbers, unbroken = np.zeros(size, np.uint64), np.ones(size, np.bool_)
        for start in range(length):
            characters = codes[start : start + size]
            numbers = numbers << np.uint64(CHARACTER_BITS) | characters
            unbroken &= characters != ord(" ")
        runs, counts = np.unique(numbers[unbroken], return_counts=True)
        return cls(array("Q", runs.tobytes()), array("I", counts.astype(np.uintc).tobytes()))

    def __getitem__(self, run: str) -> int:
        """Return how often a run occurs."""
        number = numbered(run)
        place = bisect_left(self.runs, number)
        found = place < len(self.runs) and self.runs[place] == number
        return self.counts[place] if found else 0

    def __contains__(self, run: str) -> bool:
        return self[run] > 0

    def all_of(self, numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uintc]:
        """Return how often each of many runs occurs, given as numbers (see `numbered`)."""
        if not self.runs:
            return np.zeros(numbers.shape, np.uintc)
        runs, counts = np.frombuffer(self.runs, np.uint64), np.frombuffer(self.counts, np.uintc)
        places = np.minimum(runs.searchsorted(numbers), len(runs) - 1)
        return np.where(runs[places] == numbers, counts[places], np.uintc(0))

    def seen(self, least: int) -> list[str]:
        """Return the runs, which are pairs, that occur so often, most frequent first."""
        often = ((n, run) for n, run in zip(self.counts, self.runs, strict=True) if n >= least)
        return [
            chr(run >> CHARACTER_BITS) + chr(run % (1 << CHARACTER_BITS))
            for _, run in sorted(often, reverse=True)
        ]


def numbered(run: str) -> int:
    """Return a run of characters as a number, another one for each run."""
    number = 0
    for character in run:
        number = number << CHARACTER_BITS | ord(character)
    return number


@dataclass(frozen=True)
class HomophoneCorrector:
    """Corrects Chinese characters that sound alike, by the runs of characters of a vocabulary."""

    pairs: RunCounts
    """How often each pair of adjacent characters occurs in the vocabulary."""
    triples: RunCounts
    """How often each run of three characters does."""
    readings: Mapping[str, tuple[str, ...]]
    """The folded readings of each character."""
    beginning: Mapping[str, str]
    """The second characters of the pairs seen often enough, by the first."""
    ending: Mapping[str, str]
    """The first characters of these pairs, by the second."""

    @classmethod
    def fit(
        cls, texts: Iterable[Sequence[str]], readings: Mapping[str, tuple[str, ...]]
    ) -> "HomophoneCorrector":
        """Learn the runs of a vocabulary.

        Args:
            texts: Tokens of texts.
            readings: Readings by character (:func:`efinbot.intents.pinyin.readings`).
        """
        folded = {
            character: tuple(dict.fromkeys(map(fold_syllable, syllables)))
            for character, syllables in readings.items()
        }
        text = " ".join(chain.from_iterable(unspaced_runs("".join(words)) for words in texts))
        pairs, triples = RunCounts.of(text, 2), RunCounts.of(text, 3)
        beginning, ending = defaultdict[str, str](str), defaultdict[str, str](str)
        for first, second in pairs.seen(_SEEN):
            beginning[first] += second
            ending[second] += first
        return cls(pairs, triples, folded, dict(beginning), dict(ending))

    def correct(self, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Correct a normalised text.

        Returns:
            The corrected text, and what was replaced by what.
        """
        changes: list[tuple[str, str]] = []
        for position in range(len(text) - 1):
            pair = text[position : position + 2]
            if pair[0] not in self.readings or pair[1] not in self.readings or pair in self.pairs:
                continue
            corrected = self._corrected(text, position)
            if corrected is not None:
                changes.append((pair, corrected))
                text = text[:position] + corrected + text[position + 2 :]
        return text, tuple(changes)

    def unknown_pairs(self, tokens: Sequence[str]) -> tuple[int, ...]:
        """Return where pairs of Chinese characters begin that the vocabulary doesn't have."""
        return tuple(
            position
            for position, (one, two) in enumerate(pairwise(tokens))
            if is_unspaced(one) and is_unspaced(two) and one + two not in self.pairs
        )

    def _corrected(self, text: str, position: int) -> str | None:
        best: tuple[int, str] | None = None
        for known in self._alike(text[position], text[position + 1]):
            candidate = (self.pairs[known], known)
            if (best is None or candidate > best) and self._fits(text, position, known):
                best = candidate
        return best[1] if best else None

    def _alike(self, one: str, two: str) -> Iterator[str]:
        """Yield the pairs seen often that keep one of two characters and the sound of the other."""
        sounds = self._sounding(two)
        yield from (one + other for other in self.beginning.get(one, "") if sounds(other))
        sounds = self._sounding(one)
        yield from (other + two for other in self.ending.get(two, "") if sounds(other))

    def _sounding(self, character: str) -> Callable[[str], bool]:
        """Return what tells whether another character may sound as one does."""
        own, readings = set(self.readings[character]), self.readings
        return lambda other: not own.isdisjoint(readings.get(other, ()))

    def _fits(self, text: str, position: int, known: str) -> bool:
        """Return whether the character that changes does so for the better, to something common."""
        changed = position + (known[0] == text[position])
        corrected = text[:position] + known + text[position + 2 :]
        if any(pair not in self.pairs for pair in _around(corrected, changed)):
            return False
        unknown = all(pair not in self.pairs for pair in _around(text, changed))
        if self.pairs[known] < (_SEEN if unknown else _COMMON):
            return False
        runs = (corrected[start : start + 3] for start in range(max(changed - 2, 0), changed + 1))
        return any(run in self.triples for run in runs)


def _around(text: str, position: int) -> list[str]:
    """Return the pairs of Chinese characters that a character is part of."""
    pairs = (text[max(position - 1, 0) : position + 1], text[position : position + 2])
    return [pair for pair in pairs if len(pair) > 1 and all(map(is_unspaced, pair))]
