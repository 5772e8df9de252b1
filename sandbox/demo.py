"""The demo: the bot in a local Telegram, in the browser, without token or internet.

The bot is ``efinbot run`` as a child process, and knows of this Telegram by its settings alone.
"""

import os
import signal
import subprocess
import sys
import time
import webbrowser
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from .bot_api.api import BotApi
from .bot_api.server import Server
from .page.page_app import page_app
from .page.requests import answering, body_of
from .people.actions import say
from .state import membership
from .state.accounts import Bot, Json, User
from .state.notices import Notice, NoticeItem
from .state.world import Chat, Member, World

PORT: Final = 8642
"""Where the page is, if nothing else is there; else on the next free port."""
_TRIES: Final = 20
_COMMAND: Final = (sys.executable, "-m", "efinbot.bot")
_RELOADS: Final = "/demo/reloads"
"""Where the bot sends what became of each edit of the knowledge."""
_STEP: Final = 0.05
"""Seconds between two looks at whether the bot is ready."""
_GRACE: Final = 10.0
"""Seconds that the bot has to end when it is told to."""
_TOPICS: Final = ("Open banking", "数字货币")
_TALK: Final = (
    (1, "Has anybody here dealt with open banking?"),
    (0, "Only read about it. @efinbot knows; mention it, and it answers."),
    (2, "没提到它的时候，它不会插话。"),
)
"""What is said in the group before anybody comes: by whom, and what."""
_OPERATOR: Final = {"en": "the bot's operator", "zh": "机器人的运营者"}
"""What the page says next to the name of the operator."""
_WAITING: Final = {
    "en": "efinbot is waiting for you, with {operator} as its operator, at {url}",
    "zh": "efinbot已就绪，运营者是{operator}，请打开 {url}",
}
_MORE: Final = {
    "en": "… {count} more; efinbot check lists them all",
    "zh": "……还有{count}处；efinbot check 会全部列出",
}


class PortError(Exception):
    """The page can't be served on a port.

    Args:
        port: Which one; 0 if none is free.
        reason: What the system says.
    """

    def __init__(self, port: int, reason: str) -> None:
        super().__init__(f"port {port}: {reason}")
        self.port = port
        self.reason = reason


def demo(port: int | None, knowledge: Path | None, *, language: str, browser: bool) -> int:
    """Run the bot in a Telegram on this machine until it ends, or until SIGTERM or SIGINT.

    Args:
        port: Where the page is; None takes the first free one from `PORT` on.
        knowledge: The folder that the answers come from, and follow; a copy of the shipped one if
            None.
        language: In which the bot writes its log, and this says where the page is.
        browser: Whether to open the page.

    Returns:
        The exit status: the bot's if it ended by itself, 0 if the demo was told to stop.

    Raises:
        PortError: The port can't be used.
        OSError: There is no place for what the demo keeps meanwhile, or the bot can't be started.
    """
    _stop_on_signals()
    try:
        with (
            TemporaryDirectory(prefix="efinbot-") as folder,
            closing(_server(port)) as server,
        ):
            return _serve(server, Path(folder), knowledge, language=language, browser=browser)
    except KeyboardInterrupt:
        return 0


def _stop_on_signals() -> None:
    """Let signals raise KeyboardInterrupt, so that the bot is ended, too."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    # Under nohup it is ignored, and stays so.
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.default_int_handler)


def _serve(
    server: Server, folder: Path, knowledge: Path | None, *, language: str, browser: bool
) -> int:
    server.start()
    bot, operator = server.do(lambda: _furnished(server.api.world))
    if knowledge is None:
        # What its operator changes must not change what is installed.
        knowledge = folder / "knowledge"
        made = subprocess.run(  # noqa: S603 - efinbot's own command
            [*_COMMAND, "init", str(knowledge)], stdout=subprocess.DEVNULL, check=False
        )
        if made.returncode:
            return made.returncode
    settings = {
        "TOKEN": bot.token,
        "API_URL": server.url,
        "DATABASE_URL": f"sqlite:///{folder / 'state.sqlite3'}",
        "KNOWLEDGE": str(knowledge.resolve()),
        "OPERATORS": str(operator.id),
        "RELOAD_WEBHOOK": f"{server.url}{_RELOADS}",
    }
    with _running(settings, folder, language) as process:
        while process.poll() is None and not server.do(lambda: bot.mailbox.polled):
            time.sleep(_STEP)
        if process.returncode is None:
            _announce(server.url, operator, language=language, browser=browser)
        return process.wait()


@contextmanager
def _running(
    settings: Mapping[str, str], folder: Path, language: str
) -> Generator[subprocess.Popen[bytes]]:
    """Run the bot with these settings and no others, and end it afterwards."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("EFINBOT_") and not name.lower().endswith("_proxy")
    }
    environment |= {f"EFINBOT_{name}": value for name, value in settings.items()}
    # In another folder, so that it finds no .env and no efinbot.toml.
    command = [*_COMMAND, "run", "--lang", language]
    process = subprocess.Popen(command, env=environment, cwd=folder)  # noqa: S603 - efinbot's own command
    try:
        yield process
    finally:
        process.terminate()
        with suppress(KeyboardInterrupt, subprocess.TimeoutExpired):
            process.wait(_GRACE)
        process.kill()
        process.wait()


def _announce(url: str, operator: User, *, language: str, browser: bool) -> None:
    line = _WAITING[language].format(operator=operator.first_name, url=url)
    print(line, flush=True)  # noqa: T201 - the one line to say
    if browser:
        webbrowser.open(url)


def _server(port: int | None) -> Server:
    """Return a server on a port, or on the first free one."""
    if port is None:
        for candidate in range(PORT, PORT + _TRIES):
            with suppress(OSError):
                return Server(candidate, page=_page)
        port = 0
    try:
        return Server(port, page=_page)
    except OSError as error:
        raise PortError(port, error.strerror or str(error)) from error


def _page(api: BotApi) -> Starlette:
    """Return the chat page, which says what became of edits of the knowledge."""

    async def reloaded(request: Request) -> object:
        api.world.announce(_notice(await body_of(request)))
        return {}

    page = page_app(api)
    page.router.routes.append(Route(_RELOADS, answering(reloaded), methods=["POST"]))
    return page


def _notice(event: Json) -> Notice:
    """Return what the page says of an event of the bot's reload webhook."""
    items = [
        NoticeItem(
            f"{problem['file']}:{problem['line']}:{problem['column']}",
            problem["said"],
            problem["level"],
        )
        for problem in event["problems"]
    ]
    if count := event["more"]:
        more = {language: text.format(count=count) for language, text in _MORE.items()}
        items.append(NoticeItem("", more, items[-1].level))
    return Notice(event["summary"], tuple(items))


def _furnished(world: World) -> tuple[Bot, User]:
    """Put people, chats and a bot into an empty world; return the bot and its operator."""
    bot = world.bot("efinbot", inline_placeholder="open banking…")
    people = (
        world.person("Ada", username="ada", language_code="en", note=_OPERATOR),
        world.person("Bruno", username="bruno", language_code="en"),
        world.person("小林", username="xiaolin", language_code="zh-hans"),
    )
    for person in people:
        world.private_chat(bot, person)
    friends = _group(world, "Fintech friends", people, bot)
    for who, text in _TALK:
        say(world, people[who], friends, text)
    forum = _group(world, "E-finance forum", people, bot, is_forum=True)
    for name in _TOPICS:
        membership.new_topic(world, forum, name, people[0])
    old = membership.new_topic(world, forum, "2024", people[0])
    membership.close_topic(world, forum, old, people[0], closed=True)
    bot.mailbox.forget()
    return bot, people[0]


def _group(
    world: World, title: str, people: tuple[User, ...], bot: Bot, *, is_forum: bool = False
) -> Chat:
    """Make a group that the first person owns."""
    chat = world.group(title, is_forum=is_forum)
    owner, *others = people
    chat.members[owner.id] = Member(owner, "creator")
    chat.members |= {person.id: Member(person) for person in others}
    membership.joined(world, chat, bot, owner)
    return chat
