"""The people, bots, chats and messages of the sandbox."""

import asyncio
import random
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from .accounts import Bot, Json, User
from .clock import Clock
from .events import Events
from .mailbox import Mailbox
from .notices import Notice

GENERAL: Final = 1
"""The topic of a forum that is always there."""
_KEPT: Final = 10_000
PRESENT: Final = frozenset({"creator", "administrator", "member", "restricted"})
"""What somebody is who is in a chat."""
ADMINISTRATORS: Final = frozenset({"creator", "administrator"})
"""What somebody is who runs a chat."""

ChatType = Literal["private", "group", "supergroup", "channel"]


@dataclass(slots=True)
class Member:
    """What somebody is in a chat."""

    user: User
    status: str = "member"
    """As in the Bot API: ``creator``, ``administrator``, ``member``, ``restricted``, ``left`` or
    ``kicked``."""
    anonymous: bool = False
    """Whether an administrator writes for the group."""
    can_send: bool = True
    """Whether a restricted member may write."""
    can_delete: bool = True
    """Whether an administrator may delete what others wrote."""


@dataclass(slots=True)
class Topic:
    """A topic of a forum."""

    id: int
    name: str
    closed: bool = False
    created: "Message | None" = None
    """The message that says that it was made; the general topic has none."""


@dataclass(slots=True, eq=False)
class Message:
    """A message in a chat."""

    body: Json
    """As an object of the Bot API. Replaced, never changed in place."""
    author: int
    """Who wrote it, whoever is named as the sender."""
    deleted: bool = False
    reactions: dict[int, list[Json]] = field(default_factory=dict[int, list[Json]])
    """What people and bots put below it, by who did."""

    @property
    def id(self) -> int:
        """Identifier in its chat."""
        number: int = self.body["message_id"]
        return number

    def reacted(self) -> list[Json]:
        """Return which emoji were put below it and by whom, the first one first."""
        by: dict[str, list[int]] = {}
        for who, reactions in self.reactions.items():
            for reaction in reactions:
                by.setdefault(reaction["emoji"], []).append(who)
        return [{"emoji": emoji, "by": people} for emoji, people in by.items()]

    def quoted(self) -> Json:
        """Return it as another message holds it that replies to it."""
        return {name: value for name, value in self.body.items() if name != "reply_to_message"}


@dataclass(slots=True, eq=False)
class Chat:
    """A conversation."""

    key: str
    """Identifier among all chats of the sandbox. Telegram's own is no use here: private chats of
    one person with several bots share it."""
    id: int
    """Identifier that bots know it by."""
    type: ChatType
    title: str
    username: str | None = None
    is_forum: bool = False
    members: dict[int, Member] = field(default_factory=dict[int, Member])
    topics: dict[int, Topic] = field(default_factory=dict[int, Topic])
    messages: dict[int, Message] = field(default_factory=dict[int, Message])
    """By identifier, the latest ones."""
    members_can_send: bool = True
    """Whether those may write who are no administrators."""
    migrated_to: int | None = None
    """The supergroup that a group became."""
    discussion: "Chat | None" = None
    """The group that a channel forwards its posts to."""
    last_bot: int | None = None
    """The bot that wrote last: commands without a name are for it."""
    last_id: int = 0
    """Identifier of the latest message."""
    json: Json = field(init=False)
    """The chat as an object of the Bot API."""

    def __post_init__(self) -> None:
        if self.type == "private":
            person = self.members[self.id].user
            known = ("first_name", "username")
            self.json = {name: person.json[name] for name in known if name in person.json}
            self.json |= {"id": self.id, "type": "private"}
            return
        self.json = {"id": self.id, "type": self.type, "title": self.title}
        if self.username:
            self.json["username"] = self.username
        if self.is_forum:
            self.json["is_forum"] = True
            self.topics.setdefault(GENERAL, Topic(GENERAL, "General"))

    def status(self, user: int) -> str:
        """Return what somebody is in this chat; ``left`` for strangers."""
        member = self.members.get(user)
        return member.status if member else "left"

    def bots(self) -> list[Bot]:
        """Return the bots that are in this chat."""
        return [
            member.user
            for member in self.members.values()
            if isinstance(member.user, Bot) and member.status in PRESENT
        ]


@dataclass(slots=True, eq=False)
class Query:
    """What a bot was asked by a tap or in an input field."""

    id: str
    bot: Bot
    asked_at: float
    """Seconds since the epoch."""
    lifetime: float
    """Seconds that the bot has for its answer."""
    answer: asyncio.Future[Json]
    """What the bot answers."""


class World:
    """Everything there is. Belongs to the loop of the server.

    Args:
        seed: Makes identifiers and tokens the same every time; without one the identifiers are,
            too, but tokens are random, so nobody can guess them.
    """

    def __init__(self, seed: int | None = None) -> None:
        self.chance = random.Random(seed or 0)  # noqa: S311 - reproducible, not secret
        self._secrets = random.SystemRandom() if seed is None else self.chance
        self.clock = Clock()
        self.events = Events()
        self.people: dict[int, User] = {}
        """People by identifier."""
        self.bots: dict[str, Bot] = {}
        """Bots by token."""
        self.chats: dict[int, Chat] = {}
        """Groups and channels by identifier."""
        self.private: dict[tuple[int, int], Chat] = {}
        """Private chats by bot and person."""
        self.inline: dict[str, tuple[Chat, Message]] = {}
        """Messages sent by way of a bot, by the identifier it edits them with."""
        self.queries: dict[str, Query] = {}
        """Queries by identifier, answered or not."""
        self.notice: Notice | None = None
        """The latest notice of the person who runs the sandbox."""
        self._user_id = 100_000
        self._private_id = 0

    def bot(self, username: str, **traits: Any) -> Bot:  # noqa: ANN401 - those of Bot
        """Add a bot.

        Args:
            username: Without the @.
            traits: Other fields of :class:`~.people.Bot`.
        """
        self._user_id += self.chance.randrange(1, 1000)
        secret = "".join(
            self._secrets.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", k=35)
        )
        traits.setdefault("first_name", username)
        traits.setdefault("token", f"{self._user_id}:{secret}")
        bot = Bot(
            self._user_id, username=username, is_bot=True, mailbox=Mailbox(self.chance), **traits
        )
        self.bots[bot.token] = bot
        return bot

    def person(self, first_name: str, **traits: Any) -> User:  # noqa: ANN401 - those of User
        """Add a person.

        Args:
            first_name: What others call them.
            traits: Other fields of :class:`~.people.User`.
        """
        self._user_id += self.chance.randrange(1, 1000)
        person = User(self._user_id, first_name, **traits)
        self.people[person.id] = person
        return person

    def private_chat(self, bot: Bot, person: User) -> Chat:
        """Return the private chat of a person and a bot, made when first asked for."""
        if (bot.id, person.id) not in self.private:
            members = {user.id: Member(user) for user in (person, bot)}
            key = f"{bot.id}-{person.id}"
            chat = Chat(key, person.id, "private", person.first_name, members=members)
            self.private[bot.id, person.id] = chat
            self.events.add("chat", chat.key, person.id, {})
        return self.private[bot.id, person.id]

    def group(self, title: str, kind: ChatType = "supergroup", **traits: Any) -> Chat:  # noqa: ANN401 - those of Chat
        """Add a group or a channel.

        Args:
            title: Its name.
            kind: What it is.
            traits: Other fields of :class:`Chat`.
        """
        number = self.chance.randrange(1_000_000_000, 2_000_000_000)
        identifier = -number if kind == "group" else -1_000_000_000_000 - number
        chat = Chat(str(identifier), identifier, kind, title, **traits)
        self.chats[identifier] = chat
        self.events.add("chat", chat.key, 0, {})
        return chat

    def chat(self, key: str) -> Chat | None:
        """Return the chat with a key."""
        every = (*self.chats.values(), *self.private.values())
        return next((chat for chat in every if chat.key == key), None)

    def user(self, identifier: int) -> User | None:
        """Return the person or bot with an identifier."""
        if identifier in self.people:
            return self.people[identifier]
        return next((bot for bot in self.bots.values() if bot.id == identifier), None)

    def ask(self, bot: Bot, lifetime: float) -> Query:
        """Return a new query for a bot; who makes it pushes the update.

        Args:
            bot: Who is asked.
            lifetime: Seconds that it has for its answer.
        """
        identifier = str(self.chance.randrange(10**17, 10**18))
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        query = Query(identifier, bot, self.clock.now(), lifetime, answer)
        self.queries[identifier] = query
        if len(self.queries) > _KEPT:
            del self.queries[next(iter(self.queries))]
        return query

    def next_id(self, chat: Chat) -> int:
        """Return the identifier of the next message in a chat."""
        if chat.type in ("private", "group"):
            # Those count on over all chats of an account.
            self._private_id += 1
            chat.last_id = self._private_id
        else:
            chat.last_id += 1
        return chat.last_id

    def add(
        self,
        chat: Chat,
        author: User,
        content: Json,
        *,
        sender: Json | None = None,
        thread: int | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Add a message to a chat.

        Args:
            chat: Where.
            author: Who writes.
            content: Text and what else there is.
            sender: Who is named as the sender, if it isn't the author.
            thread: Topic of a forum; none for the general one.
            reply_to: The message that it answers.
        """
        body: Json = {"message_id": self.next_id(chat)}
        if sender is not None:
            body |= sender
        elif chat.type == "channel":
            body["sender_chat"] = chat.json
        else:
            body["from"] = author.json
        body["chat"] = chat.json
        body["date"] = self.clock.date()
        if thread is not None:
            body["message_thread_id"] = thread
            if chat.is_forum:
                body["is_topic_message"] = True
                topic = chat.topics.get(thread)
                # As Telegram does: what is said in a topic replies to the message that opened it.
                reply_to = reply_to or (topic.created if topic else None)
        if reply_to is not None:
            body["reply_to_message"] = reply_to.quoted()
            if thread is None and chat.type == "supergroup" and not chat.is_forum:
                root = reply_to.body.get("message_thread_id", reply_to.id)
                body["message_thread_id"] = root
        body |= content
        message = Message(body, author.id)
        chat.messages[body["message_id"]] = message
        if len(chat.messages) > _KEPT:
            del chat.messages[next(iter(chat.messages))]
        self.events.add("message", chat.key, author.id, {"message": body})
        return message

    def change(self, chat: Chat, message: Message, by: User, content: Json) -> None:
        """Replace what a message says; what is None is taken away."""
        body = {**message.body, **content, "edit_date": self.clock.date()}
        message.body = {name: value for name, value in body.items() if value is not None}
        self.events.add("edited", chat.key, by.id, {"message": message.body})

    def react(self, chat: Chat, message: Message, by: User, reactions: list[Json]) -> None:
        """Put somebody's reactions below a message, instead of those that they put before."""
        if reactions:
            message.reactions[by.id] = reactions
        else:
            message.reactions.pop(by.id, None)
        data = {"message_id": message.id, "reactions": message.reacted()}
        self.events.add("reaction", chat.key, by.id, data)

    def announce(self, notice: Notice) -> None:
        """Tell everybody who has the page open, and who opens it later."""
        self.notice = notice
        self.events.add("notice", None, 0, {"notice": asdict(notice)})

    def delete(self, chat: Chat, message: Message) -> None:
        """Take a message away."""
        message.deleted = True
        chat.messages.pop(message.id, None)
        self.events.add("deleted", chat.key, message.author, {"message_id": message.id})
