"""`efinbot ask --jsonl`: the question contract, to the letter."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efinbot.bot import Assistant
from efinbot.bot.cli import jsonl
from efinbot.bot.cli.jsonl import answer_lines

KEYS = [
    "id",
    "intent",
    "topics",
    "outcome",
    "language",
    "confidence",
    "answer",
    "suggestions",
    "sources",
    "reply",
]
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}


def answers(assistant: Assistant, *lines: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer_lines(lines, assistant)]


def asked(assistant: Assistant, *questions: dict[str, Any]) -> list[dict[str, Any]]:
    return answers(assistant, *(json.dumps(question).encode() for question in questions))


@contextmanager
def running(command: tuple[str, ...]) -> Iterator[subprocess.Popen[bytes]]:
    """Run the command with pipes on all sides; one that hangs is killed."""
    with subprocess.Popen(
        [*command, "ask", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    ) as process:
        guard = Timer(120, process.kill)
        guard.start()
        try:
            yield process
        finally:
            guard.cancel()
            process.kill()


def test_an_answer_has_the_keys_of_the_contract_in_order(assistant: Assistant) -> None:
    (answer,) = asked(assistant, {"id": "q1", "chat": "c1", "text": "开放银行有哪些案例?"})
    assert list(answer) == KEYS
    assert answer["id"] == "q1"
    assert (answer["intent"], answer["topics"]) == ("cases_of", ["open-banking"])
    assert answer["language"] == "zh"
    assert 0 <= answer["confidence"] <= 1
    assert isinstance(answer["suggestions"], list)
    assert answer["reply"].startswith("<b>开放银行")


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        pytest.param("what is open banking", "answered", id="answered"),
        pytest.param("when did the GDPR take effect", "answered", id="fact"),
        pytest.param("open banking bnking opn", "answered", id="misspelt"),
        pytest.param("tell me a joke", "declined", id="declined"),
    ],
)
def test_the_outcome_says_whether_there_is_an_answer(
    assistant: Assistant, text: str, outcome: str
) -> None:
    (answer,) = asked(assistant, {"text": text})
    assert answer["outcome"] == outcome


def test_a_fact_is_answered_in_plain_text_with_its_sources(assistant: Assistant) -> None:
    (answer,) = asked(assistant, {"text": "when did the PIPL take effect"})
    assert (answer["intent"], answer["topics"]) == ("fact", ["pipl"])
    assert "1 November 2021" in answer["answer"]
    assert "<" not in answer["answer"]
    assert answer["sources"]
    for source in answer["sources"]:
        assert list(source) == ["title", "url", "as_of"]
        assert source["url"] in answer["reply"].replace("&amp;", "&")


def test_what_is_no_fact_has_no_answer_but_the_reply(assistant: Assistant) -> None:
    explained, listed, declined = asked(
        assistant, {"text": "what is WeBank"}, {"text": "cases"}, {"text": "tell me a joke"}
    )
    assert [one["answer"] for one in (explained, listed, declined)] == [None] * 3
    assert (listed["sources"], declined["sources"]) == ([], [])


def test_text_is_written_as_it_is_and_not_escaped(assistant: Assistant) -> None:
    (line,) = answer_lines([b'{"text": "\\u4ec0\\u4e48\\u662fDeFi"}'], assistant)
    assert "去中心化金融" in line.decode()
    assert line.endswith(b"}\n")


@pytest.mark.parametrize("id_", [None, 7, 1.5, "x", True, ["a", 1], {"a": None}, "\ud83d", "\0"])
def test_any_id_comes_back(assistant: Assistant, id_: object) -> None:
    good, bad = asked(assistant, {"id": id_, "text": "hello"}, {"id": id_})
    assert good["id"] == id_
    assert good["intent"] == "greeting"
    assert bad == {"id": id_, "error": bad["error"]}


def test_a_missing_id_is_null(assistant: Assistant) -> None:
    assert asked(assistant, {"text": "hello"})[0]["id"] is None


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"", "not JSON"),
        (b"  \r\n", "not JSON"),
        (b"hello\n", "not JSON"),
        (b'{"text": "hello"', "not JSON"),
        (b'{"text": "hello"} {}', "not JSON"),
        (b'{"text": "\xff\xfe"}', "not JSON"),
        (b'{"text": "\xed\xa0\x80"}', "not JSON"),
        (b'{"text": "a\x00b"}', "not JSON"),
        (b"\x00\x00\x00", "not JSON"),
        (b'{"text": "hello", "id": NaN}', "not JSON"),
        (b'{"text": "hello", "id": -Infinity}', "not JSON"),
        (b'{"text": "hello", "id": 1e999}', "not JSON"),
        (b'{"text": "hello", "id": ' + b"9" * 5000 + b"}", "not JSON"),
        (b"null", "not a JSON object"),
        (b'"hello"', "not a JSON object"),
        (b"[]", "not a JSON object"),
        (b"12", "not a JSON object"),
        (b"{}", "text is missing"),
        (b'{"question": "hello"}', "text is missing"),
        (b'{"text": null}', "must be a string"),
        (b'{"text": ["hello"]}', "must be a string"),
        (b'{"text": 5}', "must be a string"),
        (b"[" * 100_000, "too deep"),
        (b'{"text": "hello", "id": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too deep"),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_a_line_that_is_no_question_gets_an_error_and_the_run_goes_on(
    assistant: Assistant, line: bytes, error: str
) -> None:
    first, second = answers(assistant, line, b'{"id": 2, "text": "hello"}')
    assert list(first) == ["id", "error"]
    assert first["id"] is None
    assert error in first["error"]
    assert second["intent"] == "greeting"


@pytest.mark.parametrize(
    "line",
    [
        b'\xef\xbb\xbf{"text": "hello"}',
        b'{"text": "hello"}\r\n',
        b' \t{"text": "hello", "more": 1}',
        b'{"text": "hello", "chat": {"b": [1, null], "a": 2}}',
        b'{"text": "hello", "text": "hello"}',
    ],
)
def test_a_lenient_line_is_answered(assistant: Assistant, line: bytes) -> None:
    assert answers(assistant, line)[0]["intent"] == "greeting"


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n", "\0", "\ud83d", "\udfff\ud800 DeFi", "<b>&amp;</b>", "\u202e", "a" * 9999],
)
def test_any_text_is_answered(assistant: Assistant, text: str) -> None:
    (answer,) = asked(assistant, {"text": text})
    assert list(answer) == KEYS
    assert answer["reply"]


def test_a_line_of_a_megabyte_is_answered(assistant: Assistant) -> None:
    (answer,) = asked(assistant, {"text": "What is DeFi? 开放银行 " * 50_000})
    assert list(answer) == KEYS


@given(st.lists(st.binary(max_size=40), max_size=4))
def test_every_line_is_answered_by_one_line(assistant: Assistant, lines: list[bytes]) -> None:
    written = list(answer_lines(lines, assistant))
    assert len(written) == len(lines)
    assert all(line.count(b"\n") == 1 and line.endswith(b"\n") for line in written)


def test_the_same_chat_shares_its_context_and_others_do_not(assistant: Assistant) -> None:
    chats = ["c1", 1, "1", ["c1"], None]
    questions = [{"chat": "c1", "text": "What is DeFi?"}]
    questions += [{"chat": chat, "text": "What are its risks?"} for chat in (*chats, "c1")]
    _, shared, *others, again = asked(assistant, *questions)
    assert (shared["intent"], shared["topics"]) == ("challenges_of", ["defi"])
    assert again["topics"] == ["defi"]
    assert all(other["topics"] != ["defi"] for other in others)


def test_chats_that_take_turns_keep_their_own_context(assistant: Assistant) -> None:
    found = asked(
        assistant,
        {"chat": {"n": 1, "m": 2}, "text": "What is DeFi?"},
        {"chat": 2, "text": "什么是监管沙盒?"},
        {"chat": {"m": 2, "n": 1}, "text": "What are its risks?"},
        {"chat": 2, "text": "有什么风险?"},
    )
    assert [answer["topics"] for answer in found[2:]] == [["defi"], ["regulatory-sandbox"]]
    assert [answer["language"] for answer in found[2:]] == ["en", "zh"]


def test_the_chats_longest_silent_are_forgotten(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "_MAX_CHATS", 2)
    chats = ["old", "kept", "old", "new", "old", "kept"]
    texts = ["What is DeFi?"] * 2 + ["What are its risks?"] * 4
    found = asked(assistant, *({"chat": c, "text": t} for c, t in zip(chats, texts, strict=True)))
    assert found[4]["topics"] == ["defi"]
    assert found[5]["topics"] != ["defi"]


def test_lines_without_a_chat_stand_alone(assistant: Assistant) -> None:
    _, alone = asked(assistant, {"text": "What is DeFi?"}, {"text": "What are its risks?"})
    assert alone["topics"] != ["defi"]


def test_answers_come_in_order_and_at_once(command: tuple[str, ...]) -> None:
    with running(command) as process:
        assert process.stdin
        assert process.stdout
        for number in range(3):
            process.stdin.write(b'{"id": %d, "text": "What is DeFi?"}\n' % number)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        rest, complaints = process.communicate(b'nonsense\n{"id": 9, "text": "hi"}')
    assert [json.loads(line)["id"] for line in rest.splitlines()] == [None, 9]
    assert complaints == b""
    assert process.returncode == 0


def test_nothing_in_nothing_out(command: tuple[str, ...]) -> None:
    with running(command) as process:
        assert process.communicate(b"") == (b"", b"")
    assert process.returncode == 0


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let SIGINT reach what is started, even if the tests run where it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_ends_it_quietly(command: tuple[str, ...]) -> None:
    with running(command) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b'{"text": "hello"}\n')
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait() == 128 + signal.SIGINT
        assert process.stderr
        assert process.stderr.read() == b""


def test_a_closed_pipe_ends_it_quietly(command: tuple[str, ...]) -> None:
    with running(command) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b'{"text": "What is DeFi?"}\n' * 2)
        process.stdin.flush()
        assert process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b'{"text": "What is DeFi?"}\n' * 2)
        process.stdin.flush()
        assert process.wait() == 0
        assert process.stderr.read() == b""


@pytest.mark.parametrize("text", ["hello", "什么是开放银行?"])
def test_the_locale_does_not_matter(command: tuple[str, ...], text: str) -> None:
    environment = {
        **ENVIRONMENT,
        "LC_ALL": "C",
        "PYTHONIOENCODING": "ascii",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    }
    question = json.dumps({"id": text, "text": text}, ensure_ascii=False).encode()
    written = subprocess.run(
        [*command, "ask", "--jsonl"],
        input=question,
        env=environment,
        capture_output=True,
        check=True,
    )
    assert json.loads(written.stdout)["id"] == text
    assert re.search("[“”·：]|finance|银行", written.stdout.decode())
