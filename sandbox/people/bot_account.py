"""A bot as BotFather knows it."""

from collections.abc import Callable

from ..bot_api.server import Server
from ..state.accounts import Bot
from ..state.world import Message
from . import waiting
from .observed_chats import PATIENCE, Conversation, Said


class BotAccount:
    """A bot as BotFather knows it."""

    def __init__(self, server: Server, user: Bot) -> None:
        self._server = server
        self.user = user
        """The bot in the world of the server."""

    @property
    def token(self) -> str:
        """What it signs in with."""
        return self.user.token

    @property
    def username(self) -> str:
        """Its name without the @."""
        return self.user.username or ""

    @property
    def id(self) -> int:
        """Its identifier."""
        return self.user.id

    def is_busy_while(self, busy: Callable[[], bool]) -> None:
        """Tell when the bot works on something that shows in no request.

        Args:
            busy: Says whether it does at this moment; called from another thread.
        """
        self.user.busy = busy

    async def waits_for_updates(self, *, seconds: float = PATIENCE) -> None:
        """Return when the bot is up: it polls, or has set a webhook.

        Raises:
            AssertionError: It doesn't within so many seconds.
        """
        if not await self._server.run(waiting.waits(self.user, seconds)):
            raise AssertionError(f"@{self.username} doesn't wait for updates")

    def repeats_updates(self, times: int = 1) -> None:
        """Let the next batches of updates be delivered twice."""
        self._server.do(lambda: self.user.mailbox.repeat(times))

    def gets_update(self, **content: object) -> None:
        """Let an update wait for the bot that this Telegram itself would never send.

        Args:
            content: Its kind and what it holds, such as ``message={...}``.
        """
        self._server.do(lambda: self.user.mailbox.push_raw(content))

    async def says(self, chat: Conversation, text: str, reply_to: Said | None = None) -> Said:
        """Write as a bot that only the test speaks for, made with ``scripted=True``."""
        if not self.user.scripted:
            raise AssertionError(f"@{self.username} speaks for itself; make it with scripted=True")

        def write() -> Message:
            reply = chat.chat.messages[reply_to.id] if reply_to else None
            chat.chat.last_bot = self.id
            world = self._server.api.world
            return world.add(chat.chat, self.user, {"text": text}, reply_to=reply)

        return Said(chat, self._server.do(write).body)
