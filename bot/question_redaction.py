"""Redaction of recorded questions: what would identify somebody is removed."""

import re
from functools import cache
from typing import Final

from .redaction import TOKEN

MARK: Final = "…"
"""Stands for what was redacted."""
LONGEST: Final = 200
"""Characters that are kept: nobody needs more to ask one question."""
_READ: Final = 400
"""Characters that are looked at, so that no text takes long."""

# Scripts without spaces: what stands next to a name or a number there belongs to the sentence.
_HAN: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER: Final = rf"[^\W{_HAN}]"
_PART: Final = rf"{_LETTER}(?:{_LETTER}|-)*"
_START: Final = f"(?<![^\\W{_HAN}])(?<![{{}}])"
"""Begins a word, with what it may contain besides letters: tried once a word, not once a letter."""
_BETWEEN: Final = r"\s().,/_:*|•·、，：（）\u2010-\u2015\u2212\uff0d-"
"""What may part the digits of one number, in a class."""
_SPELT: Final = "〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_KINDS: Final = {
    "token": TOKEN.pattern,
    "page": (
        rf"(?:{_START.format('.%+-')}[.%+-]*(?:{_LETTER}+:/+|www\.|{_PART}(?:\.{_PART})+/)|://)"
        rf"[^\s{_HAN}]*"
    ),
    "mail or mention": (
        rf"(?:{_START.format('.%+-')}(?:{_LETTER}|[.%+-])*)?[@＠](?:(?:{_LETTER}|[.-])+|\w*)"
    ),
    "telephone or card": rf"[+(]?{_LETTER}*\d(?:[{_BETWEEN}]*\d){{6,}}{_LETTER}*",
    "number": rf"(?:{_START.format('-')}(?:{_LETTER}|-)*)?\d{{5,}}(?:{_LETTER}|-)*",
    "spelt number": rf"[{_SPELT}](?:[{_BETWEEN}]*[{_SPELT}]){{4,}}",
    "key or purse": rf"(?<!{_LETTER}){_LETTER}{{24,}}",
}
_RUNS: Final = re.compile(rf"{MARK}(?:[\s,.;:+-]*{MARK})+")


def redacted(text: str) -> str:
    """Return a question without addresses, mentions, numbers and keys.

    Args:
        text: The question, as it was written, without what addresses the bot.

    Returns:
        One line of at most `LONGEST` characters; empty if nothing is left of the question.
    """
    line = " ".join("".join(map(_shown, text[:_READ])).split())
    before = ""
    while before != line:
        # What is redacted may be the beginning of more.
        before, line = line, _RUNS.sub(MARK, _personal().sub(MARK, line)).strip()
    line = line[:LONGEST].rstrip()
    return line if any(map(str.isalpha, line)) else ""


@cache
def _personal() -> re.Pattern[str]:
    """Return a pattern of all kinds; compiled when it is needed, which takes a while."""
    return re.compile("|".join(_KINDS.values()))


def _shown(character: str) -> str:
    """Return a character, unless it can't be seen: such ones hide numbers from who looks for them.

    They can't all be stored either.
    """
    if character.isprintable():
        return character
    return " " if character.isspace() else ""
