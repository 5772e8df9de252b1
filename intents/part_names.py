"""Which names of an entry call only a part of it, as one of several firms."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from rapidfuzz.fuzz import partial_ratio

from ..knowledge import LANGUAGES, Entry
from ..knowledge.models import Route
from .text import Tokens, tokens, written

Names: TypeAlias = tuple[frozenset[Tokens], ...]
"""Names of an entry by statement."""
_SEVERAL: Final = 2
"""How often a name must be used to ask for a statement to be its own."""
_PART_ASKS: Final = 5
"""How many asks must use a name of a part of what an entry is about."""
_PART_SHARE: Final = 0.9
"""The share of them that the statements with this name must answer: of asks that were held out,
96 % were then for one of these."""
_SPELT: Final = 90
"""Partial ratio from which a name is the entry's own, spelt in another way."""


def part_names(
    entry: Entry,
    called: Sequence[tuple[frozenset[Tokens], Route]],
    words: Mapping[Route, Sequence[Sequence[str]]],
) -> tuple[Names, Names]:
    """Return the names in each statement by which people ask for this one, and for its part.

    The former ask for this statement more than for others. None of them is a part of the entry's
    first names, nor used for what it is: these call the whole. The latter nearly only ask for the
    statements that have them.

    Args:
        entry: The entry.
        called: The names of the entry in each ask of its statements, and which one that asks for.
        words: The tokens of each statement, in both languages.
    """
    text = {route: " ".join(map(written, both)) for route, both in words.items()}
    used = Counter((name, route) for names, route in called for name in names)
    total = Counter(name for names, _ in called for name in names)
    first = [written(tokens(entry.name.in_(language))) for language in LANGUAGES]
    often = [one for one, count in used.items() if count >= max(_SEVERAL, total[one[0]] / 2)]
    said = {(name, route) for name, route in often if written(name) in text[route]}
    if said:
        asks = [ask.text for language in LANGUAGES for ask in entry.questions(language)]
        whole = [*first, *(written(tokens(ask)) for ask in asks)]
        said = {one for one in said if not any(written(one[0]) in call for call in whole)}
    there = {name: {r for r in text if written(name) in text[r]} for name in total}
    # Who names two compares them.
    alone = [(*names, route) for names, route in called if len(names) == 1]
    asked = Counter(name for name, _ in alone)
    right = Counter(name for name, route in alone if route in there[name])
    parts = {
        name
        for name, count in asked.items()
        if count >= _PART_ASKS
        and right[name] >= _PART_SHARE * count
        and len(there[name]) <= len(text) / 2
        and not any(partial_ratio(written(name), own) >= _SPELT for own in first)
    }
    own = tuple(frozenset(name for name, place in said if place == route) for route in words)
    return own, tuple(frozenset(n for n in parts if route in there[n]) for route in words)
