"""What the bot says to its operators, in both languages, as data.

It is the bot's own, so that another subject changes nothing of it.
"""

from functools import lru_cache
from pathlib import Path
from typing import Final

from ..knowledge import Language, Text, read_document
from ..knowledge.models import Model
from .replies.markup import escape

_FILE: Final = Path(__file__).parent / "data" / "messages.yaml"


class Captions(Model):
    """What the menu says of each of the operators' commands."""

    reload: Text
    """Behind ``/reload``."""
    check: Text
    """Behind ``/check``."""
    stats: Text
    """Behind ``/stats``."""
    gaps: Text
    """Behind ``/gaps``."""
    history: Text
    """Behind ``/history``."""
    rollback: Text
    """Behind ``/rollback``."""


class Origins(Model):
    """How a change was made."""

    disk: Text
    """A file was edited in the folder."""
    upload: Text
    """A file was sent."""
    gap: Text
    """What was proposed for a gap was added."""
    rollback: Text
    """An earlier version was restored."""


class Outcomes(Model):
    """What became of a missed question: see `storage.Outcome`."""

    declined: Text
    """Nothing was offered."""
    offered: Text
    """Entries were offered."""
    unsure: Text
    """It was answered, below high confidence."""
    rejected: Text
    """Its answer was turned down."""
    chosen: Text
    """One of the offered entries was tapped."""


class Advice(Model):
    """What to do about a gap."""

    add: Text
    """Lines are proposed: ``{file}``."""
    outside: Text
    """It names what is declined by name: ``{name}``."""
    rejected: Text
    """Its answer was turned down: ``{answer}``."""
    tried: Text
    """Lines were tried, and none helps: ``{entry}``."""
    fact: Text
    """An entry is near, and what is asked isn't in it: ``{entry}``."""
    entry: Text
    """No entry is near."""
    row: Text
    """No entry is near, and it is about a name, which may be declined by a row."""


class Notices(Model):
    """What the demo's page says of an edit."""

    errors: Text
    """What was found: ``{errors}``."""
    warnings: Text
    """What was found: ``{warnings}``."""
    both: Text
    """What was found: ``{errors}``, ``{warnings}``."""
    live: Text
    """It went live with what was found: ``{found}``, ``{entries}``."""
    kept: Text
    """It can't go live for what was found: ``{found}``."""
    reloaded: Text
    """It went live: ``{entries}``."""
    mended: Text
    """What was broken is as it was before: ``{entries}``."""
    more: Text
    """The rest of a list is left out: ``{count}``."""


class Phrasebook(Model):
    """All that is said to operators. Names in braces are filled in."""

    commands: Captions
    """The operators' part of the menu."""
    busy: Text
    """Something is still being done for this operator."""
    failed: Text
    """Something went wrong that is nobody's fault here."""
    impossible: Text
    """The system refuses something: ``{reason}``."""
    gone: Text
    """What the buttons belong to isn't remembered any more."""
    more: Text
    """The rest of a list is left out: ``{count}``."""
    reloading: Text
    """The folder is being read."""
    unchanged: Text
    """The folder holds what answers already."""
    live: Text
    """These went live: ``{files}``."""
    kept: Text
    """What is in the folder can't go live."""
    mended: Text
    """What was broken is mended."""
    checking: Text
    """The folder is being checked."""
    checked: Text
    """What was checked: ``{entries}``, ``{asks}``, ``{tests}``."""
    clean: Text
    """No problem was found."""
    errors: Text
    """Heads problems: ``{count}``."""
    warnings: Text
    """Heads warnings: ``{count}``."""
    received: Text
    """Files have come and are being checked: ``{files}``."""
    continued: Text
    """More files have come; they are checked in a message below."""
    proposed: Text
    """Heads what is said of files that were sent: ``{files}``."""
    changes: Text
    """Heads entries and files that change."""
    same: Text
    """What was sent changes nothing."""
    turned: Text
    """Heads questions: ``{asked}``, ``{count}``, ``{gained}``, ``{lost}``, ``{moved}``."""
    unturned: Text
    """No answer changes: ``{asked}``."""
    broken: Text
    """Heads tests that fail by the change: ``{count}``."""
    wanted: Text
    """What a test wants: ``{answer}``."""
    previews: Text
    """Heads answers as they would read."""
    now: Text
    """Marks the answer as it is."""
    then: Text
    """Marks the answer as it would be."""
    mend_first: Text
    """What to do about files with problems."""
    apply: Text
    """Button that lets files go live."""
    discard: Text
    """Button that drops files."""
    applying: Text
    """Files are being written."""
    applied: Text
    """Files went live: ``{files}``."""
    discarded: Text
    """Files were dropped."""
    meanwhile: Text
    """Heads what has changed since a check."""
    disk_changed: Text
    """Files in the folder differ from what answers: ``{files}``."""
    read_only: Text
    """The folder can't be written: ``{reason}``."""
    installed: Text
    """Why the folder isn't written: it is that of the package."""
    not_yaml: Text
    """Another type of file was sent: ``{name}``."""
    too_large: Text
    """A file is too large: ``{name}``, ``{size}`` and ``{limit}`` in KB."""
    leftover: Text
    """A file of an editor was sent: ``{name}``."""
    misplaced: Text
    """A name leads nowhere in the folder: ``{name}``, ``{most}``, ``{files}``."""
    unfetched: Text
    """Telegram didn't hand out a file: ``{name}``."""
    unreadable: Text
    """Heads what is wrong with a file that isn't kept: ``{name}``."""
    too_many: Text
    """Too many files wait for a decision: ``{count}``."""
    history: Text
    """Heads the last changes."""
    no_history: Text
    """There was no change yet."""
    origins: Origins
    """How changes were made."""
    no_change: Text
    """There is no change with a number: ``{number}``."""
    back_to: Text
    """Heads what restoring would do: ``{number}``."""
    undone: Text
    """Heads the changes that are undone."""
    restore: Text
    """Button that restores."""
    cancel: Text
    """Button that leaves things as they are."""
    restoring: Text
    """Files are being restored."""
    restored: Text
    """Files were restored: ``{files}``."""
    cancelled: Text
    """Nothing was restored."""
    counting: Text
    """Statistics are being made."""
    period: Text
    """Heads statistics: ``{days}``."""
    no_questions: Text
    """There is nothing to count."""
    questions: Text
    """Counts: ``{questions}``, ``{answered}``, ``{offered}``, ``{declined}``."""
    asked_lately: Text
    """Questions up to today: ``{day}``, ``{week}``, ``{month}``."""
    spoken: Text
    """How often in which language: ``{languages}``."""
    latency: Text
    """How quick answers are: ``{median}``, ``{slowest}``."""
    most_wanted: Text
    """Heads the entries that were told about most."""
    gathering: Text
    """Missed questions are being grouped."""
    gaps: Text
    """Heads groups of missed questions: ``{count}``."""
    no_gaps: Text
    """No missed question is left."""
    which_gap: Text
    """What the buttons below the groups do."""
    outcomes: Outcomes
    """What became of missed questions."""
    also_asked: Text
    """Heads other questions of a group."""
    near: Text
    """The entries that come nearest: ``{entries}``."""
    measuring: Text
    """It is being tried out what helps."""
    addition: Text
    """Heads the lines to add: ``{file}``."""
    advice: Advice
    """What to do about groups of missed questions."""
    effect: Text
    """What that does: ``{asked}``, ``{answered}``."""
    unbroken: Text
    """It breaks no test."""
    add: Text
    """Button that adds lines."""
    ignore: Text
    """Button that drops a group."""
    back: Text
    """Button to the list."""
    ignored: Text
    """A group was dropped."""
    board: Notices
    """What the demo's page says of edits."""


@lru_cache(maxsize=1)
def phrasebook() -> Phrasebook:
    """Return what is said to operators; read once."""
    return Phrasebook.model_validate(read_document(_FILE).tree)


def filled(text: Text, **values: object) -> Text:
    """Return a text with names filled in, in both languages."""
    return Text(zh=text.zh.format(**values), en=text.en.format(**values))


def say(text: Text, language: Language, **values: object) -> str:
    """Return a text in Telegram's HTML, with names filled in.

    Args:
        text: What to say.
        language: In which language.
        values: What to fill in, as plain text.
    """
    filled = {name: escape(str(value)) for name, value in values.items()}
    return escape(text.in_(language)).format(**filled)
