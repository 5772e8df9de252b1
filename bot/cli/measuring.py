"""The command that measures the matcher: evaluate."""

from pathlib import Path
from typing import Annotated

import typer

from ...knowledge.messages import message
from .application import fail


def evaluate(
    train: Annotated[
        Path,
        typer.Argument(
            metavar="TRAIN",
            help="command_line.train",
            exists=True,
            dir_okay=False,
        ),
    ],
    test: Annotated[
        Path,
        typer.Argument(
            metavar="TEST",
            help="command_line.test",
            exists=True,
            dir_okay=False,
        ),
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="command_line.as_json")] = False,
) -> None:
    """Measure the matcher on your own labelled questions."""
    import json  # noqa: PLC0415
    from dataclasses import asdict  # noqa: PLC0415

    from ...intents.classifier.classifier import ExamplesError  # noqa: PLC0415
    from ...intents.classifier.evaluate import evaluate, read_examples  # noqa: PLC0415

    try:
        report = asdict(evaluate(read_examples(train), read_examples(test)))
    except ExamplesError as error:
        fail(message(error.key, **error.values))
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
        return
    for confusion in report.pop("confusions"):
        typer.echo(message("evaluation.confusion", **confusion))
    for name, value in report.items():
        typer.echo(f"{name:18} {'-' if value is None else f'{value:.3f}'}")
