"""YAML files that operators send: downloaded, and combined into one change."""

import asyncio
import re
from collections.abc import Container
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from telegram import Document
from telegram.error import TelegramError

from ...knowledge.document import MAX_BYTES, decode_document
from ...knowledge.loader import FILES
from ...knowledge.messages import LazyMessage, lazy
from ...knowledge.models import ID, MAX_ID, Intent
from ...knowledge.snapshot import TESTS
from ..replies.markup import escape, html_message
from ..telegram.answers import reply as send_reply
from ..telegram.context import MessageContext
from ..telegram.sender import Undelivered
from . import summaries
from .change_proposals import APPLYING, ChangeProposal, propose
from .sessions import AdminSessions, OperatorMessage, Upload

_SUFFIXES: Final = (".yaml", ".yml")
_MOST: Final = 64
"""Files of one change at most: more than a folder has."""
_GATHERING: Final = 0.5
"""Seconds in which the other files of an album arrive before they are checked."""
_LEFTOVER: Final = re.compile(r"\..*|#.*#|.*(~|\.swp|\.swo|\.bak|\.orig|\.tmp)", re.IGNORECASE)
"""Names of hidden files and of what editors leave behind."""
_STEM: Final = re.compile(r"[\w-]+")


class Refused(Exception):  # noqa: N818 - said to the operator, no error
    """A file isn't taken.

    Args:
        reason: What to say of it.
    """

    def __init__(self, reason: LazyMessage) -> None:
        super().__init__(reason)
        self.reason = reason


def is_yaml(name: str | None) -> bool:
    """Return whether a file's name says that it is YAML."""
    return (name or "").lower().endswith(_SUFFIXES)


async def received(sessions: AdminSessions, message: MessageContext, document: Document) -> None:
    """Take a file that an operator has sent."""
    person = message.place.person
    upload = sessions.upload(person)
    if sessions.is_busy(person) and (upload is None or upload.checked):
        await sessions.answer(message, "operators.busy")
        return
    try:
        name = target(document.file_name or "", message.text, sessions.bot.live.snapshot.files)
        if upload and name not in upload.files and len(upload.files) >= _MOST:
            raise Refused(lazy("operators.too_many", count=_MOST))  # noqa: TRY301 - said as the others
        content = await _fetched(sessions, message.place.chat, document, name)
    except Refused as refused:
        text = escape(refused.reason.text(sessions.language(message)))
        await send_reply(sessions.bot, message, text)
        return
    if await _can_be_read(sessions, message, name, content):
        await _put(sessions, message, name, content)


def target(sent: str, caption: str, known: Container[str]) -> str:
    """Return which file of the folder a document is.

    Args:
        sent: Its name.
        caption: What was written with it; a path that ends like YAML counts for its name.
        known: Names of the files that the folder has.

    Raises:
        Refused: It is none of them.
    """
    wanted = caption.strip() if is_yaml(caption.strip()) else sent
    path = PurePosixPath(wanted.replace("\\", "/"))
    if any(_LEFTOVER.fullmatch(name) for name in (path.name, PurePosixPath(sent).name)):
        raise Refused(lazy("operators.leftover", name=sent))
    if not is_yaml(sent):
        raise Refused(lazy("operators.not_yaml", name=sent))
    folder, stem = str(path.parent), path.stem
    if folder == ".":
        there = (one for one in ("entries", TESTS, "asks") if f"{one}/{stem}.yaml" in known)
        folder = "" if stem in FILES else next(there, "entries")
    if not _fits(folder, stem):
        files = tuple(f"{name}.yaml" for name in FILES)
        raise Refused(lazy("operators.misplaced", name=wanted, most=MAX_ID, files=files))
    return f"{folder}/{stem}.yaml".lstrip("/")


def _fits(folder: str, stem: str) -> bool:
    """Return whether a folder may have a file of a name."""
    match folder:
        case "":
            return stem in FILES
        case "entries":
            return bool(re.fullmatch(ID, stem)) and len(stem) <= MAX_ID
        case "tests":
            return bool(_STEM.fullmatch(stem))
        case "asks":
            return stem in list(Intent)
        case _:
            return False


async def _fetched(sessions: AdminSessions, chat: int, document: Document, name: str) -> bytes:
    """Return what a document holds; what is too large is never fetched."""
    _limit(name, document.file_size or 0)
    api, call = sessions.bot.application.bot, sessions.bot.sender.call
    try:
        file = await call(chat, lambda _: api.get_file(document.file_id))
        _limit(name, file.file_size or 0)
        content = await call(chat, lambda _: file.download_as_bytearray())
    except (Undelivered, TelegramError):
        raise Refused(lazy("operators.not_fetched", name=name)) from None
    _limit(name, len(content))
    return bytes(content)


def _limit(name: str, size: int) -> None:
    if size > MAX_BYTES:
        kilo = -(-size // 1024)
        limit = MAX_BYTES // 1024
        raise Refused(lazy("operators.too_large", name=name, size=f"{kilo:,}", limit=limit))


async def _can_be_read(
    sessions: AdminSessions, message: MessageContext, name: str, content: bytes
) -> bool:
    """Return whether a file is YAML; if not, say what is wrong."""
    # In a thread: half a megabyte takes most of a second.
    read = await asyncio.to_thread(decode_document, content, Path(name))
    if read.problems:
        language = sessions.language(message)
        heading = html_message("operators.unreadable", language, name=name)
        told = summaries.problems("operators.problems", read.problems, language, Path())
        await send_reply(sessions.bot, message, f"{heading}\n{told}")
    return not read.problems


async def _put(sessions: AdminSessions, message: MessageContext, name: str, content: bytes) -> None:
    """Put a file to those that its operator has sent before, and check them all."""
    language, upload = sessions.language(message), sessions.upload(message.place.person)
    files = {**(upload.files if upload else {}), name: content}
    names = summaries.names(files, language)
    if upload and not upload.checked:
        # It goes on with one more file, in the same message.
        await sessions.stop(message.place.person)
        reply = upload.reply
        await reply.say("operators.received", files=names)
    else:
        if upload:
            await upload.reply.say("operators.continued")
        received = html_message("operators.received", language, files=names)
        reply = await sessions.begin(message, received)
    upload = sessions.uploads[reply.author.id] = Upload(reply, files)
    sessions.start(reply, partial(_checked, upload=upload))


async def _checked(reply: OperatorMessage, upload: Upload) -> None:
    """Check what was sent, when all of it has come."""
    await asyncio.sleep(_GATHERING)
    files = summaries.names(upload.files, reply.language)
    heading = f"<b>{html_message('operators.sent', reply.language, files=files)}</b>"
    try:
        await propose(reply, ChangeProposal(upload.files, "upload", heading, APPLYING))
    except Exception:
        reply.sessions.decided(reply.author.id, upload.files)
        raise
    finally:
        upload.checked = True
