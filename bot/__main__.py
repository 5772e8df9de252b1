"""``python -m efinbot.bot``: the command line."""

from .cli import main

main()
