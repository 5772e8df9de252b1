"""Which bots learn of what: membership, privacy mode, and the updates that follow."""

from typing import Final

from .accounts import TELEGRAM, Bot, Json, User
from .world import ADMINISTRATORS, PRESENT, Chat, Message, World

SERVICE: Final = frozenset(
    {
        *("new_chat_members", "left_chat_member", "new_chat_title", "group_chat_created"),
        *("supergroup_chat_created", "migrate_to_chat_id", "migrate_from_chat_id"),
        *("forum_topic_created", "forum_topic_edited", "forum_topic_closed"),
        *("forum_topic_reopened", "pinned_message"),
    }
)
"""Fields of the messages that say what happened to a chat."""


def deliver(world: World, chat: Chat, message: Message, *, edited: bool = False) -> None:
    """Give a message to the bots that are to see it, and a post to the discussion of its channel.

    Args:
        world: Where it all is.
        chat: Where the message is.
        message: The message.
        edited: Whether it was there already.
    """
    kind = "channel_post" if chat.type == "channel" else "message"
    for bot in chat.bots():
        if receives(bot, chat, message, world):
            bot.mailbox.push(f"edited_{kind}" if edited else kind, message.body)
    if chat.type == "channel" and chat.discussion is not None and not edited:
        _forward(world, chat, chat.discussion, message)


def _forward(world: World, channel: Chat, group: Chat, post: Message) -> None:
    """Forward a post to the discussion of its channel, as Telegram does by itself."""
    origin = {
        "type": "channel",
        "chat": channel.json,
        "message_id": post.id,
        "date": post.body["date"],
    }
    left_out = {"message_id", "sender_chat", "chat", "date", "reply_to_message"}
    content = {name: value for name, value in post.body.items() if name not in left_out}
    content |= {"is_automatic_forward": True, "forward_origin": origin}
    sender = {"from": TELEGRAM.json, "sender_chat": channel.json}
    deliver(world, group, world.add(group, TELEGRAM, content, sender=sender))


def deliver_reaction(
    world: World, chat: Chat, message: Message, person: User, before: list[Json]
) -> None:
    """Tell the bots that are to know what somebody now has below a message.

    In groups those are the administrators. Channels count reactions, and name nobody.

    Args:
        world: Where it all is.
        chat: Where the message is.
        message: The message.
        person: Who reacted.
        before: What they had below it before.
    """
    update: Json = {"chat": chat.json, "message_id": message.id, "date": world.clock.date()}
    if chat.type == "channel":
        kind = "message_reaction_count"
        update["reactions"] = [
            {"type": {"type": "emoji", "emoji": one["emoji"]}, "total_count": len(one["by"])}
            for one in message.reacted()
        ]
    else:
        kind = "message_reaction"
        anonymous = chat.members[person.id].anonymous
        update |= {"actor_chat": chat.json} if anonymous else {"user": person.json}
        update["old_reaction"] = before
        update["new_reaction"] = message.reactions.get(person.id, [])
    for bot in chat.bots():
        if chat.type == "private" or chat.status(bot.id) in ADMINISTRATORS:
            bot.mailbox.push(kind, update)


def receives(bot: Bot, chat: Chat, message: Message, world: World) -> bool:
    """Return whether a bot sees a message, as privacy mode has it."""
    status = chat.status(bot.id)
    if status not in PRESENT:
        return False
    body = message.body
    via: Json = body.get("via_bot", {})
    if chat.type == "private":
        return message.author != bot.id
    if chat.type == "channel":
        return status in ADMINISTRATORS and message.author != bot.id
    if any(other.id == message.author for other in world.bots.values()):
        return False
    if not bot.privacy or status in ADMINISTRATORS or not SERVICE.isdisjoint(body):
        return True
    return via.get("id") == bot.id or _answers(bot, chat, body) or _addresses(bot, chat, body)


def _answers(bot: Bot, chat: Chat, body: Json) -> bool:
    """Return whether a message replies to one of the bot's."""
    replied = body.get("reply_to_message")
    if replied is None:
        return False
    original = chat.messages.get(replied["message_id"])
    if original is None or not SERVICE.isdisjoint(original.body):
        return False
    return bot.id in (original.author, original.body.get("via_bot", {}).get("id"))


def _addresses(bot: Bot, chat: Chat, body: Json) -> bool:
    """Return whether a message has a command for the bot or mentions it."""
    text: str = body.get("text") or body.get("caption") or ""
    units = text.encode("utf-16-le")
    own = f"@{bot.username}".lower()
    for entity in body.get("entities") or body.get("caption_entities") or ():
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        said = units[2 * begin : 2 * end].decode("utf-16-le").lower()
        if entity["type"] == "bot_command":
            if said.endswith(own):
                return True
            # Without a name it is for the bot that wrote last, or for all if none did yet.
            if "@" not in said and chat.last_bot in (None, bot.id):
                return True
        elif bot.hears_mentions and (
            (entity["type"] == "mention" and said == own)
            or (entity["type"] == "text_mention" and entity["user"]["id"] == bot.id)
        ):
            return True
    return False
