"""PyYAML's syntax errors in an operator's words."""

import re
from typing import Final, TypeAlias

import yaml

Position: TypeAlias = tuple[int, int]
"""A line and a column in it, both counted from 0."""

_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_FULL_WIDTH_COLON: Final = re.compile(r"\s*(?:- +)*[a-z_]+：")
_AFTER_CLOSING: Final = ('"', "'", "]", "}")

# Phrases of libyaml and of PyYAML's own parser, shown where what is wrong starts.
_AT_START: Final = (
    ("simple key", "there is no colon after this key", "write 'key: value'"),
    ("end of stream", "a quote opens here and is never closed", "close it"),
    *(
        (phrase, "text starts with a character that YAML reserves", "put quotes around it")
        for phrase in (
            "start any token",
            "node content",
            "alphabetic or numeric",
            "tag",
            "directive",
        )
    ),
)
# The same, shown where the parser noticed.
_WHERE_NOTICED: Final = (
    ("<document start>", "a second document starts here", "keep one document a file"),
    ("incompatible YAML", "this version of YAML is not known", "take the %YAML line out"),
    (
        "mapping values are not allowed",
        "a colon stands where none may",
        "put quotes around text that holds ': ', or check indentation and the line above",
    ),
    ("block scalar", "text stands after | or >", "start it in the next line, or put it in quotes"),
    *(
        (
            phrase,
            "a backslash in double quotes starts no escape that YAML knows",
            "use single quotes, or double the backslash",
        )
        for phrase in ("escape", "hexadecimal")
    ),
)


def position_after(before: str) -> Position:
    """Return the position of what follows a text, with the line breaks of YAML."""
    lines = _BREAK.split(before)
    return len(lines) - 1, len(lines[-1])


def explain_syntax(error: yaml.MarkedYAMLError, text: str) -> tuple[Position, str, str]:
    """Say what a syntax error means.

    Args:
        error: The error.
        text: The text that was parsed.

    Returns:
        Where it is, what is wrong, and how to mend it.
    """
    phrases = f"{error.context} {error.problem}"
    noticed = _position(error.problem_mark or error.context_mark)
    start = _position(error.context_mark) if error.context_mark else noticed
    if found := _typing_slip(phrases, noticed, text):
        return found
    for where, table in ((start, _AT_START), (noticed, _WHERE_NOTICED)):
        for phrase, what, mend in table:
            if phrase in phrases:
                return where, what, mend
    if "flow " in phrases:
        what = f"a comma or a closing bracket is missing (opened in line {start[0] + 1})"
        return noticed, what, "add it, or put quotes around the text"
    mend = "check its indentation, and quotes and brackets just above"
    return noticed, "this line doesn't fit the ones above it", mend


def _position(mark: yaml.Mark | None) -> Position:
    return (mark.line, mark.column) if mark else (0, 0)


def _typing_slip(phrases: str, where: Position, text: str) -> tuple[Position, str, str] | None:
    """Recognise the slips that the text shows better than the parser's phrases."""
    number, column = where
    lines = [*_BREAK.split(text), ""]
    before, after = lines[number][:column], lines[number][column:]
    if "tab" in phrases or after.startswith("\t") or ("\t" in before and not before.strip(" \t-")):
        return where, "a tab stands where YAML wants spaces", "use spaces"
    for near in (number - 1, number) if number else (number,):
        if key := _FULL_WIDTH_COLON.match(lines[near]):
            what = "a full-width colon stands after a key"
            return (near, key.end() - 1), what, "write ': ' with an ASCII colon"
    if before.rstrip().endswith(_AFTER_CLOSING) and "expected" in phrases and "flow" not in phrases:
        what = "text goes on after a closing quote or bracket"
        return where, what, "put quotes around the whole text"
    return None
