"""The JSON Schemas that editors read: they say what the strict reader takes."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from jsonschema import Draft202012Validator

from efinbot.knowledge import SHIPPED, Document, inspect, read_document
from efinbot.knowledge.json_schema import schemas

SCHEMAS = schemas()
FIRST_LINE = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")


class CoreSchemaLoader(yaml.SafeLoader):
    """YAML 1.2 as editors read it: numbers, booleans and null have types, all else is text."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for tag, pattern, first in (
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)(e[-+]?[0-9]+)?$", "-+.0123456789"),
    ("bool", "^(true|false)$", "tf"),
    ("null", "^(null|~|)$", ["n", "~", ""]),
):
    CoreSchemaLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first)
    )


def complaints(schema: dict[str, Any], text: str) -> list[str]:
    tree = yaml.load(text, CoreSchemaLoader)  # noqa: S506 - it is a SafeLoader
    return [error.message for error in Draft202012Validator(schema).iter_errors(tree)]


def keys(schema: Any, *route: str) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401
    if isinstance(schema, dict):
        for name, key in schema.get("properties", {}).items():
            yield "/".join((*route, name)), key
        for name, inner in schema.items():
            yield from keys(inner, *route, name)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_shipped_schema_is_up_to_date(name: str) -> None:
    """If not: efinbot schema knowledge/data/schema."""
    path = SHIPPED / "schema" / f"{name}.json"
    assert json.loads(path.read_text(encoding="utf-8")) == SCHEMAS[name]


def test_there_is_no_schema_but_these() -> None:
    assert {path.stem for path in (SHIPPED / "schema").iterdir()} == set(SCHEMAS)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_valid_itself(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.no_cover
@pytest.mark.parametrize("path", sorted(SHIPPED.rglob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_file_names_its_schema_and_fits_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = FIRST_LINE.match(text)
    assert named
    schema = (path.parent / named[1]).resolve()
    assert schema.parent == SHIPPED / "schema"
    assert complaints(json.loads(schema.read_text(encoding="utf-8")), text) == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_is_described(name: str) -> None:
    bare = [route for route, key in keys(SCHEMAS[name]) if not key.get("description")]
    assert bare == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_has_an_example_that_fits_it(name: str) -> None:
    for route, key in keys(SCHEMAS[name]):
        # The keys of the interface that only hold other keys are explained by these.
        if "$ref" not in key or key["$ref"].endswith(("/Text", "/Words")):
            assert key["examples"], route
        whole = {**key, "$defs": SCHEMAS[name].get("$defs", {})}
        for example in key.get("examples", ()):
            assert list(Draft202012Validator(whole).iter_errors(example)) == [], route


def test_the_examples_of_the_interface_fill_in_what_must_be_filled_in(
    small_folder: Path,
) -> None:
    schema = SCHEMAS["interface"]
    tree = read_document(small_folder / "interface.yaml").tree
    assert isinstance(tree, dict)
    for name in schema["properties"].keys() - {"chat"}:
        tree[name] = schema["properties"][name]["examples"][0]
    for name in schema["$defs"]["ChatTexts"]["properties"].keys() - {"commands"}:
        tree["chat"][name] = schema["$defs"]["ChatTexts"]["properties"][name]["examples"][0]
    path = small_folder / "interface.yaml"
    path.write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    assert inspect(small_folder).problems == ()


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("outside", "x: {name: {zh: 茶, en: tea}, near: []}", "[] should be non-empty"),
        ("outside", "x: {name: {zh: 茶}, near: [a]}", "'en' is a required property"),
        ("regions", "gb: {name: {zh: 英国, en: Britain}}", "'gb' does not match"),
        ("glossary", "a: {name: {zh: 茶, en: tea}, text: {zh: 茶, en: t}}", "'see' is a required"),
        ("ambiguous", "tea: [Black Tea]", "'Black Tea' does not match"),
        ("overview", "names: {}", "'names' was unexpected"),
        ("entry", "kind: drink", "'drink' is not one of"),
        ("entry", "order: 0", "0 is less than the minimum of 1"),
    ],
)
def test_what_the_reader_refuses_an_editor_marks(name: str, text: str, complaint: str) -> None:
    assert any(complaint in found for found in complaints(SCHEMAS[name], text))


def test_text_that_yaml_takes_for_a_number_needs_no_quotes() -> None:
    schema = {**SCHEMAS["entry"], **SCHEMAS["entry"]["$defs"]["Source"]}
    assert complaints(schema, "{title: 1984, url: 'https://example.org', as_of: 2024}") == []
    assert complaints(schema, "{title: no, url: 'https://example.org', as_of: 2024-01-01}") == []


def test_an_editor_is_pointed_to_the_files_of_a_copy(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    subprocess.run([*command, "schema", "schemas"], cwd=tmp_path, check=True, capture_output=True)
    written = {path.stem: json.loads(path.read_bytes()) for path in tmp_path.glob("schemas/*")}
    assert written == SCHEMAS


def test_a_schema_line_is_a_comment_to_the_reader() -> None:
    document: Document = read_document(SHIPPED / "overview.yaml")
    assert document.problems == []
