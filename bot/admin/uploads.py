"""YAML files that operators send: fetched if they may be, and put together to a proposal."""

import asyncio
import re
from collections.abc import Container
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from telegram import Document
from telegram.error import TelegramError

from ...knowledge import Text
from ...knowledge.document import MAX_BYTES, decode_document
from ...knowledge.loader import FILES
from ...knowledge.models import ID, MAX_ID, Intent
from ...knowledge.snapshot import TESTS
from ..messages import Phrasebook, phrasebook, say
from ..telegram.context import Turn
from ..telegram.sender import Undelivered
from . import summaries
from .change_proposals import Decision, Proposal, weigh
from .sessions import Sheet, Tray, begin

_SUFFIXES: Final = (".yaml", ".yml")
_MOST: Final = 64
"""Files of one proposal at most: more than a folder has."""
_GATHERING: Final = 0.5
"""Seconds in which the other files of an album arrive before they are checked."""
_LEFTOVER: Final = re.compile(r"\..*|#.*#|.*(~|\.swp|\.swo|\.bak|\.orig|\.tmp)", re.IGNORECASE)
"""Names of hidden files and of what editors leave behind."""
_STEM: Final = re.compile(r"[\w-]+")


class Refused(Exception):  # noqa: N818 - said to the operator, no error
    """A file isn't taken."""

    def __init__(self, text: Text, **values: object) -> None:
        """Say why.

        Args:
            text: What to say.
            values: What to fill in.
        """
        super().__init__()
        self.text = text
        self.values = values


def is_yaml(name: str | None) -> bool:
    """Return whether a file's name says that it is YAML."""
    return (name or "").lower().endswith(_SUFFIXES)


async def received(turn: Turn, document: Document) -> None:
    """Take a file that an operator has sent."""
    bot, person, words = turn.bot, turn.message.place.person, phrasebook()
    tray = bot.desk.tray(person)
    if bot.desk.is_busy(person) and (tray is None or tray.checked):
        await turn.send(say(words.busy, turn.language))
        return
    try:
        sent = document.file_name or ""
        name = target(sent, turn.text, bot.live.snapshot.files)
        if tray and name not in tray.files and len(tray.files) >= _MOST:
            raise Refused(words.too_many, count=_MOST)  # noqa: TRY301 - said as the others are
        content = await _fetched(turn, document, name)
    except Refused as refused:
        await turn.send(say(refused.text, turn.language, **refused.values))
        return
    # In a thread: half a megabyte takes most of a second.
    read = await asyncio.to_thread(decode_document, content, Path(name))
    if read.problems:
        heading = say(words.unreadable, turn.language, name=name)
        told = summaries.problems(words.errors, read.problems, turn.language, Path())
        await turn.send(f"{heading}\n{told}")
        return
    await _put(turn, name, content)


def target(sent: str, caption: str, known: Container[str]) -> str:
    """Return which file of the folder a document is.

    Args:
        sent: Its name.
        caption: What was written with it; a path that ends like YAML counts for its name.
        known: Names of the files that the folder has.

    Raises:
        Refused: It is none of them.
    """
    words = phrasebook()
    wanted = caption.strip() if is_yaml(caption.strip()) else sent
    path = PurePosixPath(wanted.replace("\\", "/"))
    if any(_LEFTOVER.fullmatch(name) for name in (path.name, PurePosixPath(sent).name)):
        raise Refused(words.leftover, name=sent)
    if not is_yaml(sent):
        raise Refused(words.not_yaml, name=sent)
    folder, stem = str(path.parent), path.stem
    if folder == ".":
        there = (one for one in ("entries", TESTS, "asks") if f"{one}/{stem}.yaml" in known)
        folder = "" if stem in FILES else next(there, "entries")
    fits = {
        "": stem in FILES,
        "entries": bool(re.fullmatch(ID, stem)) and len(stem) <= MAX_ID,
        TESTS: bool(_STEM.fullmatch(stem)),
        "asks": stem in list(Intent),
    }
    if not fits.get(folder, False):
        files = ", ".join(f"{name}.yaml" for name in FILES)
        raise Refused(words.misplaced, name=wanted, most=MAX_ID, files=files)
    return f"{folder}/{stem}.yaml".lstrip("/")


async def _fetched(turn: Turn, document: Document, name: str) -> bytes:
    """Return what a document holds; what is too large is never fetched."""
    words = phrasebook()
    _limit(words, name, document.file_size or 0)
    api, call, chat = turn.bot.application.bot, turn.bot.delivery.call, turn.message.place.chat
    try:
        file = await call(chat, lambda _: api.get_file(document.file_id))
        _limit(words, name, file.file_size or 0)
        content = await call(chat, lambda _: file.download_as_bytearray())
    except (Undelivered, TelegramError):
        raise Refused(words.unfetched, name=name) from None
    _limit(words, name, len(content))
    return bytes(content)


def _limit(words: Phrasebook, name: str, size: int) -> None:
    if size > MAX_BYTES:
        kilo = -(-size // 1024)
        raise Refused(words.too_large, name=name, size=f"{kilo:,}", limit=MAX_BYTES // 1024)


async def _put(turn: Turn, name: str, content: bytes) -> None:
    """Put a file to those that its operator has sent before, and check them all."""
    desk, language = turn.bot.desk, turn.language
    tray = desk.tray(turn.message.place.person)
    if tray and not tray.checked:
        # It goes on with one more file, in the same message.
        await desk.stop(turn.message.place.person)
        sheet = tray.sheet
    else:
        if tray:
            await tray.sheet.show(say(phrasebook().continued, language))
        sheet = await begin(turn, say(phrasebook().received, language, files=name))
    files = {**(tray.files if tray else {}), name: content}
    tray = desk.trays[sheet.author.id] = Tray(sheet, files)
    await sheet.show(say(phrasebook().received, language, files=summaries.names(files, language)))
    desk.start(sheet, partial(_checked, tray=tray))


async def _checked(sheet: Sheet, tray: Tray) -> None:
    """Check what was sent, when all of it has come."""
    words = phrasebook()
    await asyncio.sleep(_GATHERING)
    heading = say(words.proposed, sheet.language, files=summaries.names(tray.files, sheet.language))
    decision = Decision(
        yes=words.apply,
        no=words.discard,
        doing=words.applying,
        done=words.applied,
        dropped=words.discarded,
    )
    try:
        await weigh(sheet, Proposal(tray.files, "upload", f"<b>{heading}</b>", decision))
    except Exception:
        sheet.bot.desk.decided(sheet.author.id, tray.files)
        raise
    finally:
        tray.checked = True
