"""Where people meet the bot: replies, the command line, Telegram."""

from typing import TYPE_CHECKING

from .lazy_attributes import lazy_attributes

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

# Imported at first use: the command line must start at once, even if only to report an error.
__getattr__ = lazy_attributes(
    __name__,
    {
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
    },
)
