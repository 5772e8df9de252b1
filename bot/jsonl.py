"""Questions from a program: a JSON object a line in, one out, in order."""

import json
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any, Final, cast

from ..intents import Context
from .assistant import Assistant

_MAX_CHATS: Final = 10_000


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
        if line.strip():
            yield _encoded(_answer(line, assistant, chats))


def _answer(
    line: bytes, assistant: Assistant, chats: OrderedDict[str, Context]
) -> dict[str, Any]:
    try:
        question = json.loads(line)
    except (ValueError, RecursionError):
        return {"id": None, "error": "this line is no JSON; write one object a line"}
    if not isinstance(question, dict):
        return {"id": None, "error": 'this line is no JSON object; write {"text": "..."}'}
    asked = cast("dict[str, Any]", question)
    id_, text, chat = asked.get("id"), asked.get("text"), asked.get("chat")
    if not isinstance(text, str):
        return {"id": id_, "error": 'the text is missing; write {"text": "..."}'}
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


def _encoded(answer: dict[str, Any]) -> bytes:
    try:
        return json.dumps(answer, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        # An id may hold half of a surrogate pair, which UTF-8 can't say but JSON's escapes can.
        return json.dumps(answer).encode() + b"\n"
