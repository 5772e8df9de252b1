"""Sets of characters as bits, which rule out most of many strings before any is compared."""

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

CharacterSets: TypeAlias = npt.NDArray[np.uint64]
"""The set of the characters of each of some strings."""


def character_set(text: str) -> np.uint64:
    """Return the set of the characters of a text.

    Some characters share a bit: two sets may look more alike than they are, never less.
    """
    bits = 0
    for character in text:
        bits |= 1 << (ord(character) & 63)
    return np.uint64(bits)


def character_sets(texts: Iterable[str]) -> CharacterSets:
    """Return the sets of the characters of some texts."""
    return np.array([character_set(text) for text in texts], np.uint64)


def within_edits(sets: CharacterSets, text: str, edits: int) -> list[int]:
    """Return which texts may be no more edits from another: all that are, and few others.

    An edit adds one character to a set at most, and takes one from it at most.
    """
    differing = np.bitwise_count(sets ^ character_set(text))
    return np.flatnonzero(differing <= 2 * edits).tolist()


def nearly_contained(sets: CharacterSets, text: str) -> list[int]:
    """Return which texts may have all characters but one in another: all that do, few others."""
    missing = np.bitwise_count(sets & ~character_set(text))
    return np.flatnonzero(missing <= 1).tolist()
