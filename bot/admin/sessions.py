"""Admin sessions: what operators have started, and the messages whose buttons decide something."""

import asyncio
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ParseMode

from ...knowledge import KnowledgeError, Language, Problem, Text
from ...knowledge.messages import translations
from ..background_tasks import BackgroundTasks
from ..redaction import described
from ..replies.markup import html_message
from ..storage import Author, Place
from ..telegram.answers import language_of, reply
from ..telegram.context import MessageContext
from ..telegram.keyboards import OPERATE
from ..telegram.sender import Undelivered
from ..telegram.services import Services
from . import summaries
from .reload_news import ReloadNews

Action: TypeAlias = "Callable[[OperatorMessage], Awaitable[None]]"
"""Does something for an operator, and shows in a message how it goes."""

_LIFETIME: Final = 3600.0
"""Seconds after which buttons and files are forgotten."""
_SCREENS: Final = 256
"""How many messages have buttons that work."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ActionButton:
    """A button that has something done, once."""

    label: str
    """What it says."""
    action: Action
    """What it does."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a message shows, page by page, and the buttons below it."""

    pages: tuple[str, ...]
    """In Telegram's HTML."""
    language: Language
    """What they are written in."""
    rows: tuple[tuple[ActionButton, ...], ...] = ()
    """The buttons, in rows."""
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(6))
    """Tells its buttons from those that the message had before."""
    at: float = field(default_factory=time.monotonic)
    """When it was written."""

    @property
    def turns(self) -> Mapping[str, int]:
        """Return the pages by the data of the buttons that turn to them."""
        return {f"p{number}": number for number in range(len(self.pages))}

    @property
    def actions(self) -> Mapping[str, Action]:
        """Return what the buttons do by their data."""
        buttons = (button for row in self.rows for button in row)
        return {str(number): button.action for number, button in enumerate(buttons)}

    def keyboard(self, page: int) -> str | None:
        """Return the keyboard of a page as JSON; None if there is nothing to tap."""
        numbers = iter(self.actions)
        rows = [[self._button(b.label, next(numbers)) for b in row] for row in self.rows]
        labels = {"‹": page - 1, f"{page + 1}/{len(self.pages)}": page, "›": page + 1}
        if len(self.pages) > 1:
            there = {label: to for label, to in labels.items() if 0 <= to < len(self.pages)}
            rows.insert(0, [self._button(label, f"p{to}") for label, to in there.items()])
        return InlineKeyboardMarkup(rows).to_json() if rows else None

    def _button(self, label: str, data: str) -> InlineKeyboardButton:
        return InlineKeyboardButton(label, callback_data=f"{OPERATE}{self.nonce}.{data}")


@dataclass(slots=True)
class OperatorMessage:
    """A message to an operator, written over as work goes on."""

    sessions: "AdminSessions"
    """What it is a part of."""
    place: Place
    """Where it stands: the operator's private chat."""
    id: int
    """Its id."""
    author: Author
    """The operator."""
    language: Language
    """The language that it is written in."""

    @property
    def bot(self) -> Services:
        """Return what sends it."""
        return self.sessions.bot

    async def show(self, *blocks: str, rows: Sequence[Sequence[ActionButton]] = ()) -> None:
        """Show something else.

        Args:
            blocks: In Telegram's HTML; on pages, if they are too many for one.
            rows: The buttons below.
        """
        screen = Screen(summaries.paged(blocks), self.language, tuple(map(tuple, rows)))
        await self.turn(screen, 0)
        self.sessions.keep(self, screen)

    async def say(self, key: str, **values: object) -> None:
        """Show a message of the catalogue."""
        await self.show(html_message(key, self.language, **values))

    async def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show why nothing goes live."""
        await self.show(*summaries.refused(problems, self.language, self.bot.live.folder))

    async def send_picture(self, png: bytes, caption: str) -> None:
        """Send a picture below it."""
        api, chat = self.bot.application.bot, self.place.chat
        await self.bot.sender.call(
            chat, lambda chat: api.send_photo(chat, png, caption, parse_mode=ParseMode.HTML)
        )

    async def turn(self, screen: Screen, page: int) -> None:
        """Show a page of a screen."""
        html, markup = screen.pages[page], screen.keyboard(page)
        try:
            await self.bot.sender.edit(self.place.chat, html, markup, {"message_id": self.id})
        except Undelivered:  # it was deleted
            before, self.id = self.id, await self.bot.sender.send(self.place, html, markup)
            self.sessions.move(self.author.id, before, self.id)


@dataclass(slots=True)
class Upload:
    """Files that an operator has sent, until they are decided on."""

    reply: OperatorMessage
    """Where they are shown."""
    files: dict[str, bytes | None]
    """What they hold, by name."""
    at: float = field(default_factory=time.monotonic)
    """When the last of them came."""
    checked: bool = False
    """Whether they have been checked, so that a decision is waited for."""


class AdminSessions:
    """What operators have begun; nothing of it outlives a restart.

    Args:
        bot: What sends messages, and answers.
    """

    def __init__(self, bot: Services) -> None:
        self.bot = bot
        self.news = ReloadNews(bot)
        self._tasks = BackgroundTasks()
        self._running: dict[int, asyncio.Task[None]] = {}
        self._screens: OrderedDict[tuple[int, int], Screen] = OrderedDict()
        self.uploads: dict[int, Upload] = {}
        """What operators have sent, by their ids."""

    def language(self, message: MessageContext) -> Language:
        """Return the language to answer an operator in."""
        return language_of(self.bot, message)

    async def answer(self, message: MessageContext, key: str, **values: object) -> None:
        """Answer an operator with a message of the catalogue."""
        await reply(self.bot, message, html_message(key, self.language(message), **values))

    async def begin(self, message: MessageContext, html: str) -> OperatorMessage:
        """Answer an operator at once, in a message that is written over later."""
        place = message.place
        sent = await self.bot.sender.send(place, html)
        author = Author(place.person, message.name)
        return OperatorMessage(self, place, sent, author, self.language(message))

    async def run(self, message: MessageContext, acknowledgement: str, action: Action) -> None:
        """Answer a command at once and do it in the background, one at a time for each operator.

        Args:
            message: The command.
            acknowledgement: What to answer, as the key of a message.
            action: What to do.
        """
        if self.is_busy(message.place.person):
            await self.answer(message, "operators.busy")
        else:
            html = html_message(acknowledgement, self.language(message))
            self.start(await self.begin(message, html), action)

    async def tapped(self, query: CallbackQuery, data: str) -> Text | None:
        """Do what a button below a message to an operator says; return what is to be said of it.

        It works for the operator whom the message was sent to, in their chat with the bot.
        """
        person, message = query.from_user, query.message
        place = Place(message.chat.id if message else 0, 0, person.id)
        if message is None or not self.bot.is_operator(place):
            return self.bot.knowledge.interface.chat.stale
        nonce, _, wanted = data.removeprefix(OPERATE).partition(".")
        screen = self._find(person.id, message.message_id, nonce)
        if screen is None or wanted not in {**screen.turns, **screen.actions}:
            return Text(**translations("operators.outdated"))
        author = Author(person.id, person.full_name)
        reply = OperatorMessage(self, place, message.message_id, author, screen.language)
        return await self._do(reply, screen, wanted)

    def upload(self, person: int) -> Upload | None:
        """Return what an operator has sent lately and not decided on."""
        upload = self.uploads.get(person)
        return upload if upload and time.monotonic() - upload.at < _LIFETIME else None

    def decided(self, person: int, files: Mapping[str, bytes | None]) -> None:
        """Let files be decided on: what is sent after them starts another upload."""
        if (upload := self.uploads.get(person)) and upload.files is files:
            del self.uploads[person]

    def is_busy(self, person: int) -> bool:
        """Return whether something is being done for an operator."""
        return person in self._running

    def start(self, reply: OperatorMessage, action: Action) -> None:
        """Do something for an operator, who waits for nothing else, without holding up their chat.

        Args:
            reply: Where to show how it goes.
            action: What to do; what goes wrong is said there.
        """
        person = reply.author.id
        task = self._tasks.start(_done(reply, action))
        self._running[person] = task

        def end(_: object) -> None:
            if self._running.get(person) is task:
                del self._running[person]

        task.add_done_callback(end)

    async def stop(self, person: int) -> None:
        """End what is being done for an operator."""
        if task := self._running.pop(person, None):
            task.cancel()
            await asyncio.wait({task})

    def keep(self, reply: OperatorMessage, screen: Screen) -> None:
        """Remember what a message shows; what it showed before is forgotten."""
        self._screens.pop((reply.author.id, reply.id), None)
        if screen.rows or len(screen.pages) > 1:
            self._screens[reply.author.id, reply.id] = screen
        if len(self._screens) > _SCREENS:
            self._screens.popitem(last=False)

    def move(self, person: int, before: int, after: int) -> None:
        """Let the buttons of a message work below the one that was sent in its place."""
        if screen := self._screens.pop((person, before), None):
            self._screens[person, after] = screen

    async def close(self) -> None:
        """End everything that is being done."""
        await self._tasks.cancel()
        await self.news.close()

    async def retire(self) -> None:
        """End everything, and hear of no more edits."""
        self.news.retire()
        await self.close()

    async def _do(self, reply: OperatorMessage, screen: Screen, wanted: str) -> Text | None:
        """Do what a button of a screen says; return what is to be said of it."""
        if wanted in screen.turns:
            await reply.turn(screen, screen.turns[wanted])
        elif self.is_busy(reply.author.id):
            return Text(**translations("operators.busy"))
        else:
            self._screens.pop((reply.author.id, reply.id))
            self.start(reply, screen.actions[wanted])
        return None

    def _find(self, person: int, message: int, nonce: str) -> Screen | None:
        """Return what a message shows; None if that is forgotten, or another's, or was replaced."""
        screen = self._screens.get((person, message))
        is_known = screen and screen.nonce == nonce and time.monotonic() - screen.at < _LIFETIME
        return screen if is_known else None


async def _done(reply: OperatorMessage, action: Action) -> None:
    """Do something, and say so if it can't be done."""
    try:
        try:
            await action(reply)
        except KnowledgeError as error:
            await reply.show_problems(error.problems)
        except OSError as error:
            await reply.say("operators.impossible", reason=error.strerror or error)
        except Undelivered:
            raise
        except Exception as error:  # noqa: BLE001 - the operator is told, the bot goes on
            _log.error("an operator's request failed: %s", described(error))
            await reply.say("operators.failed")
    except Exception as error:  # noqa: BLE001 - there is nobody left to tell
        _log.info("an operator could not be told what came of a request: %s", described(error))
