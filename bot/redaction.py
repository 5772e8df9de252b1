"""Redaction of logs and errors: no bot's token, no person's message or id."""

import logging
import re
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from telegram.error import TelegramError

if TYPE_CHECKING:
    from types import TracebackType

TOKEN: Final = re.compile(r"[0-9]{3,}:[A-Za-z0-9_-]{20,}")
"""What a bot's token looks like."""

_HIDDEN: Final = re.compile(r"(?<![0-9])[0-9]{3,}+(?:(?::|%(?:25)*3[Aa])[A-Za-z0-9_-]{20,})+")
"""Tried once a number, not once a digit, so that the time grows with the text and no faster."""
_ID: Final = re.compile(r"-?[0-9]{6,}")
_FRAMES: Final = 3
"""How many frames of an error are named, from the innermost outwards."""
_CHAIN: Final = 4
"""How many errors of a chain are described."""
_QUIET: Final = ("aiohttp", "alembic", "apscheduler", "httpcore", "httpx", "telegram")
"""Libraries that log addresses or messages below WARNING."""
_log = logging.getLogger("efinbot")


def hide_tokens(text: str) -> str:
    """Return a text with everything masked that has the shape of a bot's token.

    Args:
        text: Anything about to be shown; the token may stand alone, in a URL, or percent-encoded.
    """
    return _HIDDEN.sub("<token>", text)


def described(error: BaseException) -> str:
    """Say in one line what went wrong, for logs and operators.

    The message is repeated only where it can't hold what a person wrote: errors of Telegram, of
    the operating system and of the database. Of others the line names where they were raised.

    Args:
        error: What was raised.
    """
    name = type(error).__qualname__
    if isinstance(error, BaseExceptionGroup):
        members = cast("BaseExceptionGroup[BaseException]", error).exceptions
        return f"{name}: {' | '.join(map(described, members[:_CHAIN]))}"
    if (message := _harmless_message(error)) is not None:
        return f"{name}: {message}" if message else name
    frames = _frames(error)
    return f"{name} at {frames}" if frames else name


class TokenlessFormatter(logging.Formatter):
    """Formats records as another formatter does, then masks tokens in the outcome.

    Args:
        inner: The formatter that does the work; plain messages if None.
    """

    def __init__(self, inner: logging.Formatter | None = None) -> None:
        super().__init__()
        self.inner = inner or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's text without tokens."""
        try:
            text = self.inner.format(record)
        except Exception as error:  # noqa: BLE001 - arguments may raise anything when formatted
            # logging would print the arguments to standard error as they are.
            where = f"{record.filename}:{record.lineno}"
            return (
                f"a message of {record.name} can't be formatted ({type(error).__name__}, {where})"
            )
        if record.exc_text:
            # Formatters cache the traceback for the handlers that come after this one.
            record.exc_text = hide_tokens(record.exc_text)
        return hide_tokens(text)


def redact_tokens(*handlers: logging.Handler) -> None:
    """Have handlers mask tokens in all that they write; for a host that sets up its own logging.

    Args:
        handlers: Handlers as they are; each keeps its layout.
    """
    for handler in handlers:
        if not isinstance(handler.formatter, TokenlessFormatter):
            handler.setFormatter(TokenlessFormatter(handler.formatter))


def configure_logging(level: int | str = logging.INFO) -> None:
    """Log to standard error, one line a record; for a process that is the bot's own.

    Unhandled exceptions and warnings become records too. Of exceptions the log holds what
    `described` says, not the traceback, because its last line may quote what a person wrote.

    Args:
        level: The least level of the bot's own records; libraries that talk much log from WARNING.

    Raises:
        ValueError: There is no such level.
    """
    handler = logging.StreamHandler()
    layout = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    handler.setFormatter(TokenlessFormatter(_OneLine(layout)))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_unhandled
    threading.excepthook = _log_unhandled_in_thread
    sys.unraisablehook = _log_unraisable


class _OneLine(logging.Formatter):
    """One line a record, whatever stands in it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        if record.name == "asyncio":
            # The lines below the first show tasks, and with them the messages of exceptions.
            record.message = record.message.partition("\n")[0]
        return super().formatMessage(record)

    def formatException(  # noqa: N802 - logging's name
        self,
        ei: tuple[type[BaseException], BaseException, "TracebackType | None"]
        | tuple[None, None, None],
    ) -> str:
        errors: list[str] = []
        error = ei[1]
        while error and len(errors) < _CHAIN:
            errors.append(_located(error))
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return " <- ".join(errors)

    def format(self, record: logging.LogRecord) -> str:
        # What another formatter has cached is a traceback.
        record.exc_text = None
        text = super().format(record)
        record.exc_text = None
        return " ⏎ ".join(filter(None, (line.strip() for line in text.splitlines())))


def _harmless_message(error: BaseException) -> str | None:
    if isinstance(error, TelegramError):
        return _ID.sub("<id>", _first_line(hide_tokens(str(error))))
    if isinstance(error, OSError):
        return hide_tokens(_first_line(str(error)))
    # Most programs that log have no database, and SQLAlchemy is long to import.
    from sqlalchemy.exc import (  # noqa: PLC0415
        IntegrityError,
        OperationalError,
        ProgrammingError,
    )

    if isinstance(error, IntegrityError | OperationalError | ProgrammingError):
        # The error itself would quote the statement, and the driver's further lines the values.
        return hide_tokens(_first_line(str(error.orig)))
    return None


def _first_line(text: str) -> str:
    return text.partition("\n")[0].strip()


def _located(error: BaseException) -> str:
    line, frames = described(error), _frames(error)
    return line if not frames or line.endswith(frames) else f"{line} at {frames}"


def _frames(error: BaseException) -> str:
    frames = list(traceback.walk_tb(error.__traceback__))[-_FRAMES:]
    return ", ".join(
        f"{Path(frame.f_code.co_filename).name}:{line} in {frame.f_code.co_name}"
        for frame, line in reversed(frames)
    )


def _log_unhandled(
    kind: type[BaseException], error: BaseException, where: "TracebackType | None"
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.critical("unhandled exception", exc_info=(kind, error, where))


def _log_unhandled_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value and not issubclass(args.exc_type, SystemExit):
        info = (args.exc_type, args.exc_value, args.exc_traceback)
        _log.critical("unhandled exception in a thread", exc_info=info)


def _log_unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    if unraisable.exc_value:
        info = (unraisable.exc_type, unraisable.exc_value, unraisable.exc_traceback)
        _log.error("exception that couldn't be raised", exc_info=info)
