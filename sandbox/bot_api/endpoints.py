"""The addresses of the Bot API: ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``."""

import asyncio
from typing import Any, Final

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from .api import BotApi, ConnectionCut
from .http_messages import answer_json, cut, gone, read_parameters
from .refusals import Refusal

_UNAUTHORIZED: Final = Refusal(401, "Unauthorized").answer()
_NOT_FOUND: Final = Refusal(404, "Not Found").answer()


class BotApiEndpoints:
    """Answers the requests of bots, and hands on the others.

    Args:
        api: The Bot API.
        others: Answers everything else.
    """

    def __init__(self, api: BotApi, others: ASGIApp) -> None:
        self._api = api
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        path: str = scope["path"]
        bots = path.startswith(("/bot", "/file/bot"))
        if bots and asyncio.get_running_loop().time() < self._api.faults.down_until:
            cut(scope)
        elif path.startswith("/bot"):
            token, _, method = path.removeprefix("/bot").partition("/")
            await self._answer_bot(token, method, scope, receive, send)
        elif path.startswith("/file/bot"):
            token, _, place = path.removeprefix("/file/bot").partition("/")
            await self._answer_file(token, place, scope, receive, send)
        else:
            await self._others(scope, receive, send)

    async def _answer_bot(
        self, token: str, method: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        try:
            sent, uploads = await read_parameters(scope, receive)
        except Refusal as refusal:
            await answer_json(send, refusal.code, refusal.answer())
            return
        except ConnectionResetError:
            return
        bot = self._api.world.bots.get(token)
        if bot is None:
            await answer_json(send, 401, _UNAUTHORIZED)
            return
        answering = self._api.answer(bot, method, sent, uploads)
        try:
            if method.lower() == "getupdates":
                answer = await _unless_gone(asyncio.ensure_future(answering), receive)
            else:
                answer = await answering
        except ConnectionCut:
            answer = None
        if answer is None or asyncio.get_running_loop().time() < self._api.faults.down_until:
            cut(scope)
            return
        await answer_json(send, answer.get("error_code", 200), answer)

    async def _answer_file(
        self, token: str, place: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        bot = self._api.world.bots.get(token)
        upload = self._api.files.at(place) if bot else None
        if bot is None or upload is None:
            status, body = (401, _UNAUTHORIZED) if bot is None else (404, _NOT_FOUND)
            await answer_json(send, status, body)
            return
        await Response(upload.content, media_type="application/octet-stream")(scope, receive, send)


async def _unless_gone(
    answering: asyncio.Task[dict[str, Any]], receive: Receive
) -> dict[str, Any] | None:
    """Return the answer to a poll; none if its client went away before."""
    watching = asyncio.create_task(gone(receive))
    try:
        await asyncio.wait((answering, watching), return_when=asyncio.FIRST_COMPLETED)
        return answering.result() if answering.done() else None
    finally:
        for task in (answering, watching):
            task.cancel()
        await asyncio.gather(answering, watching, return_exceptions=True)
