"""The methods by which a bot says who it is and what commands it has."""

import re
from typing import Final

from ..state.accounts import Bot, Json, User
from ..state.world import ADMINISTRATORS, Chat
from .access import Call, Methods, found_chat
from .entities import utf16_length
from .refusals import Refusal, bad_request

_COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE: Final = re.compile(r"(?:[a-z]{2})?")
_COMMANDS: Final = 100
_DESCRIPTION: Final = 256
_LENGTHS: Final = {"name": 64, "description": 512, "short_description": 120}
"""UTF-16 code units that each of these may have."""
_REFUSED: Final = {
    "name": "BOT_TITLE_INVALID",
    "description": "DESCRIPTION_TOO_LONG",
    "short_description": "ABOUT_TOO_LONG",
}

Scope = tuple[str, int, int]
"""ChatType, chat and user; 0 where it is about none."""


def _language(call: Call) -> str:
    code: str = call.parameters.get("language_code", "")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _scope(call: Call) -> Scope:
    scope: Json = call.parameters.get("scope") or {"type": "default"}
    chat = user = 0
    if "chat_id" in scope:
        chat = found_chat(call, scope["chat_id"]).id
    if "user_id" in scope:
        user = scope["user_id"]
    return scope["type"], chat, user


def _set_commands(call: Call) -> bool:
    commands: list[Json] = call.parameters["commands"]
    if len(commands) > _COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= utf16_length(command["description"].strip()) <= _DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    key = (*_scope(call), _language(call))
    kept = [{**command, "command": command["command"].removeprefix("/")} for command in commands]
    call.bot.profile.commands[key] = kept
    _announce(call)
    return True


def _get_commands(call: Call) -> list[Json]:
    return call.bot.profile.commands.get((*_scope(call), _language(call)), [])


def _delete_commands(call: Call) -> bool:
    call.bot.profile.commands.pop((*_scope(call), _language(call)), None)
    _announce(call)
    return True


def _announce(call: Call) -> None:
    call.world.events.add("commands", None, call.bot.id, {"bot": call.bot.id})


def commands_for(bot: Bot, chat: Chat, user: User) -> list[Json]:
    """Return the commands that somebody is shown in a chat, as Telegram resolves them.

    The narrowest scope that has commands wins, and within it the user's language.
    """
    language = (user.language_code or "")[:2]
    scopes: list[Scope] = []
    if chat.type == "private":
        scopes += [("chat", chat.id, 0), ("all_private_chats", 0, 0)]
    else:
        scopes.append(("chat_member", chat.id, user.id))
        if chat.status(user.id) in ADMINISTRATORS:
            scopes.append(("chat_administrators", chat.id, 0))
        scopes.append(("chat", chat.id, 0))
        if chat.status(user.id) in ADMINISTRATORS:
            scopes.append(("all_chat_administrators", 0, 0))
        scopes.append(("all_group_chats", 0, 0))
    for scope in (*scopes, ("default", 0, 0)):
        for code in (language, ""):
            commands = bot.profile.commands.get((*scope, code))
            if commands:
                return commands
    return []


def said_in(texts: dict[str, str], language: str | None, fallback: str = "") -> str:
    """Return what a bot says about itself in a language, or in the others."""
    return texts.get((language or "")[:2]) or texts.get("") or fallback


def _set_text(call: Call, field: str, texts: dict[str, str]) -> bool:
    text: str = call.parameters.get(field, "").strip()
    if utf16_length(text) > _LENGTHS[field]:
        raise bad_request(_REFUSED[field])
    texts[_language(call)] = text
    return True


def _set_name(call: Call) -> bool:
    return _set_text(call, "name", call.bot.profile.names)


def _set_description(call: Call) -> bool:
    return _set_text(call, "description", call.bot.profile.descriptions)


def _set_short_description(call: Call) -> bool:
    return _set_text(call, "short_description", call.bot.profile.short_descriptions)


def _get_name(call: Call) -> Json:
    return {"name": said_in(call.bot.profile.names, _language(call), call.bot.first_name)}


def _get_description(call: Call) -> Json:
    return {"description": said_in(call.bot.profile.descriptions, _language(call))}


def _get_short_description(call: Call) -> Json:
    texts = call.bot.profile.short_descriptions
    return {"short_description": said_in(texts, _language(call))}


def _get_me(call: Call) -> Json:
    return call.bot.me()


def _log_out(call: Call) -> bool:
    call.bot.logged_out = True
    return True


def _close(call: Call) -> bool:
    if call.bot.webhook is not None:
        raise bad_request("webhook must be deleted before the bot is closed")
    return True


def refuse_logged_out(bot: Bot) -> None:
    """See whether a bot is still served here.

    Raises:
        Refusal: It logged out.
    """
    if bot.logged_out:
        raise Refusal(400, "Logged out")


METHODS: Final[Methods] = {
    "getMe": _get_me,
    "logOut": _log_out,
    "close": _close,
    "setMyCommands": _set_commands,
    "getMyCommands": _get_commands,
    "deleteMyCommands": _delete_commands,
    "setMyName": _set_name,
    "getMyName": _get_name,
    "setMyDescription": _set_description,
    "getMyDescription": _get_description,
    "setMyShortDescription": _set_short_description,
    "getMyShortDescription": _get_short_description,
}
"""Methods by name."""
