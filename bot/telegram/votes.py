"""👍 and 👎: the buttons below an answer, and the reactions that mean the same."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from telegram import InlineKeyboardButton, ReactionType, ReactionTypeEmoji

from ...intents import FALLBACK, SMALL_TALK, Understanding
from ...knowledge import Knowledge
from .. import callback_data

_MARKS: Final = {"+": 1, "-": -1}
"""What the data of a vote starts with, and the value."""
_FACES: Final = {1: "👍", -1: "👎"}
_GOOD: Final = "👍 ❤ ❤‍🔥 🔥 🥰 😍 🤩 👏 🎉 👌 💯 🏆 🤝 🙏 😎 🆒"
_BAD: Final = "👎 💩 🤮 🤬 😡 🖕 🤡 🥱"
_VERDICTS: Final = {**dict.fromkeys(_GOOD.split(), 1), **dict.fromkeys(_BAD.split(), -1)}
"""Reactions that are a verdict; of the others nobody knows what they say of an answer."""


class Vote(NamedTuple):
    """What somebody finds of an answer."""

    value: int
    """1 for good, -1 for bad, 0 for neither any more."""
    view: str = ""
    """The answer, as in callback data; empty for a refusal, or for whatever is shown."""


def row(said: Understanding, prefix: str) -> list[InlineKeyboardButton]:
    """Return the buttons that judge an answer; none for small talk.

    Args:
        said: What is answered.
        prefix: What the data of all buttons starts with.
    """
    if said.intent in SMALL_TALK:
        return []
    view = "" if said.intent == FALLBACK else callback_data.write(said)
    if len(prefix) + 1 + len(view) > callback_data.LIMIT:
        view = ""
    return [
        InlineKeyboardButton(_FACES[value], callback_data=f"{prefix}{mark}{view}")
        for mark, value in _MARKS.items()
    ]


def read(data: str, knowledge: Knowledge) -> Vote | None:
    """Return what the data of a button says, without the prefix; None if it is no vote of ours."""
    value, view = _MARKS.get(data[:1]), data[1:]
    if value is None or (view and callback_data.read(view, knowledge) is None):
        return None
    return Vote(value, view)


def verdict(reactions: Iterable[ReactionType]) -> int:
    """Return what reactions say of an answer: 1 for good, -1 for bad, 0 for nothing."""
    for reaction in reactions:
        if isinstance(reaction, ReactionTypeEmoji):
            value = _VERDICTS.get(reaction.emoji.replace("\ufe0f", ""), 0)
            if value:
                return value
    return 0
