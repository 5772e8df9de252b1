"""The callback data codec: answers that buttons, links and inline results lead to, in few bytes.

A view is what an answer is made from, without the question. Telegram gives a button 64 bytes and
hands them back as they are, or as somebody forged them: what can't be read is refused whole.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ..intents import ABOUT_ONE, COMPARE, LISTS, NEWS, TOPICLESS, StatementRef, Understanding
from ..knowledge import LANGUAGES, Knowledge, Language
from ..knowledge.models import SECTIONS, SUMMARY, Verdict

LIMIT: Final = 64
"""Bytes that Telegram gives a button or the id of an inline result."""
_CODES: Final[Mapping[str, str]] = {
    "explain": "e",
    "fact": "f",
    "sources": "s",
    "simpler": "p",
    "timeline": "t",
    NEWS: "n",
    "cases_of": "c",
    "drivers_of": "d",
    "challenges_of": "r",
    COMPARE: "x",
    "overview": "O",
    "drivers": "D",
    "trends": "T",
    "technologies": "N",
    "cases": "C",
    "outlook": "L",
    "help": "H",
    "greeting": "G",
    "identity": "I",
}
_INTENTS: Final = {code: intent for intent, code in _CODES.items()}
_SHAPE: Final = re.compile(
    r"(z|e)([a-zA-Z])(\d{0,2})(?:\.([a-z0-9+-]+))?(?:@([\w-]+))?"
    r"(?:([!?])((?:[a-z]\d{1,2}[ynp]?)+))?",
    re.ASCII,
)
_TONGUES: Final[Mapping[str, Language]] = {language[0]: language for language in LANGUAGES}
_MOST_TOPICS: Final = 6
_SECTIONS: Final = dict(zip("fbcwexs", (*SECTIONS, SUMMARY), strict=True))
_LETTERS: Final = {section: letter for letter, section in _SECTIONS.items()}
_STATEMENT: Final = re.compile(r"([a-z])(\d{1,2})([ynp]?)", re.ASCII)
_VERDICTS: Final[Mapping[str, Verdict]] = {"y": "yes", "n": "no", "p": "partly"}


def encode(understanding: Understanding) -> str:
    """Return an understanding as text, e.g. ``zc.open-banking@SG`` for its cases in Singapore.

    The first letters are the language and the intent, then how often more was asked. A fact ends
    in its statements, e.g. ``ef.gdpr!f1y`` for the second fact and a yes; ``?`` marks a gap.

    Raises:
        KeyError: Nothing leads to an answer with this intent.
    """
    said = understanding
    return "".join(
        (
            said.language[0],
            _CODES[said.intent],
            str(said.depth) if said.depth else "",
            f".{'+'.join(said.topics)}" if said.topics else "",
            f"@{said.region}" if said.region else "",
            _statements(said) if said.intent == "fact" else "",
        )
    )


def decode(text: str, knowledge: Knowledge) -> Understanding | None:
    """Return the understanding that a text stands for; None if the knowledge has no such answer."""
    parts = _SHAPE.fullmatch(text)
    if not parts:
        return None
    tongue, code, depth, ids, region, mark, stated = parts.groups()
    intent, topics = _INTENTS.get(code, ""), tuple(ids.split("+")) if ids else ()
    known = all(topic in knowledge.entries for topic in topics)
    if not (known and _fits(intent, topics) and (region is None or region in knowledge.regions)):
        return None
    if intent in LISTS and not knowledge.of_kind[LISTS[intent]]:
        return None
    refs = tuple(_refs(topics, stated or "", knowledge))
    if (intent == "fact") != bool(refs) or len(refs) != len(_STATEMENT.findall(stated or "")):
        return None
    return Understanding(
        intent,
        topics,
        _TONGUES[tongue],
        1.0,
        region=region,
        depth=int(depth or 0),
        statements=refs,
        gap=mark == "?",
    )


def _statements(said: Understanding) -> str:
    """Return the statements of an answer as text."""
    refs = (
        f"{_LETTERS[ref.section]}{ref.number}{(ref.verdict or '')[:1]}" for ref in said.statements
    )
    return ("?" if said.gap else "!") + "".join(refs)


def _refs(topics: tuple[str, ...], stated: str, knowledge: Knowledge) -> Iterator[StatementRef]:
    """Yield the statements that a text stands for, as far as the entry has them."""
    for letter, number, verdict in _STATEMENT.findall(stated):
        section = _SECTIONS.get(letter)
        if section and topics and knowledge.entries[topics[0]].statement(section, int(number)):
            yield StatementRef(topics[0], section, int(number), _VERDICTS.get(verdict))


def _fits(intent: str, topics: tuple[str, ...]) -> bool:
    if intent in ABOUT_ONE and topics:
        return len(topics) == 1
    if intent == COMPARE:
        return 1 < len(topics) <= _MOST_TOPICS and len(set(topics)) == len(topics)
    return intent in TOPICLESS and not topics
