"""Reads requests and writes responses of the Bot API over HTTP."""

import re
import socket
import struct
from binascii import a2b_qp
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .method_schema import SentFile
from .refusals import Refusal, bad_request

if TYPE_CHECKING:
    from asyncio import Transport

BODY_LIMIT: Final = 50 * 1024 * 1024
"""Bytes of a request, files included."""
_MALFORMED: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})|[^!-~]")
_TRANSPORT: Final = "efinbot.transport"
_HEADERS: Final = [(b"content-type", b"application/json")]


class Protocol(HttpToolsProtocol):
    """HTTP whose connections can be cut, which ASGI knows no word for."""

    def on_message_begin(self) -> None:
        """Put the transport where an application finds it."""
        super().on_message_begin()
        self.scope["extensions"] = {_TRANSPORT: {"transport": self.transport}}


def cut(scope: Scope) -> None:
    """Cut the connection of a request, so that its client sees a reset."""
    transport: Transport = scope["extensions"][_TRANSPORT]["transport"]
    connection: socket.socket | None = transport.get_extra_info("socket")
    if connection is not None:
        # Without lingering, closing sends a reset instead of an end.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def parse_form(body: bytes) -> list[tuple[str, str]]:
    """Return the fields of an urlencoded form, as ``parse_qsl`` does.

    That one decodes in Python, which takes longer than all the rest of a request. What is well
    formed is decoded in C, being quoted-printable but for the sign.
    """
    if _MALFORMED.search(body):
        return parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    fields = (field.partition(b"=") for field in body.split(b"&") if field)
    return [(_unquoted(name), _unquoted(value)) for name, _, value in fields]


def _unquoted(text: bytes) -> str:
    text = text.replace(b"+", b" ")
    if b"%" in text:
        text = a2b_qp(text.replace(b"=", b"=3D").replace(b"%", b"="))
    return text.decode(errors="replace")


async def read_body(receive: Receive, limit: int = BODY_LIMIT) -> bytes:
    """Return the body of a request.

    Args:
        receive: Where it comes from.
        limit: How many bytes it may have.

    Raises:
        Refusal: It is too large.
        ConnectionResetError: Its client went away.
    """
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        # To add up bytes, each sum a copy, would take seconds for a large file.
        parts = bytearray(body)
        while message.get("more_body"):
            message = await receive()
            parts += message.get("body", b"")
            if len(parts) > limit:
                raise Refusal(413, "Request Entity Too Large")
        body = bytes(parts)
    if message["type"] == "http.disconnect":
        raise ConnectionResetError
    return body


async def read_parameters(
    scope: Scope, receive: Receive
) -> tuple[dict[str, object], dict[str, SentFile]]:
    """Return the parameters and the files of a request.

    Raises:
        Refusal: Its body can't be read.
        ConnectionResetError: Its client went away.
    """
    sent: dict[str, object] = {}
    uploads: dict[str, SentFile] = {}
    query: bytes = scope["query_string"]
    if query:
        sent |= parse_qsl(query.decode(), keep_blank_values=True)
    body = await read_body(receive)
    if not body:
        return sent, uploads
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    media_type = kind.partition(b";")[0].strip().lower()
    if media_type == b"application/json":
        sent |= _json(body)
    elif media_type == b"application/x-www-form-urlencoded":
        sent |= parse_form(body)
    elif media_type == b"multipart/form-data":
        await _read_parts(scope, body, sent, uploads)
    else:
        raise bad_request("unsupported content type of the request")
    return sent, uploads


def _json(body: bytes) -> dict[str, Any]:
    try:
        value: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = None
    if type(value) is not dict:
        raise bad_request("can't parse JSON object of the request")
    return cast("dict[str, Any]", value)


async def _read_parts(
    scope: Scope, body: bytes, sent: dict[str, object], uploads: dict[str, SentFile]
) -> None:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async with Request(scope, receive).form(max_part_size=BODY_LIMIT) as form:
        for name, part in form.multi_items():
            if isinstance(part, UploadFile):
                media_type = part.content_type or "application/octet-stream"
                uploads[name] = SentFile(part.filename or name, await part.read(), media_type)
            else:
                sent[name] = part


async def answer_json(send: Send, status: int, body: object) -> None:
    """Send an answer as JSON."""
    content = orjson.dumps(body)
    length = (b"content-length", str(len(content)).encode())
    headers = [*_HEADERS, length]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def gone(receive: Receive) -> None:
    """Return when the client of a request goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass
