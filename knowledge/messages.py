"""What the program says to operators and developers: one catalogue, as data, by language.

`message_catalogue/<section>.yaml` holds the messages of one section by name, each with its text in
English (`en`) and Chinese (`zh`). Names in braces are filled in. A message that counts may have two
forms, `one` and `other`, of which `count` chooses. One that tells a problem has two parts, `what`
is wrong and how to `fix` it.

Who knows the reader's language names it. All else is told in the language of :func:`speaking`: the
command line's, or English.
"""

from collections.abc import Generator, Hashable, Iterable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias, cast

import yaml

from .languages import LANGUAGES, Language

FOLDER: Final = Path(__file__).parent / "message_catalogue"
"""Where the catalogue is."""
_LONGEST: Final = 60
"""How many characters of a text from a file a message repeats."""
_COMMA: Final[Mapping[Language, str]] = {"en": ", ", "zh": "、"}
_spoken: Final[ContextVar[Language]] = ContextVar("_spoken", default="en")

Part: TypeAlias = Literal["what", "fix"]


@dataclass(frozen=True)
class LazyMessage:
    """A message whose language is chosen when it is told; made by :func:`lazy`."""

    key: str
    """Its section and name."""
    values: tuple[tuple[str, Hashable], ...] = ()
    """What is filled in, as it stands in a file: it is cut and escaped when it is told."""

    def text(self, language: Language | None = None, part: Part | None = None) -> str:
        """Return the message in a language: all of it, or a part if it tells a problem."""
        language = language or spoken()
        if part is None and "what" in _forms(self.key, language):
            what, fix = self.text(language, "what"), self.text(language, "fix")
            return message("problems.said", language, what=what, fix=fix)
        values = {name: _told(value, language) for name, value in self.values}
        return _template(self.key, language, part or values.get("count")).format(**values)

    def __str__(self) -> str:
        return self.text()


def lazy(key: str, /, **values: Hashable) -> LazyMessage:
    """Return a message of the catalogue to tell later, in any language.

    Args:
        key: Its section and name, such as ``problems.unknown_key``.
        values: What stands for the names in braces; long texts are cut when they are told.
    """
    return LazyMessage(key, tuple(values.items()))


def message(key: str, language: Language | None = None, /, **values: object) -> str:
    """Return a message of the catalogue, filled in.

    Args:
        key: Its section and name, such as ``check.summary``.
        language: In which language; by default that of :func:`speaking`.
        values: What stands for the names in braces; ``count`` also chooses between one and more.

    Raises:
        KeyError: There is no such message, or a name has no value.
    """
    language = language or spoken()
    told = {
        name: value.text(language) if isinstance(value, LazyMessage) else value
        for name, value in values.items()
    }
    return _template(key, language, values.get("count")).format(**told)


@contextmanager
def speaking(language: Language) -> Generator[None]:
    """Tell in a language, for a while, what names none."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> Language:
    """Return the language in which is told what names none."""
    return _spoken.get()


def joined(items: Iterable[str], language: Language | None = None) -> str:
    """Return a list in a line, with the commas of a language."""
    return _COMMA[language or spoken()].join(items)


def printable(text: str) -> str:
    """Return a text with escapes for what can't be shown, as names that are no UTF-8."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shown(text: str) -> str:
    """Return a text from a file, fit for one line of a terminal."""
    return printable(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")


def _template(key: str, language: Language, choice: object) -> str:
    forms = _forms(key, language)
    name = choice if isinstance(choice, str) else "one" if choice == 1 else "other"
    return forms.get("") or forms[name]


def _forms(key: str, language: Language) -> Mapping[str, str]:
    """Return the forms or parts of a message; under an empty name the only one."""
    texts = catalogue()[key][language]
    return {"": texts} if isinstance(texts, str) else texts


def _told(value: object, language: Language) -> object:
    match value:
        case str():
            return shown(value)
        case tuple():
            items = cast("tuple[object, ...]", value)
            return joined((str(_told(item, language)) for item in items), language)
        case LazyMessage():
            return value.text(language)
        case _:
            return value


def translations(key: str, /, **values: object) -> dict[Language, str]:
    """Return a message in all languages; see `message`."""
    return {language: message(key, language, **values) for language in LANGUAGES}


@cache
def catalogue() -> Mapping[str, Mapping[str, str | Mapping[str, str]]]:
    """Return all messages by key, each by language; read once."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    sections = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.yaml")}
    return {
        f"{section}.{name}": texts
        for section, text in sections.items()
        for name, texts in cast("dict[str, dict[str, str]]", yaml.load(text, loader)).items()  # noqa: S506 - a safe loader
    }
