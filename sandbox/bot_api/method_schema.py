"""Which parameters each method takes, from the Bot API as data.

Telegram ignores what it doesn't know. Here it is refused, because it is always a mistake. What is
wrong in itself is refused in Telegram's words, where they are known.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import orjson

from .refusals import bad_request

_LABELS: Final = {
    "BotCommand": "BotCommand",
    "BotCommandScope": "BotCommandScope",
    "InlineKeyboardButton": "inline keyboard button",
    "InlineQueryResult": "inline query result",
    "KeyboardButton": "keyboard button",
    "MessageEntity": "MessageEntity",
    "ReactionType": "ReactionType",
}
"""How Telegram calls the objects that it names in its refusals."""
_MISSING: Final = {
    "chat_id": "chat_id is empty",
    "document": "there is no document in the request",
    "photo": "there is no photo in the request",
    "text": "message text is empty",
}
"""What Telegram says where a parameter is missing or empty."""
_UNREADABLE: Final = {
    "reply_markup": "can't parse reply keyboard markup JSON object",
    "results": "can't parse inline query results JSON object",
    "commands": "can't parse commands JSON object",
}
_INTEGER: Final = re.compile(r"[+-]?\d{1,19}")
_BOOLEANS: Final = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}

_TYPE: Final = "must be of type"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with a request."""

    name: str
    """Its name, as the sender calls it."""
    content: bytes
    """What it holds."""
    media_type: str
    """What the sender says it is, such as ``image/png``."""


class _IllTypedError(Exception):
    """A value inside of a parameter isn't what it must be."""


_Check = Callable[[Any], None]
_Read = Callable[[str, Any], Any]


@dataclass(frozen=True)
class Method:
    """A method, and what its parameters must be."""

    name: str
    """Its name in the documentation's spelling."""
    required: tuple[str, ...]
    """Parameters that must be given."""
    readers: Mapping[str, _Read]
    """What makes a value of what was sent, for each parameter."""

    def read(self, sent: Mapping[str, object], uploads: Mapping[str, SentFile]) -> dict[str, Any]:
        """Return the parameters of a request as values of their types.

        Args:
            sent: Parameters by name: strings from a form, JSON values from a JSON body.
            uploads: Files by the name of their part.

        Raises:
            Refusal: A parameter is missing, unknown or ill-typed.
        """
        parameters: dict[str, Any] = {}
        attached: set[str] = set()
        for name, value in sent.items():
            reader = self.readers.get(name)
            if reader is None:
                raise bad_request(f'{self.name} takes no parameter "{name}"')
            if isinstance(value, str) and value.startswith("attach://"):
                part = value.removeprefix("attach://")
                attached.add(part)
                parameters[name] = reader(name, uploads.get(part, value))
            elif value is not None and (value != "" or name not in _MISSING):
                parameters[name] = reader(name, value)
        for name, upload in uploads.items():
            if name in self.readers:
                parameters[name] = self.readers[name](name, upload)
            elif name not in attached:
                raise bad_request(f'{self.name} takes no file "{name}"')
        missing = [name for name in self.required if name not in parameters]
        if missing:
            # What is to be sent is looked at before where it goes.
            name = missing[-1]
            raise bad_request(_MISSING.get(name, f'parameter "{name}" is required'))
        return parameters


def _read_integer(name: str, value: object) -> int:
    if type(value) is int:
        return value
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    raise bad_request(f'parameter "{name}" {_TYPE} Integer')


def _read_boolean(name: str, value: object) -> bool:
    if type(value) is bool:
        return value
    known = _BOOLEANS.get(value.lower()) if isinstance(value, str) else None
    if known is None:
        raise bad_request(f'parameter "{name}" {_TYPE} Boolean')
    return known


def _read_string(name: str, value: object) -> str:
    if isinstance(value, str):
        return value
    raise bad_request(f'parameter "{name}" {_TYPE} String')


def _read_chat(name: str, value: object) -> int | str:
    if type(value) is int:
        return value
    if isinstance(value, str):
        return int(value) if _INTEGER.fullmatch(value) else value
    raise bad_request(f'parameter "{name}" {_TYPE} Integer or String')


def _read_file(name: str, value: object) -> SentFile | str:
    if isinstance(value, SentFile | str):
        return value
    raise bad_request(f'parameter "{name}" must be a file, a file identifier or an HTTP URL')


_READERS: Final[Mapping[str, _Read]] = {
    "Integer": _read_integer,
    "Boolean": _read_boolean,
    "String": _read_string,
    "Integer|String": _read_chat,
    "InputFile": _read_file,
    "InputFile|String": _read_file,
}


def _is(type_: type, called: str) -> _Check:
    def check(value: object) -> None:
        if type(value) is not type_:
            message = f"{_TYPE} {called}"
            raise _IllTypedError(message)

    return check


def _check_number(value: object) -> None:
    if type(value) not in (int, float):
        message = f"{_TYPE} Number"
        raise _IllTypedError(message)


def _check_chat(value: object) -> None:
    if type(value) not in (int, str):
        message = f"{_TYPE} Integer or String"
        raise _IllTypedError(message)


class Schema:
    """All methods and types of the data."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._types: Mapping[str, Any] = data["types"]
        self._checks: dict[str, _Check] = {
            "Integer": _is(int, "Integer"),
            "Boolean": _is(bool, "Boolean"),
            "String": _is(str, "String"),
            "Float": _check_number,
            "Integer|String": _check_chat,
        }
        self.version: str = data["version"]
        """The version of the Bot API, such as ``Bot API 10.1``."""
        self.methods: Mapping[str, Method] = {
            name.lower(): self._method(name, shape) for name, shape in data["methods"].items()
        }
        """Methods by name in lower case: Telegram doesn't mind their case."""

    def _method(self, name: str, shape: Mapping[str, Mapping[str, str]]) -> Method:
        required = shape.get("required", {})
        fields = {**required, **shape.get("optional", {})}
        readers = {
            name: _READERS.get(type_) or self._object(type_) for name, type_ in fields.items()
        }
        return Method(name, tuple(required), readers)

    def _object(self, type_: str) -> _Read:
        """Return what reads a parameter that holds JSON."""
        check = self._check(type_)

        def read(name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON
            if type(value) is str:
                try:
                    value = orjson.loads(value)
                except orjson.JSONDecodeError:
                    unreadable = f"can't parse {name} JSON object"
                    raise bad_request(_UNREADABLE.get(name, unreadable)) from None
            if name == "reply_markup" and type(value) is not dict:
                raise bad_request("object expected as reply markup")
            try:
                check(value)
            except _IllTypedError as ill:
                what = str(ill)
                if what.startswith(_TYPE):
                    what = f'parameter "{name}" {what}'
                raise bad_request(what[0].lower() + what[1:]) from None
            return cast("object", value)

        return read

    def _check(self, type_: str) -> _Check:
        if type_ not in self._checks:
            # Looked up again when it is called, because types may hold themselves.
            self._checks[type_] = lambda value: self._checks[type_](value)  # noqa: PLW0108 - late
            self._checks[type_] = self._labelled(type_, self._compiled(type_))
        return self._checks[type_]

    def _compiled(self, type_: str) -> _Check:
        if type_.startswith("="):
            return _constant(type_.removeprefix("="))
        if type_.startswith("Array of "):
            return _array(self._check(type_.removeprefix("Array of ")))
        if "|" in type_:
            return self._union(type_.split("|"))
        shape: Any = self._types[type_]
        if type(shape) is list:
            return self._union(cast("list[str]", shape))
        return self._fields(shape.get("required", {}), shape.get("optional", {}))

    def _fields(self, required: Mapping[str, str], optional: Mapping[str, str]) -> _Check:
        checks = {name: self._check(type_) for name, type_ in {**required, **optional}.items()}

        def check(value: Any) -> None:  # noqa: ANN401 - any JSON
            if type(value) is not dict:
                message = f"{_TYPE} Object"
                raise _IllTypedError(message)
            for name, held in cast("dict[str, Any]", value).items():
                field = checks.get(name)
                if field is None:
                    message = f'Unknown field "{name}"'
                    raise _IllTypedError(message)
                if held is None and name in optional:
                    continue
                try:
                    field(held)
                except _IllTypedError as ill:
                    if str(ill).startswith(_TYPE):
                        message = f'Field "{name}" {ill}'
                        raise _IllTypedError(message) from None
                    raise
            for name in required:
                if name not in value:
                    message = f'Can\'t find field "{name}"'
                    raise _IllTypedError(message)

        return check

    def _union(self, names: list[str]) -> _Check:
        """Return a check by the one type that a value claims to be.

        The value claims it by the constants that it holds and then by the required fields.
        """
        variants = [(self._types[name].get("required", {}), self._check(name)) for name in names]

        def check(value: Any) -> None:  # noqa: ANN401 - any JSON
            if type(value) is not dict:
                message = f"{_TYPE} Object"
                raise _IllTypedError(message)
            value = cast("dict[str, Any]", value)
            claimed = [
                (required, variant)
                for required, variant in variants
                if all(
                    value.get(name) == type_[1:]
                    for name, type_ in required.items()
                    if type_.startswith("=")
                )
            ]
            if not claimed:
                message = 'Can\'t find field "type"' if "type" not in value else "Unsupported type"
                raise _IllTypedError(message)
            fitting = (variant for required, variant in claimed if required.keys() <= value.keys())
            next(fitting, claimed[0][1])(value)

        return check

    @staticmethod
    def _labelled(type_: str, check: _Check) -> _Check:
        label = _LABELS.get(type_)
        if label is None:
            return check

        def labelled(value: object) -> None:
            try:
                check(value)
            except _IllTypedError as ill:
                what = str(ill)
                if what.startswith(_TYPE):
                    what = "expected an Object"
                raise bad_request(f"can't parse {label}: {what}") from None

        return labelled


def _constant(expected: str) -> _Check:
    def check(value: object) -> None:
        if value != expected:
            message = f'must be "{expected}"'
            raise _IllTypedError(message)

    return check


def _array(element: _Check) -> _Check:
    def check(value: Any) -> None:  # noqa: ANN401 - any JSON
        if type(value) is not list:
            message = f"{_TYPE} Array"
            raise _IllTypedError(message)
        for held in cast("list[Any]", value):
            element(held)

    return check


def load_schema() -> Schema:
    """Return the schema of the methods that are served."""
    data = (Path(__file__).parent / "data" / "api.json").read_bytes()
    return Schema(orjson.loads(data))
