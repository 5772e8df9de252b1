"""What people do: write, edit, tap, ask in the input field, react."""

import asyncio
import zlib
from collections.abc import Sequence
from typing import Any, Final

from ..bot_api.entities import utf16_length
from ..bot_api.limits import CALLBACK_LIFETIME, CAPTION_LIMIT, INLINE_LIFETIME, REACTIONS
from ..bot_api.texts import formatted
from ..state.accounts import ANONYMOUS_ADMIN, CHANNEL_SENDER, Bot, Json, User
from ..state.membership import blocked
from ..state.update_routing import deliver, deliver_reaction
from ..state.world import ADMINISTRATORS, GENERAL, PRESENT, Chat, Message, Query, Topic, World

PATIENCE: Final = 15.0
"""Real seconds that people wait for a bot's answer to a tap or a question."""
_PREMIUM_REACTIONS: Final = 3
"""Reactions of one person below one message, if they pay; else it is one."""
_LOCAL: Final = (
    "url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "web_app",
    "login_url",
)


class ImpossibleError(Exception):
    """People can't do this in Telegram."""


def start(world: World, person: User, bot: Bot, payload: str = "") -> tuple[Chat, Message]:
    """Open the private chat with a bot and press its start button."""
    chat = world.private_chat(bot, person)
    blocked(world, bot, person, stops=False)
    return chat, say(world, person, chat, f"/start {payload}".strip())


def say(
    world: World,
    person: User,
    chat: Chat,
    text: str = "",
    *,
    reply_to: Message | None = None,
    quote: str | None = None,
    topic: Topic | None = None,
    media: Json | None = None,
    via: Bot | None = None,
    content: Json | None = None,
    for_channel: Chat | None = None,
) -> Message:
    """Write in a chat.

    Args:
        world: Where it all is.
        person: Who writes.
        chat: Where.
        text: What; with media, its caption.
        reply_to: The message that it answers.
        quote: The part of that which is quoted.
        topic: Topic of a forum; none for the general one.
        media: Fields of a message that hold a photo or a file.
        via: The bot by way of which it is sent.
        content: Fields of the message instead of text and media.
        for_channel: The channel that it is written for.

    Raises:
        ImpossibleError: They can't write there.
    """
    _may_write(chat, person, topic)
    if chat.type == "private":
        # Somebody who writes to a bot may be answered, with or without its start button.
        for bot in chat.bots():
            bot.started_by.add(person.id)
    content = dict(content) if content is not None else _content(text, media)
    if via is not None:
        content["via_bot"] = via.json
    if quote is not None and reply_to is not None:
        said: str = reply_to.body.get("text") or reply_to.body.get("caption") or ""
        if quote not in said:
            message = f"the message doesn't say {quote!r}"
            raise ImpossibleError(message)
        position = utf16_length(said[: said.index(quote)])
        content["quote"] = {"text": quote, "position": position, "is_manual": True}
    sender: Json | None = None
    member = chat.members[person.id]
    if for_channel is not None:
        sender = {"from": CHANNEL_SENDER.json, "sender_chat": for_channel.json}
    elif member.anonymous and chat.type != "channel":
        sender = {"from": ANONYMOUS_ADMIN.json, "sender_chat": chat.json}
    thread = topic.id if topic and topic.id != GENERAL else None
    if thread is None and reply_to is not None and chat.is_forum:
        thread = reply_to.body.get("message_thread_id")
    message = world.add(chat, person, content, sender=sender, thread=thread, reply_to=reply_to)
    deliver(world, chat, message)
    return message


def _may_write(chat: Chat, person: User, topic: Topic | None) -> None:
    why = "their account is deleted" if person.is_deleted else _obstacle(chat, person, topic)
    if why is not None:
        message = f"{person.first_name} can't write in {chat.title!r}: {why}"
        raise ImpossibleError(message)


def _obstacle(chat: Chat, person: User, topic: Topic | None) -> str | None:
    """Return why somebody can't write in a chat."""
    status = chat.status(person.id)
    if chat.type == "private":
        stopped = any(member.status == "kicked" for member in chat.members.values())
        return "they blocked the bot" if stopped else None
    if chat.migrated_to is not None:
        return "it became a supergroup"
    if status not in PRESENT:
        return "they are not there"
    if status in ADMINISTRATORS:
        return None
    if topic is not None and topic.closed:
        return "the topic is closed"
    may = chat.type != "channel" and chat.members_can_send and chat.members[person.id].can_send
    return None if may else "they have no right to"


def _content(text: str, media: Json | None) -> Json:
    kept, entities = formatted(text)
    if media is None and not kept:
        message = "a message needs a text or media"
        raise ImpossibleError(message)
    if media is not None and utf16_length(kept) > CAPTION_LIMIT:
        message = f"a caption has at most {CAPTION_LIMIT} characters"
        raise ImpossibleError(message)
    name = "text" if media is None else "caption"
    content: Json = dict(media or {})
    if kept:
        content[name] = kept
    if entities:
        content["entities" if media is None else "caption_entities"] = entities
    return content


def edit(world: World, person: User, chat: Chat, message: Message, text: str) -> None:
    """Change what a person wrote.

    Raises:
        ImpossibleError: It isn't theirs, or is gone.
    """
    if message.author != person.id or message.deleted:
        why = "it is gone" if message.deleted else "somebody else wrote it"
        refused = f"{person.first_name} can't edit the message: {why}"
        raise ImpossibleError(refused)
    captioned = "text" not in message.body
    content: dict[str, Any] = {"caption_entities" if captioned else "entities": None}
    content |= _content(text, {} if captioned else None)
    world.change(chat, message, person, content)
    deliver(world, chat, message, edited=True)


def delete(world: World, person: User, chat: Chat, message: Message) -> None:
    """Take away what a person wrote. Bots aren't told.

    Raises:
        ImpossibleError: It isn't theirs.
    """
    if message.author != person.id:
        refused = f"{person.first_name} can't delete the message: somebody else wrote it"
        raise ImpossibleError(refused)
    world.delete(chat, message)


def tap(
    world: World, person: User, chat: Chat, message: Message, *, row: int, column: int
) -> Query | Json:
    """Tap a button below a message.

    Returns:
        The query that the bot is to answer, or what the app does by itself.

    Raises:
        ImpossibleError: There is no such button.
    """
    rows: list[list[Json]] = message.body.get("reply_markup", {}).get("inline_keyboard", [])
    if message.deleted or not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
        refused = "there is no such button"
        raise ImpossibleError(refused)
    button = rows[row][column]
    for action in _LOCAL:
        if action in button:
            return {action: button[action]}
    inline = next((key for key, held in world.inline.items() if held[1] is message), None)
    bot = _asked(world, message)
    query = world.ask(bot, CALLBACK_LIFETIME)
    update: Json = {
        "id": query.id,
        "from": person.json,
        "chat_instance": str(zlib.crc32(chat.key.encode())),
    }
    update |= {"inline_message_id": inline} if inline else {"message": message.body}
    bot.mailbox.push("callback_query", {**update, "data": button["callback_data"]})
    return query


def _asked(world: World, message: Message) -> Bot:
    """Return the bot whose buttons a message has."""
    wanted = message.body.get("via_bot", {}).get("id", message.author)
    return next(bot for bot in world.bots.values() if bot.id == wanted)


def ask_inline(
    world: World, person: User, bot: Bot, text: str, *, offset: str = "", chat: Chat | None = None
) -> Query:
    """Ask a bot in the input field of a chat.

    Raises:
        ImpossibleError: It can't be asked so.
    """
    if not bot.supports_inline:
        refused = f"@{bot.username} doesn't serve inline queries"
        raise ImpossibleError(refused)
    query = world.ask(bot, INLINE_LIFETIME)
    update: Json = {"id": query.id, "from": person.json, "query": text, "offset": offset}
    if chat is not None:
        own = chat.type == "private" and bot in chat.bots()
        update["chat_type"] = "sender" if own else chat.type
    bot.mailbox.push("inline_query", update)
    return query


def choose(
    world: World,
    person: User,
    chat: Chat,
    *,
    asked: str,
    bot: Bot,
    served: Json,
    topic: Topic | None = None,
) -> Message:
    """Send one of the results that a bot offered.

    Args:
        world: Where it all is.
        person: Who sends it.
        chat: Where to.
        asked: What was asked.
        bot: Who offered it.
        served: The result, and the content of its message.
        topic: Topic of a forum; none for the general one.
    """
    message = say(world, person, chat, topic=topic, via=bot, content=served["content"])
    chosen: Json = {
        "result_id": served["result"]["id"],
        "from": person.json,
        "query": asked,
    }
    if "reply_markup" in served["content"]:
        # Only messages with buttons can be edited later.
        identifier = f"inline-{world.chance.randrange(10**11, 10**12)}"
        world.inline[identifier] = (chat, message)
        chosen["inline_message_id"] = identifier
    if bot.inline_feedback:
        bot.mailbox.push("chosen_inline_result", chosen)
    return message


async def answered(query: Query, seconds: float = PATIENCE) -> Json:
    """Return a bot's answer to a tap or a question.

    Raises:
        TimeoutError: It took more than so many seconds.
    """
    return await asyncio.wait_for(asyncio.shield(query.answer), seconds)


def react(world: World, person: User, chat: Chat, message: Message, emoji: Sequence[str]) -> None:
    """Put reactions below a message, instead of those that the person put there before.

    Args:
        world: Where it all is.
        person: Who reacts.
        chat: Where.
        message: To what.
        emoji: With what; with nothing, what was there is taken back.

    Raises:
        ImpossibleError: They can't.
    """
    why = "it is gone" if message.deleted else _obstacle_to_reacting(chat, person, emoji)
    if why is not None:
        refused = f"{person.first_name} can't react to the message: {why}"
        raise ImpossibleError(refused)
    before = message.reactions.get(person.id, [])
    after: list[Json] = [{"type": "emoji", "emoji": one} for one in emoji]
    if before != after:
        world.react(chat, message, person, after)
        deliver_reaction(world, chat, message, person, before)


def _obstacle_to_reacting(chat: Chat, person: User, emoji: Sequence[str]) -> str | None:
    member = chat.members.get(person.id)
    if member is None or (chat.type != "private" and member.status not in PRESENT):
        return "they are not there"
    if not member.can_send:
        return "they have no right to"
    unknown = [one for one in emoji if one not in REACTIONS]
    if unknown:
        return f"{unknown[0]!r} is no reaction"
    most = _PREMIUM_REACTIONS if person.is_premium else 1
    return f"they may put {most} below it" if len(emoji) > most else None
