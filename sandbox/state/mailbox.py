"""A bot's queue of updates, in order, until it confirms them."""

import asyncio
import random
from collections import deque
from collections.abc import Collection, Mapping
from typing import Any, Final

KINDS: Final = frozenset(
    {
        *("message", "edited_message", "channel_post", "edited_channel_post"),
        *("business_connection", "business_message", "edited_business_message"),
        *("deleted_business_messages", "guest_message", "message_reaction"),
        *("message_reaction_count", "inline_query", "chosen_inline_result", "callback_query"),
        *("shipping_query", "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer"),
        *("my_chat_member", "chat_member", "chat_join_request", "chat_boost"),
        *("removed_chat_boost", "managed_bot"),
    }
)
"""Kinds of updates of the Bot API."""
_UNASKED: Final = KINDS - {"chat_member", "message_reaction", "message_reaction_count"}


class Mailbox:
    """The updates of one bot. Belongs to the loop of the server.

    Args:
        chance: Where the first identifier of an update comes from.
    """

    def __init__(self, chance: random.Random) -> None:
        self._next_id = chance.randrange(100_000_000, 900_000_000)
        self._pending: deque[dict[str, Any]] = deque()
        self._poll: asyncio.Future[bool] | None = None
        self._repeats = 0
        self.allowed: Collection[str] = _UNASKED
        """Kinds of updates that are kept; the others are lost."""

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def unrestricted(self) -> bool:
        """Whether the bot gets what bots get that didn't say what they want."""
        return self.allowed == _UNASKED

    @property
    def polled(self) -> bool:
        """Whether a poll waits for updates at this moment."""
        return self._poll is not None and not self._poll.done()

    def push(self, kind: str, payload: Any) -> None:  # noqa: ANN401 - any object of the Bot API
        """Add an update, if the bot asked for updates of its kind."""
        if kind in self.allowed:
            self.push_raw({kind: payload})

    def push_raw(self, content: Mapping[str, Any]) -> None:
        """Add an update of any kind, whatever it holds."""
        self._pending.append({"update_id": self._next_id, **content})
        self._next_id += 1
        self.wake(served=True)

    def allow(self, kinds: Collection[str] | None) -> None:
        """Remember the kinds of updates that are wanted; none leaves them as they are."""
        if kinds is not None:
            self.allowed = frozenset(kinds) & KINDS or _UNASKED

    def repeat(self, times: int) -> None:
        """Deliver each batch twice, so many times: as Telegram does after a lost answer."""
        self._repeats += times

    def forget(self) -> None:
        """Drop all that waits."""
        self._pending.clear()

    def confirm(self, offset: int) -> None:
        """Forget updates before an offset; a negative one counts from the end."""
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popleft()
            return
        if self._pending and self._pending[0]["update_id"] < offset and self._repeats:
            self._repeats -= 1
            return
        while self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()

    def waiting(self, limit: int) -> list[dict[str, Any]]:
        """Return the first updates that wait; they stay until they are confirmed."""
        if len(self._pending) <= limit:
            return list(self._pending)
        return [self._pending[index] for index in range(limit)]

    def next(self) -> dict[str, Any] | None:
        """Return the first update and take it out: it is on its way to a webhook."""
        return self._pending.popleft() if self._pending else None

    def put_back(self, update: dict[str, Any]) -> None:
        """Put an update back that could not be delivered."""
        self._pending.appendleft(update)
        self.wake(served=True)

    def wake(self, *, served: bool) -> None:
        """End the poll that waits.

        Args:
            served: Whether it is answered; else it is told that another took its place.
        """
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(served)

    async def poll(self, seconds: float) -> bool:
        """Wait until updates are there, the time is over or the poll is ended.

        Returns:
            Whether it is answered; else another poll took its place.
        """
        self.wake(served=False)
        if self._pending or seconds <= 0:
            return True
        self._poll = poll = asyncio.get_running_loop().create_future()
        try:
            done, _ = await asyncio.wait((poll,), timeout=seconds)
            return not done or poll.result()
        finally:
            # So that nobody takes a poll for waiting whose client went away.
            poll.cancel()
