"""The command line: run, demo, ask, chat, init, schema, check, gaps, stats, evaluate.

Each command imports what it needs when it runs, so that help and mistakes are answered at once.
"""

import io
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..knowledge import Problem
    from .assistant import Assistant
    from .storage import Recorded


class _Group(TyperGroup):
    """Commands that end quietly when nobody reads what they print any more."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - the context's class is private to typer
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Python would complain when it flushes standard output at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return None


app = typer.Typer(
    cls=_Group,
    help="efinbot answers questions about where e-finance is heading, in English and 中文.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

_Knowledge = Annotated[
    Path | None,
    typer.Option(
        "--knowledge",
        envvar="EFINBOT_KNOWLEDGE",
        metavar="FOLDER",
        help="Folder of knowledge YAML.",
        show_default="the shipped knowledge",
        exists=True,
        file_okay=False,
    ),
]

_Bot = Annotated[
    int | None,
    typer.Option(
        "--bot",
        metavar="ID",
        help="Which bot, if several share the database: what its token begins with.",
        show_default="that of the token, if there is one",
    ),
]
_FORMATS = ("text", "json")


@app.command()
def ask(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="The question.", show_default=False)
    ] = None,
    *,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Answer JSON lines from standard input instead.")
    ] = False,
    why: Annotated[bool, typer.Option("--why", help="Show how the answer came about.")] = False,
    knowledge: _Knowledge = None,
) -> None:
    """Answer one question, or a stream of them."""
    if (text is None) != jsonl:
        _refuse("Give either a TEXT or --jsonl.")
    if jsonl and why:
        _refuse("--why explains one TEXT, not --jsonl.")
    assistant = _assistant(knowledge)
    if text is None:
        from .jsonl import answer_lines  # noqa: PLC0415

        for line in answer_lines(sys.stdin.buffer, assistant):
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
    else:
        # Whatever the locale, what is typed is taken for UTF-8.
        _print_answer(assistant, os.fsencode(text).decode(errors="replace"), why=why)


@app.command()
def run(knowledge: _Knowledge = None) -> None:
    """Run the bot in Telegram; its token is in EFINBOT_TOKEN, or in the file EFINBOT_TOKEN_FILE."""
    from .live import Live  # noqa: PLC0415
    from .running import run  # noqa: PLC0415
    from .secrecy import configure_logging  # noqa: PLC0415
    from .settings import Settings, SettingsError  # noqa: PLC0415

    configure_logging()
    try:
        settings = Settings.read(**({"knowledge": knowledge} if knowledge else {}))
        settings.bot_token()
        run(settings, Live(settings.knowledge, _assistant(settings.knowledge)))
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


@app.command()
def demo(
    *,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", min=1, max=65535, help="Port of the page.", show_default="8642, or the next"
        ),
    ] = None,
    knowledge: _Knowledge = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address without opening it.")
    ] = False,
) -> None:
    """Try the bot in the browser, in a Telegram of its own: no token, no internet."""
    from .demo import demo  # noqa: PLC0415

    try:
        demo(_assistant, port, knowledge, browser=not no_browser and sys.stdout.isatty())
    except OSError as error:
        typer.echo(f"port {port} can't be used ({error.strerror}); choose another", err=True)
        raise typer.Exit(2) from None


@app.command()
def chat(knowledge: _Knowledge = None) -> None:
    """Talk with the bot in the terminal."""
    from rich.console import Console  # noqa: PLC0415

    from .terminal import converse  # noqa: PLC0415

    converse(_assistant(knowledge), Console(highlight=False))


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder to make; an empty one will do.")
    ],
) -> None:
    """Start a folder of knowledge: a copy of the shipped one, to be edited."""
    from ..knowledge import start  # noqa: PLC0415

    try:
        entries = start(folder)
    except FileExistsError:
        _refuse(f"{folder} holds something already; name a folder that is new or empty.")
    except OSError as error:
        _refuse(f"{folder} can't be written ({error.strerror}); choose another place.")
    typer.echo(f"{folder} holds {entries} entries to edit. What to do next:")
    for command, purpose in (
        (f"efinbot check {folder}", "says what is to mend, after each change"),
        (f"efinbot demo --knowledge {folder}", "talks with you in the browser"),
        (f"efinbot run --knowledge {folder}", "runs the bot in Telegram"),
    ):
        typer.echo(f"  {command}\n      {purpose}")


@app.command()
def schema(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder to write to; made if it is missing.")
    ] = Path("schema"),
) -> None:
    """Write the JSON Schema of each knowledge file, for editors that complete and explain keys."""
    from ..knowledge.schema import write_schemas  # noqa: PLC0415

    try:
        written = write_schemas(folder)
    except OSError as error:
        _refuse(f"{folder} can't be written ({error.strerror}); choose another place.")
    for path in written:
        typer.echo(path)


@app.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER",
            help="Folder to check.",
            show_default=False,
            exists=True,
            file_okay=False,
        ),
    ] = None,
    *,
    knowledge: _Knowledge = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="text|json|github", help="How to report.")
    ] = "text",
    stale: Annotated[
        int | None,
        typer.Option(
            "--stale", min=1, metavar="MONTHS", help="Warn of older sources.", show_default=False
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings too.")] = False,
) -> None:
    """Check a folder of knowledge. Exit code 1 means that there is something to mend."""
    from datetime import UTC, datetime  # noqa: PLC0415

    from ..knowledge import SHIPPED, Level, did_you_mean  # noqa: PLC0415
    from ..knowledge.review import months_before  # noqa: PLC0415
    from .examination import examine  # noqa: PLC0415
    from .report import Format, report  # noqa: PLC0415

    if format_ not in list(Format):
        _refuse(f"there is no format '{format_}'; {did_you_mean(format_, Format)}")
    oldest = months_before(datetime.now(UTC).date(), stale) if stale else ""
    examination = examine(folder or knowledge or SHIPPED, oldest)
    failed = bool(examination.count(Level.ERROR) or (strict and examination.problems))
    # Text is for people, who may want to keep the rest of a pipe's output; the others for programs.
    aside = format_ == Format.TEXT and bool(examination.problems)
    typer.echo(report(examination, Format(format_)), err=aside)
    if failed:
        raise typer.Exit(1)


@app.command()
def gaps(
    *,
    knowledge: _Knowledge = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many gaps to look into.")] = 5,
    days: Annotated[
        int | None,
        typer.Option(
            "--days", min=1, help="Only what was asked in so many days.", show_default=False
        ),
    ] = None,
    apply: Annotated[
        int | None,
        typer.Option(
            "--apply",
            min=1,
            metavar="N",
            help="Add what was proposed as number N when gaps were last shown.",
            show_default=False,
        ),
    ] = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="text|json", help="How to report.")
    ] = "text",
) -> None:
    """Show what people asked and got no good answer to, and propose what to write about it."""
    from ..knowledge import did_you_mean  # noqa: PLC0415
    from .gap_command import Shape, apply_gap, show_gaps, were_shown  # noqa: PLC0415
    from .gaps import ApplyError  # noqa: PLC0415
    from .settings import Settings, SettingsError  # noqa: PLC0415
    from .storage import StorageError  # noqa: PLC0415

    if format_ not in list(Shape):
        _refuse(f"there is no format '{format_}'; {did_you_mean(format_, Shape)}")
    try:
        settings = Settings.read(**({"knowledge": knowledge} if knowledge else {}))
        if apply is None or not were_shown(settings.knowledge):
            engine = _assistant(settings.knowledge).engine
            show_gaps(settings, engine, max(top, apply or top), days, Shape(format_))
        if apply is not None:
            typer.echo(apply_gap(settings.knowledge, apply))
    except (ApplyError, SettingsError, StorageError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


@app.command()
def evaluate(
    train: Annotated[
        Path,
        typer.Argument(
            metavar="TRAIN",
            help="CSV to learn from, with the columns text and intent.",
            exists=True,
            dir_okay=False,
        ),
    ],
    test: Annotated[
        Path,
        typer.Argument(
            metavar="TEST",
            help="CSV to be examined on; its intents may be out_of_scope.",
            exists=True,
            dir_okay=False,
        ),
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure the matcher on labelled questions of your own."""
    import json  # noqa: PLC0415
    from dataclasses import asdict  # noqa: PLC0415

    from ..intents.matching.evaluation import evaluate, read_examples  # noqa: PLC0415

    try:
        report = asdict(evaluate(read_examples(train), read_examples(test)))
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
        return
    for confusion in report.pop("confusions"):
        typer.echo("{truth} taken for {answer}: {count}".format(**confusion))
    for name, value in report.items():
        typer.echo(f"{name:18} {'-' if value is None else f'{value:.3f}'}")


@app.command()
def stats(
    *,
    days: Annotated[
        int, typer.Option("--days", min=1, max=400, help="How many days to look back.")
    ] = 30,
    format_: Annotated[
        str, typer.Option("--format", metavar="text|json", help="How to report.")
    ] = "text",
    bot: _Bot = None,
) -> None:
    """Show what was asked, how that was answered, and how it was liked."""
    from rich.console import Console  # noqa: PLC0415

    from ..knowledge import did_you_mean  # noqa: PLC0415
    from .statistics import summarise, today  # noqa: PLC0415
    from .statistics_report import as_json, rendered  # noqa: PLC0415

    if format_ not in _FORMATS:
        _refuse(f"there is no format '{format_}'; {did_you_mean(format_, _FORMATS)}")
    statistics = summarise(_recorded(bot).counts, today(), days)
    if format_ == "json":
        typer.echo(as_json(statistics))
    else:
        Console(highlight=False).print(rendered(statistics))


def main() -> None:
    """Run the command line; the console script ``efinbot``."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()


def _assistant(folder: Path | None) -> "Assistant":
    from ..knowledge import SHIPPED, KnowledgeError  # noqa: PLC0415
    from .assistant import Assistant  # noqa: PLC0415
    from .workshop import open_engine  # noqa: PLC0415

    try:
        return Assistant(open_engine(folder or SHIPPED))
    except KnowledgeError as error:
        _complain(error.problems)
        raise typer.Exit(2) from None


def _recorded(bot: int | None) -> "Recorded":
    """Return what was recorded of a bot; if none is named, of the one whose token is set."""
    import asyncio  # noqa: PLC0415

    from .settings import Settings, SettingsError  # noqa: PLC0415
    from .storage import StorageError, default_url, read_state  # noqa: PLC0415

    try:
        settings = Settings.read()
        if bot is None and (settings.token or settings.token_file):
            bot = int(settings.bot_token().get_secret_value().partition(":")[0])
        url = settings.database_url
        return asyncio.run(read_state(url.get_secret_value() if url else default_url(), bot))
    except (SettingsError, StorageError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _print_answer(assistant: "Assistant", text: str, *, why: bool) -> None:
    answer = assistant.answer(text, None, time.time())
    if not why and not sys.stdout.isatty():
        from .markup import plain  # noqa: PLC0415

        typer.echo(plain(answer.reply.html))
        return
    from rich.console import Console  # noqa: PLC0415

    from .terminal import explained, rendered  # noqa: PLC0415

    console = Console(highlight=False)
    console.print(rendered(answer.reply.html))
    if why:
        console.print()
        console.print(explained(assistant.engine.trace(text)))


def _refuse(message: str) -> NoReturn:
    raise typer.BadParameter(message)


def _complain(problems: "Sequence[Problem]") -> None:
    for problem in problems:
        typer.echo(str(problem), err=True)
    typer.echo(f"{len(problems)} to mend.", err=True)
