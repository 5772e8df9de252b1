"""Chinese typed in pinyin: read as the characters that the vocabulary makes likeliest."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain, groupby, pairwise
from math import log
from typing import Final, Self, TypeAlias

from .homophones import RunCounts
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
            for end in range(start + 1, min(start + _LONGEST, len(typed)) + 1):
                for character in self.characters.get(typed[start:end], ""):
                    doubt = _WITHIN if start else _BETWEEN
                    scored = (
                        (chance + self._chance(text, character, doubt), text + character)
                        for chance, text in likeliest
                    )
                    if best := max(scored, default=None):
                        at[end][character] = max(best, at[end].get(character, best))
        return at[-1]

    def _chance(self, before: str, character: str, doubt: float) -> float:
        """Return the logarithm of the chance that a character follows a text, or begins one."""
        chance = self.frequency[character] / self.total
        if last := before[-1:]:
            seen = self.pairs[last + character]
            chance = (seen + doubt * chance) / (self.frequency[last] + doubt)
        if len(pair := before[-2:]) > 1:
            seen = self.triples[pair + character]
            chance = (seen + doubt * chance) / (self.pairs[pair] + doubt)
        return log(chance)
