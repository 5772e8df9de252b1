"""Replies in a terminal: printed once, or as a conversation with numbered choices."""

import time
from collections.abc import Mapping
from itertools import count
from typing import Final

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from rich.columns import Columns
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ...intents import LISTS, Context, Trace, Understanding
from ...intents.candidates import score
from ...knowledge import Language
from ...knowledge.messages import message, spoken
from ..assistant import Answer, Assistant
from ..folders import user_folder
from ..replies.composer import Choice
from ..replies.markup import pieces

_STYLES: Final = {"b": "bold", "i": "italic"}
_LEAVING: Final = frozenset({"/quit", "/exit", "/q", "exit", "quit", "退出"})
_DIGITS: Final = 2
"""A longer number is a message like any other."""


def rendered(markup: str) -> Text:
    """Return a reply for a terminal, with the styles of its tags."""
    text = Text()
    for piece, tags in pieces(markup):
        styles = [_STYLES[tag] for tag in tags if tag in _STYLES]
        styles += [f"link {tag[2:]}" for tag in tags if tag.startswith("a=")]
        text.append(piece, " ".join(styles))
    return text


def explained(trace: Trace) -> Table:
    """Return how an understanding came about, as a table."""
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    read, said = trace.message, trace.understanding
    table.add_row(message("why.read"), Text(read.text))
    for before, after in read.corrections:
        table.add_row(message("why.corrected"), Text(f"{before} → {after}"))
    for mention in read.mentions:
        exact = "" if mention.exact else message("why.misspelt")
        named = f"{mention.name.written} = {mention.name.id}{exact}"
        table.add_row(message("why.names"), Text(named))
    table.add_row(message("why.masked"), Text(" ".join(read.masked_tokens)))
    for number, one in enumerate(trace.interpretations):
        topics = " ".join(one.topics)
        region = message("why.region", region=one.region) if one.region else ""
        scores = message("why.score", score=score(one), about=one.about, wanted=one.wanted)
        label = message("why.candidates") if number == 0 else ""
        table.add_row(label, Text(f"{scores}  {one.intent} {topics}{region} ({one.basis})"))
    features = {**trace.features, "p_correct": trace.p_correct}
    shown = ", ".join(f"{name} {value:.2f}" for name, value in features.items())
    table.add_row(message("why.features"), Text(shown))
    verdict = "why.answered" if said.confidence >= trace.threshold else "why.declined"
    confidence = message(verdict, confidence=said.confidence, threshold=trace.threshold)
    table.add_row(message("why.confidence"), Text(confidence))
    outcome = " ".join((said.intent, *said.topics))
    given = message("why.given", outcome=outcome, language=said.language)
    table.add_row(message("why.outcome"), Text(given))
    if said.suggestions:
        table.add_row(message("why.suggested"), Text(", ".join(said.suggestions)))
    return table


def converse(assistant: Assistant, console: Console) -> None:
    """Hold a conversation in the terminal until the reader leaves.

    Args:
        assistant: Answers.
        console: Where to print.
    """
    session: PromptSession[str] = PromptSession(
        history=_history(), auto_suggest=AutoSuggestFromHistory()
    )
    context: Context | None = None
    choices: Mapping[int, Choice] = {}
    language = spoken()
    console.print(message("command_line.chat_hint"), style="dim")
    while True:
        try:
            typed = session.prompt("› ").strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if typed.casefold() in _LEAVING:
            return
        if not typed:
            continue
        now = time.time()
        if not _is_number(typed):
            answer = assistant.answer(typed, context, now, language)
        elif chosen := _chosen(int(typed), choices, context, language):
            answer = assistant.reply_to(chosen, context, now)
        else:
            console.print(message("command_line.no_choice"), style="dim")
            continue
        context, choices = answer.context, _by_number(answer)
        language = answer.understanding.language
        console.print(Padding(rendered(answer.reply.html), (0, 2)))
        console.print(Padding(_numbered(choices), (0, 2, 1, 2)))


def _is_number(typed: str) -> bool:
    return typed.isdecimal() and len(typed) <= _DIGITS


def _chosen(
    number: int, choices: Mapping[int, Choice], context: Context | None, language: Language
) -> Understanding | None:
    """Return what a number means: a choice, or an entry of a list that is longer than these."""
    listed = context.listed if context else ()
    if number in choices:
        return choices[number].understanding
    if 0 < number <= len(listed):
        return Understanding("explain", (listed[number - 1],), language, 1.0)
    return None


def _by_number(answer: Answer) -> Mapping[int, Choice]:
    """Return the choices by number: an entry of a list has its place there, others follow it."""
    listed = answer.context.listed if answer.understanding.intent in LISTS else ()
    places = {id_: place for place, id_ in enumerate(listed, 1)}
    after = count(len(listed) + 1)
    return {
        next((places[id_] for id_ in choice.understanding.topics if id_ in places), 0)
        or next(after): choice
        for choice in answer.reply.choices
    }


def _numbered(choices: Mapping[int, Choice]) -> Columns:
    labels = (f"[{number}] {choice.label}" for number, choice in choices.items())
    return Columns([Text(label, style="cyan") for label in labels], padding=(0, 2))


def _history() -> History:
    folder = user_folder("state")
    if folder is None:
        return InMemoryHistory()
    path = folder / "chat_history"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))
