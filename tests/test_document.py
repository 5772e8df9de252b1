"""One YAML file: text stays text, and every problem has a place, a name and a fix."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from efinbot.knowledge import document, read_document

RESERVED = "this text starts with a character that YAML reserves; put quotes around it"
MISFIT = (
    "this line doesn't fit the ones above it; "
    "check its indentation, and quotes and brackets just above"
)
COLON = (
    "there is a colon where none is allowed; "
    "put quotes around text that contains ': ', or check the indentation and the line above"
)
GOES_ON = "text goes on after a closing quote or bracket; put quotes around the whole text"
TAB = "there is a tab where YAML requires spaces; use spaces"
DEEP = "this is nested more than 12 levels deep; look for a stray [ or {"
EMPTY = "the file is empty; write something in it, or delete it"
ALIAS = "YAML aliases (*name) are not used here; write the value out"
ANCHOR = "YAML anchors (&name) are not used here; delete the anchor"
MERGE = "YAML merge keys (<<) are not used here; write the keys out"
SECOND = "a second document starts here; keep one document in each file"
COMPLEX = "a key must be plain text; put quotes around it if it starts with [, { or ?"
ESCAPE = (
    "this backslash in double quotes starts no escape that YAML knows; "
    "use single quotes, or double the backslash"
)


def problems(path: Path) -> list[str]:
    return [str(problem).removeprefix(f"{path}:") for problem in read_document(path).problems]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.yaml"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("", f"1:1: {EMPTY}", id="empty"),
        pytest.param("# todo\n", f"1:1: {EMPTY}", id="only-a-comment"),
        pytest.param("a:\n\tb: c\n", f"2:1: {TAB}", id="tab-indents"),
        pytest.param("a:\n  - \tb: c\n", f"2:5: {TAB}", id="tab-after-dash"),
        pytest.param("a: b\n\t\nc: d\n", f"2:1: {TAB}", id="tab-in-blank-line"),
        pytest.param("a: b\n c: d\n", f"2:3: {COLON}", id="indented-too-far"),
        pytest.param("a: b: c\n", f"1:5: {COLON}", id="colon-in-text"),
        pytest.param("a\nb: c\n", f"2:2: {COLON}", id="no-colon"),
        pytest.param("a:\n  b: c\n d: e\n", f"3:2: {MISFIT}", id="indented-halfway"),
        pytest.param("- a\nb: c\n", f"2:1: {MISFIT}", id="key-after-list"),
        pytest.param('a: "b" c\n', f"1:8: {GOES_ON}", id="text-after-quote"),
        pytest.param("a: [b] c\n", f"1:8: {GOES_ON}", id="text-after-bracket"),
        pytest.param("a: [b]]\n", f"1:7: {GOES_ON}", id="bracket-too-many"),
        pytest.param("开: 100%\n放: %50\n", f"2:4: {RESERVED}", id="percent"),
        pytest.param("a: @b\n", f"1:4: {RESERVED}", id="at"),
        pytest.param("a: *重要*\n", f"1:4: {RESERVED}", id="asterisk"),
        pytest.param("a: & b\n", f"1:4: {RESERVED}", id="ampersand"),
        pytest.param("a: !b!c d\n", f"1:4: {RESERVED}", id="exclamation-mark"),
        pytest.param("a: , b\n", f"1:4: {RESERVED}", id="comma"),
        pytest.param("%b\na: c\n", f"1:1: {RESERVED}", id="directive"),
        pytest.param(
            "%YAML 3.0\n---\na: b\n",
            "1:1: this version of YAML is not known; delete the %YAML line",
            id="yaml-version",
        ),
        pytest.param(
            'a: b\nc: "d\ne: f\n',
            "2:4: a quote that starts here is never closed; close it",
            id="quote-left-open",
        ),
        pytest.param(
            "a: [b\nc: d\n",
            "2:2: a comma or a closing bracket is missing (opened in line 1); "
            "add it, or put quotes around the text",
            id="bracket-left-open",
        ),
        pytest.param(
            "a: >b\n",
            "1:5: there is text after | or >; start it in the next line, or put it in quotes",
            id="greater-than",
        ),
        pytest.param('a: "C:\\data"\n', f"1:7: {ESCAPE}", id="backslash"),
        pytest.param('a: "\\ud800"\n', f"1:7: {ESCAPE}", id="lone-surrogate"),
        pytest.param(
            "a:\n  zh：你好\n  en: Hi\n",
            "2:5: there is a full-width colon after a key; write ': ' with an ASCII colon",
            id="full-width-colon",
        ),
        pytest.param(
            "a: b\nc: d\na: e\n",
            "3:1: the key 'a' is here twice (first in line 1); keep one of the two",
            id="key-twice",
        ),
        pytest.param(
            "a: {中: b, 中: c}\n",
            "1:11: the key '中' is here twice (first in line 1); keep one of the two",
            id="key-twice-in-one-line",
        ),
        pytest.param("a: b\nc: *a\n", f"2:4: {ALIAS}", id="alias"),
        pytest.param("*a : b\n", f"1:1: {ALIAS}", id="alias-as-key"),
        pytest.param("二: {😀: 中文, b: *a}\n", f"1:15: {ALIAS}", id="alias-after-wide-characters"),
        pytest.param("a: b\rc: *a\r", f"2:4: {ALIAS}", id="lone-carriage-returns"),
        pytest.param("a: b\r\nc: *a\r\n", f"2:4: {ALIAS}", id="windows-line-ends"),
        pytest.param("a: &x b\n", f"1:4: {ANCHOR}", id="anchor"),
        pytest.param("&x a: b\n", f"1:1: {ANCHOR}", id="anchor-at-key"),
        pytest.param("a:\n  <<: {b: c}\n", f"2:3: {MERGE}", id="merge-key"),
        pytest.param(
            "a: !!python/object/apply:os.system [ls]\n",
            "1:4: YAML tags ('!!python/object/apply:os.system') are not used here; delete the tag",
            id="tag",
        ),
        pytest.param("a: b\n---\nc: d\n", f"2:1: {SECOND}", id="second-document"),
        pytest.param("a: b\n...\nc: d\n", f"3:1: {SECOND}", id="second-document-after-dots"),
        pytest.param("---\n---\na: b\n", f"2:1: {SECOND}", id="empty-document-first"),
        pytest.param("? [a, b]\n: c\n", f"1:3: {COMPLEX}", id="list-as-key"),
        pytest.param("a: {{b: c}: d}\n", f"1:5: {COMPLEX}", id="mapping-as-key"),
        pytest.param("[" * 900, f"1:13: {DEEP}", id="deep-brackets"),
        pytest.param("- " * 100_000, f"1:25: {DEEP}", id="deep-dashes"),
        pytest.param("a: 1\n? " + "[" * 900, f"2:15: {DEEP}", id="deep-key"),
        pytest.param(
            'a: "\\0"\n',
            "1:4: there is a control character here, '\\x00'; "
            "delete it; if there are many, save the file as UTF-8",
            id="escaped-nul",
        ),
    ],
)
def test_what_yaml_gets_wrong_is_named_with_its_place(
    path: Path, content: str, expected: str
) -> None:
    path.write_text(content, encoding="utf-8", newline="")
    found = problems(path)
    # A deep key is also no plain text; the depth is what ends the reading.
    assert found[-1] == expected
    assert len(found) == 1 or found == [f"2:3: {COMPLEX}", expected]


@pytest.mark.parametrize("opening", ["[", "{", "[{", "? ["])
def test_hundred_thousand_levels_are_refused_for_their_depth(path: Path, opening: str) -> None:
    path.write_text(opening * 100_000, encoding="utf-8")
    assert problems(path)[-1].endswith(DEEP)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("名: 值".encode("utf-16"), "1:1", id="utf-16"),
        pytest.param("a: b\nc: 中".encode("gbk"), "2:4", id="gbk"),
        pytest.param("中文: é".encode()[:-1], "1:5", id="cut-short"),
        pytest.param("\ufeff中: a\r\n中: ".encode() + b"\xff", "2:4", id="after-byte-order-mark"),
        pytest.param("a: b\r中: ".encode() + b"\xff", "2:4", id="after-lone-carriage-return"),
    ],
)
def test_another_encoding_is_shown_where_it_starts(
    path: Path, content: bytes, expected: str
) -> None:
    path.write_bytes(content)
    assert problems(path) == [f"{expected}: this is not UTF-8; save the file as UTF-8"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            b"a: b\nc: d\0e\n", "2:5: there is a control character here, '\\x00'", id="nul"
        ),
        pytest.param(
            b"a: \x1b[31m\n", "1:4: there is a control character here, '\\x1b'", id="escape"
        ),
        pytest.param(
            "a: b".encode("utf-16-le"),
            "1:2: there is a control character here, '\\x00'",
            id="utf-16-without-byte-order-mark",
        ),
    ],
)
def test_control_characters_are_shown_and_never_printed(
    path: Path, content: bytes, expected: str
) -> None:
    path.write_bytes(content)
    assert problems(path) == [f"{expected}; delete it; if there are many, save the file as UTF-8"]


def test_a_byte_order_mark_is_no_fault(path: Path) -> None:
    path.write_bytes("\ufeffa: b".encode())
    assert read_document(path).tree == {"a": "b"}


@pytest.mark.parametrize(
    "value",
    ["no", "on", "Yes", "null", "~", "2024-01-01", "2024", "1_000", "0x1F", "1e3", ".inf", "12:30"],
)
def test_text_stays_text(path: Path, value: str) -> None:
    path.write_text(f"a: {value}\n{value}: [{value}]\n", encoding="utf-8")
    assert read_document(path).tree == {"a": value, value: [value]}


def test_a_value_is_found_at_its_key_and_an_item_where_it_stands(path: Path) -> None:
    path.write_text("a:\n  b:\n    - c\n    -   d\n", encoding="utf-8")
    read = read_document(path)
    places = [
        read.location(where) for where in (("a",), ("a", "b"), ("a", "b", 1), ("a", "x", "y"))
    ]
    assert [(place.line, place.column) for place in places] == [(1, 1), (2, 3), (4, 9), (1, 1)]


def test_the_file_may_be_as_large_as_the_limit_and_no_larger(path: Path) -> None:
    path.write_bytes(b"a: " + b"x" * (document.MAX_BYTES - 3))
    assert problems(path) == []
    path.write_bytes(b"a: " + b"x" * document.MAX_BYTES)
    assert problems(path) == ["1:1: the file has more than 524,288 bytes; split it, or shorten it"]


def _absent(_: Path) -> None: ...


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.skipif(os.name == "nt", reason="pipes, devices and links of POSIX")
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(_absent, "No such file or directory", id="absent"),
        pytest.param(Path.mkdir, "Is a directory", id="folder"),
        pytest.param(_loop, "Too many levels of symbolic links", id="link-to-itself"),
        pytest.param(_pipe, "Invalid argument", id="pipe-that-would-block"),
        pytest.param(_device, "Invalid argument", id="device-without-end"),
    ],
)
def test_what_is_no_file_is_reported(
    path: Path, make: Callable[[Path], object], reason: str
) -> None:
    make(path)
    assert problems(path) == [
        f"1:1: the file can't be read ({reason}); check its name and permissions"
    ]


def test_a_forbidden_file_is_reported(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Permissions don't stop root, so the refusal is played."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path.write_text("a: b", encoding="utf-8")
    monkeypatch.setattr(Path, "open", refuse)
    assert problems(path) == [
        "1:1: the file can't be read (Permission denied); check its name and permissions"
    ]


YAML_LIKE = st.text(alphabet="ab：:-?![]{}&*<>|%@#'\"\\,.~ \t\n\r\u2028\x85\x00\ufeff中😀0")


@pytest.mark.parametrize("parser", ["CSafeLoader", "SafeLoader"], ids=["libyaml", "python"])
def test_nothing_that_a_file_may_hold_raises(
    parser: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PyYAML without libyaml has a parser of its own, with other phrases and checks."""
    path = tmp_path_factory.mktemp("any") / "file.yaml"
    monkeypatch.setattr(document, "_Loader", getattr(yaml, parser))

    @given(st.binary() | YAML_LIKE.map(str.encode) | st.text().map(str.encode))
    @example(b'a: "\\ud800"')
    @example(b"%YAML 99.1 x\n--- !<%FF> a")
    @example(b"a: !%C3%28 b")
    def holds(content: bytes) -> None:
        path.write_bytes(content)
        read = read_document(path)
        assert read.problems or read.tree is not None
        for problem in read.problems:
            assert str(problem).isprintable()
            assert problem.location.line <= len(content) + 1

    holds()
