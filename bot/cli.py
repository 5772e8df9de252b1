"""The command line: ask, chat, check, evaluate."""

import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ..knowledge import SHIPPED, KnowledgeError, Problem

if TYPE_CHECKING:
    from .assistant import Assistant

app = typer.Typer(
    help="efinbot answers questions about where e-finance is heading, in English and 中文.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

_Knowledge = Annotated[
    Path,
    typer.Option(
        "--knowledge",
        envvar="EFINBOT_KNOWLEDGE",
        metavar="FOLDER",
        help="Folder of knowledge YAML.",
        show_default="the shipped knowledge",
    ),
]


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="The question.", show_default=False)] = None,
    *,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Answer JSON lines from standard input instead.")
    ] = False,
    why: Annotated[bool, typer.Option("--why", help="Show how the answer came about.")] = False,
    knowledge: _Knowledge = SHIPPED,
) -> None:
    """Answer one question, or a stream of them."""
    if (text is None) != jsonl:
        raise typer.BadParameter("give either a TEXT or --jsonl")  # noqa: EM101, TRY003
    if jsonl and why:
        raise typer.BadParameter("--why explains one TEXT, not --jsonl")  # noqa: EM101, TRY003
    assistant = _assistant(knowledge)
    if text is None:
        from .jsonl import answer_lines  # noqa: PLC0415 - each command imports what it needs

        for line in answer_lines(sys.stdin.buffer, assistant):
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        return
    _print_answer(assistant, text, why=why)


@app.command()
def chat(knowledge: _Knowledge = SHIPPED) -> None:
    """Talk with the bot in the terminal."""
    from rich.console import Console  # noqa: PLC0415

    from .terminal import converse  # noqa: PLC0415

    converse(_assistant(knowledge), Console(highlight=False))


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder to check.", show_default=False)
    ] = None,
    *,
    knowledge: _Knowledge = SHIPPED,
) -> None:
    """Check a folder of knowledge; exit 1 if there is anything to mend."""
    from ..intents import clashes  # noqa: PLC0415
    from ..knowledge import inspect  # noqa: PLC0415

    inspection = inspect(folder or knowledge)
    problems = sorted({*inspection.problems, *clashes(inspection)})
    if problems:
        _fail(problems)
    if inspection.knowledge:
        entries = len(inspection.knowledge.entries)
        asks = sum(len((*e.asks.zh, *e.asks.en)) for e in inspection.knowledge.entries.values())
        typer.echo(f"{entries} entries with {asks} questions: nothing to mend.")


@app.command()
def evaluate(
    train: Annotated[Path, typer.Argument(help="CSV to learn from: text,intent.")],
    test: Annotated[Path, typer.Argument(help="CSV to be examined on; intent may be out_of_scope.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure the matcher on labelled questions of your own."""
    from ..intents.evaluation import CsvError, evaluate, read_csv  # noqa: PLC0415

    try:
        report = evaluate(read_csv(train), read_csv(test))
    except CsvError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(json.dumps(report.as_json()) if as_json else str(report))


def main() -> None:
    """Run the command line; the console script ``efinbot``."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except BrokenPipeError:
        # Python would complain again when it flushes standard output at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _assistant(folder: Path) -> "Assistant":
    from .assistant import Assistant  # noqa: PLC0415
    from .workshop import open_engine  # noqa: PLC0415

    try:
        return Assistant(open_engine(folder))
    except KnowledgeError as error:
        _fail(error.problems)


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


def _fail(problems: Sequence[Problem]) -> NoReturn:
    for problem in problems:
        typer.echo(str(problem), err=True)
    typer.echo(f"{len(problems)} to mend.", err=True)
    raise typer.Exit(1)
