"""Entity linking: where a message mentions names of the knowledge, exactly or fuzzily."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from sys import intern
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA, LCSseq

from ..knowledge import LANGUAGES, Kind, Knowledge
from . import pinyin
from .character_sets import CharacterSets, character_sets, nearly_contained
from .text import Tokens, is_unspaced, tokens

_MIN_PINYIN: Final = 5
"""Shortest name in pinyin letters that is recognised: shorter ones are words of other languages."""
_OPENING: Final = 4
"""How many letters of a word are looked at before it is searched for in pinyin."""
_MIN_FUZZY: Final = 4
"""Shortest Chinese name that is recognised with a character missing, added or changed."""
_LONGEST: Final = 12
"""How many characters of a message such a name may take."""
_GAP: Final = " "
"""What stands for the words in Latin letters between Chinese characters."""
_MAX_UNKNOWN: Final = 4
"""A message with more unknown pairs of characters isn't mistyped but about something else."""
_SPELLINGS: Final = (
    (re.compile(r"is(e[ds]?|ing|ation)$"), r"iz\1"),
    (re.compile(r"iz(e[ds]?|ing|ation)$"), r"is\1"),
)


class EntityType(StrEnum):
    """What a name stands for."""

    ENTRY = "entry"
    TERM = "term"
    OUTSIDE = "outside"
    REGION = "region"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Name:
    """One name of one entity."""

    type: EntityType
    """What the entity is."""
    id: str
    """Its id; for an ambiguous name, the name itself."""
    written: str
    """The name as the knowledge writes it."""
    tokens: Tokens = field(compare=False)
    """Its tokens."""

    @classmethod
    def of(cls, type_: EntityType, id_: str, written: str) -> "Name":
        """Return a name with its tokens."""
        return cls(type_, id_, written, tuple(map(intern, tokens(written))))


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a message."""

    name: Name
    """The name."""
    start: int
    """Position of its first token."""
    end: int
    """Position after its last token."""
    exact: bool
    """Whether it was written as the knowledge has it."""


@dataclass(frozen=True)
class EntityLinker:
    """Finds the names of the knowledge in messages. Immutable; safe to share."""

    names: Mapping[Tokens, Name]
    """Names by their tokens, with spelling variants."""
    pinyin: Mapping[str, Name]
    """Names by their pinyin."""
    fuzzy: Mapping[str, Name]
    """The Chinese names that are long enough to be recognised with a typing error."""
    shared: frozenset[Tokens]
    """Names in Latin letters that Chinese uses too, such as GDPR: they tell no language."""

    @cached_property
    def _lengths(self) -> Mapping[str, Sequence[int]]:
        """How many words names have, by the first one, the longest first."""
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for key in filter(None, self.names):
            lengths[key[0]].add(len(key))
        return {word: sorted(found, reverse=True) for word, found in lengths.items()}

    @cached_property
    def _openings(self) -> frozenset[str]:
        """How pinyin may begin: few words do, which spares most the search."""
        return frozenset(sound[:n] for sound in self.pinyin for n in range(1, _OPENING + 1))

    @cached_property
    def _fuzzy_names(self) -> tuple[Sequence[str], CharacterSets]:
        names = list(self.fuzzy)
        return names, character_sets(names)

    @cached_property
    def _sorted_pinyin(self) -> Sequence[str]:
        return sorted(self.pinyin)

    @classmethod
    def build(cls, knowledge: Knowledge, nouns: Mapping[Kind, Iterable[Tokens]]) -> "EntityLinker":
        """Gather the names of a knowledge and their variants.

        A name claimed twice keeps its first owner here; the checks of the knowledge report it.

        Args:
            knowledge: What there is to talk about.
            nouns: What may follow the name of an entry of a kind to say what it is.
        """
        written: dict[Tokens, Name] = {}
        for name, _ in all_names(knowledge):
            written.setdefault(name.tokens, name)
        names = dict(written)
        for id_ in knowledge.entries:
            # Ids stand in links and in answers to programs, so people type them too.
            name = Name.of(EntityType.ENTRY, id_, id_.replace("-", " "))
            names.setdefault(name.tokens, name)
        for key, name in tuple(names.items()):
            if name.type is EntityType.ENTRY:
                for noun in nouns.get(knowledge.entries[name.id].kind, ()):
                    names.setdefault((*key, *noun), name)
        for key, name in written.items():
            for variant in _variants(key):
                names.setdefault(variant, name)
        by_sound = _in_pinyin(written)
        named = (*knowledge.entries.values(), *knowledge.glossary.values())
        latin = (name for one in named for name in one.names("zh") if name.isascii())
        return cls(
            names=names,
            pinyin=by_sound,
            fuzzy={
                "".join(key): name
                for key, name in names.items()
                if len(key) >= _MIN_FUZZY and all(map(is_unspaced, key))
            },
            shared=frozenset(tuple(tokens(name)) for name in latin),
        )

    def mentions(self, words: Sequence[str]) -> tuple[Mention, ...]:
        """Find the names in a message; the longest wins, names never overlap."""
        found: list[Mention] = []
        position = 0
        while position < len(words):
            word = words[position]
            mention = self._exact(words, position) if word in self._lengths else None
            sound = self._in_pinyin(words, position) if word[:_OPENING] in self._openings else None
            if sound and (mention is None or sound.end > mention.end):
                mention = sound
            if mention:
                found.append(mention)
            position = mention.end if mention else position + 1
        return tuple(found)

    def with_fuzzy(
        self, words: Sequence[str], found: tuple[Mention, ...], unknown: Collection[int]
    ) -> tuple[Mention, ...]:
        """Find the Chinese names with a typing error in a message too.

        Args:
            words: The message's tokens.
            found: The names that are right in it.
            unknown: Where pairs of Chinese characters begin that the vocabulary doesn't have. A
                name with an error is recognised only around such a pair: 智能投资 is no misspelt
                智能投顾.
        """
        if not 0 < len(unknown) <= _MAX_UNKNOWN:
            return found
        # One character a token, so that positions are the same.
        text = "".join(word if is_unspaced(word) else _GAP for word in words)
        candidates = self._candidates(text)
        if not candidates:
            return found
        # Only what lies between the names that are right: 下 is no part of 数字人民币.
        fuzzy: list[Mention] = []
        start = 0
        for end in (*(mention.start for mention in found), len(words)):
            fuzzy += self._fuzzy(text[:end], start, unknown, candidates)
            start = next((m.end for m in found if m.start == end), end)
        return tuple(sorted((*found, *fuzzy), key=lambda mention: mention.start))

    def _exact(self, words: Sequence[str], start: int) -> Mention | None:
        for length in self._lengths[words[start]]:
            name = self.names.get(tuple(words[start : start + length]))
            if name and start + length <= len(words):
                return Mention(name, start, start + length, exact=True)
        return None

    def _in_pinyin(self, words: Sequence[str], start: int) -> Mention | None:
        best: Mention | None = None
        sound = ""
        for end in range(start + 1, len(words) + 1):
            sound += words[end - 1]
            if not _begins(sound, self._sorted_pinyin):
                break
            if sound in self.pinyin:
                best = Mention(self.pinyin[sound], start, end, exact=True)
        return best

    def _candidates(self, text: str) -> list[str]:
        """Return the names all of whose characters but one stand in a text, in order."""
        names, characters = self._fuzzy_names
        likely = (names[place] for place in nearly_contained(characters, text))
        return [name for name in likely if LCSseq.similarity(text, name) >= len(name) - 1]

    def _fuzzy(
        self, text: str, start: int, unknown: Collection[int], candidates: Sequence[str]
    ) -> Iterator[Mention]:
        start = max(start, min(unknown) - _LONGEST + 2)
        while start <= max(unknown):
            mention = self._fuzzy_at(text, start, unknown, candidates)
            if mention:
                yield mention
            start = mention.end if mention else start + 1

    def _fuzzy_at(
        self, text: str, start: int, unknown: Collection[int], candidates: Sequence[str]
    ) -> Mention | None:
        """Return the longest name with an error that starts at a position."""
        run = text[start : start + _LONGEST].partition(_GAP)[0]
        for length in range(len(run), _MIN_FUZZY - 2, -1):
            if not any(start <= position < start + length - 1 for position in unknown):
                return None
            near = process.extractOne(run[:length], candidates, scorer=OSA.distance, score_cutoff=1)
            if near:
                return Mention(self.fuzzy[near[0]], start, start + length, exact=False)
        return None


def _begins(start: str, names: Sequence[str]) -> bool:
    """Return whether one of the names, which are sorted, begins like this."""
    place = bisect_left(names, start)
    return place < len(names) and names[place][: len(start)] == start


def linked_entry(name: Name, knowledge: Knowledge) -> str | None:
    """Return the entry that a name most likely means, if it means one at all."""
    match name.type:
        case EntityType.ENTRY:
            return name.id
        case EntityType.TERM:
            return knowledge.glossary[name.id].see
        case EntityType.AMBIGUOUS:
            return knowledge.ambiguous[name.id][0]
        case EntityType.OUTSIDE | EntityType.REGION:
            return None


def all_names(
    knowledge: Knowledge,
) -> Iterator[tuple[Name, tuple[str, tuple[str | int, ...]]]]:
    """Yield every name of a knowledge with the place where it is written."""
    for written in knowledge.ambiguous:
        yield Name.of(EntityType.AMBIGUOUS, written, written), ("ambiguous", (written,))
    tables = (
        (EntityType.ENTRY, knowledge.entries, ""),
        (EntityType.TERM, knowledge.glossary, "glossary"),
        (EntityType.REGION, knowledge.regions, "regions"),
        (EntityType.OUTSIDE, knowledge.outside, "outside"),
    )
    for type_, table, file in tables:
        for id_, thing in table.items():
            document, root = (file, (id_,)) if file else (f"entries/{id_}", ())
            for language in LANGUAGES:
                main, *aliases = thing.names(language)
                yield Name.of(type_, id_, main), (document, (*root, "name", language))
                for number, alias in enumerate(aliases):
                    route = (*root, "aliases", language, number)
                    yield Name.of(type_, id_, alias), (document, route)


def _in_pinyin(written: Mapping[Tokens, Name]) -> dict[str, Name]:
    """Return the Chinese names by what is typed for them in pinyin."""
    by_sound: dict[str, Name] = {}
    for key, name in written.items():
        if any(map(is_unspaced, key)):
            for sound in pinyin.typed("".join(key)):
                if len(sound) >= _MIN_PINYIN:
                    by_sound.setdefault(sound, name)
    return by_sound


def _variants(key: Tokens) -> Iterator[Tokens]:
    """Yield other spellings of a name in Latin letters: joined, plural, -ise and -ize."""
    if not key or any(map(is_unspaced, key)):
        return
    spelled = {key}
    for pattern, replacement in _SPELLINGS:
        spelled |= {tuple(pattern.sub(replacement, word) for word in other) for other in spelled}
    for variant in spelled:
        *first, last = variant
        yield variant
        if len(last) > 3 and last.isalpha():  # noqa: PLR2004 - "GDPs" has a singular, "gas" has none
            yield (*first, _other_number(last))
        # As tokens drop apostrophes, this is a possessive too: "OVO's".
        yield (*first, f"{last}s")
        if first:
            yield ("".join(variant),)


def _other_number(word: str) -> str:
    """Return the singular of a plural in -s, and the plural of any other word."""
    if word.endswith("s"):
        return word[:-1]
    if word.endswith(("x", "ch", "sh")):
        return f"{word}es"
    return f"{word[:-1]}ies" if re.search("[^aeiou]y$", word) else f"{word}s"
