"""Adding to YAML: the item is there, and everything else as it was."""

import json
import re
from collections.abc import Callable, Iterator
from difflib import ndiff
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efinbot.knowledge import SHIPPED
from efinbot.knowledge.document import KeyPath, Tree, parse_document
from efinbot.knowledge.editor import EditError, append

WORDS = ("a", "open banking", "开放银行，怎么用？", "no", "2024-01-01", "it's", "a#b", "50%")
"""Texts that need no quotes anywhere."""
ODD = ("", "x: y", "# no", "[x]", "- a", 'say "hi"', "\\", "a, b", "*", "{", " led", "?", "|", "@")


def tree(text: str) -> Tree:
    document = parse_document(text.removeprefix("\ufeff"))
    assert document.problems == []
    assert document.tree is not None
    return document.tree


@pytest.mark.parametrize(
    ("before", "route", "after"),
    [
        pytest.param(
            """
            asks:
              zh:
                - 甲  # the first
                - 乙  # the last

            # what follows
            kind: case
            """,
            ("asks", "zh"),
            """
            asks:
              zh:
                - 甲  # the first
                - 乙  # the last
                - new

            # what follows
            kind: case
            """,
            id="block-list",
        ),
        pytest.param(
            """
            asks:
              zh:
              - 甲
            kind: case
            """,
            ("asks", "zh"),
            """
            asks:
              zh:
              - 甲
              - new
            kind: case
            """,
            id="block-list-that-is-not-indented",
        ),
        pytest.param(
            "aliases: {zh: [甲], en: [a, 'b']}  # names\n",
            ("aliases", "en"),
            "aliases: {zh: [甲], en: [a, 'b', new]}  # names\n",
            id="flow-list",
        ),
        pytest.param(
            "en: []  # nothing yet\n", ("en",), "en: [new]  # nothing yet\n", id="empty-flow-list"
        ),
        pytest.param(
            """
            asks:
                zh:
                    - 甲
            # the end
            """,
            ("asks", "en"),
            """
            asks:
                zh:
                    - 甲
                en:
                    - new
            # the end
            """,
            id="list-that-is-missing",
        ),
        pytest.param(
            """
            aliases: {zh: [甲]}
            """,
            ("aliases", "en"),
            """
            aliases: {zh: [甲], en: [new]}
            """,
            id="list-that-is-missing-in-braces",
        ),
        pytest.param(
            """
            name: {zh: 甲, en: a}
            aliases:
              zh: [甲]
            kind: case
            """,
            ("asks", "en"),
            """
            name: {zh: 甲, en: a}
            aliases:
              zh: [甲]
            kind: case
            asks:
              en: [new]
            """,
            id="mapping-that-is-missing",
        ),
        pytest.param(
            """
            name: a
            kind: case
            """,
            ("asks", "en"),
            """
            name: a
            kind: case
            asks:
              en:
                - new
            """,
            id="no-style-to-follow",
        ),
        pytest.param(
            """
            - ask: a
              topics:
                - pix
            - ask: b
            """,
            (1, "topics"),
            """
            - ask: a
              topics:
                - pix
            - ask: b
              topics:
                - new
            """,
            id="within-a-list",
        ),
        pytest.param(
            """
            - a
            - |
              more

            # the end
            """,
            (),
            """
            - a
            - |
              more
            - new

            # the end
            """,
            id="after-a-block-of-text",
        ),
    ],
)
def test_the_item_comes_last_in_the_style_of_the_file(
    before: str, route: KeyPath, after: str
) -> None:
    assert append(dedent(before), route, "new") == dedent(after)


def test_a_new_key_takes_its_usual_place() -> None:
    text = "kind: case\nname: a  # its name\nasks: [b]\n"
    assert append(text, ("aliases", "en"), "c", ("kind", "name", "aliases", "asks")) == (
        "kind: case\nname: a  # its name\naliases:\n  en: [c]\nasks: [b]\n"
    )


@pytest.mark.parametrize(
    ("value", "in_block", "in_flow"),
    [
        ("plain", "plain", "plain"),
        ("什么是“开放银行”？", "什么是“开放银行”？", "什么是“开放银行”？"),
        ("no", "no", "no"),
        ("2024-01-01", "2024-01-01", "2024-01-01"),
        ("don't", "don't", "don't"),
        ("a#b", "a#b", "a#b"),
        ("a, b", "a, b", "'a, b'"),
        ("[a]", "'[a]'", "'[a]'"),
        ("why: how", "'why: how'", "'why: how'"),
        ("- a", "'- a'", "'- a'"),
        ("a #b", "'a #b'", "'a #b'"),
        (' "a" ', "' \"a\" '", "' \"a\" '"),
        ("it's: \\", r'''"it's: \\"''', r'''"it's: \\"'''),
        ("a\nb", r'"a\nb"', r'"a\nb"'),
    ],
)
def test_quotes_are_put_where_they_are_needed_only(value: str, in_block: str, in_flow: str) -> None:
    assert append("- a\n", (), value) == f"- a\n- {in_block}\n"
    assert append("[a]\n", (), value) == f"[a, {in_flow}]\n"


@pytest.mark.parametrize(
    ("text", "route", "complaint"),
    [
        pytest.param("a: b", ("a",), "'a' is not a list", id="text"),
        pytest.param("a: {b: [c]}", ("a",), "'a' is not a list", id="mapping"),
        pytest.param("a: [b]", ("a", 3), "'a.3' is not a list", id="position-that-is-missing"),
        pytest.param("a: [b]", ("a", "c"), "'a.c' is not a list", id="key-within-a-list"),
        pytest.param("a: [b]", ("c", 0), "'c.0' is not a list", id="position-in-what-is-missing"),
        pytest.param("a: b: c", ("a",), "line 1, column 5: there is a colon where", id="no-yaml"),
        pytest.param("a: &b [c]", ("a",), "line 1, column 4: YAML anchors", id="anchor"),
        pytest.param("", ("a",), "line 1, column 1: the file is empty", id="empty"),
        pytest.param(
            "a: [b]\n---\na: [c]", ("a",), "line 2, column 1: a second", id="two-documents"
        ),
        pytest.param("a: [b,\n  c]\n", ("a",), "add it yourself", id="list-over-several-lines"),
        pytest.param("a: [b, c,]\n", ("a",), "add it yourself", id="comma-at-the-end"),
        pytest.param("a:\r\n- b\n- c", ("a",), "add it yourself", id="mixed-line-ends"),
        pytest.param(
            "a: \x00", ("a",), "line 1, column 4: there is a control character", id="binary"
        ),
    ],
)
def test_what_cannot_be_edited_is_refused(text: str, route: KeyPath, complaint: str) -> None:
    with pytest.raises(EditError, match=re.escape(complaint)):
        append(text, route, "new")


def test_an_item_that_no_file_may_hold_is_refused() -> None:
    with pytest.raises(EditError, match=r"can't be added to 'a'; add it yourself"):
        append("a: [b]", ("a",), "\x07")


class Writer:
    """Writes a tree as people do: in any style, with comments."""

    def __init__(self, draw: Callable[[st.SearchStrategy[bool]], bool]) -> None:
        self._draw = draw
        self._comments = 0

    def text(self, whole: Tree) -> str:
        if not isinstance(whole, str) and not self._is_flow(whole):
            return self._block(whole, 0)
        return f"{self._flow(whole, 0)}{self._end()}"

    def _chance(self) -> bool:
        return self._draw(st.booleans())

    def _is_flow(self, part: Tree) -> bool:
        return not part or self._chance()

    def _end(self) -> str:
        """End a line; a comment or a blank line may follow."""
        behind = self._comment("  ") if self._chance() else ""
        below = self._comment("\n   ") if self._chance() and self._chance() else ""
        return f"{behind}{below}\n{chr(10) if self._chance() and self._chance() else ''}"

    def _comment(self, lead: str) -> str:
        self._comments += 1
        return f"{lead}# note {self._comments}, [or: not]"

    def _scalar(self, text: str) -> str:
        if text in WORDS and self._chance():
            return text
        if self._chance():
            single = text.replace("'", "''")
            return f"'{single}'"
        return json.dumps(text, ensure_ascii=self._chance())

    def _block(self, part: Tree, column: int) -> str:
        assert not isinstance(part, str)
        items = part.items() if isinstance(part, dict) else ((None, item) for item in part)
        lines: list[str] = []
        for key, value in items:
            lead = " " * column + ("-" if key is None else f"{self._scalar(key)}:")
            if isinstance(value, str) or self._is_flow(value):
                flow = self._flow(value, column + 2)
                lines.append(f"{lead} {flow}{self._end()}")
            elif key is None:
                lines.append(f"{lead} {self._block(value, column + 2).lstrip(' ')}")
            else:
                step = 0 if isinstance(value, list) and self._chance() else 2
                lines.append(f"{lead}{self._end()}{self._block(value, column + step)}")
        return "".join(lines)

    def _flow(self, part: Tree, column: int) -> str:
        if isinstance(part, str):
            return self._scalar(part)
        lead, trail = "{}" if isinstance(part, dict) else "[]"
        broken = self._chance()
        items = [
            f"{self._scalar(item)}: {self._flow(part[item], column + 2)}"
            if isinstance(part, dict)
            else self._flow(item, column + 2)
            for item in part
        ]
        gap = f"\n{' ' * (column + 2)}" if broken else ""
        text = ""
        for number, item in enumerate(items):
            comma = "," if number < len(items) - 1 or self._chance() else ""
            note = self._comment(" ") if broken and self._chance() else ""
            text += f"{gap or ' ' * bool(number)}{item}{comma}{note}"
        return f"{lead}{text}{gap}{trail}"


KEYS = st.sampled_from(("zh", "en", "asks", "名字", "a b", "no"))
SCALARS = st.sampled_from((*WORDS, *ODD))
LEAVES = st.one_of(SCALARS, st.lists(SCALARS, max_size=3))
TREES = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.dictionaries(KEYS, below, max_size=3), st.lists(below, min_size=1, max_size=3)
    ),
    max_leaves=8,
)
VALUES = st.one_of(
    SCALARS,
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=20),
)


@st.composite
def files(draw: st.DrawFn) -> str:
    """Return a YAML text."""
    whole = draw(TREES.filter(lambda found: not isinstance(found, str)))
    text = Writer(draw).text(whole)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    text = text.replace("\n", draw(st.sampled_from(("\n", "\r\n"))))
    return f"{draw(st.sampled_from(('', chr(0xFEFF))))}{text}"


def routes(part: Tree) -> list[KeyPath]:
    """Return where an item may be added: to lists, and below keys that are missing."""
    match part:
        case list():
            inside = [(n, *route) for n, below in enumerate(part) for route in routes(below)]
            return [(), *inside]
        case dict():
            inside = [(key, *route) for key, below in part.items() for route in routes(below)]
            new: list[KeyPath] = [("new",), ("new key", "en")]
            return [*new, *inside]
        case str():
            return []


def reached(part: Tree, route: KeyPath) -> "Tree | None":
    """Return what stands at a route."""
    for step in route:
        if isinstance(part, dict):
            if step not in part:
                return None
            part = part[str(step)]
        elif isinstance(part, list) and isinstance(step, int):
            part = part[step]
    return part


def without(part: Tree, route: KeyPath) -> Tree:
    """Return a tree without the last item of a list, and without what then is empty and new."""
    key, *rest = route or (None,)
    if isinstance(part, list):
        if key is None:
            return part[:-1]
        return [without(b, tuple(rest)) if n == key else b for n, b in enumerate(part)]
    assert isinstance(part, dict)
    if isinstance(key, str) and key.startswith("new"):
        return {name: below for name, below in part.items() if name != key}
    return {k: without(below, tuple(rest)) if k == key else below for k, below in part.items()}


def breaks(text: str) -> set[str]:
    return set(re.findall("\r\n|\n", text))


def test_a_file_without_a_last_line_end_gets_none_for_an_empty_item() -> None:
    text = '- {\n    \'zh\': ""\n    }  # one, [or: not]\n- "a"\n- {}  # two, [or: not]'
    edited = append(text, (), "")
    assert not edited.endswith("\n")
    assert tree(edited) == [*tree(text), ""]


@settings(max_examples=200, deadline=None)
@given(files(), VALUES, st.data())
def test_whatever_the_style_nothing_else_has_changed_or_it_is_refused(
    text: str, value: str, data: st.DataObject
) -> None:
    before = tree(text)
    route = data.draw(st.sampled_from(routes(before)))
    try:
        edited = append(text, route, value)
    except EditError:
        return
    after = tree(edited)
    found = reached(after, route)
    assert isinstance(found, list)
    assert found[-1] == value
    assert without(after, route) == before
    rest = iter(edited)
    assert all(character in rest for character in text), "text was only inserted"
    assert edited.count("# note") == text.count("# note")
    if breaks(text):
        assert breaks(edited) <= breaks(text)
        assert edited.endswith("\n") == text.endswith("\n")


def lists(part: Tree, *route: str | int) -> Iterator[KeyPath]:
    """Yield where lists of texts are."""
    if isinstance(part, list) and part and isinstance(part[0], str):
        yield route
    for step, below in part.items() if isinstance(part, dict) else enumerate(part):
        if not isinstance(below, str):
            yield from lists(below, *route, step)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "path",
    sorted(SHIPPED.rglob("*.yaml")),
    ids=lambda path: path.relative_to(SHIPPED).as_posix(),
)
def test_a_list_of_a_shipped_file_grows_and_nothing_else_changes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = tree(text)
    assert not isinstance(found, str)
    route = ("asks", "zh") if path.parent.name == "entries" else [None, *lists(found)][-1]
    if route is None:
        return  # interface.yaml has none
    grown = append(text, route, "新问题：A")
    changed = [line for line in ndiff(text.splitlines(), grown.splitlines()) if line[0] in "+-"]
    if len(changed) == 1:
        assert re.fullmatch(r"\+ +- 新问题：A", changed[0])
    else:
        assert [line.replace(", 新问题：A", "")[1:] for line in changed] == [changed[0][1:]] * 2
