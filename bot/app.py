"""`efinbot run`: the bot on its own, by long polling, until it is stopped."""

import asyncio
import gc
import logging
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ApplicationBuilder

from ..knowledge.messages import message
from .plugin import install
from .proxy import Proxy
from .redaction import described
from .reload.live import Live
from .reload.webhook import ReloadWebhook
from .settings import Settings, SettingsError
from .telegram.menus import MenuKeeper
from .telegram.request import HTTPRequest, Timeouts
from .telegram.sender import Host, seconds_to_wait
from .telegram.updates import TolerantBot

_UPDATES: Final = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.INLINE_QUERY,
    Update.CALLBACK_QUERY,
    Update.MESSAGE_REACTION,
)
_POLL: Final = 30
"""Seconds for which Telegram holds a request open while there is nothing new."""
_FETCHED: Final = 4
"""How many fetched updates are begun at once. Of a hundred, all would be understood before the next
hundred are asked for, and Telegram would be waited for with nothing to do."""
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 30.0
_YOUNG: Final = 10_000
"""How many objects are made and not freed before Python looks for cycles among them: some hundred
answers leave as many, and all wait meanwhile, for some milliseconds."""
_AGED: Final = 50
"""How often it does that before it looks through what is left of all of them."""
_TURN: Final = 0.001
"""Thread switch interval in seconds: how long a thread that reads an edited folder may hold up
answers."""
_GRACE: Final = 7.0
"""Seconds for answers under way when told to stop: after ten in all, containers are killed."""
_REFUSALS: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)
_log = logging.getLogger(__name__)


def check(settings: Settings) -> None:
    """Find out at once whether the settings do for running the bot.

    Raises:
        SettingsError: There is no token, or something else that can't be used.
        ModuleNotFoundError: A package is missing that the proxy needs.
    """
    settings.bot_token()
    settings.state_url()
    HTTPRequest(proxy=settings.outgoing_proxy())


def run(settings: Settings, live: Live) -> None:
    """Run the bot until SIGTERM or SIGINT; what was fetched by then is still answered, if soon.

    Args:
        settings: Where to, with which token, how to behave.
        live: Answers, and follows its folder.

    Raises:
        SettingsError: There is no token, or Telegram doesn't know it.
    """

    async def until_signal() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            _on_signal(number, stop.set)
        if sys.platform != "win32":
            _on_signal(
                signal.SIGHUP, partial(_hung_up, live, stop, had_terminal=sys.stderr.isatty())
            )
        await serve(settings, live, stop)

    if proxy := settings.outgoing_proxy():
        _log.info("Telegram is reached by the proxy %s", proxy)
    # The knowledge and the engine stay. To look through them for garbage would hold up all answers,
    # for a quarter of a second now and then.
    gc.freeze()
    gc.set_threshold(_YOUNG, _AGED)
    sys.setswitchinterval(_TURN)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(until_signal())


async def serve(settings: Settings, live: Live, stop: asyncio.Event) -> None:
    """Run the bot in the running loop until an event is set; see `run`."""
    pause = _FIRST_PAUSE
    while True:
        begun = time.monotonic()
        await _session(settings, live, stop)
        if stop.is_set():
            return
        if time.monotonic() - begun > _LONGEST_PAUSE:
            pause = _FIRST_PAUSE
        _log.warning("Telegram refuses the token; connecting again in %.0f s", pause)
        if not await _unless_stopped(stop, asyncio.sleep(pause)):
            return
        pause = min(2 * pause, _LONGEST_PAUSE)


async def _session(settings: Settings, live: Live, stop: asyncio.Event) -> None:
    """Run until told to stop, or until Telegram refuses the token, perhaps by mistake."""
    proxy = settings.outgoing_proxy()
    polling = _Polling(proxy)
    application = _application(settings, polling, proxy)
    installation = install(application, settings, live)
    following = AsyncExitStack()
    if settings.reload_webhook:
        await following.enter_async_context(ReloadWebhook(settings.reload_webhook, live))
    try:
        if await _unless_stopped(stop, _connected(application)):
            # Not given up half-way, which would leave the database open.
            await installation.services.ready()
            await application.start()
            menus = application.create_task(MenuKeeper(application.bot, live, settings).run())
            watching = application.create_task(live.watch())
            try:
                await _unless_stopped(stop, _poll(application, polling))
            finally:
                menus.cancel()
                watching.cancel()
            _log.info("stopping: what has been fetched is still answered")
    finally:
        await following.aclose()
        await installation.sessions.close()
        await _stop(application)
        await application.shutdown()
        await application.bot.shutdown()
        await installation.remove()


async def _stop(application: Host) -> None:
    """Stop fetching, then wait for the answers that are under way, but not forever."""
    if application.updater and application.updater.running:
        with suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(_GRACE / 4):
                await application.updater.stop()
    if application.running:
        try:
            async with asyncio.timeout(_GRACE):
                await application.stop()
        except TimeoutError:
            _log.warning("stopped while answers were waiting for Telegram; those are dropped")


def _application(settings: Settings, polling: HTTPRequest, proxy: Proxy | None) -> Host:
    """Build the application: quick requests, and few updates begun at once."""
    root = settings.api_url
    bot = TolerantBot(
        settings.bot_token().get_secret_value(),
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=HTTPRequest(timeouts=Timeouts(read=20), proxy=proxy),
        get_updates_request=polling,
    )
    return ApplicationBuilder().bot(bot).update_queue(asyncio.Queue(_FETCHED)).build()


async def _connected(application: Host) -> None:
    """Ask Telegram who the bot is, for as long as it takes."""
    pause = _FIRST_PAUSE
    while True:
        try:
            await application.initialize()
            break
        except InvalidToken:
            raise SettingsError(message("settings.refused_token")) from None
        except TelegramError as error:
            wait = max(pause, seconds_to_wait(error)) if isinstance(error, RetryAfter) else pause
            _log.warning("no connection, trying again in %.0f s: %s", wait, described(error))
            await asyncio.sleep(wait)
            pause = min(2 * pause, _LONGEST_PAUSE)
    _log.info("connected as @%s", application.bot.username)


async def _unless_stopped(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do something; if told to stop meanwhile, give it up at once and return False."""
    doing, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((doing, stopping), return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            return False
        await doing
        return True
    finally:
        doing.cancel()
        stopping.cancel()
        await asyncio.wait((doing, stopping))


async def _poll(application: Host, polling: "_Polling") -> None:
    """Fetch updates until Telegram refuses the token."""
    updater = application.updater
    if updater is None:
        problem = "the application was built without an updater"
        raise RuntimeError(problem)
    await updater.start_polling(
        timeout=_POLL,
        bootstrap_retries=-1,
        allowed_updates=_UPDATES,
        error_callback=polling.complain,
    )
    await polling.refused.wait()


class _Polling(HTTPRequest):
    """The way to new updates, which watches how that goes: the updater doesn't tell."""

    def __init__(self, proxy: Proxy | None) -> None:
        super().__init__(connections=1, timeouts=Timeouts(read=_POLL + 10), proxy=proxy)
        self.refused = asyncio.Event()
        """Set when Telegram refuses the token: python-telegram-bot has stopped polling then."""
        self._trouble = ""

    async def do_request(self, *args: Any, **options: Any) -> tuple[int, bytes]:  # noqa: ANN401 - as BaseRequest has it
        """Ask for updates, and note how it went."""
        status, answer = await super().do_request(*args, **options)
        if status in _REFUSALS:
            self.refused.set()
        elif status == HTTPStatus.OK and self._trouble:
            _log.info("updates are fetched again")
            self._trouble = ""
        return status, answer

    def complain(self, error: TelegramError) -> None:
        """Log why updates can't be fetched, once for the same reason in a row."""
        if isinstance(error, Conflict):
            reason = "somebody else polls or has set a webhook with this token; stop the other one"
        else:
            reason = described(error)
        if reason != self._trouble:
            _log.warning("updates can't be fetched, trying again: %s", reason)
        self._trouble = reason


def _on_signal(number: signal.Signals, act: Callable[[], object]) -> None:
    """Have something done in the running loop when the process gets a signal."""
    loop = asyncio.get_running_loop()

    def wake(_: int, __: object) -> None:
        loop.call_soon_threadsafe(act)

    try:
        loop.add_signal_handler(number, act)
    except NotImplementedError:  # on Windows
        signal.signal(number, wake)


def _hung_up(live: Live, stop: asyncio.Event, *, had_terminal: bool) -> None:
    """Read the knowledge again, or stop if it means that the terminal has been closed."""
    if had_terminal and not sys.stderr.isatty():
        stop.set()
    else:
        live.follow()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the event loop: uvloop's where there is one."""
    if sys.platform == "win32":
        return None
    import uvloop  # noqa: PLC0415 - not made for Windows

    return uvloop.new_event_loop
