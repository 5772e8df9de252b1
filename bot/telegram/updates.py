"""Builds updates one by one: one that python-telegram-bot can't build is skipped and counted."""

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, cast

from telegram import Update
from telegram.error import EndPointNotFound, InvalidToken, NetworkError
from telegram.ext import ExtBot
from telegram.request import BaseRequest

from ..redaction import described

_METHOD: Final = "get_Updates"
"""`getUpdates`, so spelt that `do_api_request` doesn't advise to call the method that calls it."""
_UNSET: Final = BaseRequest.DEFAULT_NONE
_log = logging.getLogger(__name__)


class TolerantBot(ExtBot[Any]):
    """A bot that skips updates which python-telegram-bot can't build, and fetches all others.

    Telegram and local Bot API servers send some, such as a message forwarded from a hidden account
    without a name. python-telegram-bot would fail on the whole batch, log what people wrote in it,
    and fetch it again without a pause. Takes the arguments of `telegram.ext.ExtBot`; a host gives
    it to `ApplicationBuilder.bot`.
    """

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - those of ExtBot
        super().__init__(*args, **options)
        self._skipped = 0

    @property
    def skipped_updates(self) -> int:
        """Return how many updates couldn't be built so far."""
        return self._skipped

    async def get_updates(  # pyright: ignore[reportIncompatibleMethodOverride] - options are loose
        self,
        offset: int | None = None,
        limit: int | None = None,
        timeout: int | dt.timedelta | None = None,  # noqa: ASYNC109 - the Bot API's parameter
        allowed_updates: Sequence[str] | None = None,
        *,
        read_timeout: Any = _UNSET,  # noqa: ANN401 - as ExtBot has it
        api_kwargs: Mapping[str, Any] | None = None,
        **timeouts: Any,  # noqa: ANN401 - as ExtBot has them
    ) -> tuple[Update, ...]:
        """Fetch updates as `telegram.Bot.get_updates` does.

        Returns:
            The updates. One that can't be built is there without content, so that it is confirmed.

        Raises:
            TelegramError: They can't be fetched, or what the server sends is no list of updates.
        """
        seconds = int(
            timeout.total_seconds() if isinstance(timeout, dt.timedelta) else timeout or 0
        )
        own = self._request[0].read_timeout if read_timeout is _UNSET else read_timeout
        fields = {
            "offset": offset,
            "limit": limit,
            "timeout": seconds,
            "allowed_updates": allowed_updates,
        }
        try:
            batch = await self.do_api_request(
                _METHOD,
                api_kwargs={**fields, **(api_kwargs or {})},
                read_timeout=(own or 0) + seconds,
                **timeouts,
            )
        except EndPointNotFound as error:
            # Every server has the method: it is the token that Telegram doesn't know.
            raise InvalidToken(str(error)) from None
        if not isinstance(batch, list):
            message = "the server sends no list of updates"
            raise NetworkError(message)
        return self._built(cast("list[dict[str, Any]]", batch))

    def _built(self, batch: Sequence[dict[str, Any]]) -> tuple[Update, ...]:
        """Build updates one by one; of one that can't be built, only the id is kept.

        Raises:
            NetworkError: Not even the ids can be read.
        """
        updates: list[Update] = []
        failures: list[Exception] = []
        for data in batch:
            try:
                update = Update.de_json(data, self)
                self.insert_callback_data(update)
            except Exception as error:  # noqa: BLE001 - whatever a server may send
                failures.append(error)
                with suppress(TypeError, KeyError):
                    updates.append(Update(data["update_id"]))
            else:
                updates.append(update)
        if failures:
            self._skipped += len(failures)
            reason = described(failures[-1])
            _log.warning("updates that can't be built, skipped: %d (%s)", len(failures), reason)
            if not updates:
                message = "the server sends no updates that could be confirmed"
                raise NetworkError(message)
        return tuple(updates)
