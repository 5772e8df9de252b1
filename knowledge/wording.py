"""pydantic's findings in an operator's words."""

from collections.abc import Mapping
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from .document import Route
from .model import MAX_ID
from .problems import did_you_mean

_PATTERNS = {
    r"^\d{4}(-\d{2}(-\d{2})?)?$": ("no date", "write YYYY, YYYY-MM or YYYY-MM-DD"),
    r"^https?://\S+$": ("no web address", "write it with https:// and without spaces"),
    r"^[A-Z]+(-[A-Z]+)*$": ("no region code", "write capital letters such as GB"),
    r"^[a-z0-9]+(-[a-z0-9]+)*$": ("not fit for an id", "use a-z, 0-9 and single hyphens"),
}
_EXPECTED = {
    "string_type": ("text", "write text here; put quotes around it if it starts with [ or {"),
    "tuple_type": ("a list", "write one item a line, each after '- '"),
    "model_type": ("keys with values", "write 'key: value' lines, such as 'zh: …' and 'en: …'"),
    "model_attributes_type": ("keys with values", "write 'key: value' lines"),
    "dict_type": ("keys with values", "write 'key: value' lines"),
}
_LANGUAGES = {"zh": "Chinese", "en": "English"}


def explain(detail: ErrorDetails, root: Any) -> tuple[Route, str, str]:  # noqa: ANN401 - a type
    """Say what one of pydantic's errors means.

    Args:
        detail: The error.
        root: The type that was validated, to name the keys that it knows.

    Returns:
        Where it is, what is wrong, and how to mend it.
    """
    route = tuple(part for part in detail["loc"] if part != "[key]")
    name = str(route[-1]) if route else "value"
    context: Mapping[str, Any] = detail.get("ctx", {})
    value = detail["input"]
    match detail["type"]:
        case "extra_forbidden":
            known = _keys(root, route[:-1])
            return route, f"unknown key '{name}'", did_you_mean(name, known)
        case "missing" if name in _LANGUAGES:
            what = f"the {_LANGUAGES[name]} text is missing"
            return route[:-1], what, f"add '{name}: …'; both languages are needed"
        case "missing":
            return route[:-1], f"the key '{name}' is missing", f"add '{name}: …'"
        case "string_too_short":
            return route, "the text is empty", "write it, or take the line out"
        case "string_too_long":
            return route, f"'{value}' is too long for an id", f"use at most {MAX_ID} characters"
        case "string_pattern_mismatch":
            what, mend = _PATTERNS[context["pattern"]]
            return route, f"'{value}' is {what}", mend
        case "enum":
            known = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
            return route, f"'{value}' is not known as '{name}'", did_you_mean(str(value), known)
        case "int_parsing" | "int_type" | "greater_than_equal":
            return route, f"'{value}' is no whole number from 1 up", "write one such as 3"
        case "too_short":
            return route, "the list is empty", "add at least one item"
        case "too_long":
            most = context["max_length"]
            return route, f"the list has more than {most} items", "keep the nearest ones"
        case "value_error":
            what, _, mend = str(context["error"]).partition("; ")
            return route, what, mend
        case type_ if type_ in _EXPECTED:
            expected, mend = _EXPECTED[type_]
            found = {str: "text", list: "a list", dict: "keys with values"}.get(type(value), "else")
            return route, f"{expected} is expected for '{name}', found {found}", mend
        case _:
            return route, detail["msg"], "see the guide to the knowledge files"


def _keys(type_: Any, route: Route) -> list[str]:  # noqa: ANN401 - a type
    """Return the keys that the model at the end of a route knows."""
    for part in route:
        type_ = _inner(type_, part)
    model = _model(type_)
    if model is None:
        return []
    return [info.alias or name for name, info in model.model_fields.items()]


def _inner(type_: Any, part: str | int) -> Any:  # noqa: ANN401 - a type
    model = _model(type_)
    if model is not None and isinstance(part, str):
        for name, info in model.model_fields.items():
            if part in (name, info.alias):
                return info.annotation
    arguments = [argument for argument in get_args(type_) if argument is not Ellipsis]
    return arguments[-1] if arguments else type_


def _model(type_: Any) -> type[BaseModel] | None:  # noqa: ANN401 - a type
    if isinstance(type_, type) and issubclass(type_, BaseModel):
        return type_
    if get_origin(type_) is UnionType:
        return next(filter(None, map(_model, get_args(type_))), None)
    return None
