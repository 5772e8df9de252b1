"""Contexts as JSON, and back, also from what an older or newer version has written."""

from dataclasses import fields
from typing import Final, cast

from ...intents import Context
from ...knowledge import LANGUAGES, Language

_DEFAULTS: Final = tuple((f.name, f.default) for f in fields(Context) if f.name != "at")


def to_json(context: Context) -> dict[str, object]:
    """Return the fields that say something, apart from the time, which has a column of its own."""
    return {
        name: value for name, default in _DEFAULTS if (value := getattr(context, name)) != default
    }


def to_row(context: Context) -> tuple[object, ...]:
    """Return the values of the columns behind the place."""
    return context.at, to_json(context)


def from_json(at: float, stored: object) -> Context | None:
    """Return the context without the fields that can't be understood; None if there are no fields.

    Args:
        at: When it was, in seconds since the epoch.
        stored: What the database holds.
    """
    if not isinstance(stored, dict):
        return None
    found = cast("dict[object, object]", stored)
    return Context(
        intent=_text(found.get("intent")) or "",
        topics=_texts(found.get("topics")),
        earlier=_texts(found.get("earlier")),
        region=_text(found.get("region")),
        listed=_texts(found.get("listed")),
        depth=_number(found.get("depth")),
        told=_texts(found.get("told")),
        given=_texts(found.get("given")),
        language=to_language(found.get("language")),
        script=_text(found.get("script")) or "",
        at=at,
    )


def to_language(stored: object) -> Language | None:
    """Return a stored language; None if this version doesn't speak it."""
    return next((language for language in LANGUAGES if language == stored), None)


def _text(stored: object) -> str | None:
    return stored if isinstance(stored, str) else None


def _texts(stored: object) -> tuple[str, ...]:
    items = cast("list[object]", stored) if isinstance(stored, list) else []
    texts = tuple(item for item in items if isinstance(item, str))
    return texts if len(texts) == len(items) else ()


def _number(stored: object) -> int:
    return stored if isinstance(stored, int) and not isinstance(stored, bool) else 0
