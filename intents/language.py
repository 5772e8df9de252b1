"""Which of the two languages a message is in."""

from collections.abc import Iterable

from ..knowledge import Language
from .text import is_unspaced

_KANA_START, _KANA_END = "\u3040", "\u30ff"


def detect(words: Iterable[str]) -> Language | None:
    """Return the language of a message's tokens.

    Names should be left out: "what is 区块链" is an English question.

    Args:
        words: Tokens.

    Returns:
        The language, or None where nothing tells (digits, kana, nothing at all).
    """
    written = list(words)
    unspaced = [word for word in written if is_unspaced(word)]
    han = sum(not _KANA_START <= character <= _KANA_END for character in unspaced)
    # A token is letters and digits.
    latin = sum(word.isascii() and not word.isdigit() for word in written)
    # English words are dropped into Chinese sentences far more often than the other way round.
    if han and han >= latin:
        return "zh"
    return "en" if latin else None
