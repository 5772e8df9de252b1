"""Phrases in messages: token sequences, looked for as whole words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ..knowledge import Words
from .text import Tokens, tokens

Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True)
class Phrases(Generic[Meaning]):
    """Phrases to look for; immutable, safe to share."""

    meanings: Mapping[Tokens, Meaning]
    """What each phrase means, by its tokens."""
    lengths: tuple[int, ...]
    """How many tokens they have, the most first."""
    first: frozenset[str]
    """The tokens with which they begin."""
    last: frozenset[str]
    """The tokens with which they end."""

    def find(self, words: Sequence[str]) -> Tokens | None:
        """Return the longest of the phrases that a message holds, the first of several."""
        found = self.all_in(words)
        return max((phrase for _, phrase in found), key=len, default=None)

    def all_in(self, words: Sequence[str]) -> Iterator[tuple[int, Tokens]]:
        """Yield every phrase that a message holds, with where it starts."""
        for start, word in enumerate(words):
            if word in self.first:
                for length in self.lengths:
                    phrase = tuple(words[start : start + length])
                    if len(phrase) == length and phrase in self.meanings:
                        yield start, phrase

    def at(self, words: Sequence[str], start: int) -> int:
        """Return how many tokens the longest phrase has that stands at a position; 0 for none."""
        if start >= len(words) or words[start] not in self.first:
            return 0
        fitting = (n for n in self.lengths if start + n <= len(words))
        return next((n for n in fitting if tuple(words[start : start + n]) in self.meanings), 0)

    def before(self, words: Sequence[str], end: int) -> int:
        """Return how many tokens the longest phrase has that ends at a position; 0 for none."""
        if end <= 0 or words[end - 1] not in self.last:
            return 0
        fitting = (n for n in self.lengths if n <= end)
        return next((n for n in fitting if tuple(words[end - n : end]) in self.meanings), 0)


def indexed(meanings: Mapping[Tokens, Meaning]) -> Phrases[Meaning]:
    """Return phrases, by what each means, ready to be looked for; none may be empty."""
    return Phrases(
        meanings,
        tuple(sorted({*map(len, meanings)}, reverse=True)),
        frozenset(phrase[0] for phrase in meanings),
        frozenset(phrase[-1] for phrase in meanings),
    )


def phrases_of(words: Words) -> Phrases[None]:
    """Return phrases in both languages that mean nothing by themselves."""
    return indexed(dict.fromkeys(tokenized(words)))


def tokenized(words: Words) -> list[Tokens]:
    """Return phrases in both languages as tokens."""
    return [tuple(tokens(word)) for word in (*words.zh, *words.en)]
