"""pydantic's findings in an operator's words."""

import re
from collections.abc import Mapping
from typing import Final, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from .document import Route
from .models import DATE, ID, MAX_ID, REGION_CODE, WEB_ADDRESS
from .problems import did_you_mean, quoted

_PATTERNS: Final = {
    DATE: ("no date", "write YYYY, YYYY-MM or YYYY-MM-DD"),
    WEB_ADDRESS: ("no web address", "write it with https:// and without spaces"),
    REGION_CODE: ("no region code", "write capital letters such as GB"),
    ID: ("not fit for an id", "use a-z, 0-9 and single hyphens"),
}
_KEYS: Final = "keys with values", "write 'key: value' lines, such as 'zh: …' and 'en: …'"
_EXPECTED: Final = {
    "string_type": ("text", "write text here; put quotes around it if it starts with [ or {"),
    "tuple_type": ("a list", "write one item a line, each after '- '"),
    "model_type": _KEYS,
    "dict_type": _KEYS,
    "enum": ("one word", "write it without brackets"),
    "int_type": ("a whole number", "write one such as 3"),
}
_FOUND: Final[Mapping[type, str]] = {str: "text", list: "a list", dict: "keys with values"}
_NO_NUMBER: Final = "{value} is no whole number from 1 up", "write one such as 3"
_SENTENCES: Final = {
    "string_too_short": ("the text is empty", "write it, or take the line out"),
    "string_too_long": ("{value} is too long", f"use at most {MAX_ID} characters"),
    "int_parsing": _NO_NUMBER,
    "int_parsing_size": _NO_NUMBER,
    "greater_than_equal": _NO_NUMBER,
    "too_short": ("the list is empty", "add at least one item"),
    "too_long": ("the list has more than {max_length} items", "keep the nearest ones"),
}
_LANGUAGES: Final = {"zh": "Chinese", "en": "English"}


def explain(detail: ErrorDetails, root: object) -> tuple[Route, str, str]:
    """Say what one of pydantic's errors means.

    Args:
        detail: The error.
        root: The type that was validated, to name the keys that it knows.

    Returns:
        Where it is, what is wrong, and how to mend it.
    """
    route = detail["loc"]
    if route[-1:] == ("[key]",) and detail["type"] != "extra_forbidden":
        route = route[:-1]
    name = str(route[-1]) if route else ""
    value: object = detail["input"]
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return route[:-1], *_missing(name)
        case "extra_forbidden":
            what, mend = f"unknown key {quoted(name)}", did_you_mean(name, _keys(root, route[:-1]))
        case "enum" if isinstance(value, str):
            known = re.findall(r"'([^']*)'", context["expected"])
            what, mend = f"{quoted(value)} is not known as '{name}'", did_you_mean(value, known)
        case "string_pattern_mismatch":
            what, mend = _PATTERNS[context["pattern"]]
            what = f"{quoted(str(value))} is {what}"
        case "value_error":
            what, _, mend = str(context["error"]).rpartition("; ")
        case kind if kind in _EXPECTED:
            expected, mend = _EXPECTED[kind]
            what = f"{_noun(route)} must be {expected}, not {_found(value)}"
        case kind if kind in _SENTENCES:
            what, mend = _SENTENCES[kind]
            what = what.format(value=quoted(str(value)), **context)
        case _:
            what, mend = detail["msg"], "see the guide to the knowledge files"
    return route, what, mend


def _missing(name: str) -> tuple[str, str]:
    if name in _LANGUAGES:
        what = f"the {_LANGUAGES[name]} text is missing"
        return what, f"add '{name}: …'; both languages are needed"
    return f"the key '{name}' is missing", f"add '{name}: …'"


def _noun(route: Route) -> str:
    if not route:
        return "the file"
    *above, last = route
    if isinstance(last, str):
        return quoted(last)
    return f"an item of {_noun(tuple(above))}"


def _found(value: object) -> str:
    return _FOUND[type(value)] if value != "" else "nothing"


def _keys(type_: object, route: Route) -> list[str]:
    """Return the keys that the model at the end of a route knows."""
    for part in route:
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
