"""Where people meet the bot: replies, the command line, Telegram."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .assistant import Answer, Assistant
    from .plugin import Installation, install
    from .reload.engine_cache import open_engine
    from .reload.live import Live
    from .replies.composer import Choice, Reply
    from .settings import Settings, SettingsError
    from .telegram.menus import MenuKeeper, register_menus
    from .telegram.updates import TolerantBot

__all__ = [
    "Answer",
    "Assistant",
    "Choice",
    "Installation",
    "Live",
    "MenuKeeper",
    "Reply",
    "Settings",
    "SettingsError",
    "TolerantBot",
    "install",
    "open_engine",
    "register_menus",
]

_HOMES = {
    "Answer": "assistant",
    "Assistant": "assistant",
    "Choice": "replies.composer",
    "Installation": "plugin",
    "Live": "reload.live",
    "MenuKeeper": "telegram.menus",
    "Reply": "replies.composer",
    "Settings": "settings",
    "SettingsError": "settings",
    "TolerantBot": "telegram.updates",
    "install": "plugin",
    "open_engine": "reload.engine_cache",
    "register_menus": "telegram.menus",
}
"""The module of each of them, imported at first use: the command line must start at once, even if
only to report an error."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
