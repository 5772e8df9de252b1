"""One bot at work: what all its surfaces share."""

import asyncio
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from telegram import Update, User
from telegram.constants import MessageLimit, ParseMode

from ...intents import Context
from ...knowledge import Knowledge, Snapshot
from ..redaction import described, hide_tokens
from ..reload.live import Live, Reloaded
from ..replies.splitting import split
from ..settings import Settings
from ..storage import Place, State, default_url
from .chat_queues import Job, Lanes
from .question_log import Recorder
from .rate_limit import Flood
from .runtime import Edition
from .sender import Delivery, Undelivered

if TYPE_CHECKING:
    from telegram.ext import Application

Host: TypeAlias = "Application[Any, Any, Any, Any, Any, Any]"
"""The application that efinbot is part of."""

BEFORE: Final = -742
"""Handler group of efinbot's lookout: before the groups that hosts use."""
BEHIND: Final = 742
"""Handler group of efinbot's entrance: behind them, so that a host's guards come first."""
_ANSWERS: Final = 10_000
"""How many answers are remembered, to be edited when their question is."""
_SEND, _EDIT = "SendMessage", "EditMessageText"
"""Methods of the Bot API, in whose names case doesn't matter; as they are they warn of nothing."""
_TEXT: Final = {"parse_mode": ParseMode.HTML, "link_preview_options": '{"is_disabled":true}'}
_log = logging.getLogger(__name__)


class Efinbot:
    """What the surfaces share: the assistant, the state, the manners."""

    def __init__(self, application: Host, live: Live, settings: Settings) -> None:
        """Put the parts together; nothing is opened or sent yet.

        Args:
            application: The host.
            live: Answers, and follows its folder.
            settings: How to behave.
        """
        self.application = application
        self.settings = settings
        self.live = live
        live.observers.append(self)
        self.delivery = Delivery(self._migrated)
        self.flood = Flood(settings.flood_limit, settings.flood_window)
        self.lanes = Lanes(self._spawn)
        self.recorder = Recorder(lambda: self.state.records, keeps_questions=settings.record)
        self._state: State | None = None
        self._begun: Snapshot | None = live.snapshot
        self._edition: Edition | None = None
        self._is_open = False
        self._is_retired = False
        self._opening = asyncio.Lock()
        self._answers: OrderedDict[tuple[int, int], int] = OrderedDict()

    @property
    def knowledge(self) -> Knowledge:
        """Return what there is to talk about."""
        return self.live.assistant.engine.knowledge

    @property
    def is_alone(self) -> bool:
        """Return whether nobody else handles the updates of this bot."""
        return all(group in (BEFORE, BEHIND) for group in self.application.handlers)

    @property
    def me(self) -> User:
        """Return the bot's account."""
        return self.application.bot.bot

    @property
    def state(self) -> State:
        """Return what outlives a restart; only after `ready`."""
        if self._state is None:
            message = "the state is opened by ready()"
            raise RuntimeError(message)
        return self._state

    @property
    def edition(self) -> Edition:
        """Return what answers now; only once the application is initialised."""
        if self._edition is None:
            self._edition = Edition.of(self.live.assistant, self.me.username or "")
        return self._edition

    def dialogue(self, place: Place, knowledge: Knowledge) -> Context | None:
        """Return what a conversation is about, if it still goes on and is about this knowledge."""
        context = self.state.dialogue(place)
        return context.within(knowledge) if context and context.alive(time.time()) else None

    def is_muted(self, person: int) -> bool:
        """Return whether somebody sent too much and is not answered for a while."""
        return self.state.muted_until(person) > time.time()

    async def mutes(self, person: int) -> bool:
        """Count a message of somebody, and mute them if it is one too many; return if it is."""
        now = time.time()
        if not self.flood.is_over(person, now):
            return False
        await self.state.mute(person, now + self.settings.flood_pause)
        return True

    async def forget(self, person: int) -> None:
        """Drop everything that is known of a person."""
        self.recorder.forget(person)
        await self.state.forget(person)

    async def ready(self) -> None:
        """Open the state, if it isn't open."""
        if self._is_open:
            return
        async with self._opening:
            if not (self._is_open or self._is_retired):
                url = self.settings.database_url
                where = url.get_secret_value() if url else default_url()
                now = time.time()
                self._state = await State.open(where, self.me.id, now)
                if begun := self._begun:
                    await self._state.history.resume(self.live.folder, begun, now)
                    self._begun = None
                self._is_open = True

    async def close(self) -> None:
        """Close the state; it is opened again when it is needed."""
        await self.live.close()
        if self._is_open:
            self._is_open = False
            await self.state.close()

    async def retire(self) -> None:
        """Close the state for good; answers that are still under way go on from memory."""
        async with self._opening:
            self._is_retired = True
            if self in self.live.observers:
                self.live.observers.remove(self)
            self._state = self._state or State(0)
            await self.close()

    def adopted(self) -> None:
        """Answer with another edition from now on."""
        self._edition = None

    async def reloaded(self, outcome: Reloaded) -> None:
        """Keep a change of the knowledge."""
        await self.ready()
        for change in outcome.changes:
            await self.state.history.note(change)

    async def guard(self, update: Update, job: Job, apologise: Job) -> None:
        """Do what an update asks for, once; whatever goes wrong ends here.

        Args:
            update: The update; one that is delivered twice is answered once.
            job: What to do.
            apologise: Tells the person that something went wrong.
        """
        await self.ready()
        if self.state.handled(update.update_id):
            return
        try:
            await job()
        except Undelivered as error:
            _log.info("not delivered: %s", hide_tokens(error.reason))
        except Exception as error:  # noqa: BLE001 - the bot stays up whatever happens
            await self._failed(update, error, apologise)
        self.state.mark_handled(update.update_id)

    async def send(
        self, place: Place, html: str, markup: str | None = None, *, quotes: int | None = None
    ) -> int:
        """Send a message, in parts if it is too long for one; return the id of the last part.

        Args:
            place: Where to.
            html: The text.
            markup: The keyboard below it, as JSON.
            quotes: Id of the message that it replies to, in a group: there one part must do.
        """
        parts = split(html, MessageLimit.MAX_TEXT_LENGTH)
        fields: dict[str, object] = {"message_thread_id": place.topic} if place.topic else {}
        if quotes:
            reply = {"message_id": quotes, "allow_sending_without_reply": True}
            fields["reply_parameters"] = json.dumps(reply)
        *first, last = parts[:1] if quotes else parts
        for part in first:
            await self._call(_SEND, place.chat, fields | {"text": part})
        keyboard = {"reply_markup": markup} if markup else {}
        sent = await self._call(_SEND, place.chat, fields | keyboard | {"text": last})
        return sent["message_id"]

    async def edit(
        self, chat: int, html: str, markup: str | None, message: Mapping[str, int | str]
    ) -> None:
        """Show something else in a message; that it shows it already is no error.

        Args:
            chat: Id of the chat, or of the person where only they know the chat.
            html: The text; only what fits one message is shown.
            markup: The keyboard below it, as JSON.
            message: Its ``message_id``, or its ``inline_message_id``.
        """
        text = split(html, MessageLimit.MAX_TEXT_LENGTH)[0]
        keyboard = {"reply_markup": markup} if markup else {}
        try:
            await self._call(_EDIT, chat, {**message, **keyboard, "text": text})
        except Undelivered as error:
            if "not modified" not in error.reason:
                raise

    def answer_to(self, chat: int, question: int) -> int | None:
        """Return the id of the message that answered a question, if that is remembered."""
        return self._answers.get((chat, question))

    def answered(self, chat: int, question: int, answer: int) -> None:
        """Remember which message answered a question."""
        self._answers[chat, question] = answer
        if len(self._answers) > _ANSWERS:
            self._answers.popitem(last=False)

    async def _call(self, method: str, chat: int, fields: Mapping[str, object]) -> Any:  # noqa: ANN401 - raw JSON
        """Make a call with a text; the answer stays as it came, as making objects of it takes time.

        The host's rate limiter is asked as for any other call.
        """
        request = self.application.bot.do_api_request
        chatless = "inline_message_id" in fields

        def make(chat: int) -> Awaitable[Any]:
            where = {} if chatless else {"chat_id": chat}
            return request(method, {**_TEXT, **where, **fields})

        return await self.delivery.call(chat, make)

    async def _migrated(self, old: int, new: int) -> None:
        await self.ready()
        await self.state.move(old, new)

    async def _failed(self, update: Update, error: Exception, apologise: Job) -> None:
        _log.error("an update could not be handled: %s", described(error))
        try:
            await apologise()
        except Exception as second:  # noqa: BLE001 - the lane goes on with what comes next
            _log.warning("nor could that be said: %s", described(second))
        if self.application.error_handlers:
            await self.application.process_error(update, error)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> object:
        return self.application.create_task(work)
