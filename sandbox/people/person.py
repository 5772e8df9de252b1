"""Somebody who uses Telegram in a test."""

from collections.abc import MutableMapping

from ..bot_api.method_schema import SentFile
from ..bot_api.server import Server
from ..state import membership
from ..state.accounts import Json, User
from ..state.world import Message, Query
from . import actions
from .actions import ImpossibleError
from .bot_account import BotAccount
from .bot_answers import InlineAnswer, TapAnswer
from .observed_chats import PATIENCE, Conversation, Group, Said, rows_of

PrivateChats = MutableMapping[tuple[int, int], Conversation]
"""Private chats by bot and person: one object each, so that what was read stays read."""


class Person:
    """Somebody who uses Telegram."""

    def __init__(self, server: Server, user: User, chats: PrivateChats) -> None:
        self._server = server
        self._chats = chats
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
        self._server.do(lambda: actions.start(self._server.api.world, self.user, bot.user, payload))
        return chat

    def chat_with(self, bot: BotAccount) -> Conversation:
        """Return the private chat with a bot, without writing anything."""
        key = (bot.id, self.id)
        if key not in self._chats:
            world = self._server.api.world
            chat = self._server.do(lambda: world.private_chat(bot.user, self.user))
            self._chats[key] = Conversation(self._server, chat)
        return self._chats[key]

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
                media = api.files.photo(SentFile("photo.jpg", photo, "image/jpeg"))
            elif document is not None:
                name, content = document
                media = api.files.document(SentFile(name, content, "application/octet-stream"))
            return actions.say(
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
            actions.edit(self._server.api.world, self.user, chat, message, text)
            return message

        return Said(said.chat, self._server.do(change).body)

    async def taps(self, said: Said, label: str, *, seconds: float = PATIENCE) -> TapAnswer:
        """Tap a button below a message and return what the bot answers.

        Args:
            said: The message; its buttons are looked up as they are now.
            label: What the button says.
            seconds: How long to wait.

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
            tapped = actions.tap(
                world, self.user, chat, message, row=places[label][0], column=places[label][1]
            )
            if isinstance(tapped, Query):
                return await actions.answered(tapped, seconds)
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
            query = actions.ask_inline(world, self.user, bot.user, text, offset=offset, chat=where)
            return await actions.answered(query, PATIENCE)

        try:
            answer = await self._server.run(ask())
        except TimeoutError:
            raise AssertionError(f"@{bot.username} left {text!r} unanswered") from None
        return InlineAnswer(self._server, self.user, bot.user, text, answer)

    async def reacts(self, said: Said, *emoji: str) -> None:
        """Put reactions below a message, instead of their earlier ones."""
        world, chat = self._server.api.world, said.chat.chat
        self._server.do(lambda: actions.react(world, self.user, chat, self._present(said), emoji))

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
