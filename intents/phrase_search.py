"""Phrases in messages: token sequences, looked for as whole words."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from ..knowledge import Words
from .text import Tokens, tokens

Phrases: TypeAlias = Mapping[Tokens, object] | frozenset[Tokens]
"""Phrases to look for, by their tokens."""


def find_phrase(words: Sequence[str], phrases: Phrases) -> Tokens | None:
    """Return the longest of the phrases that a message holds."""
    best: Tokens | None = None
    for length in {len(phrase) for phrase in phrases}:
        for start in range(len(words) - length + 1):
            window = tuple(words[start : start + length])
            if window in phrases and (best is None or length > len(best)):
                best = window
    return best


def phrase_at(words: Sequence[str], start: int, phrases: Phrases) -> int:
    """Return how many tokens the longest phrase has that stands at a position; 0 for none."""
    most = max(map(len, phrases))
    lengths = range(min(most, len(words) - start), 0, -1)
    return next((n for n in lengths if tuple(words[start : start + n]) in phrases), 0)


def phrase_before(words: Sequence[str], end: int, phrases: Phrases) -> int:
    """Return how many tokens the longest phrase has that ends at a position; 0 for none."""
    most = max(map(len, phrases))
    lengths = range(min(most, end), 0, -1)
    return next((n for n in lengths if tuple(words[end - n : end]) in phrases), 0)


def tokenized(words: Words) -> list[Tokens]:
    """Return phrases in both languages as tokens."""
    return [tuple(tokens(word)) for word in (*words.zh, *words.en)]
