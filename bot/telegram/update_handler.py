"""The two handlers that efinbot adds to an application."""

from collections import OrderedDict
from functools import partial
from typing import Any, Final

from telegram import Update
from telegram.ext import (
    CommandHandler,
    ConversationHandler,
    InlineQueryHandler,
    PrefixHandler,
    TypeHandler,
)

from ..admin.sessions import AdminSessions
from .routes import routes
from .service import BEFORE, BEHIND, Efinbot, Host

_TAKING: Final = (CommandHandler, PrefixHandler, ConversationHandler, InlineQueryHandler)
"""Handlers by which a host takes an update for itself."""
_REMEMBERED: Final = 1024


class Lookout(TypeHandler[Update, Any, None]):
    """Notes which updates a host takes, before it does: then its dialogue may be over."""

    def __init__(self, application: Host) -> None:
        """Make the handler.

        Args:
            application: The host.
        """
        super().__init__(Update, _nothing)
        self._application = application
        self._taken: OrderedDict[int, None] = OrderedDict()

    def check_update(self, update: object) -> bool:
        """Note whether the host takes an update; it is never handled here."""
        if isinstance(update, Update) and self._host_takes(update):
            self._taken[update.update_id] = None
            if len(self._taken) > _REMEMBERED:
                self._taken.popitem(last=False)
        return False

    def has_taken(self, update: Update) -> bool:
        """Return whether the host took an update: its command, its dialogue, its inline query."""
        return update.update_id in self._taken

    def _host_takes(self, update: Update) -> bool:
        return any(
            isinstance(handler, _TAKING) and handler.check_update(update) not in (None, False)
            for group, handlers in self._application.handlers.items()
            if group not in (BEFORE, BEHIND)
            for handler in handlers
        )


class Entrance(TypeHandler[Update, Any, None]):
    """Tries an update on the routes, and has its work done in the lane of its chat."""

    def __init__(self, bot: Efinbot, lookout: Lookout, sessions: AdminSessions) -> None:
        """Make the handler.

        Args:
            bot: What does the work.
            lookout: Knows what is the host's.
            sessions: What operators have begun.
        """
        super().__init__(Update, self._enter)
        self.bot = bot
        self.sessions = sessions
        self._routes = routes(sessions)
        self.lookout = lookout

    async def _enter(self, update: Update, _: object) -> None:
        """Return when the work has been taken: the host goes on while it is done."""
        if self.lookout.has_taken(update):
            return
        work = next(filter(None, (route(self.bot, update) for route in self._routes)), None)
        if work:
            job = partial(self.bot.guard, update, work.job, work.apologise)
            await self.bot.lanes.run(work.lane, job)


async def _nothing(_: Update, __: object) -> None:
    """Never run."""
