"""`efinbot ask --jsonl`: one JSON object per line in, one out, in order."""

import json
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any, Final, NoReturn, cast

from ...intents import Context
from ...knowledge.messages import message
from ..assistant import Assistant

_MAX_CHATS: Final = 10_000
_EXAMPLE: Final = '{"text": "What is open banking?"}'


def answer_lines(lines: Iterable[bytes], assistant: Assistant) -> Iterator[bytes]:
    """Answer questions, as the question contract says.

    Args:
        lines: JSON objects with ``text`` and, if wanted, ``id`` and ``chat``; questions of one chat
            are one conversation.
        assistant: Answers them.

    Yields:
        A JSON object a line; for a line that is no question, one with an ``error``.
    """
    chats: OrderedDict[str, Context] = OrderedDict()
    for line in lines:
        try:
            yield _encoded(_answer(line, assistant, chats))
        except RecursionError:
            yield _encoded(_error(None, message("command_line.too_deep", example=_EXAMPLE)))


def _answer(line: bytes, assistant: Assistant, chats: OrderedDict[str, Context]) -> dict[str, Any]:
    try:
        question = json.loads(line.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite)
    except ValueError:
        return _error(None, message("command_line.no_json", example=_EXAMPLE))
    if not isinstance(question, dict):
        return _error(None, message("command_line.no_object", example=_EXAMPLE))
    asked = cast("dict[str, Any]", question)
    id_, text, chat = asked.get("id"), asked.get("text"), asked.get("chat")
    if "text" not in asked:
        return _error(id_, message("command_line.no_text", example=_EXAMPLE))
    if not isinstance(text, str):
        return _error(id_, message("command_line.text_not_string", example=_EXAMPLE))
    key = None if chat is None else json.dumps(chat, sort_keys=True)
    context = None if key is None else chats.get(key)
    answer = assistant.answer(text, context, time.time())
    if key is not None:
        chats[key] = answer.context
        chats.move_to_end(key)
        if len(chats) > _MAX_CHATS:
            chats.popitem(last=False)
    said = answer.understanding
    return {
        "id": id_,
        "intent": said.intent,
        "topics": list(said.topics),
        "language": said.language,
        "confidence": round(said.confidence, 4),
        "suggestions": list(said.suggestions),
        "reply": answer.reply.html,
    }


def _error(id_: object, what: str) -> dict[str, Any]:
    return {"id": id_, "error": what}


def _refuse(constant: str) -> NoReturn:
    problem = f"{constant} is not JSON"
    raise ValueError(problem)


def _finite(number: str) -> float:
    """Refuse numbers that could not be written back as JSON."""
    value = float(number)
    return value if abs(value) != float("inf") else _refuse(number)


def _encoded(answer: dict[str, Any]) -> bytes:
    try:
        return json.dumps(answer, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        # An id may hold half of a surrogate pair, which UTF-8 can't say but JSON's escapes can.
        return json.dumps(answer).encode() + b"\n"
