"""All ways in which updates reach the bot, in one place and in order."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from telegram import Update
from telegram.constants import ChatType

from ..admin.operator_commands import OPERATIONS
from ..admin.sessions import AdminSessions, is_operator
from ..admin.uploads import is_yaml, received
from . import callbacks, inline, reactions
from .chat_queues import Job
from .commands import COMMANDS, Command, ask
from .context import Turn
from .incoming import Incoming, read
from .keyboards import PREFIX, data_of
from .service import Efinbot

_STALE: Final = 2 * 3600
"""Seconds after which a message in a group isn't answered any more: the talk has moved on."""


@dataclass(frozen=True, slots=True)
class Work:
    """What an update asks for."""

    lane: int
    """Id of the chat or person whose updates are handled in order."""
    job: Job
    """What to do."""
    apologise: Job
    """What to do if that fails."""


Route: TypeAlias = Callable[[Efinbot, Update], Work | None]
"""Returns what an update asks for; None if it is for another route, or for nobody."""


def moved(bot: Efinbot, update: Update) -> Work | None:
    """Let the settings of a group that became a supergroup go with it."""
    message = update.message
    if message is None or message.migrate_to_chat_id is None:
        return None
    old, new = message.chat.id, message.migrate_to_chat_id
    return Work(old, lambda: bot.state.move(old, new), _silently)


def typing(bot: Efinbot, update: Update) -> Work | None:
    """Offer articles to somebody who types ``@bot …`` in any chat."""
    query = update.inline_query
    if query is None:
        return None
    return Work(query.from_user.id, lambda: inline.typed(bot, query), _silently)


def tap(sessions: AdminSessions, bot: Efinbot, update: Update) -> Work | None:
    """Do what a button says; those of a host are left to it."""
    query = update.callback_query
    if query is None or not (bot.is_alone or data_of(query.data).startswith(PREFIX)):
        return None
    lane = query.message.chat.id if query.message else query.from_user.id
    began = time.perf_counter()
    return Work(lane, lambda: callbacks.tapped(bot, query, began, sessions.tapped), _silently)


def reaction(bot: Efinbot, update: Update) -> Work | None:
    """Take a reaction to an answer for a vote, where votes are taken."""
    given = update.message_reaction
    if given is None:
        return None
    if not bot.settings.takes_votes(private=given.chat.type == ChatType.PRIVATE):
        return None
    return Work(given.chat.id, lambda: reactions.reacted(bot, given), _silently)


def sent(sessions: AdminSessions, bot: Efinbot, update: Update) -> Work | None:
    """Take a file of knowledge that an operator sends in private.

    Beside a host, any other file is the host's.
    """
    message = update.effective_message
    document = message.document if message and not message.animation else None
    if document is None or not (bot.is_alone or is_yaml(document.file_name)):
        return None
    incoming = read(update, bot.me, is_alone=True, whole_albums=True)
    if incoming is None or not is_operator(bot, incoming.place):
        return None
    return _answering(bot, update, incoming, lambda turn: received(sessions, turn, document))


def written(sessions: AdminSessions, bot: Efinbot, update: Update) -> Work | None:
    """Do what a command says, unless it is a host's; answer a question.

    In private any question is answered, in a group what is addressed to the bot.
    """
    is_alone = bot.is_alone
    message = read(update, bot.me, is_alone=is_alone)
    if message is None:
        return None
    if not message.command:
        meant = bot.settings.free_text and (message.private or message.addressed)
        return _answering(bot, update, message, ask) if meant else None
    name = message.command.removeprefix(bot.settings.command_prefix)
    if message.command == bot.settings.command_prefix + name:
        if name in COMMANDS:
            return _answering(bot, update, message, COMMANDS[name])
        if name in OPERATIONS and is_operator(bot, message.place):
            return _answering(bot, update, message, partial(OPERATIONS[name], sessions))
    return _answering(bot, update, message, _unknown) if is_alone and message.private else None


def routes(sessions: AdminSessions) -> tuple[Route, ...]:
    """Return every way in, in the order in which an update is tried on them."""
    return (
        moved,
        typing,
        partial(tap, sessions),
        reaction,
        partial(sent, sessions),
        partial(written, sessions),
    )


def _answering(bot: Efinbot, update: Update, message: Incoming, answer: Command) -> Work | None:
    """Return the work of answering a message, unless it came long ago."""
    if not message.private and time.time() - message.sent > _STALE:
        return None
    turn = Turn(bot, bot.edition, message, edited=update.edited_message is not None)
    words, person = turn.knowledge.interface.chat, message.place.person

    async def job() -> None:
        trusted = is_operator(bot, message.place)  # who may send a whole folder at once
        if bot.is_muted(person) and not trusted:
            return
        if not trusted and await bot.mutes(person):
            await turn.say(words.slow_down)
        else:
            await answer(turn)

    return Work(message.place.chat, job, lambda: turn.say(words.apology))


async def _unknown(turn: Turn) -> None:
    await turn.say(turn.knowledge.interface.chat.unknown_command)


async def _silently() -> None:
    """Say nothing: there is no message to answer."""
