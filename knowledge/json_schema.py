"""JSON Schema of the knowledge files, for editors: made from the models and their docstrings."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from .care import Care
from .expectations import ExpectedConversations
from .house_style import HostName, InstitutionName
from .interface import Interface
from .models import (
    Entry,
    Id,
    NonEmptyStr,
    Outside,
    Overview,
    Region,
    RegionCode,
    StrictModel,
    Term,
    Text,
)
from .sample_questions import SampleQuestions

JsonSchema: TypeAlias = "dict[str, Any]"  # a schema is JSON of any shape

_SHAPES: Final[Mapping[str, tuple[object, str]]] = {
    "entry": (Entry, "One thing that the bot can explain. The file's name is its id."),
    "overview": (Overview, "The big picture."),
    "interface": (Interface, "What the bot itself says. Words in {braces} are filled in."),
    "glossary": (dict[Id, Term], "Terms that are no entries of their own, by id."),
    "regions": (dict[RegionCode, Region], "Countries and groups of them, by code."),
    "ambiguous": (
        dict[NonEmptyStr, tuple[Id, ...]],
        "Names that may mean several entries, each with the ids of these: the bot asks which.",
    ),
    "outside": (dict[Id, Outside], "Things near the subject that are not covered, by id."),
    "care": (Care, "What is said to somebody in distress, and where to turn."),
    "names": (dict[Id, InstitutionName], "How texts call institutions, by an id of each."),
    "hosts": (
        dict[HostName, NonEmptyStr],
        "Hosts that no source may have, their subdomains included, each with what it is.",
    ),
    "asks": (
        SampleQuestions,
        "How people ask for what the file is named after; what fallback.yaml holds is declined.",
    ),
    "tests": (
        ExpectedConversations,
        "Questions with the answers that they should get; `efinbot check` asks them.",
    ),
}

_TEXT: Final = {"zh": "服务更快。", "en": "Service gets faster."}
_FACT: Final = {**_TEXT, "sources": ["survey-2025"]}
_WORDS: Final = {"zh": ["开放平台"], "en": ["open platform"]}
_EXAMPLES: Final[Mapping[str, object]] = {
    "zh": "开放银行",
    "en": "Open banking",
    "Words.zh": ["开放平台"],
    "Words.en": ["open platform"],
    "SampleQuestions.zh": ["这个行业往哪儿走", "银行怎么用{topic}"],
    "SampleQuestions.en": ["where is this industry going", "how do banks use {topic}"],
    "subject": {"zh": ["金融科技"], "en": ["fintech"]},
    "worded": {"zh": ["街上的小店会怎么变"], "en": ["what becomes of the shops in my street"]},
    "Asks.zh": ["授权别的应用看流水是什么意思"],
    "Asks.en": ["what does it mean to let an app see my account"],
    "cases_of": {"zh": ["哪家银行让别的应用看流水"], "en": ["which bank lets other apps in"]},
    "fact": {"zh": ["开放银行一年赚多少钱"], "en": ["how much does open banking earn a year"]},
    "drivers_of": {"zh": ["银行怎么突然肯放手了"], "en": ["why do banks let go of their data"]},
    "challenges_of": {"zh": ["别的应用看我流水靠谱吗"], "en": ["can an app run off with my data"]},
    "kind": "trend",
    "order": 3,
    "name": {"zh": "开放银行", "en": "Open banking"},
    "aliases": _WORDS,
    "brief": {"zh": "银行把能力开放给别人", "en": "banks let others build on them"},
    "summary": {"zh": "银行通过接口开放数据。", "en": "Banks share data through interfaces."},
    "facts": [_TEXT],
    "benefits": [_FACT],
    "challenges": [_FACT],
    "why": [_FACT],
    "examples": [_FACT],
    "part_of": ["an-entry"],
    "shows": ["an-entry"],
    "driven_by": ["an-entry"],
    "uses": ["an-entry"],
    "related": ["an-entry", "another-entry"],
    "contrasts": [{"with": "an-entry", **_TEXT}],
    "with": "an-entry",
    "region": "GB",
    "sources": {
        "survey-2025": {"title": "A survey", "url": "https://example.org", "as_of": "2025-03"}
    },
    "Fact.sources": ["survey-2025"],
    "Fact.asks": {
        "en": ["when did it start", "~since when"],
        "yes": {"en": ["is it free"]},
    },
    "unpaired": ["7×24"],
    "yes": {"zh": ["免费吗"], "en": ["is it free"]},
    "no": {"zh": ["要收费吗"], "en": ["does it cost anything"]},
    "partly": {"zh": ["对谁都免费吗"], "en": ["is it free for everybody"]},
    "plain": {"zh": "银行开了一道门。", "en": "Banks open a door to other apps."},
    "reply": {"zh": "你不是一个人。", "en": "You are not alone."},
    "places": [
        {"region": "GB", **_TEXT, "url": "https://example.org", "as_of": "undated"},
    ],
    "asks": {
        "zh": ["授权别的应用看流水是什么意思"],
        "en": ["what does it mean to let an app see my account"],
        "challenges_of": {"en": ["can an app run off with my data"]},
    },
    "title": "A survey, Example Press",
    "url": "https://example.org/survey",
    "as_of": "2025-03",
    "InstitutionName.zh": {"write": "人民银行", "not": ["人行"]},
    "InstitutionName.en": {"write": "PBOC", "not": ["PBoC"]},
    "write": "PBOC",
    "not": ["PBoC", "People's Bank of China"],
    "includes": ["GB", "FR"],
    "text": {"zh": "程序之间的一道门。", "en": "A doorway between programs."},
    "see": "an-entry",
    "near": ["an-entry"],
    "ask": "why do banks open up",
    "intent": "explain",
    "topics": ["an-entry"],
    "then": [{"ask": "any cases?", "intent": "cases_of", "topics": ["an-entry"]}],
}
"""An example for each key, or for a key of one model."""
_SLOT: Final = re.compile(r"\{\w+\}")


def schemas() -> dict[str, JsonSchema]:
    """Return the schema of each kind of file, by the name of its file without the suffix."""
    models = {model.__name__: model for model in _models(StrictModel)}
    found: dict[str, JsonSchema] = {}
    for name, (shape, description) in _SHAPES.items():
        schema = TypeAdapter(shape).json_schema(schema_generator=_LenientSchemaGenerator)
        if "properties" in schema:
            _annotate(schema, models[schema["title"]])
        for title, definition in schema.get("$defs", {}).items():
            if title in models:
                _annotate(definition, models[title])
        found[name] = {
            "$schema": GenerateJsonSchema.schema_dialect,
            **schema,
            "title": f"efinbot {name}",
            "description": description,
        }
    return found


def write_schemas(folder: Path) -> list[Path]:
    """Write the schemas as files.

    Args:
        folder: Where to; made if it is missing.

    Returns:
        The files.

    Raises:
        OSError: A file can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, schema in schemas().items():
        path = folder / f"{name}.json"
        text = json.dumps(schema, ensure_ascii=False, indent=2)
        path.write_text(f"{text}\n", encoding="utf-8")
        written.append(path)
    return written


class _LenientSchemaGenerator(GenerateJsonSchema):
    """Says what the strict reader takes: text that YAML has another type for is text all the same.

    So `as_of: 2024` and an alias `98` need no quotes, and an editor must not ask for them.
    """

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        return {**super().str_schema(schema), "type": ["string", "number"]}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        return {**made, "additionalProperties": False} if "patternProperties" in made else made

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401 - pydantic's own
        del schema
        return False


def _annotate(schema: JsonSchema, model: type[StrictModel]) -> None:
    """Add descriptions and examples to the keys of a model's schema."""
    for name, field in model.model_fields.items():
        key = field.alias or name
        description = (field.description or "").replace("``", "`")
        schema["properties"][key]["description"] = description
        if model.__module__ == Interface.__module__:
            example = _filled(description) if field.annotation is Text else None
        else:
            owners = (f"{owner.__name__}.{key}" for owner in model.__mro__)
            example = next((_EXAMPLES[o] for o in (*owners, key) if o in _EXAMPLES), None)
        if example is not None:
            schema["properties"][key]["examples"] = [example]


def _filled(description: str) -> dict[str, str]:
    """Return a text of the interface that fills in what its description names."""
    slots = " ".join(_SLOT.findall(description))
    return {"zh": f"示例：{slots}", "en": f"Example: {slots}"} if slots else dict(_TEXT)


def _models(base: type[StrictModel]) -> Iterator[type[StrictModel]]:
    for model in base.__subclasses__():
        yield model
        yield from _models(model)
