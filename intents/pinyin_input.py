"""Chinese typed in pinyin: read as the characters that the vocabulary makes likeliest."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain, groupby, pairwise
from typing import Final, Self, TypeAlias

import numpy as np

from .classifier.linear_model import Doubles
from .homophones import CHARACTER_BITS, RunCounts, numbered
from .text import Tokens, is_unspaced

_LONGEST: Final = 6
"""Letters of a syllable at most: zhuang."""
_LETTERS: Final = 150
"""How many letters of a message are read at most: nobody types more, and each takes its time."""
_SYLLABLES: Final = 8
"""How many syllables a word has at most that is typed without spaces."""
_LIKELY: Final = 30
"""How many characters are tried for a syllable."""
_FOLLOWED: Final = 10
"""How many readings are followed up."""
_WITHIN: Final = 5.0
"""Characters added to those seen after each one, after which any may come (Dirichlet prior)."""
_BETWEEN: Final = 100.0
"""The same where a space was typed, as between words: what stands before it tells less."""
_SHORTEST: Final = 4
"""How many characters make a message at least: "Ping An" and "Dana" are names in any language."""
_KNOWN: Final = 0.75
"""Which share of its pairs of characters must be known, so that a message is read so."""

_Readings: TypeAlias = dict[str, tuple[float, str]]
"""The likeliest readings up to some letter, with the logarithms of their chances, by the last
character."""


@dataclass(frozen=True, slots=True)
class PinyinInput:
    """Reads what is typed in pinyin, by a trigram model; immutable, safe to share."""

    word: re.Pattern[str]
    """What a word in pinyin looks like, or one that is kept."""
    kept: frozenset[str]
    """Names that are the same in Chinese, such as AI."""
    characters: Mapping[str, str]
    """The characters of each syllable, the most frequent first."""
    frequency: Mapping[str, int]
    """How often each character occurs."""
    total: int
    """How often all of them do."""
    pairs: RunCounts
    """How often each pair of adjacent characters does."""
    triples: RunCounts
    """How often each run of three characters does."""

    @classmethod
    def fit(
        cls,
        texts: Iterable[Sequence[str]],
        names: Iterable[Tokens],
        readings: Mapping[str, tuple[str, ...]],
        pairs: RunCounts,
        triples: RunCounts,
    ) -> Self:
        """Learn the characters of a vocabulary.

        Args:
            texts: Tokens of texts.
            names: Names in Latin letters that are the same in Chinese.
            readings: Readings by character (:func:`efinbot.intents.pinyin.readings`).
            pairs: The pairs of characters in these texts.
            triples: The runs of three.
        """
        frequency = Counter(filter(is_unspaced, chain.from_iterable(texts)))
        characters: defaultdict[str, str] = defaultdict(str)
        for character, _ in frequency.most_common():
            for syllable in readings.get(character, ()):
                characters[syllable] += character
        kept = frozenset(name[0] for name in names if len(name) == 1)
        syllables = "|".join(sorted(characters, key=len, reverse=True))
        word = "|".join((*map(re.escape, sorted(kept)), rf"(?:{syllables}){{1,{_SYLLABLES}}}"))
        likely = {syllable: known[:_LIKELY] for syllable, known in characters.items()}
        return cls(
            re.compile(word), kept, likely, dict(frequency), frequency.total(), pairs, triples
        )

    def read(self, words: Sequence[str]) -> list[str] | None:
        """Return the tokens that words stand for; None if they make no Chinese.

        Args:
            words: The tokens of a message, each of which `word` matches as a whole.
        """
        if sum(map(len, words)) > _LETTERS:
            return None
        found: list[str] = []
        for are_kept, some in groupby(words, self.kept.__contains__):
            those = [*some]
            found += those if are_kept else self._likeliest(those)
        pairs = [one + two for one, two in pairwise(found) if is_unspaced(one) and is_unspaced(two)]
        known = sum(pair in self.pairs for pair in pairs)
        is_chinese = sum(map(is_unspaced, found)) >= _SHORTEST and known >= _KNOWN * len(pairs)
        return found if is_chinese else None

    def _likeliest(self, words: Iterable[str]) -> str:
        """Return the likeliest characters that words in pinyin stand for."""
        readings: _Readings = {"": (0.0, "")}
        for typed in words:
            readings = self._go_on(readings, typed)
        return max(readings.values(), default=(0.0, ""))[1]

    def _go_on(self, before: _Readings, typed: str) -> _Readings:
        """Return the readings of a message up to the end of its next word."""
        at: list[_Readings] = [before, *({} for _ in typed)]
        for start in range(len(typed)):
            likeliest = nlargest(_FOLLOWED, at[start].values())
            texts = [text for _, text in likeliest]
            for end in range(start + 1, min(start + _LONGEST, len(typed)) + 1):
                characters = self.characters.get(typed[start:end])
                if not (characters and texts):
                    continue
                chances = self._chances(texts, characters, _WITHIN if start else _BETWEEN)
                chances += np.array([[chance] for chance, _ in likeliest])
                for place, character in enumerate(characters):
                    best = int(chances[:, place].argmax())
                    reading = float(chances[best, place]), texts[best] + character
                    at[end][character] = max(reading, at[end].get(character, reading))
        return at[-1]

    def _chances(self, texts: Sequence[str], characters: str, doubt: float) -> Doubles:
        """Return the logarithms of the chances that characters follow texts, or begin some.

        Args:
            texts: The texts.
            characters: The characters.
            doubt: Characters added to those seen.

        Returns:
            Texts by characters.
        """
        chances = np.array([[self.frequency[c] / self.total for c in characters]] * len(texts))
        codes = np.array([*map(ord, characters)], np.uint64)
        for length, runs in ((1, self.pairs), (2, self.triples)):
            some = [place for place, text in enumerate(texts) if len(text) >= length]
            ends = [texts[place][-length:] for place in some]
            known = self.frequency if length == 1 else self.pairs
            times = np.array([[known[end] + doubt] for end in ends]).reshape(-1, 1)
            starts = np.array([[numbered(end)] for end in ends], np.uint64).reshape(-1, 1)
            seen = runs.all_of(starts << np.uint64(CHARACTER_BITS) | codes)
            chances[some] = (seen + doubt * chances[some]) / times
        return np.log(chances)
