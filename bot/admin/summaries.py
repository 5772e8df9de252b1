"""What operators are told of problems, changes and comparisons, in Telegram's HTML."""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from ...intents import FALLBACK
from ...knowledge import Knowledge, Language, Problem, Text, printable
from ..messages import phrasebook, say
from ..reload.knowledge_diff import Comparison, Edited, Preview, Turned
from ..replies.markup import bold, escape, italic
from ..storage import Change
from .statistics import Statistics, milliseconds

_LISTED: Final = 10
"""How many items of a list are told; the rest are counted."""
_FILES: Final = 6


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
        told.append(italic(say(phrasebook().more, language, count=len(rows) - most)))
    return "\n".join((heading, *told)) if rows else ""


def problems(
    heading: Text,
    found: Sequence[Problem],
    language: Language,
    folder: Path,
    most: int = _LISTED,
) -> str:
    """Return problems as `efinbot check` words them, with their places within the folder."""
    title = f"<b>{say(heading, language, count=len(found))}</b>"
    within = (str(problem).replace(f"{folder}{os.sep}", "") for problem in found)
    return listed(title, map(escape, within), language, most)


def names(files: Iterable[str], language: Language) -> str:
    """Return names of files as plain text, the rest counted where there are many."""
    found = [*map(printable, files)]
    more = [f"… ({len(found)})"] if len(found) > _FILES else []
    return ("、" if language == "zh" else ", ").join((*found[:_FILES], *more))


def change(made: Change, language: Language) -> str:
    """Return a change in two lines: its number, when, by whom, from where; which files."""
    when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(made.at))
    origin: Text | None = getattr(phrasebook().origins, made.origin, None)
    whence = say(origin, language) if origin else escape(made.origin)
    who = [escape(made.author.name)] if made.author else []
    marks = escape(names(signed(made), language))
    return f"<b>#{made.number}</b> · {' · '.join((when, *who, whence))}\n   {marks}"


def signed(made: Change) -> list[str]:
    """Return the files of a change, each with what became of it, e.g. ``+entries/pix.yaml``."""
    signs = {(True, False): "+", (False, True): "−"}
    return [
        signs.get((made.before[name] is None, made.after[name] is None), "±") + name
        for name in sorted(made.after)
    ]


def comparison(found: Comparison, language: Language) -> list[str]:
    """Return what a comparison found, block by block."""
    words = phrasebook()
    rows = [
        *(f"+ {_entry(entry, language)}" for entry in found.added),
        *(f"± {_entry(entry, language)}" for entry in found.changed),
        *(f"− {_entry(entry, language)}" for entry in found.removed),
        *(f"± {escape(printable(name))}" for name in found.files),
    ]
    broken, others = found.broken, [one for one in found.turned if not one.wanted]
    failing = f"<b>{say(words.broken, language, count=len(broken))}</b>"
    counted = _counted(found, language)
    blocks = [
        "\n".join((f"<b>{say(words.changes, language)}</b>", *rows)),
        listed(failing, (_turned(one, language) for one in broken), language),
        listed(counted, (_turned(one, language) for one in others), language) or counted,
    ]
    return [*filter(None, blocks), *_previews(found.previews, language)]


def statistics(found: Statistics, knowledge: Knowledge, language: Language) -> list[str]:
    """Return how the bot is doing, block by block."""
    words, whole = phrasebook(), found.whole
    if found.is_empty:
        return [say(words.no_questions, language, days=whole.days)]
    counts = {key: getattr(whole, key) for key in ("questions", "answered", "offered", "declined")}
    lately = dict(zip(("day", "week", "month"), (p.questions for p in found.periods), strict=True))
    called = {"zh": "中文", "en": "English"}
    spoken = (f"{called.get(code, code)} {count}" for code, count in found.languages.items())
    lines = [
        f"<b>{say(words.period, language, days=whole.days)}</b>",
        say(words.questions, language, **counts),
        say(words.asked_lately, language, **lately),
        say(words.spoken, language, languages=names(spoken, language)),
        f"👍 {whole.up} · 👎 {whole.down}",
    ]
    if whole.median is not None and whole.slowest is not None:
        times = {"median": milliseconds(whole.median), "slowest": milliseconds(whole.slowest)}
        lines.append(say(words.latency, language, **times))
    known = {id_: entry.name.in_(language) for id_, entry in knowledge.entries.items()}
    wanted = (f"{escape(known.get(id_, id_))} · {count}" for id_, count in found.entries.items())
    heading = f"<b>{say(words.most_wanted, language)}</b>"
    return ["\n".join(lines), listed(heading, wanted, language)]


def _entry(entry: Edited, language: Language) -> str:
    parts = escape(f": {', '.join(entry.parts)}") if entry.parts else ""
    return f"{bold(entry.name.in_(language))} ({escape(entry.id)}){parts}"


def _turned(one: Turned, language: Language) -> str:
    asked = escape(" / ".join(one.asked))
    wanted = say(phrasebook().wanted, language, answer=one.wanted) if one.wanted else ""
    ways = f"{escape(one.before)} → {escape(one.after)}"
    return f"{asked}\n   <i>{ways}{f' ({wanted})' if wanted else ''}</i>"


def _counted(found: Comparison, language: Language) -> str:
    words, turned = phrasebook(), [one for one in found.turned if one.before != one.after]
    if not turned:
        return say(words.unturned, language, asked=found.asked)
    gained = sum(one.before == FALLBACK for one in turned)
    lost = sum(one.after == FALLBACK for one in turned)
    counts = {"gained": gained, "lost": lost, "moved": len(turned) - gained - lost}
    return say(words.turned, language, asked=found.asked, count=len(turned), **counts)


def _previews(previews: Sequence[Preview], language: Language) -> Iterator[str]:
    words = phrasebook()
    sides = (words.now, words.then)
    for number, one in enumerate(previews):
        heading = "" if number else f"<b>{say(words.previews, language)}</b>\n"
        quotes = [
            f"{italic(side.in_(language))}\n<blockquote expandable>{html}</blockquote>"
            for side, html in zip(sides, (one.before, one.after), strict=True)
            if html
        ]
        yield "\n".join((f"{heading}“{escape(one.title)}”", *quotes))
