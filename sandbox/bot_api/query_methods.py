"""The methods that answer taps on buttons and questions in the input field."""

import re
from typing import Any, Final

from ..state.accounts import Json
from ..state.world import Query
from .access import Call, Methods
from .entities import utf16_length
from .links import checked_link
from .refusals import bad_request
from .reply_markup import inline_keyboard
from .texts import text_of

_TOO_OLD: Final = "query is too old and response timeout expired or query ID is invalid"
_RESULTS: Final = 50
_ID_BYTES: Final = 64
_ANSWER_LENGTH: Final = 200
_START: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def _answerable(call: Call, name: str) -> Query:
    """Return the query that is answered: young enough, and for the first time."""
    query = call.world.queries.get(call.parameters[name])
    if (
        query is None
        or query.bot is not call.bot
        or query.answer.done()
        or call.world.clock.now() - query.asked_at > query.lifetime
    ):
        raise bad_request(_TOO_OLD)
    return query


def _answer_callback(call: Call) -> bool:
    parameters = call.parameters
    text: str = parameters.get("text", "")
    if utf16_length(text) > _ANSWER_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    url: str = parameters.get("url", "")
    if url:
        own = f"t.me/{call.bot.username}?start="
        if own.lower() not in url.lower():
            raise bad_request("URL_INVALID")
    query = _answerable(call, "callback_query_id")
    answer = {"text": text, "alert": parameters.get("show_alert", False), "url": url}
    query.answer.set_result(answer)
    call.world.events.add("callback", None, call.bot.id, {"query_id": query.id, **answer})
    return True


def _answer_inline(call: Call) -> bool:
    parameters = call.parameters
    results: list[Json] = parameters["results"]
    if len(results) > _RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    identifiers = [result["id"] for result in results]
    if any(not 1 <= len(identifier.encode()) <= _ID_BYTES for identifier in identifiers):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(identifiers)) < len(identifiers):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(parameters.get("next_offset", "").encode()) > _ID_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    if parameters.get("cache_time", 0) < 0:
        raise bad_request("CACHE_TIME_INVALID")
    button: Json | None = parameters.get("button")
    if button is not None:
        _check_button(button)
    served = [{"result": result, "content": _content(result)} for result in results]
    query = _answerable(call, "inline_query_id")
    query.answer.set_result(
        {
            "results": served,
            "next_offset": parameters.get("next_offset", ""),
            "cache_time": parameters.get("cache_time", 300),
            "is_personal": parameters.get("is_personal", False),
            "button": button,
        }
    )
    return True


def _check_button(button: Json) -> None:
    if ("web_app" in button) == ("start_parameter" in button):
        raise bad_request("can't parse inline query results button: exactly one field must be used")
    if not button["text"]:
        raise bad_request("BUTTON_TEXT_INVALID")
    if "start_parameter" in button and not _START.fullmatch(button["start_parameter"]):
        raise bad_request("START_PARAM_INVALID")


def _content(result: Json) -> Json:
    """Return the fields of the message that a result becomes."""
    if result["type"] != "article":
        raise bad_request(f"the sandbox serves articles alone, not {result['type']} results")
    if not result["title"]:
        raise bad_request("ARTICLE_TITLE_EMPTY")
    for name in ("url", "thumbnail_url"):
        if result.get(name):
            try:
                checked_link(result[name])
            except ValueError:
                raise bad_request("WEB_DOCUMENT_URL_INVALID") from None
    wanted: Json = result["input_message_content"]
    if "message_text" not in wanted:
        raise bad_request("the sandbox serves text alone as input_message_content")
    if not wanted["message_text"]:
        raise bad_request("message text is empty")
    content: dict[str, Any] = text_of({**wanted, "text": wanted["message_text"]})
    markup = inline_keyboard(result.get("reply_markup"))
    return {**content, "reply_markup": markup} if markup else content


METHODS: Final[Methods] = {
    "answerCallbackQuery": _answer_callback,
    "answerInlineQuery": _answer_inline,
}
"""Methods by name."""
