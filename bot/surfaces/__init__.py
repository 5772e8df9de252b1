"""Where people meet the bot in Telegram: commands, questions, buttons, inline mode."""

from .menus import register_menus
from .plugin import Installation, install
from .service import Efinbot

__all__ = ["Efinbot", "Installation", "install", "register_menus"]
