"""The names of the knowledge, and where a message mentions them."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import OSA

from ..knowledge import LANGUAGES, Kind, Knowledge
from . import pinyin
from .text import is_unspaced, tokens

_MIN_PINYIN: Final = 5
"""Shortest name in pinyin letters that is recognised: shorter ones are words of other languages."""
_MIN_SLIP: Final = 4
"""Shortest Chinese name that is recognised with a character missing, added or changed."""
_LONGEST: Final = 12
"""How many tokens a name with a slip may have."""
_GAP: Final = " "
"""What stands for the words in Latin letters between Chinese characters."""
_OPENING: Final = 3
"""How many characters of a name are compared at first; none is shorter that a slip may leave."""
_MAX_STRANGE: Final = 4
"""A message with more unknown pairs of characters isn't mistyped but about something else."""
_SPELLINGS: Final = (
    (re.compile(r"is(e[ds]?|ing|ation)$"), r"iz\1"),
    (re.compile(r"iz(e[ds]?|ing|ation)$"), r"is\1"),
)


class Sort(StrEnum):
    """What a name stands for."""

    ENTRY = "entry"
    TERM = "term"
    OUTSIDE = "outside"
    REGION = "region"
    AMBIGUOUS = "ambiguous"


Key = tuple[str, ...]
"""The tokens of a name."""


@dataclass(frozen=True)
class Name:
    """One name of one thing."""

    sort: Sort
    """What the thing is."""
    id: str
    """Its id; for an ambiguous name, the name itself."""
    written: str
    """The name as the knowledge writes it."""
    words: Key = field(compare=False)
    """Its tokens."""

    @classmethod
    def of(cls, sort: Sort, id_: str, written: str) -> "Name":
        """Return a name with its tokens."""
        return cls(sort, id_, written, tuple(tokens(written)))


@dataclass(frozen=True)
class Mention:
    """A name found in a message."""

    name: Name
    """The name."""
    start: int
    """Position of its first token."""
    end: int
    """Position after its last token."""
    exact: bool
    """Whether it was written as the knowledge has it, not mended."""


@dataclass(frozen=True)
class Lexicon:
    """All names by their tokens. Immutable; safe to share."""

    names: Mapping[Key, Name]
    """Names by their tokens, with spelling variants."""
    prefixes: frozenset[Key]
    """Every beginning of a name, so that a search ends early."""
    typed: Mapping[str, Name]
    """Names by their pinyin."""
    typed_prefixes: frozenset[str]
    """Every beginning of these."""
    slips: Mapping[str, Name]
    """Chinese names with one character left out."""
    near: Mapping[str, Name]
    """These, and the Chinese names that are long enough to have slips."""
    shared: frozenset[Key]
    """Names in Latin letters that Chinese uses too, such as GDPR: they tell no language."""

    slip_lengths: Mapping[str, frozenset[int]]
    """How long a name with a slip may be, by how it begins, so that little is looked up."""
    slip_starts: frozenset[str]
    """The characters that one of the first two of a name with a slip must be among."""

    @classmethod
    def build(cls, knowledge: Knowledge, nouns: Mapping[Kind, Iterable[Key]]) -> "Lexicon":
        """Gather the names of a knowledge and their variants.

        A name claimed twice keeps its first owner here; :func:`faults` reports it.

        Args:
            knowledge: What there is to talk about.
            nouns: What may follow the name of an entry of a kind to say what it is.
        """
        written: dict[Key, Name] = {}
        for name, _ in all_names(knowledge):
            written.setdefault(name.words, name)
        names = dict(written)
        for id_ in knowledge.entries:
            # Ids stand in links and in answers to programs, so people type them too.
            name = Name.of(Sort.ENTRY, id_, id_.replace("-", " "))
            names.setdefault(name.words, name)
        for key, name in tuple(names.items()):
            if name.sort is Sort.ENTRY:
                for noun in nouns.get(knowledge.entries[name.id].kind, ()):
                    names.setdefault((*key, *noun), name)
        for key, name in written.items():
            for variant in _variants(key):
                names.setdefault(variant, name)
        prefixes = frozenset(key[:end] for key in names for end in range(1, len(key) + 1))
        typed = _in_pinyin(written)
        sounds = frozenset(sound[:end] for sound in typed for end in range(1, len(sound) + 1))
        slips = _shortened_names(written, names)
        whole = {"".join(key): name for key, name in names.items() if _may_have_slips(key)}
        named = (*knowledge.entries.values(), *knowledge.glossary.values())
        latin = (name for one in named for name in one.names("zh") if name.isascii())
        shared = frozenset(tuple(tokens(name)) for name in latin)
        near = whole | slips
        lengths, starts = _slip_lengths(near), frozenset(left[0] for left in near)
        return cls(names, prefixes, typed, sounds, slips, near, shared, lengths, starts)

    def mentions(self, words: Sequence[str]) -> tuple[Mention, ...]:
        """Find the names in a message; the longest wins, names never overlap."""
        return tuple(self._as_written(words))

    def with_slips(
        self, words: Sequence[str], found: tuple[Mention, ...], known_pairs: Mapping[str, int]
    ) -> tuple[Mention, ...]:
        """Find the Chinese names with a slip in a message too.

        Args:
            words: The message's tokens.
            found: The names that are right in it.
            known_pairs: Pairs of Chinese characters that occur in the vocabulary. A name with a
                slip is recognised only around a pair that isn't known: 智能投资 is no slip of
                智能投顾.
        """
        odd = strange(words, known_pairs)
        if not 0 < len(odd) <= _MAX_STRANGE:
            return found
        # Slips are looked for only between the names that are right: 下 is none of 数字人民币.
        # One character a token, so that positions are the same.
        text = "".join(word if is_unspaced(word) else _GAP for word in words)
        slips: list[Mention] = []
        position = 0
        for end in (*(mention.start for mention in found), len(words)):
            slips += self._with_slips(text[:end], position, odd)
            position = next((m.end for m in found if m.start == end), end)
        return tuple(sorted((*found, *slips), key=lambda mention: mention.start))

    def _as_written(self, words: Sequence[str]) -> Iterator[Mention]:
        position = 0
        while position < len(words):
            word = words[position]
            mention = self._exact(words, position) if (word,) in self.prefixes else None
            if word in self.typed_prefixes:
                sound = self._in_pinyin(words, position)
                if sound and (mention is None or sound.end > mention.end):
                    mention = sound
            if mention:
                yield mention
            position = mention.end if mention else position + 1

    def _with_slips(self, text: str, start: int, odd: Collection[int]) -> Iterator[Mention]:
        start = max(start, min(odd) - _LONGEST + 2)
        last = min(len(text), max(odd) + 1)
        while start < last:
            mention = self._with_slip(text, start, odd)
            if mention:
                yield mention
            start = mention.end if mention else start + 1

    def _exact(self, words: Sequence[str], start: int) -> Mention | None:
        best: Mention | None = None
        key: Key = ()
        for end in range(start + 1, len(words) + 1):
            key = (*key, words[end - 1])
            if key not in self.prefixes:
                break
            if key in self.names:
                best = Mention(self.names[key], start, end, exact=True)
        return best

    def _in_pinyin(self, words: Sequence[str], start: int) -> Mention | None:
        best: Mention | None = None
        sound = ""
        for end in range(start + 1, len(words) + 1):
            sound += words[end - 1]
            if sound not in self.typed_prefixes:
                break
            if sound in self.typed:
                best = Mention(self.typed[sound], start, end, exact=True)
        return best

    def _with_slip(self, text: str, start: int, strange: Collection[int]) -> Mention | None:
        if self.slip_starts.isdisjoint(text[start : start + 2]):
            return None
        openings = _openings(text[start : start + _OPENING + 1])
        lengths = {n for opening in openings for n in self.slip_lengths.get(opening, ())}
        run = text[start : start + _LONGEST].partition(_GAP)[0] if lengths else ""
        for length in sorted(lengths, reverse=True):
            if length > len(run):
                continue
            if not any(start <= position < start + length - 1 for position in strange):
                break
            window = run[:length]
            name = self.slips.get(window)
            if name is None and length >= _MIN_SLIP:
                name = self._one_off(window)
            if name:
                return Mention(name, start, start + length, exact=False)
        return None

    def _one_off(self, window: str) -> Name | None:
        """Return the name that differs from a text by one character too many or another one."""
        for slip in _shortened(window):
            name = self.near.get(slip)
            # A name and a text may both lack a character, each another one: 能帮金融, 智能金融.
            if name and (slip not in self.slips or OSA.distance(window, "".join(name.words)) == 1):
                return name
        return None


def _slip_lengths(near: Iterable[str]) -> Mapping[str, frozenset[int]]:
    lengths: dict[str, frozenset[int]] = {}
    for left in near:
        opening = left[:_OPENING]
        lengths[opening] = lengths.get(opening, frozenset()) | {len(left), len(left) + 1}
    return lengths


def meant(name: Name, knowledge: Knowledge) -> str | None:
    """Return the entry that a name most likely means, if it means one at all."""
    match name.sort:
        case Sort.ENTRY:
            return name.id
        case Sort.TERM:
            return knowledge.glossary[name.id].see
        case Sort.AMBIGUOUS:
            return knowledge.ambiguous[name.id][0]
        case Sort.OUTSIDE | Sort.REGION:
            return None


def all_names(
    knowledge: Knowledge,
) -> Iterator[tuple[Name, tuple[str, tuple[str | int, ...]]]]:
    """Yield every name of a knowledge with the place where it is written."""
    for written in knowledge.ambiguous:
        yield Name.of(Sort.AMBIGUOUS, written, written), ("ambiguous", (written,))
    tables = (
        (Sort.ENTRY, knowledge.entries),
        (Sort.TERM, knowledge.glossary),
        (Sort.REGION, knowledge.regions),
        (Sort.OUTSIDE, knowledge.outside),
    )
    files = {Sort.TERM: "glossary", Sort.REGION: "regions", Sort.OUTSIDE: "outside"}
    for sort, table in tables:
        for id_, thing in table.items():
            document, root = (f"entries/{id_}", ()) if sort is Sort.ENTRY else (files[sort], (id_,))
            for language in LANGUAGES:
                main, *aliases = thing.names(language)
                yield Name.of(sort, id_, main), (document, (*root, "name", language))
                for number, alias in enumerate(aliases):
                    route = (*root, "aliases", language, number)
                    yield Name.of(sort, id_, alias), (document, route)


def strange(words: Sequence[str], known_pairs: Mapping[str, int]) -> tuple[int, ...]:
    """Return where pairs of Chinese characters begin that the vocabulary doesn't know."""
    return tuple(
        position
        for position, (one, two) in enumerate(pairwise(words))
        if one + two not in known_pairs and is_unspaced(one) and is_unspaced(two)
    )


def _openings(text: str) -> set[str]:
    """Return how a name may begin of which a text is the beginning, with a slip or without."""
    return {text[:_OPENING], *_shortened(text)}


def _in_pinyin(written: Mapping[Key, Name]) -> dict[str, Name]:
    """Return the Chinese names by what is typed for them in pinyin."""
    typed: dict[str, Name] = {}
    for key, name in written.items():
        if any(map(is_unspaced, key)):
            for sound in pinyin.typed("".join(key)):
                if len(sound) >= _MIN_PINYIN:
                    typed.setdefault(sound, name)
    return typed


def _shortened_names(written: Mapping[Key, Name], names: Mapping[Key, Name]) -> dict[str, Name]:
    """Return the Chinese names by what is left of them without one of their characters."""
    slips: dict[str, Name | None] = {}
    for key, name in written.items():
        if _may_have_slips(key):
            for slip in _shortened("".join(key)):
                slips[slip] = name if slips.get(slip, name) == name else None
    return {slip: name for slip, name in slips.items() if name and tuple(slip) not in names}


def _may_have_slips(key: Key) -> bool:
    return len(key) >= _MIN_SLIP and all(map(is_unspaced, key))


def _variants(key: Key) -> Iterator[Key]:
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


def _shortened(text: str) -> Iterable[str]:
    """Return a text with each of its characters left out once."""
    return dict.fromkeys([text[:i] + text[i + 1 :] for i in range(len(text))])
