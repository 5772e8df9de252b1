"""Ordinals: the places in a list that a message picks, among numbers that count something else."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from ..knowledge import Kind, Words
from ..knowledge.models import StrictModel
from .text import Phrases, indexed, phrases_of, tokenized, tokens

_ORDINAL_FIGURE: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_FIGURE: Final = re.compile(r"\d{1,2}")


class Pick(NamedTuple):
    """A place in a list that a message names."""

    place: int
    """The place, counted from 0; -1 is the last."""
    kind: Kind | None
    """Whose list is meant, where the message says so."""
    start: int
    """The token with which it starts."""
    end: int
    """The token after it."""


class OrdinalWords(StrictModel):
    """What may stand around a number that picks from a list."""

    numbers: Words
    ordinals: Words
    last: Words
    penultimate: Words
    before: Words
    counters: Words
    things: Words
    among: Words
    after: Words
    filler: Words


@dataclass(frozen=True)
class Ordinals:
    """The words that pick from a list, as tokens."""

    numbers: Phrases[int]
    """Numbers in words, which are places after a word such as "number"."""
    ordinals: Phrases[int]
    """Places in a list, counted from 0; -1 is the last."""
    before: Phrases[None]
    """Words before a number that make it a place: "number", 第."""
    counters: Phrases[None]
    """Words after a place that stand for the thing in it: 个."""
    things: Phrases[None]
    """Those of them after which anything may follow: "one"."""
    among: Phrases[None]
    """Words between a place and the list: "of your"."""
    after: Phrases[None]
    """Words that may go on after a place; after others it counts something else."""
    filler: frozenset[str]
    """Tokens that may stand beside a bare number that picks."""
    lists: Phrases[Kind]
    """Words for what a list holds."""

    @classmethod
    def of(cls, words: OrdinalWords, lists: Phrases[Kind]) -> "Ordinals":
        """Return the ordinals of a file of phrases."""
        numbers = (words.numbers.zh, words.numbers.en)
        return cls(
            numbers=indexed({tuple(tokens(w)): n for said in numbers for n, w in enumerate(said)}),
            ordinals=indexed(
                {tuple(tokens(w)): n for n, w in enumerate(words.ordinals.en)}
                | dict.fromkeys(tokenized(words.last), -1)
                | dict.fromkeys(tokenized(words.penultimate), -2)
            ),
            before=phrases_of(words.before),
            counters=phrases_of(words.counters),
            things=phrases_of(words.things),
            among=phrases_of(words.among),
            after=phrases_of(words.after),
            filler=frozenset(token for phrase in tokenized(words.filler) for token in phrase),
            lists=lists,
        )

    def picks(self, words: Sequence[str]) -> tuple[Pick, ...]:
        """Return the places in a list that a message names, if it picks some."""
        kept = [n for n, word in enumerate(words) if word not in self.filler]
        if kept:
            start, end = kept[0], kept[-1] + 1
            number, length = self._number(words, start)
            if number is not None and start + length == end:
                return (Pick(number, None, start, end),)
        return tuple(self._picks(words))

    def _picks(self, words: Sequence[str]) -> Iterator[Pick]:
        start = 0
        while start < len(words):
            pick = self._pick_at(words, start)
            if pick:
                yield pick
            start = pick.end if pick else start + 1

    def _pick_at(self, words: Sequence[str], start: int) -> Pick | None:
        """Return the pick that starts with a token."""
        place, end = self._place(words, start)
        # "A second" and "a third of them" count something else.
        if place is None or (start and words[start - 1] == "a"):
            return None
        thing = self.things.at(words, end)
        counter = thing or self.counters.at(words, end)
        among = self.among.at(words, end + counter)
        noun = self.lists.at(words, end + counter + among)
        after = end + counter + (among + noun if noun else 0)
        kind = self._kind_at(words, after - noun) or self._kind_at(words, start)
        if thing or noun or after == len(words) or self.after.at(words, after):
            return Pick(place, kind, start, after)
        return None

    def _kind_at(self, words: Sequence[str], start: int) -> Kind | None:
        """Return the kind that is named from a token on."""
        length = self.lists.at(words, start)
        return self.lists.meanings[tuple(words[start : start + length])] if length else None

    def _place(self, words: Sequence[str], start: int) -> tuple[int | None, int]:
        """Return the place that is named from a token on, and the token after it."""
        if length := self.ordinals.at(words, start):
            return self.ordinals.meanings[tuple(words[start : start + length])], start + length
        if figure := _ORDINAL_FIGURE.fullmatch(words[start]):
            return int(figure[1]) - 1, start + 1
        noun = self.lists.at(words, start)
        if length := self.before.at(words, start) or noun:
            number, width = self._number(words, start + length)
            if number is not None and not (noun and start + length + width < len(words)):
                return number, start + length + width
        return None, start

    def _number(self, words: Sequence[str], start: int) -> tuple[int | None, int]:
        """Return the place that a number stands for, and how many tokens it has."""
        if start < len(words) and _FIGURE.fullmatch(words[start]) and int(words[start]):
            return int(words[start]) - 1, 1
        length = self.numbers.at(words, start)
        return (
            (self.numbers.meanings[tuple(words[start : start + length])], length)
            if length
            else (None, 0)
        )
