"""The catalogue of messages: complete, used, and filled in as the code does it."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from efinbot.bot.replies.markup import html_message
from efinbot.knowledge.editor import EditError
from efinbot.knowledge.languages import LANGUAGES
from efinbot.knowledge.messages import catalogue, lazy, message, speaking

ROOT = Path(__file__).parent.parent
SOURCES = [
    path
    for room in ("bot", "intents", "knowledge", "sandbox")
    for path in ROOT.glob(f"{room}/**/*.py")
]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
TELLING = {"message", "html_message", "lazy", "translations", "say"}
"""Functions whose first argument is a key, and the others what is filled in."""
FIXED = [
    (f"{path.relative_to(ROOT)}:{node.lineno}", argument.value, node)
    for path, tree in TREES.items()
    for node in ast.walk(tree)
    if isinstance(node, ast.Call)
    for argument in node.args
    if isinstance(argument, ast.Constant)
    and re.fullmatch(r"[a-z_]+\.[a-z_]+", str(argument.value))
    and (
        str(argument.value).startswith("problems.")
        or TELLING & {getattr(node.func, "id", ""), getattr(node.func, "attr", "")}
    )
]
"""Calls that name a message, with where they are and its key."""


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def templates(key: str) -> dict[str, str]:
    return {
        f"{language} {form}": text
        for language, texts in catalogue()[key].items()
        for form, text in (texts.items() if not isinstance(texts, str) else [("", texts)])
    }


@pytest.mark.parametrize(
    ("key", "node"), [(k, n) for _, k, n in FIXED], ids=[w for w, _, _ in FIXED]
)
def test_what_is_said_is_in_the_catalogue_and_filled_in_completely(
    key: str, node: ast.Call
) -> None:
    given = {keyword.arg for keyword in node.keywords}
    if None not in given:
        for form, template in templates(key).items():
            assert fields(template) <= given, form


def test_every_message_is_used() -> None:
    said = {
        node.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not [key for key in catalogue() if key not in said]


@pytest.mark.parametrize("key", catalogue())
def test_every_message_is_said_in_both_languages_with_the_same_parts(key: str) -> None:
    parts = {
        language: {"what", "fix"} & set(texts) if isinstance(texts, dict) else set()
        for language, texts in catalogue()[key].items()
    }
    assert set(parts) == set(LANGUAGES)
    assert parts["zh"] == parts["en"]


@pytest.mark.parametrize("key", catalogue())
def test_every_message_is_said_alike_in_all_its_languages(key: str) -> None:
    said: dict[str, set[frozenset[str]]] = {}
    for form, text in templates(key).items():
        part = form.split()[-1] if form.endswith((" what", " fix")) else "whole"
        said.setdefault(part, set()).add(frozenset(fields(text) - {"count"}))
    assert all(len(alike) == 1 for alike in said.values()), said


@pytest.mark.parametrize("key", catalogue())
def test_no_message_has_an_old_fashioned_or_private_word(key: str) -> None:
    odd = "mend|mends|mended|lest|shall|whereof|nor could|it is to|so as|anew|afresh|by itself"
    private = rf"\b({odd}|blot\w*|lookout|entrance|rehears\w*|by heart|desk|lane|edition|aside)\b"
    english = [text for form, text in templates(key).items() if form.startswith("en")]
    assert not [text for text in english if re.search(private, text)]


def test_a_count_chooses_between_one_and_more(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {
        "a.b": {
            "en": {"one": "{count} problem", "other": "{count} problems"},
            "zh": "{count}个问题",
        }
    }
    monkeypatch.setattr("efinbot.knowledge.messages.catalogue", lambda: texts)
    assert [message("a.b", count=n) for n in (0, 1, 2)] == ["0 problems", "1 problem", "2 problems"]
    assert message("a.b", "zh", count=1) == "1个问题"


def test_what_names_no_language_is_told_in_the_one_that_is_spoken() -> None:
    fix = lazy("problems.use_one_of", names=("a", lazy("problems.quoted", text="b")))
    error = EditError(lazy("editing.no_list", keys="asks.zh"))
    with speaking("zh"):
        told = message("command_line.unknown_format", given="x", fix=fix)
        assert (told, str(error)) == ("没有“x”这种格式；可以用：a、“b”", "“asks.zh”不是列表")
        assert message("check.no_problems", "en") == "no problems"
    assert (str(fix), str(error)) == ("use one of: a, 'b'", "'asks.zh' is not a list")


def test_what_is_filled_in_is_no_markup() -> None:
    said = html_message("operators.not_yaml", "en", name="<b>{name}</b> & co")
    assert "“&lt;b&gt;{name}&lt;/b&gt; &amp; co”" in said


def test_chinese_has_punctuation_of_its_own() -> None:
    mixed = r"[\u4e00-\u9fff][,:;?!()]|[,:;?!()][\u4e00-\u9fff]"
    chinese = {
        key: text
        for key in catalogue()
        for form, text in templates(key).items()
        if form.startswith("zh")
    }
    assert not {key: text for key, text in chinese.items() if re.search(mixed, text)}


def test_chinese_has_no_english_sentences() -> None:
    english = r"\b(the|is|are|not|of|to|it|this|write|use|with|must)\b"
    chinese = {
        (key, text)
        for key in catalogue()
        for form, text in templates(key).items()
        if form.startswith("zh") and re.search(english, re.sub(r"\{\w+.*?\}", "", text))
    }
    assert not chinese


SHORT = {
    "what is shown for a moment": (r"operators\.(busy|outdated)", 200),
    "captions of menus": (r"operators\.menu_\w+", 64),
}


@pytest.mark.parametrize(("keys", "most"), SHORT.values(), ids=SHORT)
def test_what_telegram_wants_short_is_short(keys: str, most: int) -> None:
    found = [key for key in catalogue() if re.fullmatch(keys, key)]
    assert found
    assert all(len(text) <= most for key in found for text in templates(key).values())
