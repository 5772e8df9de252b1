"""What the chat page sends, and how it is answered."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

import orjson
from starlette.requests import Request
from starlette.responses import Response

from ..bot_api.http_messages import read_body
from ..bot_api.limits import UPLOAD_LIMIT
from ..bot_api.method_schema import SentFile
from ..bot_api.refusals import Refusal
from ..people.actions import ImpossibleError
from ..state.accounts import Json

PageAction = Callable[[Request], Awaitable[object]]
"""Does what a request asks for, and returns what is answered as JSON, or the answer itself."""


class WrongError(Exception):
    """The page asked for something that isn't there, or in the wrong way."""


def number_in(value: str | None) -> int | None:
    """Return a number from an address; none if there is none.

    Raises:
        WrongError: It is something else.
    """
    if not value:
        return None
    try:
        return int(value)
    except ValueError:
        raise WrongError(f"{value!r} is no number") from None


def text_in(asked: Json, name: str) -> str:
    """Return a text from a body; empty if it isn't given.

    Raises:
        WrongError: It is something else.
    """
    value = asked.get(name, "")
    if not isinstance(value, str):
        raise WrongError(f"{name} must be a text")
    return value


async def body_of(request: Request) -> Json:
    """Return the JSON object that a request brought.

    Raises:
        WrongError: It brought something else.
    """
    try:
        body: Any = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise WrongError("the body must be a JSON object")
    return cast("Json", body)


async def file_in(request: Request) -> SentFile:
    """Return the file that is the body of a request; its name stands in the address.

    Raises:
        Refusal: It is too large.
        WrongError: It has no name, or the page went away.
    """
    name = request.query_params.get("name")
    if not name:
        raise WrongError("a file needs a name")
    media_type = request.headers.get("content-type", "application/octet-stream")
    try:
        return SentFile(name, await read_body(request.receive, UPLOAD_LIMIT), media_type)
    except ConnectionResetError:
        raise WrongError("the file did not come whole") from None


def answering(action: PageAction) -> Callable[[Request], Awaitable[Response]]:
    """Return what carries out an action and answers with what it returns, or with what is wrong."""

    async def answer(request: Request) -> Response:
        try:
            result, status = await action(request), 200
        except (WrongError, ImpossibleError, Refusal, ValueError) as wrong:
            result, status = {"error": str(wrong)}, 400
        if isinstance(result, Response):
            return result
        return Response(orjson.dumps(result), status, media_type="application/json")

    return answer
