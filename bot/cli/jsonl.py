"""`efinbot ask --jsonl`: one JSON object per line in, one out, in order."""

import json
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any, Final, NoReturn, cast

from ...intents import ABOUT_ONE, COMPARE, FALLBACK, Context, Understanding
from ...knowledge.messages import message
from ..assistant import Answer, Assistant
from ..replies.writer import Writer

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
        "outcome": _outcome(said),
        "language": said.language,
        "confidence": round(said.confidence, 4),
        "answer": _plain_answer(assistant, said),
        "suggestions": list(said.suggestions),
        "sources": _sources(assistant, answer),
        "reply": answer.reply.html,
    }


def _plain_answer(assistant: Assistant, said: Understanding) -> str | None:
    """Return the statements that answer a question for one thing, as plain text."""
    if said.intent != "fact" or said.gap:
        return None
    write = Writer(assistant.engine.knowledge, said.language)
    first, *others = said.statements
    return " ".join((write.told(first), *(write.text(write.stated(ref)) for ref in others)))


def _sources(assistant: Assistant, answer: Answer) -> list[dict[str, str]]:
    """Return the sources of the statements that a reply makes."""
    knowledge, said = assistant.engine.knowledge, answer.understanding
    refs = said.statements or answer.reply.stated
    keys = [(ref.entry, key) for ref in refs for key in ref.within(knowledge).sources]
    if said.intent in (*ABOUT_ONE, COMPARE) and not keys:
        keys = [(id_, key) for id_ in said.topics for key in knowledge.entries[id_].sources]
    sources = [knowledge.entries[id_].sources[key] for id_, key in dict.fromkeys(keys)]
    return [{"title": s.title, "url": s.url, "as_of": s.as_of} for s in sources]


def _outcome(said: Understanding) -> str:
    if said.gap:
        return "gap"
    if said.intent != FALLBACK:
        return "answered"
    return "offered" if said.suggestions or said.pointing else "declined"


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
