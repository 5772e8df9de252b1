"""What operators have on hand: work under way, and messages whose buttons decide something."""

import asyncio
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import MessageLimit, ParseMode
from telegram.error import TelegramError

from ...knowledge import KnowledgeError, Language
from ..messages import phrasebook, say
from ..redaction import described
from ..reload.live import Reloaded
from ..replies.markup import plain
from ..replies.splitting import split
from ..storage import Author, Place
from ..telegram.keyboards import OPERATE
from ..telegram.sender import Undelivered
from . import summaries

if TYPE_CHECKING:
    from ..telegram.context import Turn
    from ..telegram.service import Efinbot

Work: TypeAlias = Callable[["Sheet"], Awaitable[None]]
"""Does something for an operator, and shows on a sheet how it goes."""

_LIFETIME: Final = 3600.0
"""Seconds after which buttons are forgotten."""
_PAPERS: Final = 256
"""How many messages have buttons that work."""
_MARGIN: Final = 96
"""Characters left free on a page."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Button:
    """A button that has something done, once."""

    label: str
    """What it says."""
    work: Work
    """What it does."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What a message shows, page by page, and the buttons below it."""

    pages: tuple[str, ...]
    """In Telegram's HTML."""
    language: Language
    """What they are written in."""
    rows: tuple[tuple[Button, ...], ...] = ()
    """The buttons, in rows."""
    mark: str = field(default_factory=lambda: secrets.token_urlsafe(6))
    """Tells its buttons from those that the message had before."""
    at: float = field(default_factory=time.monotonic)
    """When it was written."""

    @property
    def turns(self) -> Mapping[str, int]:
        """Return the pages by what the buttons send that turn to them."""
        return {f"p{number}": number for number in range(len(self.pages))}

    @property
    def works(self) -> Mapping[str, Work]:
        """Return what the buttons do by what they send."""
        buttons = (button for row in self.rows for button in row)
        return {str(number): button.work for number, button in enumerate(buttons)}

    def keyboard(self, page: int) -> str | None:
        """Return the keyboard of a page as JSON; None if there is nothing to tap."""
        numbers = iter(self.works)
        rows = [[self._button(b.label, next(numbers)) for b in row] for row in self.rows]
        labels = {"‹": page - 1, f"{page + 1}/{len(self.pages)}": page, "›": page + 1}
        if len(self.pages) > 1:
            there = {label: to for label, to in labels.items() if 0 <= to < len(self.pages)}
            rows.insert(0, [self._button(label, f"p{to}") for label, to in there.items()])
        return InlineKeyboardMarkup(rows).to_json() if rows else None

    def _button(self, label: str, does: str) -> InlineKeyboardButton:
        return InlineKeyboardButton(label, callback_data=f"{OPERATE}{self.mark}.{does}")


@dataclass(slots=True)
class Sheet:
    """A message to an operator, written over as work goes on."""

    bot: "Efinbot"
    """What sends it."""
    place: Place
    """Where it stands: the operator's private chat."""
    message: int
    """Its id."""
    author: Author
    """The operator."""
    language: Language
    """The language that it is written in."""

    async def show(self, *blocks: str, rows: Sequence[Sequence[Button]] = ()) -> None:
        """Write something else on it.

        Args:
            blocks: In Telegram's HTML; on pages, if they are too many for one.
            rows: The buttons below.
        """
        paper = Paper(paged(blocks), self.language, tuple(map(tuple, rows)))
        await self.turn(paper, 0)
        self.bot.desk.keep(self, paper)

    async def picture(self, png: bytes, caption: str) -> None:
        """Send a picture below it."""
        api, chat = self.bot.application.bot, self.place.chat
        await self.bot.delivery.call(
            chat, lambda chat: api.send_photo(chat, png, caption, parse_mode=ParseMode.HTML)
        )

    async def turn(self, paper: Paper, page: int) -> None:
        """Show a page of a paper."""
        html, markup = paper.pages[page], paper.keyboard(page)
        try:
            await self.bot.edit(self.place.chat, html, markup, {"message_id": self.message})
        except Undelivered:  # it was deleted
            before, self.message = self.message, await self.bot.send(self.place, html, markup)
            self.bot.desk.move(self.author.id, before, self.message)


@dataclass(slots=True)
class Tray:
    """Files that an operator has sent, until they are decided on."""

    sheet: Sheet
    """Where they are shown."""
    files: dict[str, bytes | None]
    """What they hold, by name."""
    at: float = field(default_factory=time.monotonic)
    """When the last of them came."""
    checked: bool = False
    """Whether they have been checked, so that a decision is waited for."""


class Desk:
    """Keeps what operators have begun; nothing of it outlives a restart."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._work: dict[int, asyncio.Task[None]] = {}
        self._waiting: set[int] = set()
        self._news: set[asyncio.Task[None]] = set()
        self._papers: OrderedDict[tuple[int, int], Paper] = OrderedDict()
        self.trays: dict[int, Tray] = {}
        """What operators have sent, by their ids."""

    def tray(self, person: int) -> Tray | None:
        """Return what an operator has sent lately and not decided on."""
        tray = self.trays.get(person)
        return tray if tray and time.monotonic() - tray.at < _LIFETIME else None

    def decided(self, person: int, files: Mapping[str, bytes | None]) -> None:
        """Let files be decided on: what is sent after them begins anew."""
        if (tray := self.trays.get(person)) and tray.files is files:
            del self.trays[person]

    def is_busy(self, person: int) -> bool:
        """Return whether something is being done for an operator."""
        return person in self._work

    def start(self, sheet: Sheet, work: Work) -> None:
        """Do something for an operator, who waits for nothing else, without holding up their chat.

        Args:
            sheet: Where to show how it goes.
            work: What to do; what goes wrong is said there.
        """
        person = sheet.author.id
        task = asyncio.create_task(_done(sheet, work))
        self._work[person] = task

        def end(_: object) -> None:
            if self._work.get(person) is task:
                del self._work[person]

        task.add_done_callback(end)

    async def stop(self, person: int) -> None:
        """End what is being done for an operator."""
        if task := self._work.pop(person, None):
            task.cancel()
            await asyncio.wait({task})

    def keep(self, sheet: Sheet, paper: Paper) -> None:
        """Remember what a message shows; what it showed before is forgotten."""
        self.forget(sheet.author.id, sheet.message)
        if paper.rows or len(paper.pages) > 1:
            self._papers[sheet.author.id, sheet.message] = paper
        if len(self._papers) > _PAPERS:
            self._papers.popitem(last=False)

    def find(self, person: int, message: int, mark: str) -> Paper | None:
        """Return what a message shows; None if that is forgotten, or another's, or was replaced."""
        paper = self._papers.get((person, message))
        is_known = paper and paper.mark == mark and time.monotonic() - paper.at < _LIFETIME
        return paper if is_known else None

    def forget(self, person: int, message: int) -> None:
        """Let the buttons of a message do nothing more."""
        self._papers.pop((person, message), None)

    def move(self, person: int, before: int, after: int) -> None:
        """Let the buttons of a message work below the one that was sent in its place."""
        if paper := self._papers.pop((person, before), None):
            self._papers[person, after] = paper

    def announce(self, bot: "Efinbot", outcome: Reloaded) -> None:
        """Tell the operators that the folder is broken, or mended; not who waits for just that."""
        if not (outcome.problems or outcome.mended):
            return
        for person in bot.settings.operators.difference(self._waiting):
            task = asyncio.create_task(_told(bot, person, outcome))
            self._news.add(task)
            task.add_done_callback(self._news.discard)

    @contextmanager
    def waiting(self, sheet: Sheet) -> Generator[None]:
        """Show on a sheet, and nowhere else, what its operator hears of the folder meanwhile."""
        self._waiting.add(sheet.author.id)
        try:
            yield
        finally:
            self._waiting.discard(sheet.author.id)

    async def close(self) -> None:
        """End everything that is being done."""
        for task in (tasks := {*self._work.values(), *self._news}):
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


async def begin(turn: "Turn", html: str) -> Sheet:
    """Answer an operator at once, in a message that is written over later."""
    message, bot = turn.message, turn.bot
    sent = await bot.send(message.place, html)
    author = Author(message.place.person, message.name)
    return Sheet(bot, message.place, sent, author, turn.language)


def paged(blocks: Sequence[str]) -> tuple[str, ...]:
    """Lay blocks of Telegram's HTML out on pages that each fit a message, a line apart."""
    limit = MessageLimit.MAX_TEXT_LENGTH - _MARGIN
    pages: list[str] = []
    left = 0
    for block in (part for whole in blocks if whole for part in split(whole, limit)):
        needed = len(plain(block).encode("utf-16-le")) // 2 + 2
        if pages and needed <= left:
            pages[-1] += f"\n\n{block}"
            left -= needed
        else:
            pages.append(block)
            left = limit - needed
    return tuple(pages)


async def _told(bot: "Efinbot", person: int, outcome: Reloaded) -> None:
    """Tell an operator what came of an edit on disk."""
    words, place = phrasebook(), Place(person, 0, person)
    last = bot.state.dialogue(place)
    language = bot.state.language(person) or (last.language if last else None) or "en"
    blocks = [say(words.mended, language)]
    if outcome.problems:
        told = summaries.problems(words.errors, outcome.problems, language, bot.live.folder)
        blocks = [say(words.kept, language), told]
    with suppress(Undelivered, TelegramError):  # somebody who has never opened the bot
        for page in paged(blocks):
            await bot.send(place, page)


async def _done(sheet: Sheet, work: Work) -> None:
    """Do something, and say so if it can't be done."""
    words = phrasebook()
    try:
        try:
            await work(sheet)
        except KnowledgeError as error:
            told = summaries.problems(
                words.errors, error.problems, sheet.language, sheet.bot.live.folder
            )
            await sheet.show(say(words.kept, sheet.language), told)
        except OSError as error:
            reason = error.strerror or str(error)
            await sheet.show(say(words.impossible, sheet.language, reason=reason))
        except Undelivered:
            raise
        except Exception as error:  # noqa: BLE001 - the operator is told, the bot goes on
            _log.error("an operator's request failed: %s", described(error))
            await sheet.show(say(words.failed, sheet.language))
    except Exception as error:  # noqa: BLE001 - there is nobody left to tell
        _log.info("an operator could not be told what came of a request: %s", described(error))
