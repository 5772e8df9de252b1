"""PyYAML's syntax errors, told in plain words."""

import re
from typing import Final, TypeAlias

import yaml

from .messages import LazyMessage, lazy

Position: TypeAlias = tuple[int, int]
"""A line and a column in it, both counted from 0."""

_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_FULL_WIDTH_COLON: Final = re.compile(r"\s*(?:- +)*[a-z_]+：")
_AFTER_CLOSING: Final = ('"', "'", "]", "}")

# Phrases of libyaml and of PyYAML's own parser, with what they mean, shown where it starts.
_AT_START: Final = {
    "simple key": "problems.missing_colon",
    "end of stream": "problems.unclosed_quote",
    "start any token": "problems.reserved_character",
    "node content": "problems.reserved_character",
    "alphabetic or numeric": "problems.reserved_character",
    "tag": "problems.reserved_character",
    "directive": "problems.reserved_character",
}
# The same, shown where the parser noticed.
_WHERE_NOTICED: Final = {
    "<document start>": "problems.second_document",
    "incompatible YAML": "problems.yaml_version",
    "mapping values are not allowed": "problems.misplaced_colon",
    "block scalar": "problems.text_after_block_sign",
    "escape": "problems.unknown_escape",
    "hexadecimal": "problems.unknown_escape",
}


def position_after(before: str) -> Position:
    """Return the position of what follows a text, with the line breaks of YAML."""
    lines = _BREAK.split(before)
    return len(lines) - 1, len(lines[-1])


def explain_syntax(error: yaml.MarkedYAMLError, text: str) -> tuple[Position, LazyMessage]:
    """Say what a syntax error means.

    Args:
        error: The error.
        text: The text that was parsed.

    Returns:
        Where it is, and what it means.
    """
    phrases = f"{error.context} {error.problem}"
    noticed = _position(error.problem_mark or error.context_mark)
    start = _position(error.context_mark) if error.context_mark else noticed
    if found := _typing_slip(phrases, noticed, text):
        return found
    for where, meanings in ((start, _AT_START), (noticed, _WHERE_NOTICED)):
        for phrase, key in meanings.items():
            if phrase in phrases:
                return where, lazy(key)
    if "flow " in phrases:
        return noticed, lazy("problems.unclosed_bracket", line=start[0] + 1)
    return noticed, lazy("problems.misplaced_line")


def _position(mark: yaml.Mark | None) -> Position:
    return (mark.line, mark.column) if mark else (0, 0)


def _typing_slip(phrases: str, where: Position, text: str) -> tuple[Position, LazyMessage] | None:
    """Recognise the slips that the text shows better than the parser's phrases."""
    number, column = where
    lines = [*_BREAK.split(text), ""]
    before, after = lines[number][:column], lines[number][column:]
    if "tab" in phrases or after.startswith("\t") or ("\t" in before and not before.strip(" \t-")):
        return where, lazy("problems.tab")
    for near in (number - 1, number) if number else (number,):
        if key := _FULL_WIDTH_COLON.match(lines[near]):
            return (near, key.end() - 1), lazy("problems.full_width_colon")
    if before.rstrip().endswith(_AFTER_CLOSING) and "expected" in phrases and "flow" not in phrases:
        return where, lazy("problems.text_after_quote")
    return None
