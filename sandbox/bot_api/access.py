"""Which chats a bot reaches, and what it may do there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..state.accounts import Bot
from ..state.world import ADMINISTRATORS, GENERAL, PRESENT, Chat, Member, Message, World
from .files import Files
from .refusals import Refusal, bad_request, forbidden

_SECONDS_TO_DELETE: Final = 48 * 3600


@dataclass(frozen=True, slots=True)
class Call:
    """A request of a bot."""

    world: World
    bot: Bot
    files: Files
    parameters: dict[str, Any]
    """Its parameters, of the right types."""


Handler = Callable[[Call], Any]
"""Carries out a method and returns its result."""
Methods = Mapping[str, Handler]


def found_chat(call: Call, chat_id: int | str) -> Chat:
    """Return the chat that a bot names, if it has any part in it.

    Raises:
        Refusal: The bot can't know such a chat.
    """
    world, bot = call.world, call.bot
    if isinstance(chat_id, str):
        named = (chat for chat in world.chats.values() if chat.username)
        wanted = chat_id.removeprefix("@").lower()
        found = next((c for c in named if (c.username or "").lower() == wanted), None)
        if found is None or not chat_id.startswith("@"):
            raise bad_request("chat not found")
        return found
    if chat_id > 0:
        person = world.people.get(chat_id)
        if person is None:
            if any(other.id == chat_id for other in world.bots.values()):
                raise forbidden("bots can't send messages to bots")
            raise bad_request("chat not found")
        started = world.private.get((bot.id, chat_id))
        if started is None:
            if person.is_deleted:
                raise forbidden("user is deactivated")
            raise forbidden("bot can't initiate conversation with a user")
        return started
    chat = world.chats.get(chat_id)
    if chat is None or bot.id not in chat.members:
        raise bad_request("chat not found")
    return chat


def entered_chat(call: Call, chat_id: int | str) -> Chat:
    """Return the chat that a bot names, if it is in it.

    Raises:
        Refusal: It is not there, or not any more.
    """
    chat, bot = found_chat(call, chat_id), call.bot
    if chat.type == "private":
        if chat.members[chat.id].user.is_deleted:
            raise forbidden("user is deactivated")
        if chat.id in bot.blocked_by:
            raise forbidden("bot was blocked by the user")
        if chat.id not in bot.started_by:
            raise forbidden("bot can't initiate conversation with a user")
        return chat
    if chat.migrated_to is not None:
        upgraded = "Bad Request: group chat was upgraded to a supergroup chat"
        raise Refusal(400, upgraded, migrate_to_chat_id=chat.migrated_to)
    status = chat.status(bot.id)
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    if status not in PRESENT:
        raise forbidden(f"bot is not a member of the {chat.type} chat")
    return chat


def may_send(chat: Chat, bot: Bot, what: str) -> None:
    """See whether a bot may write in a chat that it is in.

    Args:
        chat: Where.
        bot: Who.
        what: What is sent, such as ``text messages``.

    Raises:
        Refusal: It may not.
    """
    if chat.type == "private":
        return
    member = chat.members[bot.id]
    if member.status in ADMINISTRATORS:
        return
    if chat.type == "channel":
        raise bad_request("need administrator rights in the channel chat")
    if not chat.members_can_send or not member.can_send:
        raise bad_request(f"not enough rights to send {what} to the chat")


def open_thread(chat: Chat, bot: Bot, thread: int | None) -> int | None:
    """Return the topic that is written in, if it takes messages.

    Raises:
        Refusal: There is no such topic, or it is closed.
    """
    if not chat.is_forum:
        if thread is not None and not _is_discussion(chat, thread):
            raise bad_request("message thread not found")
        return thread
    # The general topic is written to by naming none; its number is refused.
    topic = chat.topics.get(thread or GENERAL)
    if topic is None or thread == GENERAL:
        raise bad_request("message thread not found")
    if topic.closed and chat.status(bot.id) not in ADMINISTRATORS:
        raise bad_request("TOPIC_CLOSED")
    return thread


def _is_discussion(chat: Chat, thread: int) -> bool:
    root = chat.messages.get(thread)
    return root is not None and bool(root.body.get("is_automatic_forward"))


def own_message(call: Call, chat: Chat) -> Message:
    """Return the message that a bot wants to edit.

    Raises:
        Refusal: It is gone, or not the bot's.
    """
    message = chat.messages.get(call.parameters["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message.author != call.bot.id:
        raise bad_request("message can't be edited")
    return message


def may_delete(call: Call, chat: Chat, message: Message) -> None:
    """See whether a bot may delete a message.

    Raises:
        Refusal: It may not.
    """
    member: Member = chat.members[call.bot.id]
    own = message.author == call.bot.id
    powerful = member.status in ADMINISTRATORS and member.can_delete
    if not (own or powerful or chat.type == "private"):
        raise bad_request("message can't be deleted")
    old = call.world.clock.now() - message.body["date"] > _SECONDS_TO_DELETE
    if old and not powerful:
        raise bad_request("message can't be deleted for everyone")
