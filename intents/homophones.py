"""Repair of Chinese typing slips: a character that sounds like the one that was meant.

Input methods offer characters by sound, so a slip nearly always keeps the sound. A character in a
pair that the vocabulary has never seen is replaced by one that sounds alike, if that makes every
pair around it known and completes a known run of three.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from .text import is_unspaced, unspaced_runs

_SEEN = 5
"""How often a pair must occur to replace one none of whose characters fits its surroundings."""
_COMMON = 30
"""How often, if the character fits on one side."""


@dataclass(frozen=True)
class HomophoneRepairer:
    """Mends sound-alike characters against the character runs of a vocabulary."""

    pairs: Mapping[str, int]
    """How often each pair of adjacent characters occurs in the vocabulary."""
    triples: frozenset[str]
    """The runs of three characters in the vocabulary."""
    readings: Mapping[str, tuple[str, ...]]
    """The folded readings of each character."""
    alike: Mapping[tuple[str, str], tuple[str, ...]]
    """Pairs seen often enough, by one character and the sound of the other, most frequent first."""

    @classmethod
    def fit(
        cls, texts: Iterable[Sequence[str]], readings: Mapping[str, tuple[str, ...]]
    ) -> "HomophoneRepairer":
        """Learn the runs of a vocabulary.

        Args:
            texts: Tokens of texts.
            readings: Folded readings by character (:func:`efinbot.intents.pinyin.readings`).
        """
        pairs: Counter[str] = Counter()
        triples: set[str] = set()
        for run in chain.from_iterable(unspaced_runs("".join(text)) for text in texts):
            pairs.update(map("".join, pairwise(run)))
            triples.update(map("".join, zip(run, run[1:], run[2:], strict=False)))
        alike: dict[tuple[str, str], list[str]] = {}
        for pair, times in pairs.most_common():
            if times < _SEEN:
                break
            for key in _heard(pair[0], pair[1], readings):
                alike.setdefault(key, []).append(pair)
        known = {key: tuple(found) for key, found in alike.items()}
        return cls(dict(pairs), frozenset(triples), readings, known)

    def repair(self, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Mend a normalised text.

        Returns:
            The mended text, and what was replaced by what.
        """
        if text.isascii():
            return text, ()
        changes: list[tuple[str, str]] = []
        for position in range(len(text) - 1):
            pair = text[position : position + 2]
            if pair in self.pairs or pair[0] not in self.readings or pair[1] not in self.readings:
                continue
            mended = self._mended(text, position)
            if mended is not None:
                changes.append((pair, mended))
                text = text[:position] + mended + text[position + 2 :]
        return text, tuple(changes)

    def _mended(self, text: str, position: int) -> str | None:
        best: tuple[int, str] | None = None
        for key in _heard(text[position], text[position + 1], self.readings):
            for known in self.alike.get(key, ()):
                candidate = (self.pairs[known], known)
                if (best is None or candidate > best) and self._fits(text, position, known):
                    best = candidate
        return best[1] if best else None

    def _fits(self, text: str, position: int, known: str) -> bool:
        """Return whether the character that changes does so for the better, to something common."""
        changed = position + (known[0] == text[position])
        mended = text[:position] + known + text[position + 2 :]
        if any(pair not in self.pairs for pair in _around(mended, changed)):
            return False
        strange = all(pair not in self.pairs for pair in _around(text, changed))
        if self.pairs[known] < (_SEEN if strange else _COMMON):
            return False
        runs = (mended[start : start + 3] for start in range(max(changed - 2, 0), changed + 1))
        return any(run in self.triples for run in runs)


def _heard(
    one: str, two: str, readings: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str]]:
    """Yield the ways to keep one of two characters and the sound of the other."""
    yield from ((one, sound) for sound in readings.get(two, ()))
    yield from ((sound, two) for sound in readings.get(one, ()))


def _around(text: str, position: int) -> list[str]:
    """Return the pairs of Chinese characters that a character is part of."""
    pairs = (text[max(position - 1, 0) : position + 1], text[position : position + 2])
    return [pair for pair in pairs if len(pair) > 1 and _unspaced(pair)]


def _unspaced(text: str) -> bool:
    return all(map(is_unspaced, text))
