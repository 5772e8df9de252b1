"""The bot in a Telegram of its own, in the browser: no token, no internet, nothing kept."""

import logging
import webbrowser
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pydantic import SecretStr

from ..bot.app import run
from ..bot.assistant import Assistant
from ..bot.board import Board
from ..bot.redaction import configure_logging
from ..bot.reload.live import Live
from ..bot.settings import Settings
from ..knowledge import SHIPPED, start
from .bot_api.server import Server
from .page.page_app import page_app
from .people.actions import say
from .state import membership
from .state.accounts import Bot, User
from .state.world import Chat, Member, World

PORT: Final = 8642
"""Where the page is, if nothing else is there; else on the next free port."""
_TRIES: Final = 20
_TOPICS: Final = ("Open banking", "数字货币")
_TALK: Final = (
    (1, "Has anybody here dealt with open banking?"),
    (0, "Only read about it. @efinbot knows; mention it, and it answers."),
    (2, "没提到它的时候，它不会插话。"),
)
"""What is said in the group before anybody comes: by whom, and what."""
_OPERATOR: Final = {"en": "the bot's operator", "zh": "机器人的运营者"}
"""What the page says beside the name of the operator."""


def demo(
    assistant: Callable[[Path], Assistant],
    port: int | None,
    knowledge: Path | None,
    *,
    browser: bool,
) -> None:
    """Run the bot in a Telegram on this machine until SIGTERM or SIGINT.

    Args:
        assistant: Makes what answers from a folder.
        port: Where the page is; None takes the first free one from `PORT` on.
        knowledge: The folder that the answers come from, and follow; a copy of the shipped one if
            None.
        browser: Whether to open the page.

    Raises:
        OSError: The port is taken.
    """
    configure_logging(logging.WARNING)
    with (
        suppress(KeyboardInterrupt),
        TemporaryDirectory(prefix="efinbot-") as folder,
        closing(_server(port)) as server,
    ):
        if knowledge:
            live = Live.open(knowledge, assistant)
        else:
            # What its operator changes must not change what is installed.
            live = Live(_copied(Path(folder, "knowledge")), assistant(SHIPPED))
        server.start()
        bot, operator = server.do(lambda: _furnished(server.api.world))
        settings = Settings.model_construct(
            token=SecretStr(bot.token),
            api_url=server.url,
            database_url=SecretStr(f"sqlite:///{Path(folder, 'state.sqlite3')}"),
            knowledge=live.folder,
            operators=frozenset({operator.id}),
        )
        live.observers.append(
            Board(lambda notice: server.do(lambda: server.api.world.announce(notice)), live)
        )
        run(settings, live, lambda: _announce(server.url, operator, browser=browser))


def _copied(folder: Path) -> Path:
    start(folder)
    return folder


def _announce(url: str, operator: User, *, browser: bool) -> None:
    line = f"efinbot is waiting for you, with {operator.first_name} as its operator, at {url}"
    print(line, flush=True)  # noqa: T201 - the one line to say
    if browser:
        webbrowser.open(url)


def _server(port: int | None) -> Server:
    """Return a server on a port, or on the first free one."""
    if port is not None:
        return Server(port, page=page_app)
    for candidate in range(PORT, PORT + _TRIES):
        with suppress(OSError):
            return Server(candidate, page=page_app)
    return Server(page=page_app)


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
