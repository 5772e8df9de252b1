"""Types of settings that need more validation than pydantic's own."""

import re
from pathlib import Path
from typing import Annotated, Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from ..knowledge.messages import joined, message
from ..knowledge.problems import quoted
from .folders import existing, expanded
from .proxy import Proxy

_LONGEST_PREFIX: Final = 16
"""Half of the 32 characters that Telegram allows a command's name."""


def _server(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.username is not None or parts.password is not None:
        raise ValueError(message("settings.login_in_address"))
    _require_address(parts, url, "https://api.telegram.org")
    if parts.query or parts.fragment or re.search(r"/bot[0-9:]*", parts.path):
        raise ValueError(message("settings.more_than_a_root", url=url))
    return url.strip().rstrip("/")


def _webhook(url: str) -> str:
    if url.strip():
        _require_address(urlsplit(url.strip()), url, "https://example.com/reloads")
    return url.strip()


def _require_address(parts: SplitResult, url: str, example: str) -> None:
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(message("settings.no_address", url=url, example=example))


def _proxy(written: SecretStr) -> SecretStr:
    Proxy.parse(written.get_secret_value())
    return written


def _user_ids(written: object) -> object:
    if isinstance(written, str):
        written = [part for part in re.split(r"[\s,;，；、]+", written) if part]
    elif isinstance(written, int):
        written = [written]
    if not isinstance(written, list | tuple | set | frozenset):
        return written
    ids = [str(part) for part in written]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - as TOML has it
    if wrong := [part for part in ids if not re.fullmatch(r"[1-9][0-9]{0,15}", part)]:
        named = joined(map(quoted, wrong))
        raise ValueError(message("settings.no_user_id", named=named, count=len(wrong)))
    return frozenset(map(int, ids))


def _command_part(text: str) -> str:
    if not re.fullmatch(rf"[a-z0-9_]{{0,{_LONGEST_PREFIX}}}", text):
        raise ValueError(message("settings.no_prefix", text=text, most=_LONGEST_PREFIX))
    return text


ServerAddress: TypeAlias = Annotated[str, AfterValidator(_server)]
"""Root of a Bot API server, without a slash at its end."""
WebhookAddress: TypeAlias = Annotated[str, AfterValidator(_webhook)]
"""Where events are sent; empty for nowhere."""
ProxyAddress: TypeAlias = Annotated[SecretStr, AfterValidator(_proxy)]
"""What `Proxy.parse` takes; secret, as it may hold a password."""
File: TypeAlias = Annotated[Path, AfterValidator(expanded)]
"""A file, whether it exists or not."""
Folder: TypeAlias = Annotated[Path, AfterValidator(existing)]
"""A folder that exists."""
UserIds: TypeAlias = Annotated[frozenset[int], NoDecode, BeforeValidator(_user_ids)]
"""Telegram ids of people, written with commas or as a list."""
CommandPrefix: TypeAlias = Annotated[str, AfterValidator(_command_part)]
"""The beginning of a command's name, perhaps empty."""
