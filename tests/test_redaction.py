"""No token and nothing that a person wrote gets into a log."""

import asyncio
import io
import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from telegram.error import BadRequest, ChatMigrated, InvalidToken, NetworkError

from efinbot.bot.redaction import (
    TokenlessFormatter,
    configure_logging,
    described,
    hide_tokens,
    redact_tokens,
)

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # noqa: S105 - from Telegram's manual
SAID = "my salary is 4321"
URL = f"https://api.telegram.org/bot{TOKEN}/sendMessage"
SECRETS = (TOKEN, quote(TOKEN), TOKEN[10:], SAID)

Logged = Callable[[Callable[[], object]], list[str]]
log = logging.getLogger("tests.redaction")


class NeverShownError(Exception):
    pass


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Logged:
    """Do something in a process that logs as one of its own; return the lines written."""

    def written(act: Callable[[], object]) -> list[str]:
        root = logging.getLogger()
        loggers = [root, *(logging.getLogger(name) for name in ("httpx", "telegram", "aiohttp"))]
        levels = [logger.level for logger in loggers]
        with monkeypatch.context() as patch, warnings.catch_warnings():
            warnings.simplefilter("always")
            for place in (sys, threading):
                patch.setattr(place, "excepthook", place.excepthook)
            patch.setattr(sys, "unraisablehook", sys.unraisablehook)
            patch.setattr(sys, "stderr", io.StringIO())
            patch.setattr(root, "handlers", [])
            configure_logging()
            act()
            logging.captureWarnings(capture=False)
            lines = sys.stderr.getvalue().splitlines()
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        return lines

    return written


def failing(message: str) -> Exception:
    """Return an exception as raised, with a cause."""
    try:
        try:
            {}[message]
        except KeyError as error:
            raise NeverShownError(message) from error
    except NeverShownError as error:
        return error


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"bot{TOKEN}",
        f"POST {URL} 200",
        f"/file/bot{TOKEN}/voice/1.ogg",
        f"next={quote(URL, safe='')}",
        f"next={quote(quote(URL, safe=''), safe='')}",
        f"{{'token': '{TOKEN}'}}",
        f"{TOKEN}{TOKEN}",
        f"a\n{TOKEN}\nb",
        quote(TOKEN).lower(),
    ],
    ids=["bare", "bot", "URL", "file", "encoded", "encoded twice", "dict", "two", "lines", "%3a"],
)
def test_tokens_are_masked(text: str) -> None:
    shown = hide_tokens(text)
    assert "<token>" in shown
    assert TOKEN[10:] not in shown
    assert TOKEN[10:].lower() not in shown


@pytest.mark.parametrize(
    "text",
    ["at 12:30:45", "2026-11-23T03:15:01", "127.0.0.1:8080", "123456:short", "id:AAHdqTcvCH1vGWJ"],
)
def test_other_text_stays(text: str) -> None:
    assert hide_tokens(text) == text


@given(st.text(), st.from_regex(r"[0-9]{8,10}:[A-Za-z0-9_-]{35}", fullmatch=True), st.text())
def test_no_surroundings_save_a_token(before: str, token: str, after: str) -> None:
    assert token not in hide_tokens(before + token + after)


@pytest.mark.parametrize(
    "part",
    ["1", "1:", "123:", "123%3A", "%25", "123%", f"{TOKEN[:20]} ", "1-", "a", ":", "-1", "\n"],
)
def test_the_time_grows_with_the_text_and_no_faster(part: str) -> None:
    # In quadratic time, a megabyte would take minutes or hours.
    text = part * (2**20 // len(part))
    assert hide_tokens(text)
    assert described(NetworkError(text))


def test_ordinary_records_are_readable(logged: Logged) -> None:
    (line,) = logged(lambda: log.info("answered in %d ms", 3))
    assert line.endswith(" INFO tests.redaction: answered in 3 ms")


@pytest.mark.parametrize(
    "write",
    [
        lambda: log.error("at %s", URL),
        lambda: log.error(URL),
        lambda: log.error("%(url)s", {"url": URL}),
        lambda: log.error("%d requests", URL),
        lambda: log.error("%s %s", *[URL]),
        lambda: log.error("failed", exc_info=failing(SAID)),
        lambda: log.error("failed", exc_info=failing(TOKEN)),
        lambda: log.error("failed", exc_info=NetworkError(URL)),
        lambda: log.error("failed", exc_info=ExceptionGroup(SAID, [failing(SAID)])),
        lambda: log.error("at\n%s", URL, stack_info=True),
        lambda: warnings.warn(URL, stacklevel=1),
        lambda: sys.excepthook(NeverShownError, failing(URL), None),
        lambda: logging.getLogger("a.library").error("bad\n%s", f"{TOKEN}\n{TOKEN}"),
    ],
    ids=[
        "argument",
        "message",
        "mapping",
        "wrong type",
        "too few",
        "person's words",
        "in a traceback",
        "in an error",
        "group",
        "stack",
        "warning",
        "unhandled",
        "several lines",
    ],
)
def test_faulty_situations_are_logged_in_one_harmless_line(
    logged: Logged, write: Callable[[], None]
) -> None:
    (line,) = logged(write)
    assert not any(secret in line for secret in SECRETS)


def test_an_error_is_located_with_its_causes(logged: Logged) -> None:
    (line,) = logged(lambda: log.error("failed", exc_info=failing(SAID)))
    assert "NeverShownError at test_redaction.py:" in line
    assert "in failing <- KeyError at test_redaction.py:" in line


def test_an_unhandled_error_in_a_thread_is_logged(logged: Logged) -> None:
    def fail() -> None:
        raise NeverShownError(URL, SAID)

    def act() -> None:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()

    (line,) = logged(act)
    assert "unhandled exception in a thread ⏎ NeverShownError at test_redaction.py" in line


def test_an_unraisable_error_is_logged(logged: Logged) -> None:
    class Fragile:
        def __del__(self) -> None:
            raise NeverShownError(URL, SAID)

    (line,) = logged(Fragile)
    assert "NeverShownError at test_redaction.py" in line


def test_an_error_that_no_task_caught_is_logged(logged: Logged) -> None:
    async def fail() -> None:
        raise NeverShownError(URL, SAID)

    async def main() -> None:
        task = asyncio.ensure_future(fail())
        await asyncio.wait([task])

    (line,) = logged(lambda: asyncio.run(main()))
    assert "asyncio: Task exception was never retrieved ⏎ NeverShownError at" in line


def test_libraries_that_talk_much_are_quiet(logged: Logged) -> None:
    def act() -> None:
        for name in ("httpx", "telegram.Bot", "telegram.ext.Application", "aiohttp.client"):
            logging.getLogger(name).info("sent %s", SAID)
            logging.getLogger(name).debug("sent %s", SAID)

    assert logged(act) == []


def test_an_interrupt_is_no_error(logged: Logged) -> None:
    assert logged(lambda: sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)) == []


def test_a_level_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="LOUD"):
        configure_logging("LOUD")


def test_a_whole_process_says_no_secret() -> None:
    code = (
        "from efinbot.bot.redaction import configure_logging\n"
        "configure_logging()\n"
        f"raise ValueError({URL!r}, {SAID!r})"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, text=True, encoding="utf-8"
    )
    assert ended.returncode == 1
    assert "CRITICAL efinbot: unhandled exception ⏎ ValueError at <string>:3" in ended.stderr
    assert not any(secret in ended.stderr for secret in SECRETS)


@pytest.fixture
def host() -> Iterator[tuple[logging.Logger, io.StringIO, logging.Handler]]:
    """A logger of a host, with a layout of the host's."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("host | %(message)s"))
    logger = logging.Logger("host")  # noqa: LOG001 - nothing else has it
    logger.addHandler(handler)
    yield logger, stream, handler
    handler.close()


def test_a_host_keeps_its_layout_and_tracebacks(
    host: tuple[logging.Logger, io.StringIO, logging.Handler],
) -> None:
    logger, stream, handler = host
    redact_tokens(handler)
    redact_tokens(handler)
    assert isinstance(handler.formatter, TokenlessFormatter)
    assert not isinstance(handler.formatter.inner, TokenlessFormatter)
    logger.error("at %s", URL, exc_info=failing(TOKEN))
    shown = stream.getvalue()
    assert shown.startswith("host | at https://api.telegram.org/bot<token>/sendMessage\nTraceback")
    assert TOKEN[10:] not in shown


def test_a_handler_after_a_guarded_one_gets_no_token_from_it(
    host: tuple[logging.Logger, io.StringIO, logging.Handler],
) -> None:
    logger, _, handler = host
    redact_tokens(handler)
    second = logging.StreamHandler(io.StringIO())
    logger.addHandler(second)
    logger.error("failed", exc_info=failing(TOKEN))
    assert TOKEN[10:] not in second.stream.getvalue()


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (BadRequest("Message is not modified"), "BadRequest: Message is not modified"),
        (InvalidToken(f"The token `{TOKEN}` was rejected"), "InvalidToken: The token `<token>`"),
        (ChatMigrated(-1001234567890), "New chat id: <id>"),
        (FileNotFoundError(2, "No such file", "x"), "FileNotFoundError: [Errno 2] No such file"),
        (OSError(f"no way to {URL}"), "OSError: no way to https://api.telegram.org/bot<token>/"),
        (
            OperationalError("INSERT", {"text": SAID}, Exception(f"is locked\nDETAIL: {SAID}")),
            "OperationalError: is locked",
        ),
        (
            IntegrityError("INSERT", {"text": SAID}, Exception("UNIQUE constraint failed")),
            "IntegrityError: UNIQUE constraint failed",
        ),
        (DataError("INSERT", {"text": SAID}, Exception(f"invalid: {SAID}")), "DataError"),
        (ValueError(SAID), "ValueError"),
        (NeverShownError(), "NeverShownError"),
        (ExceptionGroup(SAID, [ValueError(SAID), OSError("full")]), "ValueError | OSError: full"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_errors_are_described_without_what_people_wrote(error: Exception, line: str) -> None:
    said = described(error)
    assert line in said
    assert not any(secret in said for secret in SECRETS)
    assert "\n" not in said


def test_a_raised_error_is_described_by_its_place() -> None:
    assert described(failing(SAID)).startswith("NeverShownError at test_redaction.py:")
    assert described(failing(SAID)).endswith(" in failing")
