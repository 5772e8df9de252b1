"""Where people meet the bot in Telegram: commands, questions, buttons, inline mode."""

from .menus import register_menus
from .plugin import Installation, install
from .service import Efinbot
from .updates import TolerantBot

__all__ = ["Efinbot", "Installation", "TolerantBot", "install", "register_menus"]
