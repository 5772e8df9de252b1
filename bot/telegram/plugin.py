"""efinbot as a part of any python-telegram-bot application."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from ..admin.sessions import AdminSessions
from ..reload.live import Live
from ..settings import Settings
from .service import BEFORE, BEHIND, Efinbot, Host
from .update_handler import Entrance, Lookout


@dataclass(frozen=True, slots=True)
class Installation:
    """What `install` added to an application."""

    bot: Efinbot
    """What the handlers do their work with."""
    lookout: Lookout
    """The handler that notes what the host takes, alone in the group `BEFORE`."""
    entrance: Entrance
    """The handler that takes the rest, alone in the group `BEHIND`."""

    @property
    def sessions(self) -> AdminSessions:
        """Return what operators have begun."""
        return self.entrance.sessions

    async def remove(self) -> None:
        """Take everything out of the application again, and close the state."""
        application = self.bot.application
        for handler, group in ((self.lookout, BEFORE), (self.entrance, BEHIND)):
            if handler in application.handlers.get(group, ()):
                application.remove_handler(handler, group)
        if isinstance(application.post_shutdown, _Closing):
            application.post_shutdown = application.post_shutdown.after
        await self.sessions.retire()
        await self.bot.retire()


def install(
    application: Host, settings: Settings | None = None, live: Live | None = None
) -> Installation:
    """Add efinbot to an application: commands, questions, buttons, inline mode.

    It has two handlers in groups of their own and keeps its state in a database of its own: nothing
    is put into ``bot_data``, ``chat_data`` or ``user_data``, which a host's persistence copies and
    replaces. Whatever else handles an update goes on doing so. What a command, a conversation or an
    inline query handler of the host takes is left to the host.

    The state is opened with the first update and closed after the host's ``post_shutdown``; a host
    that runs the application by hand closes it with `Installation.remove`.

    Args:
        application: The host. It may be initialised or running already.
        settings: How to behave; those of the environment if None. The token isn't used.
        live: Answers, and follows its folder; made from the knowledge of the settings if None,
            which takes half a second, or some seconds when the knowledge has changed.

    Returns:
        What was added; the same as before if efinbot is in the application already.

    Raises:
        SettingsError: The settings have problems.
        KnowledgeError: The knowledge has problems.
    """
    for entrance in application.handlers.get(BEHIND, ()):
        if isinstance(entrance, Entrance):
            return Installation(entrance.bot, entrance.lookout, entrance)
    settings = settings or Settings.read()
    bot = Efinbot(application, live or Live.open(settings.knowledge), settings)
    lookout = Lookout(application)
    sessions = AdminSessions(bot)
    bot.live.observers.append(sessions)
    entrance = Entrance(bot, lookout, sessions)
    application.add_handlers({BEFORE: [lookout], BEHIND: [entrance]})
    application.post_shutdown = _Closing(bot, sessions, application.post_shutdown)
    return Installation(bot, lookout, entrance)


@dataclass(frozen=True, slots=True)
class _Closing:
    """The host's ``post_shutdown``, then the end of the state."""

    bot: Efinbot
    sessions: AdminSessions
    after: Callable[[Host], Coroutine[Any, Any, None]] | None

    async def __call__(self, host: Host) -> None:
        if self.after:
            await self.after(host)
        await self.sessions.close()
        await self.bot.close()
