"""Deterministic sampling: what is chosen depends only on a seed and on what it is chosen for.

So an edit of the knowledge changes few choices: what is learned from the rest stays as it was, and
what an edit does to the answers isn't hidden behind other random numbers.
"""

from collections.abc import Iterable
from hashlib import blake2b
from random import Random
from typing import Final, Generic, TypeVar

import numpy as np

_T = TypeVar("_T")

_BITS: Final = 64
_MIXERS: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93))
"""Odd numbers whose products spread over all bits."""
_HALF: Final = np.uint64(_BITS // 2)


class Sampler:
    """Chooses at random, the same for the same key.

    Args:
        seed: Another seed changes all choices.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def fraction(self, *key: object) -> float:
        """Return a number from 0 to 1.

        Args:
            key: What it is chosen for.
        """
        return self.number(*key) / 2**_BITS

    def generator(self, *key: object) -> Random:
        """Return a source of random numbers."""
        return Random(self.number(*key))  # noqa: S311 - for repeatable samples, not for secrets

    def number(self, *key: object) -> int:
        """Return a whole number of 64 bits."""
        text = repr((self._seed, *key)).encode()
        return int.from_bytes(blake2b(text, digest_size=_BITS // 8).digest())


class Pool(Generic[_T]):
    """Items to choose from, each as likely as another.

    An item that is added takes over some of the choices and leaves the others alone: rendezvous
    hashing, after Thaler and Ravishankar (1998).

    Args:
        sampler: Chooses.
        items: At least one, each with a text that no other has.
    """

    def __init__(self, sampler: Sampler, items: Iterable[tuple[str, _T]]) -> None:
        named = list(items)
        self._sampler = sampler
        self._items = [item for _, item in named]
        self._keys = np.array([sampler.number(name) for name, _ in named], np.uint64)

    def choose(self, *key: object) -> _T:
        """Return an item, the same for the same key."""
        numbers = self._keys ^ np.uint64(self._sampler.number(*key))
        for mixer in _MIXERS:
            numbers *= mixer
            numbers ^= numbers >> _HALF
        return self._items[int(numbers.argmax())]
