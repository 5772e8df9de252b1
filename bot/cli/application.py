"""What the commands share: the application, options, and how mistakes are told."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..assistant import Assistant


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

Knowledge = Annotated[
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

Bot = Annotated[
    int | None,
    typer.Option(
        "--bot",
        metavar="ID",
        help="Which bot, if several share the database: what its token begins with.",
        show_default="that of the token, if there is one",
    ),
]


def open_assistant(folder: Path | None) -> "Assistant":
    """Return what answers from a folder, or say what is wrong with it and end."""
    from ...knowledge import SHIPPED, KnowledgeError  # noqa: PLC0415
    from ..assistant import Assistant  # noqa: PLC0415
    from ..reload.engine_cache import open_engine  # noqa: PLC0415

    try:
        return Assistant(open_engine(folder or SHIPPED))
    except KnowledgeError as error:
        from .check_report import failed  # noqa: PLC0415

        for problem in error.problems:
            typer.echo(str(problem), err=True)
        fail(f"{failed(error.problems)}.")


def refuse(message: str) -> NoReturn:
    """End because an argument is wrong."""
    raise typer.BadParameter(message)


def refuse_format(given: str, known: "Iterable[str]") -> None:
    """End if a format is none of those that are known."""
    from ...knowledge import did_you_mean  # noqa: PLC0415

    formats = list(known)
    if given not in formats:
        refuse(f"there is no format '{given}'; {did_you_mean(given, formats)}")


def fail(message: object) -> NoReturn:
    """End because something is set up wrong."""
    typer.echo(str(message), err=True)
    raise typer.Exit(2) from None
