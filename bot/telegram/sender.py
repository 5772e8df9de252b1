"""Sends messages to Telegram: waits when rate limited, retries with backoff, gives up in time."""

import asyncio
import json
import logging
import warnings
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias, TypeVar

from telegram.constants import MessageLimit, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter
from telegram.ext import Application
from telegram.warnings import PTBDeprecationWarning

from ..redaction import described
from ..replies.splitting import split
from ..storage import Place

Host: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
"""The application that efinbot is part of."""

_T = TypeVar("_T")
_log = logging.getLogger(__name__)

_TRIES: Final = 6
_FIRST_BACKOFF: Final = 0.25
"""Seconds before a call that failed on the network is made again; twice as long each time."""
_LONGEST_WAIT: Final = 300.0
"""Seconds after which an answer comes too late to be of use."""
_SEND, _EDIT = "SendMessage", "EditMessageText"
"""Methods of the Bot API, in whose names case doesn't matter; as they are they warn of nothing."""
_TEXT: Final = {"parse_mode": ParseMode.HTML, "link_preview_options": '{"is_disabled":true}'}
_REFUSALS: Final = (
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

    def __init__(self, reason: str, *, is_logged: bool = False) -> None:
        """Say why.

        Args:
            reason: Telegram's words, in lower case.
            is_logged: Whether the log has it already.
        """
        super().__init__(reason)
        self.reason = reason
        self.is_logged = is_logged


class Sender:
    """Sends and edits messages; a chat that has to wait holds up nobody else.

    Args:
        application: The host, whose rate limiter is asked as for any other call.
        migrated: Told the old and the new id of a group that became a supergroup.
    """

    def __init__(self, application: Host, migrated: Callable[[int, int], Awaitable[None]]) -> None:
        self._application = application
        self._migrated = migrated
        self._paused_until: dict[int, float] = {}

    async def send(
        self, place: Place, html: str, markup: str | None = None, *, quotes: int | None = None
    ) -> int:
        """Send a message, in parts if it is too long for one; return the id of the last part.

        Args:
            place: Where to.
            html: The text.
            markup: The keyboard below it, as JSON.
            quotes: Id of the message that it replies to, in a group: there one part must do.

        Raises:
            Undelivered: See `call`.
        """
        parts = _parts(html)
        fields: dict[str, object] = {"message_thread_id": place.topic} if place.topic else {}
        if quotes:
            reply = {"message_id": quotes, "allow_sending_without_reply": True}
            fields["reply_parameters"] = json.dumps(reply)
        *first, last = parts[:1] if quotes else parts
        for part in first:
            await self._request(_SEND, place.chat, fields | {"text": part})
        keyboard = {"reply_markup": markup} if markup else {}
        sent = await self._request(_SEND, place.chat, fields | keyboard | {"text": last})
        return sent["message_id"]

    async def edit(
        self, chat: int, html: str, markup: str | None, message: Mapping[str, int | str]
    ) -> None:
        """Show something else in a message; that it shows it already is no error.

        Args:
            chat: Id of the chat, or of the person where only they know the chat.
            html: The text; only what fits one message is shown.
            markup: The keyboard below it, as JSON.
            message: Its ``message_id``, or its ``inline_message_id``.

        Raises:
            Undelivered: See `call`.
        """
        text = _parts(html)[0]
        keyboard = {"reply_markup": markup} if markup else {}
        try:
            await self._request(_EDIT, chat, {**message, **keyboard, "text": text})
        except Undelivered as error:
            if "not modified" not in error.reason:
                raise

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
            await self._wait(chat)
            try:
                return await make(chat)
            except RetryAfter as error:
                self._pause(chat, seconds_to_wait(error))
            except ChatMigrated as error:
                await self._migrated(chat, error.new_chat_id)
                chat = error.new_chat_id
            except (Forbidden, BadRequest) as error:
                if isinstance(error, BadRequest) and not _is_refusal(error):
                    raise
                raise Undelivered(error.message.lower()) from None
            except NetworkError as error:
                failures += 1
                if failures == _TRIES:
                    _log.warning(
                        "%d tries failed, one call is dropped: %s", _TRIES, described(error)
                    )
                    raise Undelivered(error.message.lower(), is_logged=True) from None
                await asyncio.sleep(_FIRST_BACKOFF * 2 ** (failures - 1))

    async def _request(self, method: str, chat: int, fields: Mapping[str, object]) -> Any:  # noqa: ANN401 - raw JSON
        """Make a call with a text; the answer stays JSON, as making objects of it takes time."""
        request = self._application.bot.do_api_request
        chatless = "inline_message_id" in fields

        def make(chat: int) -> Awaitable[Any]:
            where = {} if chatless else {"chat_id": chat}
            return request(method, {**_TEXT, **where, **fields})

        return await self.call(chat, make)

    def _pause(self, chat: int, seconds: float) -> None:
        """Leave a chat alone for as long as Telegram wants; pauses that are over are forgotten."""
        now = _clock()
        self._paused_until = {
            one: until for one, until in self._paused_until.items() if until > now
        }
        self._paused_until[chat] = now + seconds
        if seconds > _LONGEST_WAIT:
            _log.warning(
                "Telegram wants a pause of %.0f s in a chat; its answers are dropped", seconds
            )

    async def _wait(self, chat: int) -> None:
        """Wait until a chat may be called again.

        Raises:
            Undelivered: That would take too long.
        """
        while (wait := self._paused_until.get(chat, 0.0) - _clock()) > 0:
            if wait > _LONGEST_WAIT:
                reason = f"too many requests: retry after {wait:.0f}"
                raise Undelivered(reason, is_logged=True)
            await asyncio.sleep(wait)


def seconds_to_wait(error: RetryAfter) -> float:
    """Return for how many seconds Telegram wants to be left alone."""
    with warnings.catch_warnings():
        # The attribute's type is being changed; both are understood here.
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()


def _parts(html: str) -> list[str]:
    """Return a text in parts that Telegram takes; one for nearly all."""
    # A character is at most two of the units that Telegram counts.
    limit = MessageLimit.MAX_TEXT_LENGTH
    return [html] if 2 * len(html) <= limit else split(html, limit)


def _clock() -> float:
    return asyncio.get_running_loop().time()


def _is_refusal(error: BadRequest) -> bool:
    reason = error.message.lower()
    return any(known in reason for known in _REFUSALS)
