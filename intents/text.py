"""Normalising text and splitting it into tokens.

Every comparison in this package is between strings that went through `normalize`, so that
full-width letters, typographic quotes or an invisible character never decide what is understood.
"""

import re
import unicodedata
from typing import Any, Final, cast

from opencc import OpenCC

from .dialect import in_mandarin

Tokens = tuple[str, ...]

MAX_CHARACTERS: Final = 400
"""How much of a text is read: what follows is ignored, so that no input can cost more than this."""

_SPACES: Final = re.compile(r"\s+")

_SIMPLIFIED: Final = cast("Any", OpenCC("t2s"))  # it has no types

# Controls, soft hyphen, zero-width and direction marks, variation selectors, tags, lone surrogates.
_INVISIBLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e01ef]"
)

# One character for one character. Applied before NFKC too, which would turn "´" into a space.
_FOLDS: Final = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−⁃﹘", "-"),
        **dict.fromkeys("‘’‚‛′`´ʼʹ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
    }
)

# Scripts written without spaces: Han with its extensions, kana, bopomofo.
_UNSPACED: Final = (
    "\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_UNSPACED_CHARACTER: Final = re.compile(f"[{_UNSPACED}]")
_UNSPACED_RUN: Final = re.compile(f"[{_UNSPACED}]+")
_TOKEN: Final = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:'[^\W_{_UNSPACED}]+)*")

# A removal can make room for a composition, and the other way round; two rounds are the most seen.
_MAX_ROUNDS: Final = 4


def normalize(text: str) -> str:
    """Return the form of a text in which it is compared.

    Compatibility forms (NFKC) and case are folded, dashes, quotes and apostrophes become the ASCII
    ones, traditional characters simplified ones, and question words of dialects those of Mandarin;
    control and zero-width characters go, and runs of white space become one space.
    Normalising twice changes nothing.

    Args:
        text: Any text; only its first `MAX_CHARACTERS` characters are read.

    Returns:
        The normalised text, at most `MAX_CHARACTERS` long, possibly empty.
    """
    text = text[:MAX_CHARACTERS]
    if text.isascii() and text.isprintable():
        # Nothing to compose or to simplify, as most English questions: the same, but quicker.
        return _SPACES.sub(" ", text.translate(_FOLDS).lower()).strip()
    for _ in range(_MAX_ROUNDS):
        folded = _fold(text)
        if folded == text:
            break
        text = folded
    return text


def _fold(text: str) -> str:
    text = _INVISIBLE.sub("", _SPACES.sub(" ", text)).translate(_FOLDS)
    text = unicodedata.normalize("NFKC", text)[:MAX_CHARACTERS].casefold()
    text = _SIMPLIFIED.convert(unicodedata.normalize("NFKC", text).translate(_FOLDS))
    text = in_mandarin(text)
    return _SPACES.sub(" ", text)[:MAX_CHARACTERS].strip()


def is_traditional(text: str) -> bool:
    """Return whether a text has characters that simplified writing doesn't have."""
    text = _INVISIBLE.sub("", text[:MAX_CHARACTERS])
    return _SIMPLIFIED.convert(text) != text


def tokens(text: str) -> list[str]:
    """Split a text into words, and text in scripts without spaces into characters.

    Args:
        text: Any text; it is normalised first.

    Returns:
        Words with their digits ("web3", "98"), apostrophes dropped ("don't" is "dont"), and single
        Chinese or Japanese characters. Punctuation and symbols are dropped.
    """
    return split(normalize(text))


def split(normalized: str) -> list[str]:
    """Split a text that is normalised already; see `tokens`."""
    return [token.replace("'", "") for token in _TOKEN.findall(normalized)]


def is_unspaced(token: str) -> bool:
    """Return whether a token is a character of a script written without spaces."""
    if token.isascii():
        return False
    # Comparing is quicker than matching, and nearly all such characters are in this block.
    return "\u4e00" <= token[0] <= "\u9fff" or _UNSPACED_CHARACTER.match(token) is not None


def unspaced_runs(text: str) -> list[str]:
    """Return the runs of characters of scripts written without spaces."""
    return _UNSPACED_RUN.findall(text)
