"""Replies in the reader's characters: traditional ones with the words of Taiwan or Hong Kong."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Final, Protocol, cast

from opencc import OpenCC

from ...intents import is_traditional
from .composer import Reply

_HONG_KONG, _TAIWAN, _SIMPLIFIED = "hk", "tw", "hans"
_CONVERSIONS: Final = {_HONG_KONG: "s2hk", _TAIWAN: "s2twp"}
"""What OpenCC calls the conversion to each."""
_CANTONESE: Final = frozenset("係嘅咩哋嗰喺冇佢啲嚟咗唔嘢乜㗎咁畀邊啱睇")
"""Characters by which a message is told to be from Hong Kong."""
_ONLY_SIMPLIFIED: Final = frozenset(
    "们这为么时说会对国学过发样还问开关产业银币钱认证险贷网数据监场应类谁让给从该现实务单处门间东车"
    "长书见观点题总统经济资费贵买卖额亿动简讲话谢吗边头员"
)
"""Frequent characters that traditional writing doesn't have."""


class _Converter(Protocol):
    """What OpenCC makes; it has no types."""

    def convert(self, text: str) -> str: ...


def script_of(text: str, before: str = "") -> str:
    """Return the script that a message is written in; empty where its characters don't tell.

    Args:
        text: The message.
        before: The script of the conversation before it: few characters tell of Hong Kong.
    """
    if text.isascii():
        return ""
    if not _CANTONESE.isdisjoint(text):
        return _HONG_KONG
    if not _ONLY_SIMPLIFIED.isdisjoint(text):
        return _SIMPLIFIED
    if is_traditional(text):
        return _HONG_KONG if before == _HONG_KONG else _TAIWAN
    return ""


def in_script(reply: Reply, script: str) -> Reply:
    """Return a reply in a script; the knowledge is written in simplified characters."""
    if script not in _CONVERSIONS:
        return reply
    convert = _converter(_CONVERSIONS[script])
    choices = tuple(replace(choice, label=convert(choice.label)) for choice in reply.choices)
    return replace(reply, html=convert(reply.html), choices=choices, title=convert(reply.title))


@cache
def _converter(name: str) -> Callable[[str], str]:
    return cast("_Converter", OpenCC(name)).convert
