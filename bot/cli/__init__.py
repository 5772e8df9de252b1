"""The command line.

Each command imports what it needs when it runs, so that help and mistakes are answered at once.
"""

import io
import sys
from typing import Final

from .application import app
from .asking import ask, chat
from .editing import check, init, schema
from .learning import gaps, stats
from .measuring import evaluate
from .running import demo, run

_COMMANDS: Final = (ask, run, demo, chat, init, schema, check, gaps, stats, evaluate)
"""The commands, in the order in which help lists them."""

for _command in _COMMANDS:
    app.command()(_command)


def main() -> None:
    """Run the command line; the console script ``efinbot``."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()
