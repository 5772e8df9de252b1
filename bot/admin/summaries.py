"""What operators are told of problems, changes and comparisons, in Telegram's HTML."""

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from telegram.constants import MessageLimit

from ...intents import FALLBACK
from ...knowledge import Knowledge, Language, Problem, printable
from ...knowledge.messages import joined, message
from ..reload.knowledge_diff import Edited, KnowledgeDiff, Preview, Turned
from ..replies.markup import bold, escape, html_message, italic, plain
from ..replies.splitting import split, units
from ..storage import Change
from ..telegram.commands import NAMES
from .statistics import Statistics, milliseconds

_LISTED: Final = 10
"""How many items of a list are told; the rest are counted."""
_FILES: Final = 6
"""How many names of files are told; the rest are counted."""
_MARGIN: Final = 96
"""Characters left free on a page."""
_ORIGINS: Final[Mapping[str, str]] = {
    "disk": "operators.origin_disk",
    "upload": "operators.origin_upload",
    "gap": "operators.origin_gap",
    "rollback": "operators.origin_rollback",
}
"""Where a change came from, as the key of a message: see `Change.origin`."""


def paged(blocks: Sequence[str]) -> tuple[str, ...]:
    """Lay blocks of Telegram's HTML out on pages that each fit a message, a line apart."""
    limit = MessageLimit.MAX_TEXT_LENGTH - _MARGIN
    pages: list[str] = []
    left = 0
    for block in (part for whole in blocks if whole for part in split(whole, limit)):
        needed = units(plain(block)) + 2
        if pages and needed <= left:
            pages[-1] += f"\n\n{block}"
            left -= needed
        else:
            pages.append(block)
            left = limit - needed
    return tuple(pages)


def listed(heading: str, items: Iterable[str], language: Language, most: int = _LISTED) -> str:
    """Return a list with its heading; empty if there is nothing to list.

    Args:
        heading: In HTML.
        items: In HTML.
        language: Of what is said of the rest.
        most: How many items are told at most.
    """
    rows = list(items)
    told = [f"• {row}" for row in rows[:most]]
    if len(rows) > most:
        told.append(italic(message("operators.more", language, count=len(rows) - most)))
    return "\n".join((heading, *told)) if rows else ""


def problems(
    heading: str,
    found: Sequence[Problem],
    language: Language,
    folder: Path,
    most: int = _LISTED,
) -> str:
    """Return problems as `efinbot check` words them, with their places within the folder.

    Args:
        heading: The message that heads and counts them.
        found: The problems.
        language: In which they are told.
        folder: The knowledge.
        most: How many are told at most.
    """
    title = f"<b>{html_message(heading, language, count=len(found))}</b>"
    within = (problem.text(language).replace(f"{folder}{os.sep}", "") for problem in found)
    return listed(title, map(escape, within), language, most)


def refused(found: Sequence[Problem], language: Language, folder: Path) -> list[str]:
    """Return why nothing goes live, block by block."""
    told = problems("operators.problems", found, language, folder)
    return [html_message("operators.refused", language), told]


def names(files: Iterable[str], language: Language) -> str:
    """Return names of files as plain text, the rest counted where there are many."""
    found = [*map(printable, files)]
    more = [f"… ({len(found)})"] if len(found) > _FILES else []
    return joined((*found[:_FILES], *more), language)


def change(made: Change, language: Language) -> str:
    """Return a change in two lines: its number, when, by whom, from where; which files."""
    when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(made.at))
    origin = _ORIGINS.get(made.origin)
    source = html_message(origin, language) if origin else escape(made.origin)
    who = [escape(made.author.name)] if made.author else []
    marks = escape(names(signed(made), language))
    return f"<b>#{made.number}</b> · {' · '.join((when, *who, source))}\n   {marks}"


def signed(made: Change) -> list[str]:
    """Return the files of a change, each with what became of it, e.g. ``+entries/pix.yaml``."""
    signs = {(True, False): "+", (False, True): "−"}
    return [
        signs.get((made.before[name] is None, made.after[name] is None), "±") + name
        for name in sorted(made.after)
    ]


def comparison(found: KnowledgeDiff, language: Language) -> list[str]:
    """Return what a comparison found, block by block."""
    rows = [
        *(f"+ {_entry(entry, language)}" for entry in found.added),
        *(f"± {_entry(entry, language)}" for entry in found.changed),
        *(f"− {_entry(entry, language)}" for entry in found.removed),
        *(f"± {escape(printable(name))}" for name in found.files),
    ]
    broken, others = found.broken, [one for one in found.turned if not one.wanted]
    failing = f"<b>{html_message('operators.tests_fail', language, count=len(broken))}</b>"
    counted = _counted(found, language)
    blocks = [
        "\n".join((f"<b>{html_message('operators.changes', language)}</b>", *rows)),
        listed(failing, (_turned(one, language) for one in broken), language),
        listed(counted, (_turned(one, language) for one in others), language) or counted,
    ]
    return [*filter(None, blocks), *_previews(found.previews, language)]


def statistics(found: Statistics, knowledge: Knowledge, language: Language) -> list[str]:
    """Return how the bot is doing, block by block."""
    whole = found.whole
    if found.is_empty:
        return [html_message("statistics.nothing_asked", language, days=whole.days)]
    counts = {key: getattr(whole, key) for key in ("questions", "answered", "offered", "declined")}
    lately = dict(zip(("day", "week", "month"), (p.questions for p in found.periods), strict=True))
    spoken = (f"{NAMES.get(code, code)} {count}" for code, count in found.languages.items())
    lines = [
        f"<b>{html_message('statistics.period', language, days=whole.days)}</b>",
        html_message("statistics.questions", language, **counts),
        html_message("statistics.lately", language, **lately),
        html_message("statistics.languages", language, languages=names(spoken, language)),
        f"👍 {whole.up} · 👎 {whole.down}",
    ]
    if whole.median is not None and whole.slowest is not None:
        times = {"median": milliseconds(whole.median), "slowest": milliseconds(whole.slowest)}
        lines.append(html_message("statistics.latency", language, **times))
    known = {id_: entry.name.in_(language) for id_, entry in knowledge.entries.items()}
    wanted = (f"{escape(known.get(id_, id_))} · {count}" for id_, count in found.entries.items())
    heading = f"<b>{html_message('statistics.top_entries', language)}</b>"
    return ["\n".join(lines), listed(heading, wanted, language)]


def _entry(entry: Edited, language: Language) -> str:
    parts = escape(f": {', '.join(entry.parts)}") if entry.parts else ""
    return f"{bold(entry.name.in_(language))} ({escape(entry.id)}){parts}"


def _turned(one: Turned, language: Language) -> str:
    asked = escape(" / ".join(one.asked))
    wanted = html_message("operators.expected", language, answer=one.wanted) if one.wanted else ""
    ways = f"{escape(one.before)} → {escape(one.after)}"
    return f"{asked}\n   <i>{ways}{f' ({wanted})' if wanted else ''}</i>"


def _counted(found: KnowledgeDiff, language: Language) -> str:
    turned = [one for one in found.turned if one.before != one.after]
    if not turned:
        return html_message("operators.answers_stay", language, asked=found.asked)
    gained = sum(one.before == FALLBACK for one in turned)
    lost = sum(one.after == FALLBACK for one in turned)
    counts = {"gained": gained, "lost": lost, "moved": len(turned) - gained - lost}
    return html_message(
        "operators.answers_change", language, asked=found.asked, count=len(turned), **counts
    )


def _previews(previews: Sequence[Preview], language: Language) -> Iterator[str]:
    sides = (message("operators.before", language), message("operators.after", language))
    for number, one in enumerate(previews):
        heading = "" if number else f"<b>{html_message('operators.previews', language)}</b>\n"
        quotes = [
            f"{italic(side)}\n<blockquote expandable>{html}</blockquote>"
            for side, html in zip(sides, (one.before, one.after), strict=True)
            if html
        ]
        yield "\n".join((f"{heading}“{escape(one.title)}”", *quotes))
