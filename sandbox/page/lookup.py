"""Finds whom and what the chat page means."""

from starlette.requests import Request

from ..state.accounts import Bot, User
from ..state.world import Chat, Message, World
from .requests import WrongError


class Lookup:
    """Finds people, bots, chats and messages by what the page calls them.

    Chats are named by :attr:`~..state.world.Chat.key`: private chats of one person with
    several bots have the same identifier in the Bot API.

    Args:
        world: Where they are.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def chats(self) -> list[Chat]:
        """Return the chats that go on."""
        every = (*self._world.private.values(), *self._world.chats.values())
        return [chat for chat in every if chat.migrated_to is None]

    def chat(self, key: object) -> Chat:
        """Return the chat with a key.

        Raises:
            WrongError: There is none.
        """
        chat = self._world.chat(str(key))
        if chat is None:
            raise WrongError(f"there is no chat {key!r}")
        return chat

    def person(self, identifier: object) -> User:
        """Return the person with an identifier.

        Raises:
            WrongError: There is none.
        """
        person = self._world.people.get(identifier) if isinstance(identifier, int) else None
        if person is None:
            raise WrongError(f"there is no person {identifier!r}")
        return person

    def bot(self, identifier: object) -> Bot:
        """Return the bot with an identifier.

        Raises:
            WrongError: There is none.
        """
        bot = next((bot for bot in self._world.bots.values() if bot.id == identifier), None)
        if bot is None:
            raise WrongError(f"there is no bot {identifier!r}")
        return bot

    def message(self, chat: Chat, identifier: object) -> Message:
        """Return the message with an identifier.

        Raises:
            WrongError: There is none in this chat.
        """
        message = chat.messages.get(identifier) if isinstance(identifier, int) else None
        if message is None:
            raise WrongError(f"there is no message {identifier!r}")
        return message

    def addressed(self, request: Request) -> tuple[Chat, Message]:
        """Return the message that the address of a request names, and its chat.

        Raises:
            WrongError: There is none.
        """
        chat = self.chat(request.path_params["chat"])
        return chat, self.message(chat, request.path_params["id"])
