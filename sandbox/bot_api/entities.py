"""Formatted text: Telegram's HTML to text and entities, with offsets in UTF-16 code units."""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .links import checked_link
from .refusals import bad_request

Entity = dict[str, Any]

_TAGS: Final = {
    "a": "text_link",
    "b": "bold",
    "blockquote": "blockquote",
    "code": "code",
    "del": "strikethrough",
    "em": "italic",
    "i": "italic",
    "ins": "underline",
    "pre": "pre",
    "s": "strikethrough",
    "span": "spoiler",
    "strike": "strikethrough",
    "strong": "bold",
    "tg-emoji": "custom_emoji",
    "tg-spoiler": "spoiler",
    "tg-time": "date_time",
    "u": "underline",
}
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPECIAL: Final = re.compile("[<&]")
_CHARACTER: Final = re.compile(r"&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,8})|([a-z]+));?")
_TAG_NAME: Final = re.compile(r"[^\s>]*", re.ASCII)
_SPACE: Final = re.compile(r"\s*", re.ASCII)
_ATTRIBUTE_NAME: Final = re.compile(r"[^\s=>]*", re.ASCII)
_TOKEN: Final = re.compile(r"[A-Za-z0-9.-]*")
_USER_LINK: Final = re.compile(r"tg://user\?id=(\d{1,18})")
_SURROGATES: Final = range(0xD800, 0xE000)
_IDENTIFIERS: Final = 2**63
_BLOCKS: Final = frozenset({"blockquote", "expandable_blockquote"})
_VERBATIM: Final = frozenset({"code", "pre"})


def utf16_length(text: str) -> int:
    """Return how many UTF-16 code units a text takes: what Telegram counts in."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end."""

    tag: str
    attributes: dict[str, str]
    offset: int
    start: int


class _Reader:
    """Reads HTML from left to right."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.pieces: list[str] = []
        self.length = 0
        self.entities: list[Entity] = []
        self.open: list[_Open] = []

    def read(self) -> tuple[str, list[Entity]]:
        source, at = self.source, 0
        while special := _SPECIAL.search(source, at):
            begin = special.start()
            self._write(source[at:begin])
            if source[begin] == "&":
                character, at = _character(source, begin)
                self._write(character)
            elif source.startswith("</", begin):
                at = self._close(begin)
            else:
                at = self._start(begin)
        self._write(source[at:])
        if self.open:
            tag = self.open[-1].tag
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return "".join(self.pieces), self.entities

    def _write(self, text: str) -> None:
        if text:
            self.pieces.append(text)
            self.length += utf16_length(text)

    def _start(self, begin: int) -> int:
        at = _end(_TAG_NAME, self.source, begin + 1)
        if at == len(self.source):
            raise _unparsable(f"Unclosed start tag at byte offset {self._byte(begin)}")
        tag = self.source[begin + 1 : at].lower()
        if tag not in _TAGS:
            where = self._byte(begin)
            raise _unparsable(f'Unsupported start tag "{tag}" at byte offset {where}')
        attributes, at = self._attributes(tag, begin, at)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            where = self._byte(begin)
            raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        self.open.append(_Open(tag, attributes, self.length, len(self.pieces)))
        return at

    def _attributes(self, tag: str, begin: int, at: int) -> tuple[dict[str, str], int]:
        source = self.source
        attributes: dict[str, str] = {}
        while True:
            at = _end(_SPACE, source, at)
            if source.startswith(">", at):
                return attributes, at + 1
            name_end = _end(_ATTRIBUTE_NAME, source, at)
            name = source[at:name_end].lower()
            if not name and name_end < len(source):
                where = f'the tag "{tag}" at byte offset {self._byte(begin)}'
                raise _unparsable(f"Empty attribute name in {where}")
            at = _end(_SPACE, source, name_end)
            value = ""
            if source.startswith("=", at):
                value, at = self._value(_end(_SPACE, source, at + 1))
            if at >= len(source):
                where = self._byte(begin)
                raise _unparsable(f'Unclosed start tag "{tag}" at byte offset {where}')
            attributes[name] = value

    def _value(self, at: int) -> tuple[str, int]:
        source = self.source
        quote = source[at : at + 1]
        if quote in ("'", '"') and quote:
            end = source.find(quote, at + 1)
            if end < 0:
                return "", len(source)
            return _unescaped(source[at + 1 : end]), end + 1
        end = _end(_TOKEN, source, at)
        if end < len(source) and not (source[end].isspace() or source[end] == ">"):
            raise _unparsable(f"Unexpected end of name token at byte offset {self._byte(at)}")
        return source[at:end].lower(), end

    def _close(self, begin: int) -> int:
        where = self._byte(begin)
        if not self.open:
            raise _unparsable(f"Unexpected end tag at byte offset {where}")
        name_end = _end(_TAG_NAME, self.source, begin + 2)
        found = self.source[begin + 2 : name_end]
        at = _end(_SPACE, self.source, name_end)
        if not self.source.startswith(">", at):
            raise _unparsable(f"Unclosed end tag at byte offset {where}")
        opened = self.open.pop()
        if found and found.lower() != opened.tag:
            expected = f'expected "</{opened.tag}>", found "</{found}>"'
            raise _unparsable(f"Unmatched end tag at byte offset {where}, {expected}")
        if self.length > opened.offset:
            self._add(opened)
        return at + 1

    def _add(self, opened: _Open) -> None:
        where = {"offset": opened.offset, "length": self.length - opened.offset}
        kind = _TAGS[opened.tag]
        if kind == "text_link":
            link = _link(opened.attributes.get("href") or "".join(self.pieces[opened.start :]))
            if link is not None:
                self.entities.append({**link, **where})
            return
        extra = _EXTRA[kind](opened.attributes) if kind in _EXTRA else {}
        if kind == "pre" and self.entities:
            # <pre><code class="language-x"> is one block with a language.
            inner = self.entities[-1]
            if inner["type"] == "code" and where.items() <= inner.items() and "language" in inner:
                extra = {"language": self.entities.pop()["language"]}
        self.entities.append({"type": kind, **where, **extra})

    def _byte(self, at: int) -> int:
        return len(self.source[:at].encode("utf-8", "surrogatepass"))


def _unparsable(what: str) -> Exception:
    return bad_request(f"can't parse entities: {what}")


def _end(pattern: re.Pattern[str], source: str, at: int) -> int:
    """Return where a match that may be empty ends."""
    match = pattern.match(source, at)
    return match.end() if match else at


def _character(source: str, at: int) -> tuple[str, int]:
    """Return what an ampersand begins, and where that ends."""
    match = _CHARACTER.match(source, at)
    if match:
        hexadecimal, decimal, name = match.groups()
        if name:
            if name in _NAMED:
                return _NAMED[name], match.end()
        else:
            code = int(hexadecimal, 16) if hexadecimal else int(decimal)
            if 0 < code <= sys.maxunicode and code not in _SURROGATES:
                return chr(code), match.end()
    return "&", at + 1


def _unescaped(text: str) -> str:
    pieces: list[str] = []
    at = 0
    while (begin := text.find("&", at)) >= 0:
        pieces.append(text[at:begin])
        character, at = _character(text, begin)
        pieces.append(character)
    return "".join((*pieces, text[at:]))


def _link(url: str) -> Entity | None:
    user = _USER_LINK.fullmatch(url)
    if user:
        return {"type": "text_mention", "user": {"id": int(user[1])}}
    # Telegram drops a link that leads nowhere and keeps its text.
    try:
        return {"type": "text_link", "url": checked_link(url)}
    except ValueError:
        return None


def _custom_emoji(attributes: Mapping[str, str]) -> Entity:
    identifier = attributes.get("emoji-id", "")
    if not identifier.isdigit() or not 0 < int(identifier) < _IDENTIFIERS:
        raise _unparsable("Invalid custom emoji identifier specified")
    return {"custom_emoji_id": identifier}


def _date_time(attributes: Mapping[str, str]) -> Entity:
    if not attributes.get("unix", "").isdigit():
        raise _unparsable("Invalid date specified")
    date: Entity = {"unix_time": int(attributes["unix"])}
    if attributes.get("format"):
        date["date_time_format"] = attributes["format"]
    return date


def _blockquote(attributes: Mapping[str, str]) -> Entity:
    return {"type": "expandable_blockquote"} if "expandable" in attributes else {}


def _code(attributes: Mapping[str, str]) -> Entity:
    language = attributes.get("class", "")
    if not language.startswith("language-"):
        return {}
    return {"language": language.removeprefix("language-")}


_EXTRA: Final[Mapping[str, Callable[[Mapping[str, str]], Entity]]] = {
    "blockquote": _blockquote,
    "code": _code,
    "custom_emoji": _custom_emoji,
    "date_time": _date_time,
}
"""What the attributes of a tag add to its entity."""


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return the text and the entities of Telegram's HTML.

    Raises:
        Refusal: The HTML is wrong, or uses a tag that Telegram doesn't know.
    """
    if "<" not in source and "&" not in source:
        return source, []
    text, entities = _Reader(source).read()
    return text, _arranged(entities)


def _arranged(entities: list[Entity]) -> list[Entity]:
    """Return entities in Telegram's order, without what it doesn't allow within another."""
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    verbatim = [entity for entity in entities if entity["type"] in _VERBATIM]
    kept: list[Entity] = []
    quote_end = -1
    for entity in entities:
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        if entity["type"] in _BLOCKS:
            if begin >= quote_end:
                kept.append(entity)
                quote_end = end
        elif entity["type"] in _VERBATIM:
            if not any(
                other is not entity and other["offset"] <= begin < other["offset"] + other["length"]
                for other in verbatim[: verbatim.index(entity)]
            ):
                kept.append(entity)
        else:
            kept += _outside(entity, verbatim)
    for entity in kept:
        if entity["type"] == "code":
            entity.pop("language", None)
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return kept


def _outside(entity: Entity, verbatim: list[Entity]) -> list[Entity]:
    """Return the parts of an entity that are not in code, where nothing is formatted."""
    parts: list[Entity] = []
    begin, end = entity["offset"], entity["offset"] + entity["length"]
    for code in verbatim:
        code_begin, code_end = code["offset"], code["offset"] + code["length"]
        if code_end <= begin or code_begin >= end:
            continue
        if code_begin > begin:
            parts.append({**entity, "offset": begin, "length": code_begin - begin})
        begin = max(begin, code_end)
    if begin < end:
        parts.append({**entity, "offset": begin, "length": end - begin})
    return parts
