"""How Chinese sounds: readings without tones, and names as people type them on a Latin keyboard.

pypinyin's tables are large and slow to import, so they are asked only while an engine is built;
what it needs to answer is kept in plain dictionaries.
"""

import gc
import re
import sys
from collections.abc import Mapping
from itertools import islice, product
from typing import Final

_MAX_WAYS: Final = 16
_HAN: Final = range(0x4E00, 0x9FA6)
_COMMON: Final = "gb2312"
"""The character set whose members are known by sound: simplified characters in use."""

# Sounds that many speakers and input methods don't keep apart.
_FOLDS: Final = (
    (re.compile("^([zcs])h"), r"\1"),
    (re.compile("^n"), "l"),
    (re.compile("ng$"), "n"),
)


def fold_syllable(syllable: str) -> str:
    """Return a syllable with sounds merged that are often mixed up: zh/z, ch/c, sh/s, n/l, ng/n."""
    for pattern, replacement in _FOLDS:
        syllable = pattern.sub(replacement, syllable)
    return syllable


def readings() -> Mapping[str, tuple[str, ...]]:
    """Return the readings of every common Chinese character, without tones."""
    from pypinyin import Style, pinyin  # noqa: PLC0415 - see the module's docstring

    table: dict[str, tuple[str, ...]] = {}
    for code in _HAN:
        character = chr(code)
        try:
            character.encode(_COMMON)
        except UnicodeEncodeError:
            continue
        sounds = pinyin(
            character, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False
        )
        if sounds:
            table[character] = tuple(sounds[0])
    return table


def forget() -> None:
    """Free the memory of pypinyin's tables, some 40 MB: they are loaded again where needed."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "pypinyin"]:
        del sys.modules[name]
    gc.collect()


def typed(name: str) -> tuple[str, ...]:
    """Return the ways in which a name is typed in pinyin: no tones, no spaces, Latin parts kept.

    Characters with several readings give several ways; pypinyin's phrases don't know every name.
    """
    from pypinyin import Style, pinyin  # noqa: PLC0415 - see the module's docstring

    sounds = pinyin(name, style=Style.NORMAL, heteronym=True, v_to_u=False)
    ways = islice(product(*sounds), _MAX_WAYS)
    return tuple(dict.fromkeys("".join(way).replace(" ", "") for way in ways))
