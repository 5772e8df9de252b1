"""A pytest plugin: people in a local Telegram write, tap and ask; the bot answers over HTTP.

Nothing of the bot is replaced but the address of the Bot API::

    pytest_plugins = ["efinbot.sandbox.testing"]  # in conftest.py: brings the fixture ``telegram``

    async def test_it_greets(telegram):
        bot = telegram.bot("my_bot")
        await start_my_bot(token=bot.token, base_url=f"{telegram.url}/bot")
        ada = telegram.person("Ada", language_code="en")
        chat = await ada.starts(bot)
        greeting = await chat.expects("Hello, Ada")
        await ada.taps(greeting, "Help")
        await chat.expects("I can")
        await chat.stays_silent()

The server is as strict as Telegram and in its words, and refuses what Telegram would overlook, such
as unknown parameters. It runs in a thread of its own, so that it doesn't matter in which loop,
thread or process the bot runs.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Literal

import pytest_asyncio

from .bot_api.faults import Fault
from .bot_api.request_log import LoggedRequest
from .bot_api.server import Server
from .page.page_app import page_app
from .people.actions import ImpossibleError
from .people.bot_account import BotAccount
from .people.bot_answers import InlineAnswer, InlineResult, TapAnswer
from .people.observed_chats import GRACE, PATIENCE, Conversation, Group, HasUser, Said, settle
from .people.person import Person, PrivateChats
from .state import membership
from .state.world import Chat, ChatType, Member

__all__ = [
    "BotAccount",
    "Conversation",
    "Group",
    "ImpossibleError",
    "InlineAnswer",
    "InlineResult",
    "LoggedRequest",
    "Person",
    "Said",
    "TapAnswer",
    "Telegram",
    "telegram",
]


class Telegram:
    """A local Telegram, with nobody in it at first."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._private: PrivateChats = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, *, port: int = 0, seed: int | None = None) -> "AsyncGenerator[Telegram]":
        """Run a local Telegram for the duration of a block.

        Args:
            port: Where on the loopback interface; 0 takes a free one.
            seed: Makes tokens the same every time, too; without one they are random.
        """
        server = Server(port, seed, page_app)
        server.start()
        try:
            yield cls(server)
        finally:
            server.close()

    @property
    def url(self) -> str:
        """The root of the Bot API, such as ``http://127.0.0.1:4711``; ``/bot<token>`` follows."""
        return self._server.url

    def bot(
        self,
        username: str,
        *,
        first_name: str | None = None,
        privacy: bool = True,
        hears_mentions: bool = True,
        can_join_groups: bool = True,
        supports_inline: bool = True,
        scripted: bool = False,
    ) -> BotAccount:
        """Make a bot.

        Args:
            username: Its name without the @.
            first_name: Its name in chats.
            privacy: Whether groups show it only what is meant for it.
            hears_mentions: Whether that includes messages that mention it.
            can_join_groups: Whether it can be added to groups.
            supports_inline: Whether it can be asked in the input field.
            scripted: Whether the test speaks for it, so that nothing waits for it.
        """
        make = self._server.api.world.bot
        user = self._server.do(
            lambda: make(
                username,
                first_name=first_name or username,
                privacy=privacy,
                hears_mentions=hears_mentions,
                can_join_groups=can_join_groups,
                supports_inline=supports_inline,
                scripted=scripted,
            )
        )
        return BotAccount(self._server, user)

    def person(
        self,
        first_name: str,
        *,
        username: str | None = None,
        language_code: str | None = None,
        is_premium: bool = False,
    ) -> Person:
        """Let somebody join Telegram.

        Args:
            first_name: What others call them.
            username: Their name after the @, if they have one.
            language_code: Language of their app, such as ``zh-hans``.
            is_premium: Whether they pay.
        """
        make = self._server.api.world.person
        traits = {"username": username, "language_code": language_code, "is_premium": is_premium}
        user = self._server.do(lambda: make(first_name, **traits))
        return Person(self._server, user, self._private)

    def group(
        self,
        title: str,
        members: Iterable[HasUser],
        *bots: HasUser,
        basic: bool = False,
        forum: bool = False,
        username: str | None = None,
    ) -> Group:
        """Make a group; its first member owns it. Bots are told that they were added.

        Args:
            title: Its name.
            members: People in it, at least one.
            bots: Bots in it.
            basic: Whether it is a small group of the old kind, which may become a supergroup.
            forum: Whether it has topics.
            username: Its name after the @, if it is public.
        """
        return self._made(
            "group" if basic else "supergroup", title, members, bots, forum=forum, username=username
        )

    def channel(
        self,
        title: str,
        owner: HasUser,
        *bots: HasUser,
        discussion: Group | None = None,
        username: str | None = None,
    ) -> Group:
        """Make a channel that bots run together with its owner.

        Args:
            title: Its name.
            owner: Who writes in it.
            bots: Bots that run it.
            discussion: The group that its posts are forwarded to.
            username: Its name after the @, if it is public.
        """
        channel = self._made("channel", title, (owner,), bots, forum=False, username=username)
        channel.chat.discussion = discussion.chat if discussion else None
        for bot in bots:
            channel.promotes(bot)
        return channel

    def _made(
        self,
        kind: ChatType,
        title: str,
        members: Iterable[HasUser],
        bots: Sequence[HasUser],
        *,
        forum: bool,
        username: str | None,
    ) -> Group:
        users = [member.user for member in members]
        if not users:
            message = f"{title!r} needs somebody who owns it"
            raise ValueError(message)
        world = self._server.api.world

        def make() -> Chat:
            chat = world.group(title, kind, is_forum=forum, username=username)
            chat.members[users[0].id] = Member(users[0], "creator")
            chat.members |= {user.id: Member(user) for user in users[1:]}
            for bot in bots:
                membership.joined(world, chat, bot.user, users[0])
            return chat

        return Group(self._server, self._server.do(make))

    def passes(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass at once, for what the server dates and what it calls too old."""
        self._server.api.world.clock.advance(3600 * hours + 60 * minutes + seconds)

    def answers_to(self, host: str) -> None:
        """Answer requests that name another host, too, as bots behind a proxy make them."""
        self._server.hosts.add(host)

    def fails(
        self,
        method: str | None = None,
        *,
        times: int = 1,
        retry_after: int | None = None,
        status: int | None = None,
        reset: Literal["before", "after"] | None = None,
        delay: float = 0.0,
        chat: Conversation | None = None,
        bot: BotAccount | None = None,
    ) -> None:
        """Let the next requests go wrong.

        Args:
            method: Method that it is about; none for all.
            times: How many requests.
            retry_after: Answer 429 with so many seconds.
            status: Answer with this HTTP status, such as 502.
            reset: Cut the connection before or after the request took effect.
            delay: Answer so many seconds later.
            chat: Chat that it is about; none for all.
            bot: Bot that it is about; none for all.
        """
        fault = Fault(
            method.lower() if method else None,
            chat.id if chat else None,
            bot.id if bot else None,
            times,
            retry_after,
            status,
            reset,
            delay,
        )
        self._server.do(lambda: self._server.api.faults.add(fault))

    def is_down(self, seconds: float) -> None:
        """Cut every connection of bots for so many real seconds."""
        self._server.do(lambda: self._server.api.outage(seconds))

    def recovers(self) -> None:
        """End outages and forget the faults that are still to come."""
        self._server.do(self._server.api.faults.clear)

    def requests(
        self, method: str | None = None, bot: BotAccount | None = None
    ) -> list[LoggedRequest]:
        """Return what bots asked for and were told, in order.

        Args:
            method: Method that it is about; none for all.
            bot: Who asked; none for all.
        """
        username = bot.username if bot else None
        return self._server.do(lambda: self._server.api.request_log.requests(method, username))

    def records(self, *, enabled: bool) -> None:
        """Begin or stop to keep requests."""
        self._server.api.request_log.enabled = enabled

    async def settled(self, *, grace: float = GRACE, seconds: float = PATIENCE) -> None:
        """Return when all bots have dealt with all their updates.

        Args:
            grace: Seconds without a request after which a bot is taken to be done.
            seconds: How long that may take.

        Raises:
            AssertionError: It takes longer; it says what is still to do.
        """
        bots = self._server.do(lambda: list(self._server.api.world.bots.values()))
        await settle(self._server, bots, grace, seconds)


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[Telegram]:
    """A local Telegram for one test."""
    async with Telegram.open() as opened:
        yield opened
