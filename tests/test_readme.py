"""The conversations of the README: the bot says what they show."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from efinbot.bot import Assistant
from efinbot.bot.replies.markup import plain

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
ASKED = re.compile(r"^> (.*)\n", re.MULTILINE)
BLOCK = re.compile(r"^```\n(> .*?)^```$", re.MULTILINE | re.DOTALL)


class Turn(NamedTuple):
    """A message of a person, and what the README shows of the reply."""

    asked: str
    shown: str


def turns(block: str) -> list[Turn]:
    found = [*ASKED.finditer(block)]
    ends = [*(one.start() for one in found[1:]), len(block)]
    return [Turn(one[1], block[one.end() : end]) for one, end in zip(found, ends, strict=True)]


CONVERSATIONS = [turns(block) for block in BLOCK.findall(README)]


def bare(text: str) -> str:
    """Return a text without spaces and line ends: the README wraps long lines."""
    return "".join(text.split())


def test_the_readme_has_conversations() -> None:
    assert len(CONVERSATIONS) >= 3
    assert all(bare(turn.shown) for turns in CONVERSATIONS for turn in turns)


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda turns: turns[0].asked)
def test_the_bot_says_what_the_readme_shows(assistant: Assistant, conversation: list[Turn]) -> None:
    context = None
    for asked, shown in conversation:
        answer = assistant.answer(asked, context, 0.0)
        context = answer.context
        # What to ask next, the last paragraph, is left out.
        said = plain(re.sub(r"\n\n<i>[^\n]*</i>$", "", answer.reply.html))
        expected = ".*".join(re.escape(part) for part in bare(shown).split("…"))
        assert re.fullmatch(expected, bare(said), re.DOTALL), (asked, said)
