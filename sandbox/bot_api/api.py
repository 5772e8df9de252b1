"""The Bot API: a request in, an answer out, whatever brought it."""

import asyncio
import inspect
from collections.abc import Mapping
from typing import Any, Final

from ..state.accounts import Bot
from ..state.world import World
from . import chat_methods, message_methods, profile_methods, query_methods, update_methods
from .access import Call, Handler
from .faults import Fault, Faults
from .files import Files
from .method_schema import Method, SentFile, load_schema
from .refusals import Refusal
from .request_log import LoggedRequest, RequestLog
from .webhook_delivery import WebhookDelivery

HANDLERS: Final[Mapping[str, Handler]] = {
    name.lower(): handler
    for module in (chat_methods, message_methods, profile_methods, query_methods, update_methods)
    for name, handler in module.METHODS.items()
}
"""What carries out each method, by its name in lower case."""
_POLL: Final = "getupdates"
_UNKNOWN: Final = {"ok": False, "error_code": 404, "description": "Not Found"}


class ConnectionCut(Exception):  # noqa: N818 - it is no error: somebody asked for it
    """The connection is to be cut instead of an answer."""


class BotApi:
    """Answers the requests of bots. Belongs to the loop of the server.

    Args:
        world: What the requests are about.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.files = Files()
        self.faults = Faults()
        self.request_log = RequestLog()
        self.deliveries: dict[int, WebhookDelivery] = {}
        """What sends updates to webhooks, by bot."""
        self._running: dict[int, asyncio.Task[None]] = {}
        self._schema = load_schema()

    async def answer(
        self, bot: Bot, method: str, sent: Mapping[str, object], uploads: Mapping[str, SentFile]
    ) -> dict[str, Any]:
        """Return the answer to a request.

        Args:
            bot: Who asks.
            method: For what, in any case.
            sent: Parameters as they came.
            uploads: Files that came with it.

        Raises:
            ConnectionCut: There is none, by a fault.
        """
        method = method.lower()
        spec, handler = self._schema.methods.get(method), HANDLERS.get(method)
        if spec is None or handler is None:
            return _UNKNOWN
        if method == _POLL:
            return await self._handle(bot, spec, handler, sent, uploads)
        loop = asyncio.get_running_loop()
        bot.calls_in_flight += 1
        try:
            return await self._handle(bot, spec, handler, sent, uploads)
        finally:
            bot.calls_in_flight -= 1
            bot.active_at = loop.time()

    async def _handle(
        self,
        bot: Bot,
        spec: Method,
        handler: Handler,
        sent: Mapping[str, object],
        uploads: Mapping[str, SentFile],
    ) -> dict[str, Any]:
        parameters: dict[str, Any] = dict(sent)
        answer: dict[str, Any] = {}
        fault: Fault | None = None
        try:
            try:
                parameters = spec.read(sent, uploads)
                fault = self.faults.take(bot.id, spec.name.lower(), parameters)
                if fault is not None:
                    await self._suffer(fault)
                profile_methods.refuse_logged_out(bot)
                result = handler(Call(self.world, bot, self.files, parameters))
                if inspect.isawaitable(result):
                    result = await result
                answer = {"ok": True, "result": result}
                if spec.name == "setWebhook":
                    self.send_updates(bot)
            except Refusal as refusal:
                answer = refusal.answer()
            if fault is not None and fault.reset == "after":
                answer = {}
                raise ConnectionCut
        finally:
            if self.request_log.enabled:
                now = self.world.clock.now()
                request = LoggedRequest(bot.username or "", spec.name, parameters, answer, now)
                self.request_log.add(request)
        return answer

    async def _suffer(self, fault: Fault) -> None:
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.reset == "before":
            raise ConnectionCut
        refusal = fault.refusal()
        if refusal is not None:
            raise refusal

    def send_updates(self, bot: Bot) -> None:
        """Begin to send a bot's updates to its webhook, unless that is done already."""
        if bot.id not in self.deliveries:
            self.deliveries[bot.id] = delivery = WebhookDelivery(bot, self.world.clock)
            self._running[bot.id] = asyncio.create_task(delivery.run())

    def outage(self, seconds: float) -> None:
        """Cut every connection of bots from now on, for so many real seconds."""
        self.faults.down_until = asyncio.get_running_loop().time() + seconds
        for bot in self.world.bots.values():
            bot.mailbox.wake(served=True)

    async def close(self) -> None:
        """End what runs: polls and deliveries."""
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        for bot in self.world.bots.values():
            bot.mailbox.wake(served=True)
