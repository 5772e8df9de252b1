"""The methods that send, edit and delete messages."""

from typing import Any, Final

from ..state.accounts import Json
from ..state.update_routing import deliver
from ..state.world import GENERAL, Chat, Message
from .access import Call, Methods, entered_chat, may_delete, may_send, open_thread, own_message
from .entities import Entity, utf16_length
from .limits import REACTIONS
from .refusals import bad_request, forbidden
from .reply_markup import inline_keyboard, reply_markup
from .texts import caption_of, text_of

_NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
_UNSERVED: Final = {
    "business_connection_id": "business connection not found",
    "direct_messages_topic_id": "wrong direct messages topic identifier specified",
    "message_effect_id": "EFFECT_ID_INVALID",
    "suggested_post_parameters": "suggested posts can be sent only to channel direct messages",
    "rich_message": "the sandbox doesn't serve rich_message",
}
"""What needs something that nobody has here."""
_ACTIONS: Final = frozenset(
    {
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice"),
        *("upload_voice", "upload_document", "choose_sticker", "find_location"),
        *("record_video_note", "upload_video_note"),
    }
)
_TEXT_FIELDS: Final = ("text", "entities")
_CAPTION_FIELDS: Final = ("caption", "caption_entities")


def _send_message(call: Call) -> Json:
    return _sent(call, text_of(call.parameters), "text messages")


def _send_photo(call: Call) -> Json:
    caption = caption_of(call.parameters)
    photo = call.files.photo(call.parameters["photo"])
    return _sent(call, photo | caption, "photos")


def _send_document(call: Call) -> Json:
    caption = caption_of(call.parameters)
    document = call.files.document(call.parameters["document"])
    return _sent(call, document | caption, "documents")


def _sent(call: Call, content: Json, what: str) -> Json:
    """Send what is well-formed, if the chat takes it."""
    parameters, bot = call.parameters, call.bot
    _refuse_unserved(parameters)
    if parameters.get("allow_paid_broadcast"):
        raise bad_request("FLOODSKIP_NOT_ALLOWED")
    markup = reply_markup(parameters.get("reply_markup"))
    if markup is not None:
        content["reply_markup"] = markup
    if parameters.get("protect_content"):
        content["has_protected_content"] = True
    options = parameters.get("link_preview_options")
    if options:
        content["link_preview_options"] = options
    chat = entered_chat(call, parameters["chat_id"])
    may_send(chat, bot, what)
    reply, quote = _reply(call, chat)
    thread = open_thread(chat, bot, parameters.get("message_thread_id") or _thread_of(chat, reply))
    if quote:
        content["quote"] = quote
    known_users(call, content)
    message = call.world.add(chat, bot, content, thread=thread, reply_to=reply)
    chat.last_bot = bot.id
    if chat.type == "channel":
        deliver(call.world, chat, message)
    return message.body


def _refuse_unserved(parameters: Json) -> None:
    for name, refused in _UNSERVED.items():
        if name in parameters:
            raise bad_request(refused)


def _thread_of(chat: Chat, reply: Message | None) -> int | None:
    """Return the topic that a reply lands in where none is named."""
    thread = reply.body.get("message_thread_id") if reply and chat.is_forum else None
    return None if thread == GENERAL else thread


def _reply(call: Call, chat: Chat) -> tuple[Message | None, Json | None]:
    """Return the message that is replied to, and what of it is quoted."""
    wanted: Json | None = call.parameters.get("reply_parameters")
    if wanted is None:
        return None, None
    where = chat
    if wanted.get("chat_id", chat.id) != chat.id:
        where = entered_chat(call, wanted["chat_id"])
    original = where.messages.get(wanted["message_id"])
    thread = call.parameters.get("message_thread_id")
    elsewhere = chat.is_forum and thread is not None and original is not None
    if original is None or (elsewhere and original.body.get("message_thread_id") != thread):
        if wanted.get("allow_sending_without_reply"):
            return None, None
        raise bad_request("message to be replied not found")
    quote = wanted.get("quote")
    if not quote:
        return original, None
    said: str = original.body.get("text") or original.body.get("caption") or ""
    if quote not in said:
        raise bad_request("QUOTE_TEXT_INVALID")
    position = utf16_length(said[: said.index(quote)])
    return original, {"text": quote, "position": position, "is_manual": True}


def known_users(call: Call, content: Json) -> None:
    """Complete the users that a text mentions; drop mentions of those nobody knows."""
    for name in ("entities", "caption_entities"):
        entities: list[Entity] = content.get(name) or []
        if not any(entity["type"] == "text_mention" for entity in entities):
            continue
        kept: list[Entity] = []
        for entity in entities:
            if entity["type"] == "text_mention":
                user = call.world.user(entity["user"]["id"])
                if user is not None:
                    kept.append({**entity, "user": user.json})
            else:
                kept.append(entity)
        content[name] = kept


def _edit_text(call: Call) -> Json | bool:
    if "text" not in call.parameters:
        raise bad_request("message text is empty")
    _refuse_unserved(call.parameters)
    content = text_of(call.parameters, too_long="MESSAGE_TOO_LONG")
    return _edited(call, content, _TEXT_FIELDS, "there is no text in the message to edit")


def _edit_caption(call: Call) -> Json | bool:
    _refuse_unserved(call.parameters)
    content = caption_of(call.parameters, too_long="MEDIA_CAPTION_TOO_LONG")
    return _edited(call, content, _CAPTION_FIELDS, "there is no caption in the message to edit")


def _edit_markup(call: Call) -> Json | bool:
    _refuse_unserved(call.parameters)
    return _edited(call, {}, (), "")


def _edited(call: Call, content: Json, fields: tuple[str, ...], misfit: str) -> Json | bool:
    """Change a message, if that changes anything."""
    parameters = call.parameters
    known_users(call, content)
    markup = inline_keyboard(parameters.get("reply_markup"))
    inline: str | None = parameters.get("inline_message_id")
    if inline:
        found = call.world.inline.get(inline)
        if found is None or found[1].body["via_bot"]["id"] != call.bot.id:
            raise bad_request("MESSAGE_ID_INVALID")
        chat, message = found
        if message.deleted:
            raise bad_request("MESSAGE_ID_INVALID")
    else:
        for name in ("chat_id", "message_id"):
            if name not in parameters:
                raise bad_request("message identifier is not specified")
        chat = entered_chat(call, parameters["chat_id"])
        message = own_message(call, chat)
    held = message.body.keys()
    if (fields == _TEXT_FIELDS and "text" not in held) or (
        fields == _CAPTION_FIELDS and held.isdisjoint({"photo", "document"})
    ):
        raise bad_request(misfit)
    wanted: dict[str, Any] = {name: content.get(name) for name in fields}
    wanted["reply_markup"] = markup
    if all(message.body.get(name) == value for name, value in wanted.items()):
        raise bad_request(_NOT_MODIFIED)
    call.world.change(chat, message, call.bot, wanted)
    return True if inline else message.body


def _delete(call: Call) -> bool:
    chat = entered_chat(call, call.parameters["chat_id"])
    message = chat.messages.get(call.parameters["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    may_delete(call, chat, message)
    call.world.delete(chat, message)
    return True


def _send_action(call: Call) -> bool:
    parameters = call.parameters
    if parameters["action"] not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    _refuse_unserved(parameters)
    chat = entered_chat(call, parameters["chat_id"])
    if chat.type == "channel":
        raise bad_request("chat actions can't be sent to channels")
    may_send(chat, call.bot, "text messages")
    thread: int | None = parameters.get("message_thread_id")
    # Unlike messages, actions may name the general topic.
    open_thread(chat, call.bot, None if thread == GENERAL else thread)
    data = {"action": parameters["action"], "thread": thread, "from": call.bot.json}
    call.world.events.add("typing", chat.key, call.bot.id, data)
    return True


def _react(call: Call) -> bool:
    chat = entered_chat(call, call.parameters["chat_id"])
    message = chat.messages.get(call.parameters["message_id"])
    if message is None:
        raise bad_request("message to react not found")
    reactions: list[Json] = call.parameters.get("reaction") or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(reaction.get("emoji") not in REACTIONS for reaction in reactions):
        raise bad_request("REACTION_INVALID")
    if chat.type != "private" and not chat.members[call.bot.id].can_send:
        raise forbidden("CHAT_WRITE_FORBIDDEN")
    call.world.react(chat, message, call.bot, reactions)
    return True


METHODS: Final[Methods] = {
    "sendMessage": _send_message,
    "sendPhoto": _send_photo,
    "sendDocument": _send_document,
    "editMessageText": _edit_text,
    "editMessageCaption": _edit_caption,
    "editMessageReplyMarkup": _edit_markup,
    "deleteMessage": _delete,
    "sendChatAction": _send_action,
    "setMessageReaction": _react,
}
"""Methods by name."""
