"""Commands for the folder of knowledge: init, schema, check."""

from pathlib import Path
from typing import Annotated

import typer

from ...knowledge import Problem
from ...knowledge.messages import message
from .application import (
    KnowledgeOption,
    existing_folder,
    expanded_path,
    extra,
    fail,
    knowledge_folder,
    read_settings,
    refuse,
    refuse_format,
)


def init(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="command_line.new_folder", callback=expanded_path),
    ],
    *,
    update: Annotated[bool, typer.Option("--update", help="command_line.update")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="command_line.undo")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="command_line.dry_run")] = False,
) -> None:
    """Copy the shipped knowledge to a new folder, or update such a copy."""
    from ...knowledge import start  # noqa: PLC0415
    from . import folder_update  # noqa: PLC0415

    if (update and undo) or (dry_run and not (update or undo)):
        refuse(message("updating.one_of"))
    if update or undo:
        folder_update.update(folder, undo=undo, dry_run=dry_run)
        return
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
    links: Annotated[bool, typer.Option("--links", help="command_line.links")] = False,
) -> None:
    """Check a folder of knowledge. The exit code is 1 if there are problems."""
    from datetime import UTC, datetime  # noqa: PLC0415

    from ...knowledge import Level  # noqa: PLC0415
    from ...knowledge.validation import months_before  # noqa: PLC0415
    from ..reload.check import examine  # noqa: PLC0415
    from .check_report import ReportFormat, report  # noqa: PLC0415

    refuse_format(format_, ReportFormat)
    oldest = months_before(datetime.now(UTC).date(), stale) if stale else ""
    folder = folder or knowledge_folder(knowledge)
    broken = _broken_links(folder) if links else ()
    examination = examine(folder, oldest).with_(broken)
    failed = bool(examination.count(Level.ERROR) or (strict and examination.problems))
    # Text is for people, who may want to keep the rest of a pipe's output; the others for programs.
    is_for_people = format_ == ReportFormat.TEXT and bool(examination.problems)
    typer.echo(report(examination, ReportFormat(format_)), err=is_for_people)
    if failed:
        raise typer.Exit(1)


def _broken_links(folder: Path) -> list[Problem]:
    """Look whether the pages that a folder names open, or say what that needs and end."""
    import asyncio  # noqa: PLC0415

    from ...knowledge import inspect  # noqa: PLC0415
    from ..settings import SettingsError  # noqa: PLC0415

    with extra("run"):
        from ..link_check import broken_links, sources_of  # noqa: PLC0415

    settings = read_settings()
    pages = sources_of(inspect(folder))
    typer.echo(message("check.looking", count=len(pages)), err=True)
    try:
        return asyncio.run(broken_links(pages, settings.proxy_for))
    except SettingsError as error:
        fail(error)
