"""The update handler and the host observer: the two handlers that efinbot adds."""

import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

from telegram import Document, Update, User
from telegram.constants import ChatType
from telegram.ext import (
    CommandHandler,
    ConversationHandler,
    InlineQueryHandler,
    PrefixHandler,
    TypeHandler,
)

from ..redaction import described, hide_tokens
from .answers import ask, reply_text
from .callbacks import OperatorButtons, tapped
from .commands import COMMANDS, Command, unknown
from .context import MessageContext, read_message
from .feedback import reacted
from .flow_control import ChatQueues, Job
from .inline import typed
from .keyboards import PREFIX, data_of
from .sender import Host, Undelivered
from .services import BEFORE, BEHIND, Services

_TAKING: Final = (CommandHandler, PrefixHandler, ConversationHandler, InlineQueryHandler)
"""Handlers by which a host takes an update for itself."""
_REMEMBERED: Final = 1024
_STALE: Final = 2 * 3600
"""Seconds after which a message in a group isn't answered any more: the talk has moved on."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OperatorHandlers:
    """What operators may do besides everybody's commands."""

    commands: Mapping[str, Command]
    """The operators' commands by name."""
    takes: Callable[[Document], bool]
    """Returns whether a file is one for the knowledge."""
    received: Callable[[MessageContext, Document], Awaitable[None]]
    """Takes a file that an operator has sent."""
    tapped: OperatorButtons
    """Does what a button below a message to an operator says."""


class HostObserver(TypeHandler[Update, Any, None]):
    """Notes which updates a host takes, before it does: then its dialogue may be over.

    Args:
        application: The host.
    """

    def __init__(self, application: Host) -> None:
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

    @property
    def is_absent(self) -> bool:
        """Return whether nobody else handles the updates of this bot."""
        return all(group in (BEFORE, BEHIND) for group in self._application.handlers)

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


class Work(NamedTuple):
    """What an update asks for."""

    chat: int
    """Id of the chat or person whose updates are handled in order."""
    job: Job
    """What to do."""
    message: MessageContext | None = None
    """The message to apologise for if that fails."""


class UpdateHandler(TypeHandler[Update, Any, None]):
    """Takes what isn't the host's, and has it handled in the queue of its chat.

    Args:
        bot: What handlers share.
        operators: What operators may do.
        host: Knows what is the host's.
    """

    def __init__(self, bot: Services, operators: OperatorHandlers, host: HostObserver) -> None:
        super().__init__(Update, self._take)
        self.bot = bot
        self._operators = operators
        self._host = host
        self._queues = ChatQueues(bot.application.create_task)

    async def _take(self, update: Update, _: object) -> None:
        """Queue what an update asks for; the host goes on while it is done."""
        if self._host.has_taken(update):
            return
        ways_in = (
            self._migration,
            self._inline_query,
            self._tap,
            self._reaction,
            self._document,
            self._message,
        )
        if work := next(filter(None, (way_in(update) for way_in in ways_in)), None):
            self._queues.add(work.chat, partial(self.handle, update, work))
            if self._host.is_absent:
                await self._queues.room()

    async def handle(self, update: Update, work: Work) -> None:
        """Do what an update asks for, once; whatever goes wrong ends here.

        Args:
            update: The update; one that is delivered twice is handled once.
            work: What it asks for.
        """
        if not self.bot.is_ready:
            await self.bot.ready()
        if self.bot.state.handled(update.update_id):
            return
        try:
            await work.job()
        except Undelivered as error:
            if not error.is_logged:
                _log.info("not delivered: %s", hide_tokens(error.reason))
        except Exception as error:  # noqa: BLE001 - the bot stays up whatever happens
            await self._failed(update, error, work.message)
        self.bot.state.mark_handled(update.update_id)

    async def _failed(
        self, update: Update, error: Exception, message: MessageContext | None
    ) -> None:
        _log.error("an update could not be handled: %s", described(error))
        if message:
            try:
                await reply_text(self.bot, message, self.bot.knowledge.interface.chat.apology)
            except Exception as second:  # noqa: BLE001 - the queue goes on with what comes next
                _log.warning("the apology failed too: %s", described(second))
        application = self.bot.application
        if application.error_handlers:
            await application.process_error(update, error)

    @property
    def _me(self) -> User:
        return self.bot.application.bot.bot

    # The ways in

    def _migration(self, update: Update) -> Work | None:
        """Let the settings of a group that became a supergroup go with it."""
        message = update.message
        if message is None or message.migrate_to_chat_id is None:
            return None
        old, new = message.chat.id, message.migrate_to_chat_id
        return Work(old, lambda: self.bot.state.move(old, new))

    def _inline_query(self, update: Update) -> Work | None:
        """Offer articles to somebody who types ``@bot …`` in any chat."""
        query = update.inline_query
        return Work(query.from_user.id, partial(typed, self.bot, query)) if query else None

    def _tap(self, update: Update) -> Work | None:
        """Do what a button says; those of a host are left to it."""
        query = update.callback_query
        if query is None or not (self._host.is_absent or data_of(query.data).startswith(PREFIX)):
            return None
        chat = query.message.chat.id if query.message else query.from_user.id
        return Work(
            chat, partial(tapped, self.bot, self._operators.tapped, query, time.perf_counter())
        )

    def _reaction(self, update: Update) -> Work | None:
        """Take a reaction to an answer for a rating, where ratings are taken."""
        given = update.message_reaction
        if given is None:
            return None
        if not self.bot.takes_votes[given.chat.type == ChatType.PRIVATE]:
            return None
        return Work(given.chat.id, partial(reacted, self.bot, given))

    def _document(self, update: Update) -> Work | None:
        """Take a file of knowledge that an operator sends in private.

        In a host's application, any other file is the host's.
        """
        sent = update.effective_message
        document = sent.document if sent and not sent.animation else None
        if document is None or not (self._host.is_absent or self._operators.takes(document)):
            return None
        message = read_message(update, self._me, is_alone=True, whole_albums=True)
        if message is None or not self.bot.is_operator(message.place):
            return None
        return self._reply(message, lambda _, one: self._operators.received(one, document))

    def _message(self, update: Update) -> Work | None:
        """Do what a command says, unless it is a host's; answer a question.

        In private any question is answered, in a group what is addressed to the bot.
        """
        message = read_message(update, self._me, is_alone=self._host.is_absent)
        if message is None:
            return None
        if message.command:
            command = self._command(message)
        else:
            meant = self.bot.settings.free_text and (message.private or message.addressed)
            command = ask if meant else None
        return self._reply(message, command) if command else None

    def _command(self, message: MessageContext) -> Command | None:
        """Return what a command does; None if it is the host's, or nobody's in a group."""
        prefix = self.bot.settings.command_prefix
        name = message.command.removeprefix(prefix)
        if message.command == prefix + name:
            if name in COMMANDS:
                return COMMANDS[name]
            if name in self._operators.commands and self.bot.is_operator(message.place):
                return self._operators.commands[name]
        return unknown if self._host.is_absent and message.private else None

    def _reply(self, message: MessageContext, command: Command) -> Work | None:
        """Return the work of answering a message, unless it came long ago."""
        if not message.private and time.time() - message.sent > _STALE:
            return None

        async def job() -> None:
            person, limit, state = message.place.person, self.bot.rate_limit, self.bot.state
            if limit.is_muted(person, state):
                return
            if limit.exceeds(person, state):
                await reply_text(self.bot, message, self.bot.knowledge.interface.chat.slow_down)
            else:
                await command(self.bot, message)

        return Work(message.place.chat, job, message)


async def _nothing(_: Update, __: object) -> None:
    """Never run."""
