"""Commands that ask the bot: ask, chat."""

import os
import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from ...knowledge.messages import message, spoken
from .application import KnowledgeOption, knowledge_folder, open_assistant, refuse

if TYPE_CHECKING:
    from ..assistant import Assistant


def ask(
    text: Annotated[
        str | None,
        typer.Argument(metavar="TEXT", help="command_line.question", show_default=False),
    ] = None,
    *,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="command_line.jsonl")] = False,
    why: Annotated[bool, typer.Option("--why", help="command_line.why")] = False,
    knowledge: KnowledgeOption = None,
) -> None:
    """Answer one question, or many from standard input."""
    if (text is None) != jsonl:
        refuse(message("command_line.text_or_jsonl"))
    if jsonl and why:
        refuse(message("command_line.why_or_jsonl"))
    assistant = open_assistant(knowledge_folder(knowledge))
    if text is None:
        from .jsonl import answer_lines  # noqa: PLC0415

        for line in answer_lines(sys.stdin.buffer, assistant):
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
    else:
        # Whatever the locale, what is typed is taken for UTF-8.
        _print_answer(assistant, os.fsencode(text).decode(errors="replace"), why=why)


def chat(knowledge: KnowledgeOption = None) -> None:
    """Talk with the bot in the terminal."""
    from rich.console import Console  # noqa: PLC0415

    from .terminal import converse  # noqa: PLC0415

    converse(open_assistant(knowledge_folder(knowledge)), Console(highlight=False))


def _print_answer(assistant: "Assistant", text: str, *, why: bool) -> None:
    answer = assistant.answer(text, None, time.time(), spoken())
    if not why and not sys.stdout.isatty():
        from ..replies.markup import plain  # noqa: PLC0415

        typer.echo(plain(answer.reply.html))
        return
    from rich.console import Console  # noqa: PLC0415

    from .terminal import explained, rendered  # noqa: PLC0415

    console = Console(highlight=False)
    console.print(rendered(answer.reply.html))
    if why:
        console.print()
        console.print(explained(assistant.engine.trace(text)))
