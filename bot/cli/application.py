"""What the commands share: the application, options, and how errors are reported."""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer
from typer.core import TyperGroup

from ...knowledge.languages import LANGUAGES, Language
from ...knowledge.messages import message, speaking

if TYPE_CHECKING:
    from ..assistant import Assistant
    from ..settings import Settings


_LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The variables that name the operator's language; the first that is set does."""
_LANG: Final = "_lang"


class _CommandGroup(TyperGroup):
    """Commands that each take ``--lang``; their help is given as keys of messages.

    They end quietly when nobody reads what they print any more.
    """

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:  # noqa: ANN401 - typer's
        commands = self.commands.values()
        for command in commands:
            command.params += [option for option in self.params if option.name == _LANG]
        # Known before anything is parsed, so that help and mistakes are told in it too.
        with speaking(_language(sys.argv[1:] if args is None else args)):
            for told in {self, *commands, *chain(self.params, *(one.params for one in commands))}:
                _translate(told)
            return super().main(args, *rest, **options)

    def make_context(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - private to typer
        with _tokens_hidden():
            return super().make_context(*args, **options)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - the context's class is private to typer
        try:
            with _tokens_hidden():
                return super().invoke(ctx)
        except BrokenPipeError:
            # Python would complain when it flushes standard output at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return None


def _refuse_unknown_language(given: str | None) -> None:
    if given is not None and given not in LANGUAGES:
        refuse(message("command_line.unknown_language", given=given, known=", ".join(LANGUAGES)))


def _language(arguments: Sequence[str]) -> Language:
    """Return the language that the arguments name, or else that of the locale."""
    parser = ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--lang", nargs="?")
    wanted = parser.parse_known_args(arguments)[0].lang
    named = (os.environ[name] for name in _LOCALE if os.environ.get(name))
    return "zh" if (wanted or next(named, "")).startswith("zh") else "en"


def _translate(told: Any) -> None:  # noqa: ANN401 - a command or an option, private to typer
    """Put messages in the place of their keys."""
    if told.help:  # older versions of typer have options without
        told.help = message(told.help)
    if isinstance(default := getattr(told, "show_default", None), str):
        told.show_default = message(default)


@contextmanager
def _tokens_hidden() -> Generator[None]:
    """Mask tokens in what is said about wrong arguments: people paste them anywhere."""
    try:
        yield
    except Exception as error:
        # Typer's classes for wrong arguments are private; they hold what is shown.
        if isinstance(shown := vars(error).get("message"), str):
            from ..redaction import hide_tokens  # noqa: PLC0415

            vars(error)["message"] = hide_tokens(shown)
        raise


app = typer.Typer(
    cls=_CommandGroup,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - as typer calls it
    if wanted:
        typer.echo(f"efinbot {version('efinbot')}")
        raise typer.Exit


@app.callback(help="command_line.about")
def _options(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help="command_line.version",
        ),
    ] = False,
    _lang: Annotated[
        str | None,
        typer.Option(
            "--lang",
            metavar="|".join(LANGUAGES),
            callback=_refuse_unknown_language,
            expose_value=False,
            help="command_line.lang",
            show_default="command_line.locale",
        ),
    ] = None,
) -> None:
    """Take the options that stand before a command."""


def expanded_path(path: Path | None) -> Path | None:
    """Return a path that was typed, with ``~`` replaced; for typer."""
    from ..folders import expanded  # noqa: PLC0415

    try:
        return path and expanded(path)
    except ValueError as error:
        refuse(str(error))


def existing_folder(path: Path | None) -> Path | None:
    """Return a folder that was typed, with ``~`` replaced, or refuse one that isn't there."""
    from ..folders import existing  # noqa: PLC0415

    try:
        return path and existing(path)
    except ValueError as error:
        refuse(str(error))


KnowledgeOption = Annotated[
    Path | None,
    typer.Option(
        "--knowledge",
        metavar="FOLDER",
        help="command_line.knowledge",
        show_default="command_line.shipped",
        callback=existing_folder,
    ),
]

BotOption = Annotated[
    int | None,
    typer.Option(
        "--bot",
        metavar="ID",
        help="command_line.which_bot",
        show_default="command_line.token_bot",
    ),
]


def read_settings(**given: object) -> "Settings":
    """Return the settings, or say what is wrong with them and end.

    Args:
        given: What was set on the command line, which wins; None counts as not set.
    """
    from ..settings import Settings, SettingsError  # noqa: PLC0415

    try:
        return Settings.read(**{name: value for name, value in given.items() if value is not None})
    except SettingsError as error:
        fail(error)


def knowledge_folder(given: Path | None) -> Path:
    """Return the folder given on the command line, or else the one of the settings."""
    return given or read_settings().knowledge


def open_assistant(
    folder: Path, opened: Callable[[Path], "Assistant"] | None = None
) -> "Assistant":
    """Return what answers from a folder, or say what is wrong with it and end.

    Args:
        folder: The knowledge.
        opened: Makes what answers; from the cache, or built in this process, if None.
    """
    from ...knowledge import KnowledgeError  # noqa: PLC0415
    from ..assistant import Assistant  # noqa: PLC0415
    from ..reload.engine_cache import open_engine  # noqa: PLC0415

    try:
        return opened(folder) if opened else Assistant(open_engine(folder))
    except KnowledgeError as error:
        from .check_report import failed  # noqa: PLC0415

        for problem in error.problems:
            typer.echo(str(problem), err=True)
        fail(failed(error.problems))


@contextmanager
def extra(name: str) -> Generator[None]:
    """End with what to install if a package is missing that an extra brings.

    Args:
        name: The extra, or several with commas between.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package == "efinbot":
            raise
        fail(message("command_line.missing_extra", package=package, extra=name))


def refuse(problem: str) -> NoReturn:
    """End because an argument is wrong."""
    raise typer.BadParameter(problem)


def refuse_format(given: str, known: Iterable[str]) -> None:
    """End if a format is none of those that are known."""
    from ...knowledge import did_you_mean  # noqa: PLC0415

    formats = list(known)
    if given not in formats:
        fix = did_you_mean(given, formats)
        refuse(message("command_line.unknown_format", given=given, fix=fix))


def fail(problem: object) -> NoReturn:
    """End because something is set up wrong."""
    typer.echo(str(problem), err=True)
    raise typer.Exit(2) from None
