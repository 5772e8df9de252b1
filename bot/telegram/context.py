"""The message context: who asks, where, what, and whether the bot is addressed."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from telegram import Message, MessageEntity, Update, User
from telegram.constants import ChatType

from ..storage import Place
from .keyboards import PREFIX, data_of

_GROUPS: Final = (ChatType.GROUP, ChatType.SUPERGROUP)


@dataclass(frozen=True, slots=True)
class MessageContext:
    """A message that somebody wrote, and all that its update tells of it."""

    place: Place
    """Chat, topic and person: one conversation."""
    name: str
    """What the person is called."""
    message: int
    """Id of the message."""
    private: bool
    """Whether nobody else reads along."""
    text: str
    """What is said, without the command or the mention that it is addressed by."""
    quoted: str
    """What somebody else says in the message that it replies to; or empty."""
    command: str
    """The command it starts with, in lower case, without slash and name of the bot; or empty."""
    addressed: bool
    """Whether it mentions the bot or replies to it."""
    anonymous: bool
    """Whether an administrator wrote it in the name of the group."""
    language_code: str
    """Language of the person's app, e.g. ``zh-hans``; may be empty."""
    sent: float
    """When, in seconds since the epoch."""
    edited: bool = False
    """Whether it was said before and has been changed: so is its answer."""
    began: float = field(default_factory=time.perf_counter, compare=False)
    """When it reached the bot."""


def read_message(
    update: Update, me: User, *, is_alone: bool, whole_albums: bool = False
) -> MessageContext | None:
    """Read the message of an update, new or edited; None if it is not for people's bots.

    Not read are channel posts and their copies in discussion groups, what other bots write, what
    came from inline results, service messages, and commands meant for another bot. A picture or a
    sticker without words is read as an empty text, in private and where the bot does nothing else;
    in an album, the words of one picture are those of all.

    Args:
        update: An update of any kind.
        me: The bot.
        is_alone: Whether all messages of this bot are efinbot's. If not, only a reply to one that
            bears its buttons is a reply to it.
        whole_albums: Whether each picture or file of an album is read, with words or without.
    """
    message = update.message or update.edited_message
    if message is None or message.via_bot or message.is_automatic_forward:
        return None
    person = message.sender_chat or message.from_user
    private = message.chat.type == ChatType.PRIVATE
    if person is None or (isinstance(person, User) and person.is_bot):
        return None
    written = message.text or message.caption
    if written is None and private and is_alone and (whole_albums or _stands_alone(message)):
        written = ""
    if written is None or not (private or message.chat.type in _GROUPS):
        return None
    command, text, mentioned = _split_address(message, written, me)
    if command is None:
        return None
    topic = message.message_thread_id if message.is_topic_message else None
    return MessageContext(
        place=Place(message.chat.id, topic or 0, person.id),
        name=person.full_name or "",
        message=message.message_id,
        private=private,
        text=text,
        quoted=_quoted(message, me),
        command=command,
        addressed=mentioned or _is_reply_to_bot(message, me, is_alone=is_alone),
        anonymous=message.sender_chat == message.chat,
        language_code=(message.from_user and message.from_user.language_code) or "",
        sent=message.date.timestamp(),
        edited=update.edited_message is not None,
    )


def _quoted(message: Message, me: User) -> str:
    """Return the words of the message that is replied to, if they are not the bot's."""
    to = message.reply_to_message
    return (to.text or to.caption or "") if to and to.from_user != me else ""


def _stands_alone(message: Message) -> bool:
    return bool(message.effective_attachment) and message.media_group_id is None


def _split_address(message: Message, written: str, me: User) -> tuple[str | None, str, bool]:
    """Return the command, what else is said, and whether the bot is mentioned.

    The command is empty for none, and None for one that is meant for another bot.
    """
    entities = message.entities or message.caption_entities
    if not entities:
        return "", written, False
    name, own = f"@{me.username}".casefold(), False
    units = written.encode("utf-16-le", "surrogatepass")
    command, end = "", 0
    kept: list[bytes] = []
    for entity, start, stop in _spans(entities):
        said = units[start:stop].decode("utf-16-le", "replace")
        if entity.type == MessageEntity.BOT_COMMAND and start == 0:
            command, _, of = said[1:].partition("@")
            if of and f"@{of}".casefold() != name:
                return None, "", False
        elif said.casefold() == name or (entity.user is not None and entity.user.id == me.id):
            own = True
        else:
            continue
        kept.append(units[end:start])
        end = stop
    text = b"".join((*kept, units[end:])).decode("utf-16-le", "replace")
    return command.casefold(), text.strip() if command or own else written, own


def _spans(entities: tuple[MessageEntity, ...]) -> Iterator[tuple[MessageEntity, int, int]]:
    """Yield commands and mentions with where they start and stop, in bytes of UTF-16."""
    mentions = (MessageEntity.BOT_COMMAND, MessageEntity.MENTION, MessageEntity.TEXT_MENTION)
    for entity in entities:
        if entity.type in mentions:
            yield entity, 2 * entity.offset, 2 * (entity.offset + entity.length)


def _is_reply_to_bot(message: Message, me: User, *, is_alone: bool) -> bool:
    """Return whether a message replies to the bot; in a topic, all reply to its first message."""
    to = message.reply_to_message
    if to is None or to.from_user is None or to.from_user.id != me.id or to.forum_topic_created:
        return False
    rows = to.reply_markup.inline_keyboard if to.reply_markup else ()
    data = (data_of(button.callback_data) for row in rows for button in row)
    return is_alone or any(one.startswith(PREFIX) for one in data)
