"""efinbot as a part of any python-telegram-bot application."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from ..knowledge import Knowledge
from .admin.operator_commands import operator_handlers
from .admin.sessions import AdminSessions
from .reload.live import Live
from .settings import Settings
from .telegram.sender import Host
from .telegram.services import BEFORE, BEHIND, Services
from .telegram.update_handler import HostObserver, UpdateHandler


@dataclass(frozen=True, slots=True)
class Installation:
    """What `install` added to an application."""

    services: Services
    """What the handlers share."""
    sessions: AdminSessions
    """What operators have begun."""
    observer: HostObserver
    """The handler that notes what the host takes, alone in the group `BEFORE`."""
    handler: UpdateHandler
    """The handler that takes the rest, alone in the group `BEHIND`."""

    @property
    def live(self) -> Live:
        """Return what answers, and follows its folder."""
        return self.services.live

    @property
    def knowledge(self) -> Knowledge:
        """Return what there is to talk about."""
        return self.services.knowledge

    async def remove(self) -> None:
        """Take everything out of the application again, and close the state."""
        application = self.services.application
        for handler, group in ((self.observer, BEFORE), (self.handler, BEHIND)):
            if handler in application.handlers.get(group, ()):
                application.remove_handler(handler, group)
        if isinstance(application.post_shutdown, _Closing):
            application.post_shutdown = application.post_shutdown.after
        await self.sessions.retire()
        await self.services.retire()


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
    if isinstance(application.post_shutdown, _Closing):
        return application.post_shutdown.installation
    settings = settings or Settings.read()
    services = Services(application, live or Live.open(settings.knowledge), settings)
    sessions = AdminSessions(services)
    observer = HostObserver(application)
    handler = UpdateHandler(services, operator_handlers(sessions), observer)
    application.add_handlers({BEFORE: [observer], BEHIND: [handler]})
    installation = Installation(services, sessions, observer, handler)
    application.post_shutdown = _Closing(installation, application.post_shutdown)
    return installation


@dataclass(frozen=True, slots=True)
class _Closing:
    """The host's ``post_shutdown``, then the end of the state."""

    installation: Installation
    after: Callable[[Host], Coroutine[Any, Any, None]] | None

    async def __call__(self, host: Host) -> None:
        if self.after:
            await self.after(host)
        await self.installation.sessions.close()
        await self.installation.services.close()
