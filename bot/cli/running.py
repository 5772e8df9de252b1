"""Commands that run the bot: run, demo."""

import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from typing import Annotated

import typer

from ...knowledge.messages import message, spoken
from .application import (
    KnowledgeOption,
    extra,
    fail,
    knowledge_folder,
    open_assistant,
    read_settings,
)


def run(knowledge: KnowledgeOption = None) -> None:
    """Run the bot in Telegram; its token is in EFINBOT_TOKEN, or in the file EFINBOT_TOKEN_FILE."""
    with _ended_by_signals(), extra("run"):
        from ..app import check, run  # noqa: PLC0415
        from ..redaction import configure_logging  # noqa: PLC0415
        from ..reload import live  # noqa: PLC0415
        from ..settings import SettingsError  # noqa: PLC0415

        configure_logging()
        settings = read_settings(knowledge=knowledge)
        try:
            check(settings)
            opened = partial(open_assistant, opened=live.open_assistant)
            run(settings, live.Live.open(settings.knowledge, opened))
        except SettingsError as error:
            fail(error)


def demo(
    *,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=1,
            max=65535,
            metavar="PORT",
            help="command_line.port",
            show_default="command_line.usual_port",
        ),
    ] = None,
    knowledge: KnowledgeOption = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="command_line.no_browser")
    ] = False,
) -> None:
    """Try the bot in the browser, in a Telegram of its own: no token, no internet."""
    from ...knowledge import SHIPPED  # noqa: PLC0415

    folder = knowledge_folder(knowledge)
    try:
        from ...sandbox.demo import PortError, demo  # noqa: PLC0415
    except ModuleNotFoundError:
        fail(message("demo.extra_missing"))
    try:
        status = demo(
            port,
            None if folder == SHIPPED else folder,
            language=spoken(),
            browser=not no_browser and sys.stdout.isatty(),
        )
    except PortError as error:
        fail(message("demo.port_unusable", port=error.port, reason=error.reason))
    except OSError as error:
        fail(message("demo.not_started", reason=error))
    raise typer.Exit(status)


@contextmanager
def _ended_by_signals() -> Generator[None]:
    """End at once when told to, until the bot runs: nothing has to be finished before."""

    def end(_: int, __: object) -> None:
        raise SystemExit(0)

    acts = {signal.SIGTERM: end, signal.SIGINT: end}
    if sys.platform != "win32":
        acts[signal.SIGHUP] = lambda _, __: None  # there is nothing to read again either
    before = {number: signal.signal(number, act) for number, act in acts.items()}
    try:
        yield
    finally:
        for number, act in before.items():
            signal.signal(number, act)
