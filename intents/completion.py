"""Completion: entries that somebody who is still typing may mean."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ..knowledge import LANGUAGES, Knowledge
from .text import normalize

_WORD_START: Final = 1
_INSIDE: Final = 2


@dataclass(frozen=True)
class Completion:
    """Finds entries by the beginning of a name. Immutable; safe to share."""

    knowledge: Knowledge
    """What there is to name."""

    def complete(self, text: str) -> tuple[str, ...]:
        """Return the entries with a name that a text may be the beginning of.

        Args:
            text: What has been typed.

        Returns:
            Ids: first where a name starts with the text, then where a word of it does, then where
            Chinese characters stand inside; each in the order of the knowledge.
        """
        typed = normalize(text)
        if not typed:
            return ()
        ranked = {id_: min(_rank(name, typed) for name in names) for id_, names in self._names}
        found = (id_ for id_, rank in ranked.items() if rank <= _INSIDE)
        return tuple(sorted(found, key=ranked.__getitem__))

    @cached_property
    def _names(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return tuple(
            (
                id_,
                tuple(
                    normalize(name)
                    for language in LANGUAGES
                    for name in (entry.name.in_(language), *entry.aliases.in_(language))
                ),
            )
            for id_, entry in self.knowledge.entries.items()
        )


def _rank(name: str, typed: str) -> int:
    """Return how well a name continues what was typed: 0 is best, above `_INSIDE` not at all."""
    if name.startswith(typed):
        return 0
    if f" {typed}" in name:
        return _WORD_START
    return _INSIDE if typed in name and not typed.isascii() else _INSIDE + 1
