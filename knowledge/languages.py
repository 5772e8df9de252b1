"""The languages that the bot speaks."""

from typing import Final, Literal, TypeAlias

Language: TypeAlias = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
