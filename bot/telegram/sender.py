"""Calls to Telegram with manners: waiting when told to, trying again, knowing when to let go."""

import asyncio
import logging
import warnings
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter
from telegram.warnings import PTBDeprecationWarning

from ..redaction import described

_T = TypeVar("_T")
_log = logging.getLogger(__name__)

_TRIES: Final = 6
_FIRST_PAUSE: Final = 0.25
"""Seconds before a call that failed on the network is made again; twice as long each time."""
_LONGEST_WAIT: Final = 300.0
"""Seconds for which an answer is put off at most."""
_IN_VAIN: Final = (
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "message thread not found",
    "message_id_invalid",
    "query is too old",
    "query id is invalid",
    "topic_closed",
    "topic_deleted",
    "not enough rights",
    "have no rights",
    "chat_write_forbidden",
    "chat not found",
    "chat_restricted",
    "need administrator rights",
    "peer_id_invalid",
    "user_is_blocked",
    "bot was kicked",
    "group chat was deactivated",
)
"""Refusals that are the chat's affair, not a mistake of the bot: as Telegram words them."""


class Undelivered(Exception):  # noqa: N818 - a fact of life in chats, handled where it matters
    """A call that Telegram refused for good, for a reason that is no fault of the bot."""

    def __init__(self, reason: str) -> None:
        """Say why.

        Args:
            reason: Telegram's words, in lower case.
        """
        super().__init__(reason)
        self.reason = reason


class Delivery:
    """Makes calls; a chat that has to wait holds up nobody else."""

    def __init__(self, migrated: Callable[[int, int], Awaitable[None]]) -> None:
        """Make a delivery.

        Args:
            migrated: Told the old and the new id of a group that became a supergroup.
        """
        self._migrated = migrated
        self._until: dict[int, float] = {}

    async def call(self, chat: int, make: Callable[[int], Awaitable[_T]]) -> _T:
        """Make a call, again if need be.

        Args:
            chat: Id of the chat, or of the person where there is no chat: who waits if one must.
            make: Makes the call for a chat id, which is another if the group has become a
                supergroup meanwhile.

        Raises:
            Undelivered: It can't be done; the reason has been logged if operators should know.
            TelegramError: Telegram found a mistake in the call.
        """
        failures = 0
        while True:
            await self._pause(chat)
            try:
                return await make(chat)
            except RetryAfter as error:
                self._until[chat] = _clock() + _bearable(error)
            except ChatMigrated as error:
                await self._migrated(chat, error.new_chat_id)
                chat = error.new_chat_id
            except (Forbidden, BadRequest) as error:
                if isinstance(error, BadRequest) and not _is_in_vain(error):
                    raise
                raise Undelivered(error.message.lower()) from None
            except NetworkError as error:
                failures += 1
                if failures == _TRIES:
                    _log.warning(
                        "%d tries failed, one call is dropped: %s", _TRIES, described(error)
                    )
                    raise Undelivered(error.message.lower()) from None
                await asyncio.sleep(_FIRST_PAUSE * 2 ** (failures - 1))

    async def _pause(self, chat: int) -> None:
        """Wait for as long as Telegram has told this chat to."""
        while (wait := self._until.get(chat, 0.0) - _clock()) > 0:  # noqa: ASYNC110 - it may grow
            await asyncio.sleep(wait)
        self._until.pop(chat, None)


def _clock() -> float:
    return asyncio.get_running_loop().time()


def _is_in_vain(error: BadRequest) -> bool:
    reason = error.message.lower()
    return any(known in reason for known in _IN_VAIN)


def told_to_wait(error: RetryAfter) -> float:
    """Return how many seconds Telegram wants to be left alone."""
    with warnings.catch_warnings():
        # The attribute's type is being changed; both are understood here.
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()


def _bearable(error: RetryAfter) -> float:
    """Return how many seconds to wait, unless an answer would come too late to be of use."""
    seconds = told_to_wait(error)
    if seconds > _LONGEST_WAIT:
        _log.warning("Telegram wants a pause of %.0f s; one call is dropped", seconds)
        raise Undelivered(error.message.lower())
    return seconds
