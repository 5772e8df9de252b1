"""Where a conversation takes place."""

from typing import NamedTuple


class Place(NamedTuple):
    """One conversation: who talks, and where."""

    chat: int
    topic: int
    """Topic of a forum; 0 if the chat has none."""
    person: int
