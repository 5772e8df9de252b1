"""How the chat page is shown people, bots, chats and messages."""

from ..bot_api.profile_methods import said_in
from ..state.accounts import Bot, Json, User
from ..state.world import PRESENT, Chat, Message


def person_json(person: User) -> Json:
    """Return a person."""
    names = ("id", "username", "language_code", "note")
    return {"name": person.first_name, **{name: getattr(person, name) for name in names}}


def bot_json(bot: Bot, language: str | None) -> Json:
    """Return a bot, with what it says about itself in a language."""
    return {
        "id": bot.id,
        "username": bot.username,
        "name": said_in(bot.profile.names, language, bot.first_name),
        "inline_placeholder": bot.inline_placeholder if bot.supports_inline else None,
        "description": said_in(bot.profile.descriptions, language),
        "short_description": said_in(bot.profile.short_descriptions, language),
    }


def chat_json(chat: Chat) -> Json:
    """Return a chat, with its topics and members."""
    private = chat.type == "private"
    bot = next((m for m in chat.members.values() if private and isinstance(m.user, Bot)), None)
    members = [m for m in chat.members.values() if private or m.status in PRESENT]
    topics = chat.topics.values()
    return {
        "id": chat.key,
        "chat_id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "is_forum": chat.is_forum,
        "topics": [{"id": t.id, "name": t.name, "closed": t.closed} for t in topics],
        "members": [{"id": m.user.id, "status": m.status} for m in members],
        "bot": bot.user.id if bot else None,
        "blocked": bot is not None and bot.status == "kicked",
    }


def message_json(message: Message) -> Json:
    """Return a message, with what people put below it."""
    return {**message.body, "reactions": message.reacted()}
