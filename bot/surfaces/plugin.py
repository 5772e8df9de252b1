"""efinbot as a part of any python-telegram-bot application."""

from dataclasses import dataclass

from ..assistant import Assistant
from ..settings import Settings
from ..workshop import open_engine
from .routes import Entrance
from .service import GROUP, Efinbot, Host


@dataclass(frozen=True, slots=True)
class Installation:
    """What `install` added to an application."""

    bot: Efinbot
    """What the handler does its work with."""
    handler: Entrance
    """The one handler that was added."""
    group: int = GROUP
    """The handler group that it was added to; nothing else is in it."""

    async def remove(self) -> None:
        """Take everything out of the application again, and close the state."""
        application = self.bot.application
        if self.handler in application.handlers.get(self.group, ()):
            application.remove_handler(self.handler, self.group)
        await self.bot.close()


def install(
    application: Host, settings: Settings | None = None, assistant: Assistant | None = None
) -> Installation:
    """Add efinbot to an application: commands, questions, buttons, inline mode.

    It has one handler in a group of its own, behind the host's, and keeps its state in a database
    of its own: nothing is put into ``bot_data``, ``chat_data`` or ``user_data``, which a host's
    persistence copies and replaces. Whatever else handles an update goes on doing so. A command,
    a conversation or an inline query that a handler of the host takes is left to the host.

    The state is opened with the first update and closed after the host's ``post_shutdown``; a host
    that runs the application by hand closes it with `Installation.remove`.

    Args:
        application: The host. It may be initialised or running already.
        settings: How to behave; those of the environment if None. The token isn't used.
        assistant: Answers; made from the knowledge of the settings if None, which takes half a
            second, or some seconds when the knowledge has changed.

    Returns:
        What was added; the same as before if efinbot is in the application already.

    Raises:
        SettingsError: The settings have problems.
        KnowledgeError: The knowledge has problems.
    """
    for handler in application.handlers.get(GROUP, ()):
        if isinstance(handler, Entrance):
            return Installation(handler.bot, handler)
    settings = settings or Settings.read()
    bot = Efinbot(application, assistant or Assistant(open_engine(settings.knowledge)), settings)
    handler = Entrance(bot)
    application.add_handler(handler, GROUP)
    after = application.post_shutdown

    async def close(host: Host) -> None:
        if after:
            await after(host)
        await bot.close()

    application.post_shutdown = close
    return Installation(bot, handler)
