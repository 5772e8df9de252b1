"""Who comes, goes and gets rights: members, topics, the change from group to supergroup."""

from .accounts import ANONYMOUS_ADMIN, Bot, Json, User
from .update_routing import deliver
from .world import ADMINISTRATORS, PRESENT, Chat, Member, Message, Topic, World

_RIGHTS = (
    *("can_manage_chat", "can_manage_video_chats", "can_restrict_members", "can_promote_members"),
    *("can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories"),
    *("can_delete_stories", "can_pin_messages", "can_manage_topics"),
)
_PERMISSIONS = (
    *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos"),
    *("can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls"),
    *("can_send_other_messages", "can_add_web_page_previews", "can_react_to_messages"),
)
_NEVER = ("can_edit_tag", "can_change_info", "can_invite_users", "can_pin_messages")


def member_json(member: Member) -> Json:
    """Return a member as an object of the Bot API."""
    body: Json = {"user": member.user.json, "status": member.status}
    if member.status == "creator":
        body["is_anonymous"] = member.anonymous
    elif member.status == "administrator":
        body |= dict.fromkeys(_RIGHTS, True)
        body |= {"can_be_edited": False, "can_delete_messages": member.can_delete}
        body["is_anonymous"] = member.anonymous
    elif member.status == "restricted":
        body |= dict.fromkeys(_PERMISSIONS, member.can_send)
        body |= dict.fromkeys((*_NEVER, "can_manage_topics"), False)
        body |= {"is_member": True, "until_date": 0}
    elif member.status == "kicked":
        body["until_date"] = 0
    return body


def change_member(world: World, chat: Chat, user: User, by: User, **traits: object) -> Member:
    """Change what somebody is in a chat, and tell the bots.

    Args:
        world: Where it all is.
        chat: The chat.
        user: Who it is about.
        by: Who does it.
        traits: Fields of :class:`~..state.world.Member`.
    """
    member = chat.members.setdefault(user.id, Member(user, "left"))
    before = member_json(member)
    for name, value in traits.items():
        setattr(member, name, value)
    after = member_json(member)
    if before != after:
        update = {
            "chat": chat.json,
            "from": by.json,
            "date": world.clock.date(),
            "old_chat_member": before,
            "new_chat_member": after,
        }
        if isinstance(user, Bot):
            user.mailbox.push("my_chat_member", update)
        for bot in chat.bots():
            if bot is not user and chat.status(bot.id) in ADMINISTRATORS:
                bot.mailbox.push("chat_member", update)
        world.events.add("chat", chat.key, by.id, {})
    return member


def say_so(world: World, chat: Chat, by: User, content: Json, thread: int | None = None) -> Message:
    """Add the message by which a chat says what happened to it."""
    message = world.add(chat, by, content, thread=thread)
    deliver(world, chat, message)
    return message


def joined(world: World, chat: Chat, user: User, by: User) -> None:
    """Let somebody come in."""
    if isinstance(user, Bot) and not user.can_join_groups:
        message = f"@{user.username} can't be added to groups"
        raise ValueError(message)
    change_member(world, chat, user, by, status="member")
    if chat.type != "channel":
        say_so(world, chat, by, {"new_chat_members": [user.json]})


def left(world: World, chat: Chat, user: User) -> None:
    """Let somebody go."""
    change_member(world, chat, user, user, status="left")
    if chat.type != "channel":
        say_so(world, chat, user, {"left_chat_member": user.json})


def removed(world: World, chat: Chat, user: User, by: User) -> None:
    """Throw somebody out."""
    change_member(world, chat, user, by, status="kicked")
    if chat.type != "channel":
        say_so(world, chat, by, {"left_chat_member": user.json})


def blocked(world: World, bot: Bot, person: User, *, stops: bool) -> None:
    """Let a person block or unblock a bot."""
    if stops == (person.id in bot.blocked_by):
        return
    chat = world.private_chat(bot, person)
    (bot.blocked_by.add if stops else bot.blocked_by.discard)(person.id)
    change_member(world, chat, bot, person, status="kicked" if stops else "member")


def migrated(world: World, chat: Chat, by: User) -> Chat:
    """Make a group a supergroup with another identifier, and return that.

    Raises:
        ValueError: It is none, or was already.
    """
    if chat.type != "group" or chat.migrated_to is not None:
        message = f"{chat.title!r} is no group that could become a supergroup"
        raise ValueError(message)
    new = world.group(chat.title, "supergroup", members_can_send=chat.members_can_send)
    for member in chat.members.values():
        if member.status in PRESENT:
            new.members[member.user.id] = Member(
                member.user, member.status, member.anonymous, member.can_send, member.can_delete
            )
    say_so(world, chat, by, {"migrate_to_chat_id": new.id})
    chat.migrated_to = new.id
    sender = {"from": ANONYMOUS_ADMIN.json, "sender_chat": new.json}
    moved = world.add(new, by, {"migrate_from_chat_id": chat.id}, sender=sender)
    deliver(world, new, moved)
    return new


def new_topic(world: World, chat: Chat, name: str, by: User) -> Topic:
    """Open a topic in a forum.

    Raises:
        ValueError: The chat is no forum.
    """
    if not chat.is_forum:
        message = f"{chat.title!r} is no forum"
        raise ValueError(message)
    topic = Topic(chat.last_id + 1, name)
    chat.topics[topic.id] = topic
    content = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
    topic.created = say_so(world, chat, by, content, thread=topic.id)
    world.events.add("chat", chat.key, by.id, {})
    return topic


def close_topic(world: World, chat: Chat, topic: Topic, by: User, *, closed: bool) -> None:
    """Close a topic, or open it again."""
    topic.closed = closed
    content: Json = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
    say_so(world, chat, by, content, thread=topic.id if topic.created else None)
    world.events.add("chat", chat.key, by.id, {})
