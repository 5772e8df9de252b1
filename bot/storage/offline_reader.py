"""Reads what was recorded, whether the bot runs or not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from ...knowledge.messages import joined, message
from . import missed_questions
from .database import StorageError, cause, describe, file_of, parse
from .missed_questions import Missed
from .tables import COUNTS, MISSED

_TABLES: Final = (MISSED, COUNTS)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded of one bot."""

    missed: tuple[Missed, ...] = ()
    """Questions that were not answered well, the latest last."""
    counts: Mapping[tuple[int, str], int] = field(default_factory=dict[tuple[int, str], int])
    """How often what happened, by day and name: see `counts`."""


async def read_state(url: str, bot: int | None) -> Recorded:
    """Read what was recorded; nothing is created, locked or brought up to date.

    What the running bot has noted in the last few seconds may be missing.

    Args:
        url: SQLAlchemy's URL of the database.
        bot: The bot's Telegram id; None where only one bot has recorded something.

    Returns:
        What was recorded; nothing if there is no database yet, or one from before this was kept.

    Raises:
        StorageError: The database can't be read, or it must be said which bot is meant.
    """
    parsed = parse(url)
    file = file_of(parsed)
    if file and not file.exists():
        return Recorded()
    try:
        engine = create_async_engine(_for_reading(parsed, file) if file else parsed)
        try:
            async with engine.connect() as connection:
                return await _read(connection, bot)
        finally:
            await engine.dispose()
    except StorageError:
        raise
    except Exception as error:  # noqa: BLE001 - drivers raise anything
        problem = message("storage.unreadable", database=describe(url), reason=cause(error))
        raise StorageError(problem) from None


def _for_reading(url: URL, file: Path) -> URL:
    """Return the URL by which a SQLite file is only read."""
    # Where nobody writes there is no log beside the file. Without being told so, SQLite would make
    # one, which may belong to another user than the bot's and be in its way.
    alone = not file.with_name(f"{file.name}-wal").exists()
    query = {"mode": "ro", "uri": "true", **({"immutable": "1"} if alone else {})}
    return url.set(database=f"file:{quote(str(file.absolute()))}", query=query)


async def _read(connection: AsyncConnection, bot: int | None) -> Recorded:
    kept = await connection.run_sync(lambda sync: set(sa.inspect(sync).get_table_names()))
    if not all(table.name in kept for table in _TABLES):
        return Recorded()
    if bot is None:
        bot = await _only_bot(connection)
    found = sa.select(*(c for c in MISSED.columns if not c.primary_key)).where(MISSED.c.bot == bot)
    rows = await connection.execute(found.order_by(MISSED.c.at))
    questions = tuple(filter(None, (missed_questions.from_row(*row) for row in rows)))
    counted = sa.select(COUNTS.c.day, COUNTS.c.name, COUNTS.c.number).where(COUNTS.c.bot == bot)
    numbers = {(day, name): number for day, name, number in await connection.execute(counted)}
    return Recorded(questions, numbers)


async def _only_bot(connection: AsyncConnection) -> int | None:
    bots = sa.union(*(sa.select(table.c.bot) for table in _TABLES)).order_by("bot")
    found = (await connection.execute(bots)).scalars().all()
    if len(found) > 1:
        ids = joined(map(str, found))
        raise StorageError(message("storage.several_bots", ids=ids))
    return found[0] if found else None
