"""pydantic's validation errors, told in plain words."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .document import Document, KeyPath
from .house_style import HOST
from .messages import LazyMessage, lazy
from .models import DATE, ID, REGION_CODE, WEB_ADDRESS
from .problems import InvalidValueError, Problem, did_you_mean

_PATTERNS: Final = {
    DATE: "problems.not_a_date",
    WEB_ADDRESS: "problems.not_a_web_address",
    REGION_CODE: "problems.not_a_region_code",
    ID: "problems.not_an_id",
    HOST: "problems.not_a_host",
}
_WRONG_TYPES: Final = {
    "string_type": "problems.expected_text",
    "tuple_type": "problems.expected_list",
    "model_type": "problems.expected_mapping",
    "dict_type": "problems.expected_mapping",
    "enum": "problems.expected_word",
    "int_type": "problems.expected_number",
}
_WRONG_VALUES: Final = {
    "string_too_short": "problems.empty_text",
    "string_too_long": "problems.id_too_long",
    "int_parsing": "problems.not_a_number",
    "int_parsing_size": "problems.not_a_number",
    "greater_than_equal": "problems.not_a_number",
    "too_short": "problems.empty_list",
    "too_long": "problems.list_too_long",
}
_FOUND: Final[Mapping[type, str]] = {
    str: "problems.a_text",
    list: "problems.a_list",
    dict: "problems.a_mapping",
}
_LANGUAGES: Final = {"zh": "problems.chinese", "en": "problems.english"}


def problems_of(
    error: ValidationError, document: Document, root: object, above: KeyPath = ()
) -> Iterator[Problem]:
    """Yield what an error of pydantic's means.

    Args:
        error: The error.
        document: What was validated, or a part of it.
        root: The type that it was validated as, to name the keys that it knows.
        above: Where that part stands.
    """
    for detail in error.errors():
        if detail["type"] == "too_short" and detail["input"]:
            continue  # pydantic counts the well-formed items only; the others are said
        where, message = _explained(detail, root)
        yield Problem(document.location((*above, *where)), message)


def _explained(detail: ErrorDetails, root: object) -> tuple[KeyPath, LazyMessage]:
    """Return where something is wrong, and what that is."""
    where = detail["loc"]
    if where[-1:] == ("[key]",) and detail["type"] != "extra_forbidden":
        where = where[:-1]
    if detail["type"] == "missing":
        return where[:-1], _missing(str(where[-1]))
    return where, _message(detail, where, root)


def _message(  # noqa: PLR0911 - one for each type of error
    detail: ErrorDetails, where: KeyPath, root: object
) -> LazyMessage:
    key = str(where[-1]) if where else ""
    value: object = detail["input"]
    context = detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            suggestion = did_you_mean(key, _keys(root, where[:-1]))
            return lazy("problems.unknown_key", key=key, suggestion=suggestion)
        case "enum" if isinstance(value, str):
            suggestion = did_you_mean(value, re.findall(r"'([^']*)'", context["expected"]))
            return lazy("problems.unknown_value", value=value, key=key, suggestion=suggestion)
        case "string_pattern_mismatch":
            return lazy(_PATTERNS[context["pattern"]], value=str(value))
        case kind if kind in _WRONG_TYPES:
            found = lazy(_FOUND[type(value)] if value != "" else "problems.nothing")
            return lazy(_WRONG_TYPES[kind], part=_part(where), found=found)
        case kind if kind in _WRONG_VALUES:
            limits = {name: limit for name, limit in context.items() if name == "max_length"}
            return lazy(_WRONG_VALUES[kind], value=str(value), **limits)
        case "value_error" if isinstance(error := context["error"], InvalidValueError):
            return error.message
        case _:
            return lazy("problems.invalid", reason=detail["msg"])


def _missing(key: str) -> LazyMessage:
    if key in _LANGUAGES:
        return lazy("problems.missing_language", key=key, language=lazy(_LANGUAGES[key]))
    return lazy("problems.missing_key", key=key)


def _part(where: KeyPath) -> LazyMessage:
    if not where:
        return lazy("problems.the_file")
    *above, last = where
    if isinstance(last, str):
        return lazy("problems.the_key", key=last)
    return lazy("problems.an_item", list=_part(tuple(above)))


def _keys(type_: object, where: KeyPath) -> list[str]:
    """Return the keys that the model at the end of a key path knows."""
    for part in where:
        if model := _model(type_):
            fields = {info.alias or name: info for name, info in model.model_fields.items()}
            type_ = fields[str(part)].annotation
        else:
            # What a list or a dictionary holds: the last argument, but for tuple's ellipsis.
            type_ = [inner for inner in get_args(type_) if inner is not Ellipsis][-1]
    model = _model(type_)
    return [info.alias or name for name, info in model.model_fields.items()] if model else []


def _model(type_: object) -> type[BaseModel] | None:
    return type_ if isinstance(type_, type) and issubclass(type_, BaseModel) else None
