"""Carrier phrases: what people say around a name, such as "what is …" or "…是什么"."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

from ..knowledge import LANGUAGES
from .text import Tokens, tokens
from .understanding import ABOUT_ONE
from .utterances import REGION, TOPIC, load_utterances

_OFTEN: Final = 0.02
"""Share of the phrases that hold a word from which it says nothing about what is asked for."""


@dataclass(frozen=True)
class CarrierPhrases:
    """The words around a name in questions about one entry."""

    pairs: frozenset[tuple[Tokens, Tokens]]
    """What stands before a name and what behind it."""
    particles: frozenset[str]
    """Tokens that are in many frames, whatever is asked for: "is", "the", "的"."""

    @classmethod
    def load(cls) -> Self:
        """Gather the phrases from what people say for each intent."""
        said = load_utterances()
        parts = [
            utterance.split(TOPIC)
            for intent in ABOUT_ONE
            for language in LANGUAGES
            for utterance in said[intent].in_(language)
            if utterance.count(TOPIC) == 1 and REGION not in utterance
        ]
        pairs = {(tuple(tokens(before)), tuple(tokens(behind))) for before, behind in parts}
        often = Counter(word for before, behind in pairs for word in {*before, *behind})
        particles = (word for word, count in often.items() if count >= _OFTEN * len(pairs))
        return cls(frozenset(pairs), frozenset(particles))

    def strip(self, words: Sequence[str]) -> Tokens:
        """Return what is left of a question without the longest phrase that it has.

        Args:
            words: The question's tokens.
        """
        whole = tuple(words)
        starts = [n for n in range(min(self._longest, len(whole))) if whole[:n] in self._before]
        ends = [
            n
            for n in range(len(whole), max(len(whole) - self._longest, 0), -1)
            if whole[n:] in self._behind
        ]
        framed = (
            whole[start:end]
            for start in starts
            for end in ends
            if start < end and (whole[:start], whole[end:]) in self.pairs
        )
        return min(framed, key=len, default=whole)

    @cached_property
    def _before(self) -> frozenset[Tokens]:
        return frozenset(before for before, _ in self.pairs)

    @cached_property
    def _behind(self) -> frozenset[Tokens]:
        return frozenset(behind for _, behind in self.pairs)

    @cached_property
    def _longest(self) -> int:
        return 1 + max((len(part) for pair in self.pairs for part in pair), default=0)
