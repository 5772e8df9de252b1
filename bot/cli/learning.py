"""Commands that show what people asked: gaps, stats."""

import asyncio
import time
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ...knowledge.messages import message
from .application import (
    BotOption,
    KnowledgeOption,
    fail,
    open_assistant,
    read_settings,
    refuse,
    refuse_format,
)

if TYPE_CHECKING:
    from ..settings import Settings
    from ..storage.offline_reader import Recorded

_DAY: Final = 24 * 60 * 60


def gaps(
    *,
    knowledge: KnowledgeOption = None,
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="command_line.top")] = 5,
    days: Annotated[
        int | None,
        typer.Option(
            "--days",
            min=1,
            metavar="N",
            help="command_line.recent",
            show_default=False,
        ),
    ] = None,
    apply: Annotated[
        int | None,
        typer.Option(
            "--apply",
            min=1,
            metavar="N",
            help="command_line.apply",
            show_default=False,
        ),
    ] = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="text|json", help="command_line.format")
    ] = "text",
    bot: BotOption = None,
) -> None:
    """Show what people asked and got no good answer to, and propose what to write about it."""
    from ..admin.gap_findings import ApplyError  # noqa: PLC0415
    from .gap_command import apply_gap, show_gaps, were_shown  # noqa: PLC0415

    refuse_format(format_, ("text", "json"))
    if apply is not None and format_ != "text":
        refuse(message("gaps.no_text_option", format=format_))
    settings = read_settings(knowledge=knowledge)
    folder = settings.knowledge
    if apply is None or not were_shown(folder):
        since = time.time() - days * _DAY if days else 0.0
        missed = [one for one in _recorded(settings, bot).missed if one.at >= since]
        engine = open_assistant(folder).engine
        show_gaps(folder, engine, missed, max(top, apply or top), as_json=format_ == "json")
    if apply is not None:
        try:
            typer.echo(apply_gap(folder, apply))
        except ApplyError as error:
            fail(error)


def stats(
    *,
    days: Annotated[
        int, typer.Option("--days", min=1, max=400, metavar="N", help="command_line.days")
    ] = 30,
    format_: Annotated[
        str, typer.Option("--format", metavar="text|json", help="command_line.format")
    ] = "text",
    bot: BotOption = None,
) -> None:
    """Show what was asked, how that was answered, and how it was liked."""
    from rich.console import Console  # noqa: PLC0415

    from ..admin.statistics import summarise, today  # noqa: PLC0415
    from .statistics_report import as_json, rendered  # noqa: PLC0415

    refuse_format(format_, ("text", "json"))
    statistics = summarise(_recorded(read_settings(), bot).counts, today(), days)
    if format_ == "json":
        typer.echo(as_json(statistics))
    else:
        Console(highlight=False).print(rendered(statistics))


def _recorded(settings: "Settings", bot: int | None) -> "Recorded":
    """Return what was recorded of a bot; if none is named, of the one whose token is set."""
    from ..settings import SettingsError  # noqa: PLC0415
    from ..storage.database import StorageError  # noqa: PLC0415
    from ..storage.offline_reader import read_state  # noqa: PLC0415

    try:
        if bot is None and (settings.token or settings.token_file):
            bot = int(settings.bot_token().get_secret_value().partition(":")[0])
        return asyncio.run(read_state(settings.state_url(), bot))
    except (SettingsError, StorageError) as error:
        fail(error)
