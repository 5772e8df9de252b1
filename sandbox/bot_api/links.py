"""Which addresses Telegram takes for links."""

import re
from typing import Final

_PROTOCOL: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_OWN: Final = frozenset({"tg", "ton", "tonsite"})
_AUTHORITY: Final = re.compile(r"(?:[^@/?#]*@)?(\[[0-9A-Fa-f:.]+\]|[^:/?#]*)(?::(\d{1,5}))?")
_FORBIDDEN: Final = re.compile(r"[\s<>\"{}|\\^`\x00-\x1f]")


def checked_link(url: str) -> str:
    """Return a link as Telegram keeps it, with its protocol and a path.

    Raises:
        ValueError: It is no link; what is wrong, in Telegram's words.
    """
    protocol, address = "http", url.strip()
    stated = _PROTOCOL.match(address)
    if stated:
        protocol, address = stated[1].lower(), address[stated.end() :]
    if protocol in _OWN:
        return f"{protocol}://{address}"
    if protocol not in ("http", "https"):
        message = "Unsupported URL protocol"
        raise ValueError(message)
    authority = _AUTHORITY.match(address)
    host = authority[1] if authority else ""
    if not host:
        message = "URL host is empty"
        raise ValueError(message)
    rest = address[authority.end() :] if authority else ""
    named = host.startswith("[") or ("." in host.strip(".") and not host.startswith("."))
    if not named or _FORBIDDEN.search(address) or (rest and rest[0] not in "/?#"):
        message = "Wrong HTTP URL"
        raise ValueError(message)
    if rest.startswith("/"):
        return f"{protocol}://{address}"
    return f"{protocol}://{address[: len(address) - len(rest)]}/{rest}"
