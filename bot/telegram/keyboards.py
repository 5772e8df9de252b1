"""The buttons below an answer: what to ask next, the way back, sharing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import quote

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.ext import InvalidCallbackData

from ...intents import ABOUT_ONE, CARE, COMPARE, FALLBACK, LISTS, NEWS, SMALL_TALK, Understanding
from ...knowledge import Knowledge, Language
from .. import callback_data
from ..assistant import Assistant
from ..replies.composer import Choice
from ..replies.paging import columns

PREFIX: Final = "e1:"
"""What the data of this bot's buttons starts with: whose it is, and in which version."""
FORGET: Final = f"{PREFIX}forget"
"""Data of the button that deletes what is kept about a person."""
LANGUAGE: Final = f"{PREFIX}lang."
"""Start of the data of the buttons that choose a language."""
OPERATE: Final = f"{PREFIX}op."
"""Start of the data of the buttons below messages to operators."""
RATINGS: Final = {1: ("+", "👍"), -1: ("-", "👎")}
"""What can be said of an answer: with what the data of its button starts, and what it shows."""
_FROM: Final = "<"
_ROW: Final = 40
"""How many columns of text buttons side by side have room for."""
_PAIR: Final = 2
_PLACES: Final = 4
"""How many places stand side by side at most."""


class Target(NamedTuple):
    """What a button leads to."""

    understanding: Understanding
    """What is to be answered."""
    origin: Understanding | None
    """The answer that the button stood below, if there was room to say."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as Telegram shows it."""

    html: str
    """Its text."""
    keyboard: InlineKeyboardMarkup | None
    """The buttons below it."""
    markup: str | None
    """The same as JSON."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Makes answers with their buttons."""

    assistant: Assistant
    """Answers."""
    username: str
    """Of the bot, for links to it; without the ``@``."""

    @property
    def _knowledge(self) -> Knowledge:
        return self.assistant.engine.knowledge

    def page(
        self,
        understanding: Understanding,
        origin: Understanding | None = None,
        *,
        rated: bool = False,
    ) -> Page:
        """Return the answer to an understanding, its confidence set to 1, as a page.

        Args:
            understanding: What is to be answered.
            origin: The answer that the reader comes from, to lead back to.
            rated: Whether it can be judged.
        """
        reply = self.assistant.reply(understanding)
        elsewhere = [one for one in reply.choices if _leads_elsewhere(one, understanding)]
        others = [one for one in reply.choices if one not in elsewhere]
        rows = [
            *self._rows(others, understanding, _PAIR),
            *self._rows(elsewhere, understanding, _PLACES),
        ]
        last: list[InlineKeyboardButton | None] = []
        back = origin or above(understanding, self._knowledge)
        if back and (title := self.assistant.reply(back).title):
            words = self._knowledge.interface.chat.back.in_(understanding.language)
            last.append(_leads(words.format(name=title), PREFIX + callback_data.encode(back)))
        if understanding.intent == "explain":
            last.append(self._share(understanding.topics[0], understanding.language))
        if below := [button for button in last if button]:
            rows.append(below)
        if rated and (verdicts := _ratings(understanding)):
            rows.append(verdicts)
        keyboard = InlineKeyboardMarkup(rows) if rows else None
        return Page(reply.html, keyboard, keyboard.to_json() if keyboard else None)

    def _rows(
        self, choices: Sequence[Choice], origin: Understanding, most: int
    ) -> list[list[InlineKeyboardButton]]:
        buttons = (self._button(choice, origin) for choice in choices)
        return _in_rows([button for button in buttons if button], most)

    def _button(self, choice: Choice, origin: Understanding) -> InlineKeyboardButton | None:
        """Return a choice as a button, which knows where it stood if there is room to say."""
        data = PREFIX + callback_data.encode(choice.understanding)
        if origin.intent != FALLBACK:
            whole = f"{data}{_FROM}{callback_data.encode(origin)}"
            data = whole if len(whole) <= callback_data.LIMIT else data
        return _leads(choice.label, data)

    def _share(self, id_: str, language: Language) -> InlineKeyboardButton:
        knowledge = self._knowledge
        name = knowledge.entries[id_].name.in_(language)
        address = f"https://t.me/{self.username}?start={id_}"
        url = f"https://t.me/share/url?url={quote(address, safe='')}&text={quote(name, safe='')}"
        return InlineKeyboardButton(knowledge.interface.chat.share.in_(language), url=url)


def target(data: str, knowledge: Knowledge) -> Target | None:
    """Return what the data of a button leads to; None if the knowledge has no such answer."""
    there, _, origin = data.removeprefix(PREFIX).partition(_FROM)
    understanding = callback_data.decode(there, knowledge)
    if understanding is None or len(data) > callback_data.LIMIT:
        return None
    return Target(understanding, callback_data.decode(origin, knowledge) if origin else None)


def data_of(held: object) -> str:
    """Return the data of a button as it was sent; empty for what another bot's code made of it.

    Args:
        held: What python-telegram-bot holds for it. Where a host has ``arbitrary_callback_data``,
            that is an object of the host's, and for buttons of efinbot one that tells the data.
    """
    data = held.callback_data if isinstance(held, InvalidCallbackData) else held
    return data if isinstance(data, str) else ""


def above(said: Understanding, knowledge: Knowledge) -> Understanding | None:
    """Return the answer one step up: the page before, the entry, what it is part of, its list."""
    up: tuple[str, tuple[str, ...]] | None = None
    if said.depth:
        return Understanding(
            said.intent, said.topics, said.language, 1.0, region=said.region, depth=said.depth - 1
        )
    if said.intent == "explain":
        if parents := knowledge.parents_of(said.topics[0]):
            up = "explain", parents[:1]
        else:
            kind = knowledge.entries[said.topics[0]].kind
            up = next((intent, ()) for intent, of_kind in LISTS.items() if of_kind is kind)
    elif said.topics and (said.intent in ABOUT_ONE or said.intent == COMPARE):
        up = "explain", said.topics[:1]
    elif said.intent in LISTS or said.intent == NEWS:
        up = (said.intent if said.region else "overview"), ()
    return Understanding(up[0], up[1], said.language, 1.0) if up else None


def _ratings(said: Understanding) -> list[InlineKeyboardButton]:
    """Return the buttons that judge an answer; none for small talk and distress."""
    if said.intent in (*SMALL_TALK, CARE):
        return []
    shown = "" if said.intent == FALLBACK else callback_data.encode(said)
    if len(PREFIX) + 1 + len(shown) > callback_data.LIMIT:
        shown = ""
    return [
        InlineKeyboardButton(face, callback_data=f"{PREFIX}{mark}{shown}")
        for mark, face in RATINGS.values()
    ]


def _leads(label: str, data: str) -> InlineKeyboardButton | None:
    """Return a button; None if its data is too long, as typing its label does the same."""
    if len(data) > callback_data.LIMIT:
        return None
    return InlineKeyboardButton(label, callback_data=data)


def _leads_elsewhere(choice: Choice, said: Understanding) -> bool:
    """Return whether a choice is another place."""
    return choice.understanding.region not in (None, said.region)


def _in_rows(
    buttons: Sequence[InlineKeyboardButton], most: int
) -> list[list[InlineKeyboardButton]]:
    """Lay buttons out in rows of so many at most, side by side where all labels have room."""
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        row = [*(rows[-1] if rows else []), button]
        widest = max(columns(one.text) for one in row)
        if 1 < len(row) <= most and widest <= _ROW // len(row):
            rows[-1] = row
        else:
            rows.append([button])
    return rows
