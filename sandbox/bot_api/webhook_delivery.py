"""Delivers updates to webhooks."""

import asyncio
from typing import Any, Final

import aiohttp
import orjson

from ..state.accounts import Bot, Webhook
from ..state.clock import Clock

_ATTEMPTS: Final = 12
"""How often an update is sent before it is given up."""
_FIRST_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 1.0
_TIMEOUT: Final = aiohttp.ClientTimeout(total=60)
_IDLE: Final = 3600.0


class WebhookDelivery:
    """Sends the updates of one bot, as long as it has a webhook. Belongs to the server's loop.

    Args:
        bot: Whose updates.
        clock: Tells when it failed.
    """

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._on_the_way: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        """Whether updates are on their way."""
        return bool(self._on_the_way)

    async def run(self) -> None:
        """Send updates until cancelled."""
        try:
            async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
                while True:
                    await self._send_waiting(session)
        finally:
            for task in self._on_the_way:
                task.cancel()
            await asyncio.gather(*self._on_the_way, return_exceptions=True)

    async def _send_waiting(self, session: aiohttp.ClientSession) -> None:
        webhook, mailbox = self._bot.webhook, self._bot.mailbox
        if webhook is None:
            # Woken when a webhook is set; until then polls wait, not the delivery.
            await self._bot.webhook_set.wait()
            return
        if len(self._on_the_way) >= webhook.max_connections:
            await asyncio.wait(self._on_the_way, return_when=asyncio.FIRST_COMPLETED)
            return
        update = mailbox.next()
        if update is None:
            await mailbox.poll(_IDLE)
            return
        task = asyncio.create_task(self._deliver(session, webhook, update))
        self._on_the_way.add(task)
        task.add_done_callback(self._on_the_way.discard)

    async def _deliver(
        self, session: aiohttp.ClientSession, webhook: Webhook, update: dict[str, Any]
    ) -> None:
        pause = _FIRST_PAUSE
        for _ in range(_ATTEMPTS):
            if await self._taken(session, webhook, update):
                return
            if self._bot.webhook is not webhook:
                self._bot.mailbox.put_back(update)
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _taken(
        self, session: aiohttp.ClientSession, webhook: Webhook, update: dict[str, Any]
    ) -> bool:
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
        try:
            sent = session.post(webhook.url, data=orjson.dumps(update), headers=headers)
            async with sent as response:
                if response.ok:
                    return True
                reason = f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError):
            reason = "Connection refused"
        webhook.last_error = self._clock.date(), reason
        return False
