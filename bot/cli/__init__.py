"""The command line.

Each command imports what it needs when it runs, so that help and mistakes are answered at once.
"""

import io
import os
import sys
from collections.abc import Callable, Mapping
from typing import Final

from .application import app
from .asking import ask, chat
from .editing import check, init, schema
from .learning import gaps, stats
from .measuring import evaluate
from .running import demo, run

_COMMANDS: Final[Mapping[str, Callable[..., None]]] = {
    "command_line.ask": ask,
    "command_line.run": run,
    "command_line.demo": demo,
    "command_line.chat": chat,
    "command_line.init": init,
    "command_line.schema": schema,
    "command_line.check": check,
    "command_line.gaps": gaps,
    "command_line.stats": stats,
    "command_line.evaluate": evaluate,
}
"""The commands by the message that explains them, in the order in which help lists them."""

for _key, _command in _COMMANDS.items():
    app.command(help=_key)(_command)


def main() -> None:
    """Run the command line; the console script ``efinbot``."""
    _open_missing_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()


def _open_missing_streams() -> None:
    """Open standard streams that were closed, as by ``2>&-``, so that they lead nowhere.

    Otherwise the next files that are opened would take their numbers, and be written to.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
