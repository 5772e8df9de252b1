"""Commands for the folder of knowledge: init, schema, check."""

from pathlib import Path
from typing import Annotated

import typer

from ...knowledge.messages import message
from .application import (
    KnowledgeOption,
    existing_folder,
    expanded_path,
    knowledge_folder,
    refuse,
    refuse_format,
)


def init(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="command_line.new_folder", callback=expanded_path),
    ],
) -> None:
    """Copy the shipped knowledge to a new folder."""
    from ...knowledge import start  # noqa: PLC0415

    try:
        entries = start(folder)
    except FileExistsError:
        refuse(message("check.not_empty", folder=folder))
    except OSError as error:
        refuse(message("check.not_written", folder=folder, reason=error.strerror))
    typer.echo(message("check.started", folder=folder, count=entries))
    for command, purpose in (
        (f"efinbot check {folder}", message("check.next_check")),
        (f"efinbot demo --knowledge {folder}", message("check.next_demo")),
        (f"efinbot run --knowledge {folder}", message("check.next_run")),
    ):
        typer.echo(f"  {command}\n      {purpose}")


def schema(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="command_line.schema_folder", callback=expanded_path),
    ] = Path("schema"),
) -> None:
    """Write the JSON Schema of the knowledge files."""
    from ...knowledge.json_schema import write_schemas  # noqa: PLC0415

    try:
        written = write_schemas(folder)
    except OSError as error:
        refuse(message("check.not_written", folder=folder, reason=error.strerror))
    for path in written:
        typer.echo(path)


def check(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER",
            help="command_line.checked_folder",
            show_default=False,
            callback=existing_folder,
        ),
    ] = None,
    *,
    knowledge: KnowledgeOption = None,
    format_: Annotated[
        str,
        typer.Option("--format", metavar="text|json|github", help="command_line.format"),
    ] = "text",
    stale: Annotated[
        int | None,
        typer.Option(
            "--stale",
            min=1,
            metavar="MONTHS",
            help="command_line.stale",
            show_default=False,
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="command_line.strict")] = False,
) -> None:
    """Check a folder of knowledge. The exit code is 1 if there are problems."""
    from datetime import UTC, datetime  # noqa: PLC0415

    from ...knowledge import Level  # noqa: PLC0415
    from ...knowledge.validation import months_before  # noqa: PLC0415
    from ..reload.check import examine  # noqa: PLC0415
    from .check_report import ReportFormat, report  # noqa: PLC0415

    refuse_format(format_, ReportFormat)
    oldest = months_before(datetime.now(UTC).date(), stale) if stale else ""
    examination = examine(folder or knowledge_folder(knowledge), oldest)
    failed = bool(examination.count(Level.ERROR) or (strict and examination.problems))
    # Text is for people, who may want to keep the rest of a pipe's output; the others for programs.
    is_for_people = format_ == ReportFormat.TEXT and bool(examination.problems)
    typer.echo(report(examination, ReportFormat(format_)), err=is_for_people)
    if failed:
        raise typer.Exit(1)
