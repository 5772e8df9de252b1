"""The READMEs, English and Chinese: the bot says what they show, and both say the same."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from efinbot.bot import Assistant
from efinbot.bot.replies.markup import plain

ROOT = Path(__file__).parent.parent
ENGLISH, CHINESE = (
    (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md")
)
ASKED = re.compile(r"^> (.*)\n", re.MULTILINE)
BLOCK = re.compile(r"^```\n(> .*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r'^\$ efinbot ask "([^"\n]*)"\n(.*?)(?=^\$ |^```$)', re.MULTILINE | re.DOTALL)
FIGURE = re.compile(r"\d[\d.,]*\d|\d")


class Turn(NamedTuple):
    """A message of a person, and what the README shows of the reply."""

    asked: str
    shown: str


def turns(block: str) -> list[Turn]:
    found = [*ASKED.finditer(block)]
    ends = [*(one.start() for one in found[1:]), len(block)]
    return [Turn(one[1], block[one.end() : end]) for one, end in zip(found, ends, strict=True)]


CONVERSATIONS = [
    pytest.param(turns(block), id=f"{language}: {turns(block)[0].asked}")
    for language, readme in (("en", ENGLISH), ("zh", CHINESE))
    for block in BLOCK.findall(readme)
]
COMMANDS = [Turn(*found) for readme in (ENGLISH, CHINESE) for found in COMMAND.findall(readme)]


def bare(text: str) -> str:
    """Return a text without spaces and line ends: the README wraps long lines."""
    return "".join(text.split())


def is_shown(shown: str, said: str) -> bool:
    expected = ".*".join(re.escape(part) for part in bare(shown).split("…"))
    return bool(re.fullmatch(expected, bare(said), re.DOTALL))


@pytest.mark.parametrize("readme", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_the_readme_has_conversations(readme: str) -> None:
    conversations = [turns(block) for block in BLOCK.findall(readme)]
    assert len(conversations) >= 3
    assert all(bare(turn.shown) for turns in conversations for turn in turns)


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_the_bot_says_what_the_readme_shows(assistant: Assistant, conversation: list[Turn]) -> None:
    context = None
    for asked, shown in conversation:
        answer = assistant.answer(asked, context, 0.0)
        context = answer.context
        # What to ask next, the last paragraph, is left out.
        said = plain(re.sub(r"\n\n<i>[^\n]*</i>$", "", answer.reply.html))
        assert is_shown(shown, said), (asked, said)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.asked)
def test_a_command_answers_as_the_readme_shows(assistant: Assistant, command: Turn) -> None:
    said = plain(assistant.answer(command.asked, None, 0.0).reply.html)
    assert is_shown(command.shown, said), said


@pytest.mark.parametrize(
    "named",
    [r"EFINBOT_\w+", r"`efinbot ([a-z]+)", r"`(/[a-z]+)", r"`([\w/<>*]+\.yaml)`", r"(--[a-z]+)"],
    ids=["variables", "commands", "commands in Telegram", "files", "options"],
)
def test_both_readmes_name_the_same(named: str) -> None:
    assert set(re.findall(named, CHINESE)) == set(re.findall(named, ENGLISH))


def test_both_readmes_have_the_same_figures() -> None:
    # The order of the words differs, and so may that of the figures in a row.
    english, chinese = (
        [sorted(FIGURE.findall(line)) for line in readme.splitlines() if line.startswith("|")]
        for readme in (ENGLISH, CHINESE)
    )
    assert chinese == english


def test_the_readmes_lead_to_each_other() -> None:
    assert "[中文](README.zh.md)" in ENGLISH
    assert "[English](README.md)" in CHINESE
