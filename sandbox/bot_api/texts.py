"""What becomes of a text that is sent: cleaned, formatted, measured, with what it mentions."""

import re
import unicodedata
from typing import Any, Final

from .entities import Entity, parse_html, utf16_length
from .limits import CAPTION_LIMIT, TEXT_LIMIT
from .links import checked_link
from .refusals import bad_request

_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_HOST: Final = r"[^\s<>\"/]+"
_DOMAIN: Final = (
    r"(?:[a-z]{2}|com|org|net|edu|gov|info|biz|name|pro|app|dev|xyz|top|online|site|shop)"
)
"""What an address without http:// must end in. Telegram knows all domains; these are the usual."""
_MENTIONED: Final = re.compile(
    r"(?P<bot_command>(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z][a-zA-Z0-9_]{2,31})?(?![\w/<>@]))"
    r"|(?P<email>(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    rf"|(?P<url>(?:https?://{_HOST}\.[a-z]{{2,10}}|(?<![\w.@-]){_HOST}\.{_DOMAIN})(?![\w-])[^\s<>\"]*)"
    r"|(?P<mention>(?<![\w/@])@[a-zA-Z][a-zA-Z0-9_]{2,31}(?!\w))"
    r"|(?P<hashtag>(?<![\w/#&])#\w*[^\W\d]\w*)"
)
_MAYBE: Final = re.compile("[@/#.]")
_BLANK: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
_STATED: Final = {
    "text_link": "url",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}
_TYPES: Final = frozenset(
    {
        *("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold"),
        *("italic", "underline", "strikethrough", "spoiler", "blockquote", "code", "pre"),
        *("expandable_blockquote", *_STATED),
    }
)
_FOUND: Final = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email"})
_NO_MENTIONS_IN: Final = frozenset({"text_link", "text_mention", "code", "pre", "custom_emoji"})


def mentions(text: str) -> list[Entity]:
    """Return the commands, links, addresses, names and tags in a text.

    As in Telegram, a name or command that touches a letter, even a Chinese one, is none.
    """
    if not _MAYBE.search(text):
        return []
    found: list[Entity] = []
    for match in _MENTIONED.finditer(text):
        type_ = match.lastgroup
        # A sentence's full stop is no part of the link that ends it.
        said = match[0].rstrip(".,;:!?)") if type_ == "url" else match[0]
        offset = utf16_length(text[: match.start()])
        found.append({"type": type_, "offset": offset, "length": utf16_length(said)})
    return found


def formatted(
    text: str, parse_mode: str | None = None, given: list[Entity] | None = None
) -> tuple[str, list[Entity]]:
    """Return a text as it is kept, and its entities in order.

    Args:
        text: What was sent.
        parse_mode: How it is formatted; ``HTML`` is served.
        given: Entities instead of a parse mode.

    Raises:
        Refusal: The formatting is wrong.
    """
    if parse_mode:
        if parse_mode.lower() in ("markdown", "markdownv2"):
            raise bad_request(f"the sandbox doesn't parse {parse_mode}: use HTML")
        if parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode")
        text, entities = parse_html(text)
    elif given:
        entities = _checked(text, given)
    else:
        entities = []
    if _CONTROL.search(text):
        text = _CONTROL.sub(" ", text)
    text, entities = _trimmed(text, entities)
    if all(unicodedata.category(character) in _BLANK for character in text):
        return "", []
    own = mentions(text)
    if own and entities:
        taken = [e for e in entities if e["type"] in _NO_MENTIONS_IN]
        own = [e for e in own if not any(_overlap(e, other) for other in taken)]
    if own:
        entities = sorted([*entities, *own], key=lambda e: (e["offset"], -e["length"]))
    return text, entities


def _checked(text: str, given: list[Entity]) -> list[Entity]:
    """Return entities that were given, if they fit the text."""
    total = utf16_length(text)
    kept: list[Entity] = []
    for entity in given:
        type_, offset, length = entity["type"], entity["offset"], entity["length"]
        if type_ not in _TYPES:
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        if type_ in _STATED and _STATED[type_] not in entity:
            raise bad_request(f"can't parse MessageEntity: Can't find field \"{_STATED[type_]}\"")
        if offset < 0 or length < 0:
            wrong = f"offset {offset}" if offset < 0 else f"length {length}"
            raise bad_request(f"receive an entity with incorrect {wrong}")
        if offset > total:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
        if offset + length > total:
            ends = f"ends after the end of the text at UTF-16 offset {offset + length}"
            raise bad_request(f"entity beginning at UTF-16 offset {offset} {ends}")
        if type_ == "text_link":
            try:
                entity = {**entity, "url": checked_link(entity["url"])}  # noqa: PLW2901 - the same, corrected
            except ValueError as wrong:
                raise bad_request(f"entity URL '{entity['url']}' is invalid: {wrong}") from None
        # What can be found in the text is found there, whatever was given.
        if length and type_ not in _FOUND:
            kept.append(entity)
    return sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


def _overlap(one: Entity, other: Entity) -> bool:
    return (
        one["offset"] < other["offset"] + other["length"]
        and other["offset"] < one["offset"] + one["length"]
    )


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Return a text without the white space around it, and entities that fit it."""
    kept = text.strip(" \n")
    if kept == text:
        return text, entities
    if not entities:
        return kept, entities
    skipped = utf16_length(text[: len(text) - len(text.lstrip(" \n"))])
    total = utf16_length(kept)
    fitting: list[Entity] = []
    for entity in entities:
        begin = max(entity["offset"] - skipped, 0)
        end = min(entity["offset"] + entity["length"] - skipped, total)
        if begin < end:
            fitting.append({**entity, "offset": begin, "length": end - begin})
    return kept, fitting


def text_of(parameters: dict[str, Any], *, too_long: str = "message is too long") -> dict[str, Any]:
    """Return the fields of a message that say its text, from ``text`` and what formats it.

    Raises:
        Refusal: It is empty, too long or wrongly formatted.
    """
    text, entities = formatted(
        parameters["text"], parameters.get("parse_mode"), parameters.get("entities")
    )
    if not text:
        raise bad_request("text must be non-empty")
    if len(text) > TEXT_LIMIT // 2 and utf16_length(text) > TEXT_LIMIT:
        raise bad_request(too_long)
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption_of(
    parameters: dict[str, Any], *, too_long: str = "message caption is too long"
) -> dict[str, Any]:
    """Return the fields of a message that say its caption, from ``caption`` and its formatting.

    Raises:
        Refusal: It is too long or wrongly formatted.
    """
    text, entities = formatted(
        parameters.get("caption", ""),
        parameters.get("parse_mode"),
        parameters.get("caption_entities"),
    )
    if utf16_length(text) > CAPTION_LIMIT:
        raise bad_request(too_long)
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}
