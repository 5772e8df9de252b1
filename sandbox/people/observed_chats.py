"""Chats as tests see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from ..bot_api.server import Server
from ..state import membership
from ..state.accounts import Bot, Json, User
from ..state.update_routing import SERVICE
from ..state.world import GENERAL, PRESENT, Chat, Member, Topic
from . import waiting

PATIENCE: Final = 5.0
"""Seconds that a test waits for what it expects."""
GRACE: Final = 0.15
"""Seconds without a request after which a bot is taken to be done."""


class HasUser(Protocol):
    """Somebody who can be in a chat."""

    @property
    def user(self) -> User:
        """Who it is in the world of the server."""
        ...


def text_of(message: Json) -> str:
    """Return the text of a message, or its caption."""
    return message.get("text") or message.get("caption") or ""


def rows_of(message: Json) -> list[list[Json]]:
    """Return the rows of buttons below a message."""
    return message.get("reply_markup", {}).get("inline_keyboard", [])


def _service(message: Json) -> str:
    """Return what a message without a text is about."""
    return f"({', '.join(SERVICE.intersection(message)) or 'no text'})"


async def settle(server: Server, bots: Iterable[Bot], grace: float, seconds: float) -> None:
    """Wait until bots have dealt with all their updates.

    Raises:
        AssertionError: They have not, in that time; it says what they still have to do.
    """
    undone = await server.run(waiting.settled(server.api, bots, grace, seconds))
    if undone is not None:
        raise AssertionError(f"{undone}, after {seconds:g} s")


@dataclass(frozen=True)
class Said:
    """A message as it was when it was sent, seen or edited."""

    chat: "Conversation"
    json: Json
    """The message as an object of the Bot API."""

    @property
    def id(self) -> int:
        """Its identifier in the chat."""
        identifier: int = self.json["message_id"]
        return identifier

    @property
    def text(self) -> str:
        """What it says: its text or its caption."""
        return text_of(self.json)

    @property
    def buttons(self) -> list[list[str]]:
        """The labels of the buttons below it, in rows."""
        return [[button["text"] for button in row] for row in rows_of(self.json)]

    def __str__(self) -> str:
        return self.text


class Conversation:
    """A chat as a test sees it. What bots say in it is read in order."""

    def __init__(self, server: Server, chat: Chat, topic: Topic | None = None) -> None:
        self._server = server
        self.chat = chat
        """The chat in the world of the server."""
        self.thread = topic
        """The topic that this is about, if it is one of a forum."""
        self._read = server.do(lambda: server.api.world.events.last)

    @property
    def id(self) -> int:
        """Its identifier in the Bot API."""
        return self.chat.id

    async def expects(
        self, *fragments: str, without: Iterable[str] = (), seconds: float = PATIENCE
    ) -> Said:
        """Return the next message or edit of a bot that holds all fragments.

        Those before it are passed over; what follows it is for the next call.

        Args:
            fragments: What its text must hold; none takes whatever comes.
            without: What its text must not hold.
            seconds: How long to wait.

        Raises:
            AssertionError: None came; it shows the chat so far.
        """
        unwanted = tuple(without)

        def fits(message: Json) -> bool:
            text = text_of(message)
            return (
                self._is_here(message)
                and all(fragment in text for fragment in fragments)
                and not any(fragment in text for fragment in unwanted)
            )

        api = self._server.api
        found = await self._server.run(waiting.next_said(api, self.chat, self._read, fits, seconds))
        if found is None:
            wanted = " and ".join(map(repr, fragments)) or "anything"
            raise AssertionError(f"no bot said {wanted} within {seconds:g} s\n{self.transcript()}")
        self._read = found.id
        return Said(self, found.data["message"])

    async def stays_silent(self, *, grace: float = GRACE, seconds: float = PATIENCE) -> None:
        """See that no bot says anything more, once all have dealt with their updates.

        Args:
            grace: Seconds without a request after which a bot is taken to be done.
            seconds: How long that may take.

        Raises:
            AssertionError: A bot said something, or is not done in time.
        """
        await settle(self._server, self.chat.bots(), grace, seconds)
        api = self._server.api

        def said() -> list[str]:
            return [
                text_of(event.data["message"])
                for event in api.world.events.since(self._read)
                if waiting.said_by_bot(api, self.chat, event)
                and self._is_here(event.data["message"])
            ]

        heard = self._server.do(said)
        if heard:
            raise AssertionError(f"a bot said {heard[0]!r}\n{self.transcript()}")

    def messages(self) -> list[Said]:
        """Return the messages that are there now, the oldest first."""
        bodies = self._server.do(lambda: [held.body for held in self.chat.messages.values()])
        return [Said(self, body) for body in bodies if self._is_here(body)]

    def transcript(self) -> str:
        """Return the chat so far, for people."""
        lines = [f"{self.chat.title}:"]
        for said in self.messages()[-20:]:
            who = said.json.get("from", said.json.get("sender_chat", {}))
            name = who.get("first_name") or who.get("title") or "?"
            lines.append(f"  {name}: {said.text or _service(said.json)}")
            lines += [f"    [{'] ['.join(row)}]" for row in said.buttons]
        return "\n".join(lines)

    def _is_here(self, message: Json) -> bool:
        if self.thread is None:
            return True
        return message.get("message_thread_id", GENERAL) == self.thread.id


class Group(Conversation):
    """A group, supergroup, forum or channel as a test sees it."""

    def __init__(self, server: Server, chat: Chat) -> None:
        super().__init__(server, chat)
        self._topics: dict[int, Conversation] = {}

    def adds(self, *users: "HasUser", by: "HasUser | None" = None) -> None:
        """Let people or bots in."""
        world = self._server.api.world

        def join() -> None:
            for one in users:
                membership.joined(world, self.chat, one.user, by.user if by else self._owner())

        self._server.do(join)

    def removes(self, one: "HasUser") -> None:
        """Throw somebody out."""
        world = self._server.api.world
        self._server.do(lambda: membership.removed(world, self.chat, one.user, self._owner()))

    def promotes(self, one: "HasUser", *, anonymous: bool = False, can_delete: bool = True) -> None:
        """Make somebody an administrator."""
        self._change(one, status="administrator", anonymous=anonymous, can_delete=can_delete)

    def demotes(self, one: "HasUser") -> None:
        """Make an administrator a member again."""
        self._change(one, status="member", anonymous=False)

    def restricts(self, one: "HasUser", *, can_send: bool = False) -> None:
        """Take the right to write from somebody, or give it back."""
        self._change(one, status="restricted", can_send=can_send)

    def mutes(self, *, muted: bool = True) -> None:
        """Let administrators alone write, or everybody again."""
        self._server.do(lambda: setattr(self.chat, "members_can_send", not muted))

    def migrates(self) -> "Group":
        """Become a supergroup, and return it."""
        world = self._server.api.world
        chat = self._server.do(lambda: membership.migrated(world, self.chat, self._owner()))
        return Group(self._server, chat)

    def topic(self, name: str) -> Conversation:
        """Return a topic, opened if there is none of this name. ``General`` is always there."""
        world = self._server.api.world

        def find() -> Topic:
            known = (topic for topic in self.chat.topics.values() if topic.name == name)
            found = next(known, None)
            return found or membership.new_topic(world, self.chat, name, self._owner())

        topic = self._server.do(find)
        if topic.id not in self._topics:
            self._topics[topic.id] = Conversation(self._server, self.chat, topic)
        return self._topics[topic.id]

    def closes(self, topic: Conversation, *, closed: bool = True) -> None:
        """Close a topic, or open it again."""
        world, thread = self._server.api.world, topic.thread
        if thread is None:
            raise AssertionError(f"{topic.chat.title!r} is no topic")
        self._server.do(
            lambda: membership.close_topic(world, self.chat, thread, self._owner(), closed=closed)
        )

    def _change(self, one: "HasUser", **traits: Any) -> Member:  # noqa: ANN401 - those of Member
        world = self._server.api.world
        return self._server.do(
            lambda: membership.change_member(world, self.chat, one.user, self._owner(), **traits)
        )

    def _owner(self) -> User:
        members = self.chat.members.values()
        owner = next((m.user for m in members if m.status == "creator"), None)
        return owner or next(m.user for m in members if m.status in PRESENT)
