"""Which keyboards Telegram takes below a message."""

from collections.abc import Mapping
from typing import Any, Final

from .links import checked_link
from .refusals import bad_request

BUTTONS: Final = 100
"""Buttons below a message."""
_ACTIONS: Final = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_MAY_BE_EMPTY: Final = frozenset({"switch_inline_query", "switch_inline_query_current_chat"})
_STYLES: Final = frozenset({"danger", "success", "primary"})
_DATA_LIMIT: Final = 64
_COPY_LIMIT: Final = 256


def inline_keyboard(markup: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return an inline keyboard as Telegram keeps it, or nothing if it has no buttons.

    Raises:
        Refusal: Telegram doesn't take such a keyboard.
    """
    if markup is None:
        return None
    rows = [[_button(button) for button in row] for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def reply_markup(markup: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what stands below a new message: an inline keyboard, or nothing.

    Other keyboards replace the one people type on, so that a message doesn't hold them.

    Raises:
        Refusal: Telegram doesn't take such a keyboard.
    """
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        return inline_keyboard(markup)
    if "keyboard" in markup and not all(markup["keyboard"]):
        raise bad_request("keyboard rows must be non-empty")
    return None


def _button(button: Mapping[str, Any]) -> dict[str, Any]:
    if not button["text"]:
        raise bad_request("inline keyboard button text is empty")
    actions = [
        name for name in _ACTIONS if button.get(name) or (name in _MAY_BE_EMPTY and name in button)
    ]
    if not actions:
        unallowed = "Text buttons are unallowed in the inline keyboard"
        raise bad_request(f"can't parse inline keyboard button: {unallowed}")
    if len(actions) > 1:
        # Telegram takes the first that it knows; two are always a mistake.
        both = " and ".join(actions)
        raise bad_request(f"can't parse inline keyboard button: {both} exclude each other")
    action = actions[0]
    if button.get("style") not in (None, *_STYLES):
        raise bad_request("BUTTON_STYLE_INVALID")
    if action == "callback_data" and len(button[action].encode()) > _DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "copy_text" and not 1 <= len(button[action]["text"]) <= _COPY_LIMIT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if action in ("callback_game", "pay"):
        raise bad_request("BUTTON_TYPE_INVALID")
    if action == "web_app" and not button[action]["url"].startswith("https://"):
        wrong = f"'{button[action]['url']}' is invalid: Only HTTPS links are allowed"
        raise bad_request(f"inline keyboard button Web App URL {wrong}")
    if action == "url":
        return {**button, "url": _address(button["url"])}
    return dict(button)


def _address(url: str) -> str:
    try:
        return checked_link(url)
    except ValueError as wrong:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {wrong}") from None
