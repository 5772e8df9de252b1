"""Tests of bots against a local Telegram: people write, tap and ask; the bot answers over HTTP.

Nothing of the bot is replaced but the address of the Bot API::

    pytest_plugins = ["efinbot.bot.testing"]  # in conftest.py: brings the fixture ``telegram``

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

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Literal

import pytest_asyncio

from .sandbox import acts, membership
from .sandbox.acts import ImpossibleError
from .sandbox.faults import Fault
from .sandbox.handles import (
    GRACE,
    PATIENCE,
    Conversation,
    Group,
    HasUser,
    InlineAnswer,
    InlineResult,
    Said,
    TapAnswer,
    rows_of,
    settle,
)
from .sandbox.journal import Request
from .sandbox.people import Bot, Json, User
from .sandbox.schema import Upload
from .sandbox.server import Server
from .sandbox.world import Chat, Kind, Member, Message, Query

__all__ = [
    "BotAccount",
    "Conversation",
    "Group",
    "ImpossibleError",
    "InlineAnswer",
    "InlineResult",
    "Person",
    "Request",
    "Said",
    "TapAnswer",
    "Telegram",
    "telegram",
]


class BotAccount:
    """A bot as BotFather knows it."""

    def __init__(self, server: Server, user: Bot) -> None:
        self._server = server
        self.user = user
        """The bot in the world of the server."""

    @property
    def token(self) -> str:
        """What it signs in with."""
        return self.user.token

    @property
    def username(self) -> str:
        """Its name without the @."""
        return self.user.username or ""

    @property
    def id(self) -> int:
        """Its identifier."""
        return self.user.id

    def is_busy_while(self, busy: Callable[[], bool]) -> None:
        """Tell when the bot works on something that shows in no request.

        Args:
            busy: Says whether it does at this moment; called from another thread.
        """
        self.user.busy = busy

    def repeats_updates(self, times: int = 1) -> None:
        """Let the next batches of updates be delivered twice."""
        self._server.do(lambda: self.user.mailbox.repeat(times))

    async def says(self, chat: Conversation, text: str, reply_to: Said | None = None) -> Said:
        """Write as a bot that only the test speaks for, made with ``puppet=True``."""
        if not self.user.puppet:
            raise AssertionError(f"@{self.username} speaks for itself; make it with puppet=True")

        def write() -> Message:
            reply = chat.chat.messages[reply_to.id] if reply_to else None
            chat.chat.last_bot = self.id
            world = self._server.api.world
            return world.add(chat.chat, self.user, {"text": text}, reply_to=reply)

        return Said(chat, self._server.do(write).body)


class Person:
    """Somebody who uses Telegram."""

    def __init__(self, telegram: "Telegram", server: Server, user: User) -> None:
        self._telegram = telegram
        self._server = server
        self.user = user
        """The person in the world of the server."""

    @property
    def id(self) -> int:
        """Their identifier."""
        return self.user.id

    async def starts(self, bot: BotAccount, payload: str = "") -> Conversation:
        """Open the private chat with a bot and press start; unblocks it.

        Args:
            bot: Which one.
            payload: What the link to it carries, ``t.me/bot?start=payload``.
        """
        chat = self.chat_with(bot)
        self._server.do(lambda: acts.start(self._server.api.world, self.user, bot.user, payload))
        return chat

    def chat_with(self, bot: BotAccount) -> Conversation:
        """Return the private chat with a bot, without writing anything."""
        return self._telegram.private_chat(bot.user, self.user)

    async def says(
        self,
        chat: Conversation,
        text: str = "",
        *,
        reply_to: Said | None = None,
        quote: str | None = None,
        photo: bytes | None = None,
        document: tuple[str, bytes] | None = None,
        for_channel: Group | None = None,
    ) -> Said:
        """Write in a chat, and return the message.

        Args:
            chat: Where; a topic of a forum, or a group, private chat or channel.
            text: What; with a photo or document, its caption.
            reply_to: The message that it answers.
            quote: The part of that which is quoted.
            photo: A PNG or JPEG picture.
            document: A file: its name and what it holds.
            for_channel: The channel that it is written for.

        Raises:
            ImpossibleError: They can't write there.
        """
        api = self._server.api

        def write() -> Message:
            media: Json | None = None
            if photo is not None:
                media = api.files.photo(Upload("photo.jpg", photo, "image/jpeg"))
            elif document is not None:
                name, content = document
                media = api.files.document(Upload(name, content, "application/octet-stream"))
            return acts.say(
                api.world,
                self.user,
                chat.chat,
                text,
                reply_to=chat.chat.messages[reply_to.id] if reply_to else None,
                quote=quote,
                topic=chat.thread,
                media=media,
                for_channel=for_channel.chat if for_channel else None,
            )

        return Said(chat, self._server.do(write).body)

    async def edits(self, said: Said, text: str) -> Said:
        """Change what they wrote, and return it as it is now.

        Raises:
            ImpossibleError: It isn't theirs, or is gone.
        """
        chat = said.chat.chat

        def change() -> Message:
            message = self._present(said)
            acts.edit(self._server.api.world, self.user, chat, message, text)
            return message

        return Said(said.chat, self._server.do(change).body)

    async def taps(self, said: Said, label: str) -> TapAnswer:
        """Tap a button below a message and return what the bot answers.

        Args:
            said: The message; its buttons are looked up as they are now.
            label: What the button says.

        Raises:
            AssertionError: There is no such button, or the bot leaves the tap unanswered.
        """
        chat = said.chat.chat

        async def tap() -> Json:
            message = self._present(said)
            rows = rows_of(message.body)
            places = {b["text"]: (r, c) for r, row in enumerate(rows) for c, b in enumerate(row)}
            if label not in places:
                raise AssertionError(f"there is no button {label!r}, only {list(places)}")
            world = self._server.api.world
            tapped = acts.tap(world, self.user, chat, message, *places[label])
            if isinstance(tapped, Query):
                return await acts.answered(tapped, PATIENCE)
            return tapped

        try:
            answer = await self._server.run(tap())
        except TimeoutError:
            raise AssertionError(
                f"the bot left the tap on {label!r} unanswered\n{said.chat.transcript()}"
            ) from None
        return _tap_answer(answer)

    async def asks_inline(
        self, bot: BotAccount, text: str, *, offset: str = "", chat: Conversation | None = None
    ) -> InlineAnswer:
        """Ask a bot in the input field and return what it offers.

        Raises:
            AssertionError: The bot doesn't answer.
        """

        async def ask() -> Json:
            world, where = self._server.api.world, chat.chat if chat else None
            query = acts.ask_inline(world, self.user, bot.user, text, offset, where)
            return await acts.answered(query, PATIENCE)

        try:
            answer = await self._server.run(ask())
        except TimeoutError:
            raise AssertionError(f"@{bot.username} left {text!r} unanswered") from None
        return InlineAnswer(self._server, self.user, bot.user, text, answer)

    async def reacts(self, said: Said, *emoji: str) -> None:
        """Put reactions below a message, instead of their earlier ones."""
        world, chat = self._server.api.world, said.chat.chat
        self._server.do(lambda: acts.react(world, self.user, chat, self._present(said), emoji))

    async def deletes(self, said: Said) -> None:
        """Take a message away; bots aren't told."""
        world, chat = self._server.api.world, said.chat.chat
        self._server.do(lambda: world.delete(chat, self._present(said)))

    async def blocks(self, bot: BotAccount, *, blocked: bool = True) -> None:
        """Block a bot, or unblock it."""
        world = self._server.api.world
        self._server.do(lambda: membership.blocked(world, bot.user, self.user, stops=blocked))

    def vanishes(self) -> None:
        """Delete their account."""
        self.user.is_deleted = True

    def _present(self, said: Said) -> Message:
        message = said.chat.chat.messages.get(said.id)
        if message is None:
            refused = "the message is gone"
            raise ImpossibleError(refused)
        return message


def _tap_answer(answer: Json) -> TapAnswer:
    current = answer.get("switch_inline_query_current_chat")
    chosen = answer.get("switch_inline_query_chosen_chat", {}).get("query")
    return TapAnswer(
        text=answer.get("text", ""),
        alert=answer.get("alert", False),
        url=answer.get("url", ""),
        inline_query=answer.get("switch_inline_query", current if current is not None else chosen),
        copied=answer.get("copy_text", {}).get("text", ""),
    )


class Telegram:
    """A local Telegram, with nobody in it at first."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._private: dict[tuple[int, int], Conversation] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, *, port: int = 0, seed: int = 0) -> "AsyncIterator[Telegram]":
        """Run a local Telegram for the duration of a block.

        Args:
            port: Where on the loopback interface; 0 takes a free one.
            seed: Makes identifiers the same every time.
        """
        server = Server(port, seed)
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
        puppet: bool = False,
    ) -> BotAccount:
        """Make a bot.

        Args:
            username: Its name without the @.
            first_name: Its name in chats.
            privacy: Whether groups show it only what is meant for it.
            hears_mentions: Whether that includes messages that mention it.
            can_join_groups: Whether it can be added to groups.
            supports_inline: Whether it can be asked in the input field.
            puppet: Whether the test speaks for it, so that nothing waits for it.
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
                puppet=puppet,
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
        return Person(self, self._server, self._server.do(lambda: make(first_name, **traits)))

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
        return self._made("group" if basic else "supergroup", title, members, bots, forum, username)

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
        kind: Kind,
        title: str,
        members: Iterable[HasUser],
        bots: Sequence[HasUser],
        forum: bool,  # noqa: FBT001 - passed on
        username: str | None,
    ) -> Group:
        users = [member.user for member in members]
        if not users:
            raise AssertionError(f"{title!r} needs somebody who owns it")
        world = self._server.api.world

        def make() -> Chat:
            chat = world.group(title, kind, is_forum=forum, username=username)
            chat.members[users[0].id] = Member(users[0], "creator")
            chat.members |= {user.id: Member(user) for user in users[1:]}
            for bot in bots:
                membership.joined(world, chat, bot.user, users[0])
            return chat

        return Group(self._server, self._server.do(make))

    def private_chat(self, bot: Bot, person: User) -> Conversation:
        """Return the one handle of a private chat, so that what was read stays read."""
        key = (bot.id, person.id)
        if key not in self._private:
            chat = self._server.do(lambda: self._server.api.world.private_chat(bot, person))
            self._private[key] = Conversation(self._server, chat)
        return self._private[key]

    def passes(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass at once, for what the server dates and what it calls too old."""
        self._server.api.world.clock.advance(3600 * hours + 60 * minutes + seconds)

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

    def requests(self, method: str | None = None, bot: BotAccount | None = None) -> list[Request]:
        """Return what bots asked for and were told, in order.

        Args:
            method: Method that it is about; none for all.
            bot: Who asked; none for all.
        """
        username = bot.username if bot else None
        return self._server.do(lambda: self._server.api.journal.requests(method, username))

    def records(self, *, enabled: bool) -> None:
        """Begin or stop to keep requests."""
        self._server.api.journal.enabled = enabled

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
