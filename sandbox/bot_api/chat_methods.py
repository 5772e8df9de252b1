"""The methods about chats, who is in them, and files."""

from typing import Any, Final

from ..state.accounts import Bot, Json
from ..state.membership import left, member_json
from ..state.world import ADMINISTRATORS, Chat, Member
from .access import Call, Methods, entered_chat, found_chat
from .refusals import bad_request


def _get_chat(call: Call) -> Json:
    chat = found_chat(call, call.parameters["chat_id"])
    full: Json = {
        **chat.json,
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    if chat.username:
        full["active_usernames"] = [chat.username]
    if chat.type in ("group", "supergroup"):
        full["permissions"] = {"can_send_messages": chat.members_can_send}
    if chat.discussion is not None:
        full["linked_chat_id"] = chat.discussion.id
    return full


def _get_member(call: Call) -> Json:
    chat = entered_chat(call, call.parameters["chat_id"])
    user = call.world.user(call.parameters["user_id"])
    if user is None:
        raise bad_request("user not found")
    return member_json(chat.members.get(user.id) or Member(user, "left"))


def _get_administrators(call: Call) -> list[Json]:
    chat: Chat = entered_chat(call, call.parameters["chat_id"])
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    every = call.parameters.get("return_bots", False)
    return [
        member_json(member)
        for member in chat.members.values()
        if member.status in ADMINISTRATORS
        and (every or member.user is call.bot or not isinstance(member.user, Bot))
    ]


def _leave(call: Call) -> bool:
    chat = entered_chat(call, call.parameters["chat_id"])
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    left(call.world, chat, call.bot)
    return True


def _get_file(call: Call) -> dict[str, Any]:
    return call.files.described(call.parameters["file_id"])


METHODS: Final[Methods] = {
    "getChat": _get_chat,
    "getChatMember": _get_member,
    "getChatAdministrators": _get_administrators,
    "leaveChat": _leave,
    "getFile": _get_file,
}
"""Methods by name."""
