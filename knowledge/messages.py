"""What the program says to operators and developers: one catalogue, as data, by language.

`message_catalogue/<section>.yaml` holds the messages of one section by name, each with its text in
English (`en`) and perhaps Chinese (`zh`). Names in braces are filled in. A message that counts has
two forms, `one` and `other`, of which `count` chooses.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, cast

import yaml

from .languages import Language

FOLDER: Final = Path(__file__).parent / "message_catalogue"
"""Where the catalogue is."""


def message(key: str, language: Language = "en", /, **values: object) -> str:
    """Return a message of the catalogue, filled in.

    Args:
        key: Its section and name, such as ``check.summary``.
        language: In which language; English where the message has no other.
        values: What stands for the names in braces; ``count`` also chooses between one and more.

    Raises:
        KeyError: There is no such message, or a name has no value.
    """
    texts = catalogue()[key]
    template = texts.get(language, texts["en"])
    if not isinstance(template, str):
        template = template["one" if values["count"] == 1 else "other"]
    return template.format(**values)


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
