"""Adding to a YAML file without changing what is there: comments, quotes, blank lines, line ends.

ruamel.yaml writes the file with and without the addition. What differs is merged into the file as
it is, and read again: it must be the wanted tree, otherwise nothing is changed.
"""

import re
import sys
from collections.abc import Sequence
from difflib import SequenceMatcher
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark, YAMLError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString
from ruamel.yaml.tokens import CommentToken

from .document import KeyPath, Tree, parse_document
from .messages import LazyMessage, lazy

_BYTE_ORDER_MARK: Final = "\ufeff"
_BREAK: Final = re.compile("\r\n|\r|\n")
_NESTED_KEY: Final = re.compile("^( +)[^ #-]", re.MULTILINE)
_NESTED_ITEM: Final = re.compile("^( *)[^ #-].*:[^\n]*\n( *)- ", re.MULTILINE)


class EditError(ValueError):
    """The text can't be edited.

    Args:
        message: Why not, told when the error is shown.
    """

    def __init__(self, message: LazyMessage) -> None:
        super().__init__(message)
        self.message = message


def append(text: str, where: KeyPath, value: str, order: Sequence[str] = ()) -> str:
    """Add an item at the end of a list.

    Lists and mappings on the way to it that are missing are made, in the style of the file. The
    item is put in quotes only where it needs them.

    Args:
        text: The file, with its byte order mark and line ends.
        where: Keys and positions from the root to the list, such as ``("asks", "en")``.
        value: The item.
        order: The usual order of keys, by which a new one finds its place; otherwise it comes last.

    Returns:
        The text with the item.

    Raises:
        EditError: It is no YAML that this project reads, there is no list there, or the item can't
            be added without changing anything else.
    """
    body = text.removeprefix(_BYTE_ORDER_MARK)
    wanted = _grown(_tree(body), where, value, where)
    try:
        edited = _edited(body, where, value, order)
        right = _tree(edited) == wanted
    except (YAMLError, LookupError, EditError):
        right, edited = False, body
    if not right:
        raise EditError(lazy("editing.not_addable", value=value, keys=_dotted(where)))
    return text[: len(text) - len(body)] + edited


def block(keys: Sequence[str], values: Sequence[str]) -> str:
    """Return a list as YAML to paste into a file.

    Args:
        keys: The keys that lead to it.
        values: Its items.

    Raises:
        EditError: No file may hold one of the texts.
    """
    nested: Any = list(values)
    for key in reversed(keys):
        nested = {key: nested}
    text = _dumped(_yaml(""), nested)
    document = parse_document(text)
    if document.problems or document.tree != nested:
        raise EditError(lazy("editing.not_writable", values=" ".join(values)))
    return text.rstrip("\n")


class _TextResolver(VersionedResolver):
    """Takes `no` and `2024-01-01` for text, as the strict reader does."""

    @property
    def versioned_resolver(self) -> dict[str, Any]:
        return {}


def _tree(body: str) -> Tree:
    document = parse_document(body)
    if document.tree is None or document.problems:
        problem = document.problems[0]
        line, column = problem.location.line, problem.location.column
        raise EditError(lazy("editing.unreadable", line=line, column=column, said=problem.message))
    return document.tree


def _grown(tree: Tree, where: KeyPath, value: str, whole: KeyPath) -> Tree:
    """Return the tree that is wanted: with one item more."""
    match tree, where:
        case list(), ():
            return [*tree, value]
        case list(), (int(number), *rest) if 0 <= number < len(tree):
            grown = _grown(tree[number], tuple(rest), value, whole)
            return [*tree[:number], grown, *tree[number + 1 :]]
        case dict(), (str(key), *rest) if key in tree:
            return {**tree, key: _grown(tree[key], tuple(rest), value, whole)}
        case dict(), (str(key), *rest) if all(isinstance(step, str) for step in rest):
            new: Tree = [value]
            for step in reversed(rest):
                new = {str(step): new}
            return {**tree, key: new}
        case _:
            raise EditError(lazy("editing.no_list", keys=_dotted(whole)))


def _edited(body: str, where: KeyPath, value: str, order: Sequence[str]) -> str:
    breaks = set(_BREAK.findall(body)) or {"\n"}
    if len(breaks) > 1:
        raise LookupError  # where mixed line ends belong can't be told
    lines = _BREAK.split(body)
    last = [] if lines[-1] else [lines.pop()]
    yaml = _yaml("\n".join(lines))
    data: Any = yaml.load("\n".join(lines))
    before = _dumped(yaml, data).splitlines()
    _add(data, where, value, order)
    edited = breaks.pop().join(_merged(lines, before, _dumped(yaml, data).splitlines()) + last)
    return edited if last else edited.rstrip("\r\n")  # as the file ended


def _yaml(text: str) -> Any:  # noqa: ANN401 - its types are incomplete
    """Return a reader and writer that keeps what it can, and indents as a text does."""
    yaml = YAML()
    yaml.Resolver = _TextResolver
    yaml.preserve_quotes = True
    yaml.width = sys.maxsize
    step = min((len(found[1]) for found in _NESTED_KEY.finditer(text)), default=2)
    item = _NESTED_ITEM.search(text)
    offset = len(item[2]) - len(item[1]) if item else step
    yaml.indent(mapping=step, sequence=offset + 2, offset=offset)
    return yaml


def _dumped(yaml: Any, data: object) -> str:  # noqa: ANN401
    written = StringIO()
    yaml.dump(data, written)
    return written.getvalue()


def _add(data: Any, where: KeyPath, value: str, order: Sequence[str]) -> None:  # noqa: ANN401
    """Add the item to what was read."""
    node, missing = data, list(where)
    while missing and (_is_list(node) or missing[0] in node):
        node = node[missing.pop(0)]
    new: Any = value
    for key in [None, *reversed(missing[1:])] if missing else []:
        new = CommentedSeq([new]) if key is None else CommentedMap({key: new})
        if key is None and _writes_in_brackets(data):
            new.fa.set_flow_style()
    if not node:
        node.fa.set_flow_style()
    if _is_list(node):
        keys, added = list(range(len(node))), len(node)
        last = len(node) - 1
        node.append(new)
    else:
        known = order[: order.index(missing[0])] if missing[0] in order else ()
        keys, added = list(node), missing[0]
        last = next((key for key in reversed(keys) if key in known), [None, *keys][-1])
        node.insert(keys.index(last) + 1 if keys else 0, added, new)
    if keys and not node.fa.flow_style():
        _move_comments_below(node, last, added)


def _writes_in_brackets(node: Any) -> bool | None:  # noqa: ANN401
    """Return whether the first list of texts in a file is written in brackets."""
    if isinstance(node, str):
        return None
    if _is_list(node) and node and all(isinstance(item, str) for item in node):
        return bool(node.fa.flow_style())
    inner = node if _is_list(node) else node.values()
    return next((style for one in inner if (style := _writes_in_brackets(one)) is not None), None)


def _is_list(node: Any) -> bool:  # noqa: ANN401
    return isinstance(node, list)


def _move_comments_below(node: Any, last: Any, added: Any) -> None:  # noqa: ANN401
    """Leave a comment behind the last value there, and move what follows in lines of its own."""
    holder, key, place = _end(node, last)
    comments = holder.ca.items.get(key)
    if comments and comments[place]:
        is_block = isinstance(holder[key], (LiteralScalarString, FoldedScalarString))
        behind, _, below = comments[place].value.partition("\n")
        if is_block:  # its line break is its own
            behind, below = "", comments[place].value
            del holder.ca.items[key]
        else:
            comments[place].value = f"{behind}\n"
        holder, key, place = _end(node, added)
        moved: list[CommentToken | None] = [None] * 4
        moved[place] = CommentToken("\n" + below, CommentMark(0), None)
        holder.ca.items[key] = moved


def _end(node: Any, key: Any) -> tuple[Any, Any, int]:  # noqa: ANN401
    """Return what holds the comments after a value, with its last key and their place there."""
    inner = node[key]
    while not isinstance(inner, str) and inner and not inner.fa.flow_style():
        node, key = inner, len(inner) - 1 if _is_list(inner) else list(inner)[-1]
        inner = node[key]
    return node, key, 0 if _is_list(node) else 2


def _merged(ours: Sequence[str], before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Merge into our lines what changes between two other versions of them.

    Raises:
        LookupError: What is changed isn't in our lines.
    """
    words = [[" ".join(line.split()) for line in lines] for lines in (before, ours)]
    same = SequenceMatcher(None, *words, autojunk=False).get_matching_blocks()
    at = {block.a + n: block.b + n for block in same for n in range(block.size)}
    merged = list(ours)
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for kind, start, end, new, new_end in reversed(changes):
        if kind == "insert":
            anchor = at[start - 1]
            shown = next(line for line in range(start - 1, -1, -1) if before[line].strip())
            shift = _margin(ours[at[shown]]) - _margin(before[shown])
            lines = [" " * (_margin(line) + shift) + line.strip() for line in after[new:new_end]]
            merged[anchor + 1 : anchor + 1] = lines
        elif kind == "replace":
            for line, longer in zip(range(start, end), after[new:new_end], strict=False):
                merged[at[line]] = _with_addition(merged[at[line]], before[line], longer)
    return merged


def _with_addition(ours: str, before: str, after: str) -> str:
    """Insert into a line what another version of it has more, but for spaces."""
    before, after = before.strip(), after.strip()
    pairs = enumerate(zip(before, after, strict=False))
    start = next((place for place, (one, other) in pairs if one != other), len(before))
    rest = before[start:].split()
    ends = (end for end in range(start, len(after) + 1) if after[end:].split() == rest)
    place = _margin(ours) + start
    end = next(ends, None)
    if end is None or not start or not ours.strip().startswith(before[:start]):
        raise LookupError
    return ours[:place] + after[start:end] + ours[place:]


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _dotted(where: KeyPath) -> str:
    return ".".join(map(str, where))
