"""`efinbot chat`, driven as a person would."""

import os
import re
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pexpect
import pytest
from rich.console import Console

from efinbot.bot.cli.terminal import rendered

# Python warns of forks beside threads; the child becomes another program at once.
pytestmark = pytest.mark.filterwarnings("ignore:.*forkpty.*:DeprecationWarning")

CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x1b\x07]*(?:\x1b\\|\x07)")


class Chat:
    """A conversation in a terminal of its own."""

    def __init__(self, command: tuple[str, ...], folder: Path, columns: int = 100) -> None:
        environment = {
            **os.environ,
            "XDG_STATE_HOME": str(folder),
            "TERM": "xterm-256color",
            "PROMPT_TOOLKIT_NO_CPR": "1",
        }
        self._child = pexpect.spawn(
            command[0],
            [*command[1:], "chat"],
            env=environment,  # pyright: ignore[reportArgumentType]
            encoding="utf-8",
            dimensions=(50, columns),
            timeout=120,
        )
        self.greeting = self._until("leaves") + self._prompted()

    def say(self, message: str, end: str = "\r") -> str:
        """Type a message; return what is shown until the next prompt."""
        self._child.send(message + end)
        if end == "\r":
            self._until(r"\r\n")
        return self._prompted()

    def leave(self, keys: str) -> tuple[int | None, str]:
        """Type something that ends it; return the exit code and what was shown after."""
        self._child.send(keys)
        shown = self._until(pexpect.EOF)
        self._child.close()
        return self._child.exitstatus, shown

    def close(self) -> None:
        self._child.close(force=True)

    def _prompted(self) -> str:
        return self._until("\x1b\\[\\?2004h")

    def _until(self, pattern: object) -> str:
        self._child.expect(pattern)  # pyright: ignore[reportArgumentType]
        return CONTROLS.sub("", self._child.before or "")


Start = Callable[..., Chat]


@pytest.fixture
def start(command: tuple[str, ...], tmp_path: Path) -> Iterator[Start]:
    chats: list[Chat] = []

    def start_(columns: int = 100) -> Chat:
        chats.append(Chat(command, tmp_path, columns))
        return chats[-1]

    yield start_
    for chat in chats:
        chat.close()


def test_a_question_is_answered_and_a_number_takes_a_choice(start: Start) -> None:
    chat = start()
    answer = chat.say("What is DeFi?")
    assert "Decentralised finance (DeFi) · 去中心化金融" in answer
    assert re.search(r"\[1\] Tell me more +\[2\] ", answer)
    assert "<b>" not in answer
    assert "Decentralised finance (DeFi) · 2/" in chat.say("1")


def test_a_number_beyond_the_choices_takes_from_the_list(start: Start) -> None:
    chat = start()
    listed = chat.say("有哪些案例？")
    assert "[10]" not in listed
    more = re.search(r"\[(\d+)\] 再详细一点", listed)
    assert more
    assert re.search(r"\n +10\. GoPay", chat.say(more[1]))
    shown = chat.say("10")
    assert "GoPay是" in shown
    assert "GoPay · 2/" not in shown


def test_a_number_that_is_no_choice_is_said_to_be_none(start: Start) -> None:
    chat = start()
    assert "no choice with this number" in chat.say("1")
    chat.say("What is DeFi?")
    assert "no choice with this number" in chat.say("99")
    assert "no choice with this number" in chat.say("0")
    assert "· 2/" in chat.say("1")


def test_a_follow_up_keeps_the_subject_and_the_language(start: Start) -> None:
    chat = start()
    chat.say("什么是监管沙盒?")
    assert "监管沙盒：风险与难题" in chat.say("有什么风险？")


def test_an_interrupt_drops_the_line_and_the_conversation_goes_on(start: Start) -> None:
    chat = start()
    assert "Traceback" not in chat.say("half a ques", "\x03")
    assert "Decentralised finance" in chat.say("What is DeFi?")


def test_an_empty_line_is_no_question(start: Start) -> None:
    chat = start()
    assert chat.say("   ").strip(" ›\r\n") == ""


@pytest.mark.parametrize("keys", ["\x04", "/quit\r", "  QUIT \r", "退出\r"])
def test_it_ends_quietly(start: Start, keys: str) -> None:
    code, shown = start().leave(keys)
    assert code == 0
    assert "Traceback" not in shown


def test_questions_are_remembered_privately_for_the_next_time(start: Start, tmp_path: Path) -> None:
    first = start()
    first.say("What is DeFi?")
    first.leave("\x04")
    history = tmp_path / "efinbot" / "chat_history"
    assert "What is DeFi?" in history.read_text(encoding="utf-8")
    assert history.stat().st_mode & 0o777 == 0o600
    assert history.parent.stat().st_mode & 0o777 == 0o700
    assert "Decentralised finance" in start().say("\x1b[A")


def test_without_a_place_for_the_history_it_talks_all_the_same(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "efinbot").write_text("a file where the folder should be")
    assert "Decentralised finance" in start().say("What is DeFi?")


def test_a_narrow_terminal_breaks_no_choice_apart(start: Start) -> None:
    answer = start(40).say("What is DeFi?")
    assert "[3] What is behind it?" in answer
    assert max(map(len, answer.splitlines())) <= 40


def test_a_reply_keeps_its_type_and_its_links() -> None:
    text = rendered('<b>a &amp; b</b> <i>c</i> <a href="https://x.org/?a=1&amp;b">d</a>')
    assert text.plain == "a & b c d"
    assert [(text.plain[span.start : span.end], span.style) for span in text.spans] == [
        ("a & b", "bold"),
        ("c", "italic"),
        ("d", "link https://x.org/?a=1&b"),
    ]


def test_text_in_brackets_is_no_markup_of_the_terminal() -> None:
    console = Console(record=True, width=80, file=StringIO())
    console.print(rendered("[bold]x[/bold] [1]"))
    assert console.export_text().strip() == "[bold]x[/bold] [1]"
