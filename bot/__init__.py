"""Where people meet the bot: replies, the command line, Telegram."""

from .assistant import Answer, Assistant
from .replies import Choice, Reply
from .workshop import open_engine

__all__ = ["Answer", "Assistant", "Choice", "Reply", "open_engine"]
