"""Adding to a YAML text without touching what stands there: comments, quotes, blank lines.

Text is only ever inserted, at places that PyYAML's marks tell. What comes out is read again, and
must hold what was there and the new item: a text is edited rightly, or not at all.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import yaml

from .document import KeyPath, Tree, parse_document
from .problems import quoted

_BYTE_ORDER_MARK: Final = "\ufeff"
_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_COMMA: Final = re.compile(r"(?:\s+(?:#[^\n\r\x85\u2028\u2029]*+)?)*,")
"""A comma after an item of a flow list, with what may stand between."""
_WIDEST: Final = 120
"""How long a line of a flow list may become before it is broken."""
_STEP: Final = 2
"""How far what is new is indented where the text shows no style of its own."""
_SPECIAL: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
"""What double quotes must escape for YAML, and needn't for JSON."""

# Where a scalar may stand: for x.
_ITEM, _FLOW_ITEM, _KEY, _FLOW_KEY = "- x", "[x]", "x: 0", "{x: 0}"

_Insertion: TypeAlias = tuple[int, str]


class EditError(ValueError):
    """The text can't be edited; the message says why."""


def append(text: str, route: KeyPath, value: str, order: Sequence[str] = ()) -> str:
    """Add an item at the end of a list.

    Lists and mappings on the way to it that are missing are made, in the style of the file. The
    item is put in quotes only where it needs them.

    Args:
        text: The file, with its byte order mark and line ends.
        route: Keys and positions from the root to the list, such as ``("asks", "en")``.
        value: The item.
        order: The usual order of keys, by which a new one finds its place; otherwise it comes last.

    Returns:
        The text with the item, else as it was.

    Raises:
        EditError: It is no YAML that this project reads, the route leads to no list, or there is
            no way to add the item and leave everything else as it is.
    """
    body = text.removeprefix(_BYTE_ORDER_MARK)
    wanted = _grown(_tree(body), route, value, route)
    try:
        editor = _Editor(body, _composed(body), order)
        edited = _inserted(body, editor.insertions(route, value))
        right = _tree(edited) == wanted
    except (yaml.YAMLError, _UnclearError, EditError):
        right, edited = False, body
    if not right:
        message = f"{quoted(value)} can't be added to {_dotted(route)}; write it in yourself"
        raise EditError(message)
    return text[: len(text) - len(body)] + edited


def block(route: Sequence[str], values: Sequence[str]) -> str:
    """Return a list as YAML to paste into a file.

    Args:
        route: The keys that lead to it.
        values: Its items.

    Raises:
        EditError: No file may hold one of the texts.
    """
    try:
        keys = [f"{_scalar(key, _KEY)}:" for key in route]
        items = [f"- {_scalar(value, _ITEM)}" for value in values]
    except _UnclearError:
        message = f"{quoted(' '.join(values))} can't be written in YAML"
        raise EditError(message) from None
    depths = (*range(len(keys)), *[len(keys)] * len(items))
    lines = zip(depths, (*keys, *items), strict=True)
    return "\n".join(" " * _STEP * depth + line for depth, line in lines)


class _UnclearError(Exception):
    """The marks don't tell where the item belongs."""


def _tree(body: str) -> Tree:
    document = parse_document(body)
    if document.problems or document.tree is None:
        problem = document.problems[0]
        where = f"line {problem.location.line}, column {problem.location.column}"
        message = f"{where}: {problem.what()}; {problem.fix()}"
        raise EditError(message)
    return document.tree


def _composed(body: str) -> yaml.Node:
    # The marks of the Python parser: libyaml's lie elsewhere here and there.
    root = yaml.BaseLoader(body).get_single_node()
    if root is None:
        raise _UnclearError
    return root


def _grown(tree: Tree, route: KeyPath, value: str, whole: KeyPath) -> Tree:
    """Return a tree with an item more, as it is to be."""
    match tree, route:
        case list(), ():
            return [*tree, value]
        case list(), (int(number), *rest) if 0 <= number < len(tree):
            grown = _grown(tree[number], tuple(rest), value, whole)
            return [*tree[:number], grown, *tree[number + 1 :]]
        case dict(), (str(key), *rest) if key in tree:
            return {**tree, key: _grown(tree[key], tuple(rest), value, whole)}
        case dict(), (str(key), *rest):
            new: Tree = [value]
            for step in reversed(rest):
                if not isinstance(step, str):
                    break
                new = {step: new}
            else:
                return {**tree, key: new}
        case _:
            pass
    message = f"{_dotted(whole)} is no list"
    raise EditError(message)


def _inserted(text: str, insertions: Sequence[_Insertion]) -> str:
    parts: list[str] = []
    done = 0
    for place, new in insertions:
        parts += (text[done:place], new)
        done = place
    return "".join((*parts, text[done:]))


def _dotted(route: KeyPath) -> str:
    return quoted(".".join(map(str, route)))


@dataclass(frozen=True)
class _Collection:
    """A list or a mapping that is the value of a key, as an example of the file's style."""

    route: KeyPath
    node: yaml.CollectionNode
    column: int
    """Column of the key."""


@dataclass(frozen=True)
class _Editor:
    """Finds where something is to be inserted into one text."""

    text: str
    root: yaml.Node
    order: Sequence[str]

    def insertions(self, route: KeyPath, value: str) -> list[_Insertion]:
        """Return what to insert, in order of place."""
        node, missing = self.root, list(route)
        while missing and (child := _child(node, missing[0])):
            node = child
            del missing[0]
        keys = [str(key) for key in missing]
        flow = _is_flow(node)
        if isinstance(node, yaml.SequenceNode):
            if flow:
                return self._into_flow(
                    node, [(i, i) for i in node.value], _scalar(value, _FLOW_ITEM)
                )
            return [self._below(node.value[-1], _column(node), f"- {_scalar(value, _ITEM)}")]
        if not isinstance(node, yaml.MappingNode):
            raise _UnclearError
        if flow:
            return self._into_flow(node, node.value, _flow_pair(keys, value))
        pair = self._pair(route, keys, value, _column(node))
        return [self._below(self._before(node, keys[0]), _column(node), pair)]

    def _below(self, node: yaml.Node, column: int, new: str) -> _Insertion:
        """Insert a line below a node and the comment behind it."""
        end = self._end(node)
        indented = " " * column + new
        if _keeps_breaks(self.text, node):
            return end, indented + self._break(end)
        return self._line_end(end), self._break(end) + indented

    def _into_flow(
        self,
        node: yaml.CollectionNode,
        items: Sequence[tuple[yaml.Node, yaml.Node]],
        new: str,
    ) -> list[_Insertion]:
        """Insert an item before a closing bracket."""
        start, closing = node.start_mark.index + 1, node.end_mark.index - 1
        if not self._closes(node):
            raise _UnclearError
        if not items:
            inside = self.text[start:closing]
            return [(start, new if inside.strip(" ") else inside + new)]
        last, end = items[-1][0], self._end(items[-1][1])
        comma = _COMMA.match(self.text, end, closing)
        after = comma.end() if comma else end
        margin = self._margin(last)
        lead, trail = ("", ",") if comma else (",", "")
        line_end = self._line_end(after)
        goes_on = line_end <= closing
        if not margin.strip() and (goes_on or self._each_on_a_line(items)):
            below = self._break(end) + margin + new + trail
            return [(end, lead), (line_end if goes_on else after, below)]
        width = after - self._line_start(after) + len(new)
        gap = " " if width < _WIDEST else self._break(end) + " " * _column(items[0][0])
        return [(after, f"{lead}{gap}{new}{trail}")]

    def _each_on_a_line(self, items: Sequence[tuple[yaml.Node, yaml.Node]]) -> bool:
        return len(items) > 1 and not any(self._margin(item).strip() for item, _ in items)

    def _pair(self, route: KeyPath, keys: Sequence[str], value: str, column: int) -> str:
        """Write a key with all that is new below it."""
        key, *rest = keys
        written = f"{_scalar(key, _KEY)}:"
        here = route[: len(route) - len(rest)]
        step = self._step(here, yaml.MappingNode if rest else yaml.SequenceNode)
        if step is None:
            return f"{written} {_flow(rest, value)}"
        below = (
            self._pair(route, rest, value, column + step) if rest else f"- {_scalar(value, _ITEM)}"
        )
        return f"{written}{self._break(len(self.text))}{' ' * (column + step)}{below}"

    def _step(self, route: KeyPath, sort: type[yaml.CollectionNode]) -> int | None:
        """Return how far a new list or mapping is indented; None if it is written in brackets."""
        like = [one for one in self._collections(self.root, ()) if isinstance(one.node, sort)]
        if not like:
            return _STEP
        nearest = max(like, key=lambda one: _likeness(one, route))
        return None if nearest.node.flow_style else _column(nearest.node) - nearest.column

    def _collections(self, node: yaml.Node, route: KeyPath) -> Iterator[_Collection]:
        """Yield what is in block mappings, in order."""
        if isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                yield from self._collections(item, (*route, number))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                below = (*route, key.value)
                if isinstance(value, yaml.CollectionNode) and value.value and not _is_flow(node):
                    yield _Collection(below, value, _column(key))
                yield from self._collections(value, below)

    def _before(self, node: yaml.MappingNode, key: str) -> yaml.Node:
        """Return the value after which a new key is put."""
        order = self.order
        known = order[: order.index(key)] if key in order else ()
        before = [value for name, value in node.value if name.value in known]
        return before[-1] if before else node.value[-1][1]

    def _end(self, node: yaml.Node) -> int:
        """Return where a node ends, without the comments and blank lines that follow."""
        end = node.end_mark.index
        if _is_block_scalar(node) and not _keeps_breaks(self.text, node):
            return len(self.text[:end].rstrip())
        if isinstance(node, yaml.MappingNode) and not self._closes(node):
            key, value = node.value[-1]
            return max(self._end(key), self._end(value))
        if isinstance(node, yaml.SequenceNode) and not self._closes(node):
            return self._end(node.value[-1])
        return end

    def _closes(self, node: yaml.CollectionNode) -> bool:
        """Return whether a bracket ends a node; a pair within a flow list may have none."""
        return bool(node.flow_style) and self.text[node.end_mark.index - 1] in "]}"

    def _margin(self, node: yaml.Node) -> str:
        """Return what stands before a node in its line."""
        start = node.start_mark.index
        return self.text[self._line_start(start) : start]

    def _line_start(self, place: int) -> int:
        return max((found.end() for found in _BREAK.finditer(self.text, 0, place)), default=0)

    def _line_end(self, place: int) -> int:
        found = _BREAK.search(self.text, place)
        return found.start() if found else len(self.text)

    def _break(self, place: int) -> str:
        """Return the line break that is used before a place."""
        found = [m.group() for m in _BREAK.finditer(self.text, 0, place)]
        later = _BREAK.search(self.text, place)
        return found[-1] if found else later.group() if later else "\n"


def _child(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step]
    return None


def _is_flow(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def _column(node: yaml.Node) -> int:
    return node.start_mark.column


def _is_block_scalar(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")


def _keeps_breaks(text: str, node: yaml.Node) -> bool:
    """Return whether the blank lines after a node belong to it: a block scalar with a plus."""
    if not _is_block_scalar(node):
        return False
    return "+" in _BREAK.split(text[node.start_mark.index : node.end_mark.index], 1)[0]


def _likeness(one: _Collection, route: KeyPath) -> tuple[bool, bool, int]:
    """Return how good an example something is: as deep, of the same content, close by."""
    shared = 0
    while one.route[: shared + 1] == route[: shared + 1] and shared < len(route):
        shared += 1
    pairs = one.node.value if isinstance(one.node, yaml.MappingNode) else ()
    holds_lists = any(isinstance(value, yaml.SequenceNode) for _, value in pairs)
    return len(one.route) == len(route), holds_lists, shared


def _flow(keys: Sequence[str], value: str) -> str:
    return f"{{{_flow_pair(keys, value)}}}" if keys else f"[{_scalar(value, _FLOW_ITEM)}]"


def _flow_pair(keys: Sequence[str], value: str) -> str:
    return f"{_scalar(keys[0], _FLOW_KEY)}: {_flow(keys[1:], value)}"


def _scalar(text: str, frame: str) -> str:
    """Write a text for where it is to stand, in quotes if it is read as something else without."""
    wanted: Tree = {text: "0"} if frame in (_KEY, _FLOW_KEY) else [text]
    escaped = _SPECIAL.sub(
        lambda found: f"\\u{ord(found.group()):04x}", json.dumps(text, ensure_ascii=False)
    )
    single = text.replace("'", "''")
    for written in (text, f'"{text}"', f"'{single}'", escaped):
        document = parse_document(frame.replace("x", written, 1))
        if not document.problems and document.tree == wanted:
            return written
    raise _UnclearError
