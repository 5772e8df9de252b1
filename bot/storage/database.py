"""The database: opened without set-up, migrated, and opened again after a failure."""

import json
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from ...knowledge.messages import joined, message
from .tables import METADATA, REVISION, VERSION

MIGRATIONS: Final = Path(__file__).parent / "migrations"
_PATIENCE: Final = 2.0
"""Seconds to wait for a lock that another process holds."""


class StorageError(Exception):
    """The database can't be used; the message says why."""


class Database:
    """A database that recovers: after a failure, the next transaction opens it again.

    Args:
        url: SQLAlchemy's URL; ``sqlite:///file`` is enough for a file.

    Raises:
        StorageError: The URL can't be read.
        SQLAlchemyError: There is no such driver, or it isn't an asynchronous one.
        ModuleNotFoundError: The driver isn't installed.
    """

    def __init__(self, url: str) -> None:
        parsed = parse(url)
        self._file = file_of(parsed)
        self._identity: tuple[int, int] | None = None
        self._ready = False
        options: dict[str, Any] = {}
        if parsed.get_backend_name() == "sqlite":
            # A writer from the start: a reader that begins to write would not wait for a lock.
            options["connect_args"] = {"isolation_level": "IMMEDIATE", "timeout": _PATIENCE}
            options["pool_reset_on_return"] = None
        self._engine = create_async_engine(parsed, json_deserializer=_decode, **options)
        if options:
            event.listen(self._engine.sync_engine, "connect", _prepare)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncConnection]:
        """Hold a transaction: committed at the end, rolled back and closed if anything is raised.

        Raises:
            StorageError: The file is gone, or the database was written by a newer version.
            Exception: Whatever the driver raises.
        """
        try:
            if self._file:
                self._check(self._file)
            async with self._engine.begin() as connection:
                if not self._ready:
                    if connection.dialect.name == "sqlite":
                        # Python's driver begins transactions at INSERT, UPDATE and DELETE alone.
                        await connection.exec_driver_sql("BEGIN IMMEDIATE")
                    await connection.run_sync(upgrade)
                yield connection
            self._ready = True
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close the connection; the next transaction would open another."""
        self._ready = False
        await self._engine.dispose()

    def _check(self, file: Path) -> None:
        if self._ready:
            if _identify(file) != self._identity:
                # SQLite would go on writing to a file that nobody can find any more.
                raise StorageError(message("storage.replaced"))
        else:
            # Created here where there is none, for nobody else to read.
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
            self._identity = _identify(file)


def upgrade(connection: sa.Connection, revision: str = "head") -> None:
    """Bring the tables up to date, within the transaction of the connection.

    Args:
        connection: Where the tables are.
        revision: Revision to stop at.

    Raises:
        StorageError: A newer version of this code has written them.
    """
    known = _revisions(connection)
    if revision == "head" and known == [REVISION]:
        return
    if revision == "head" and known is None:
        # Without Alembic, which takes 20 MB for as long as the process runs.
        METADATA.create_all(connection)
        VERSION.create(connection)
        connection.execute(sa.insert(VERSION).values(version_num=REVISION))
        return
    # Needed once for each upgrade.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config(attributes={"connection": connection, "version_table": VERSION.name})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    context = MigrationContext.configure(connection, opts={"version_table": VERSION.name})
    ours = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if unknown := set(context.get_current_heads()) - ours:
        raise StorageError(message("storage.newer_tables", revisions=joined(sorted(unknown))))
    command.upgrade(config, revision)


def _revisions(connection: sa.Connection) -> list[str] | None:
    """Return what revision the tables are of; None if there are none."""
    found = set(sa.inspect(connection).get_table_names())
    if VERSION.name in found:
        return list(connection.scalars(sa.select(VERSION.c.version_num)))
    return None if found.isdisjoint(METADATA.tables) else []


def cause(error: Exception) -> str:
    """Return what went wrong in one line, without statements, values or URLs."""
    if isinstance(error, StatementError) and isinstance(error.orig, Exception):
        error = error.orig
    if isinstance(error, ModuleNotFoundError):
        return message("storage.missing_driver", name=error.name)
    if isinstance(error, NoSuchModuleError):
        return message("storage.no_driver")
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    # Drivers tell values in further lines.
    return (str(error).splitlines() or [""])[0] or type(error).__name__


def describe(url: str) -> str:
    """Return what a URL leads to: the file, or the kind of database; never a password."""
    try:
        parsed = parse(url)
    except StorageError:
        return message("storage.database")
    return str(file_of(parsed) or parsed.get_backend_name())


def parse(url: str) -> URL:
    """Return a URL, with the driver that is used for SQLite.

    Raises:
        StorageError: It can't be read.
    """
    try:
        parsed = make_url(url)
    except (SQLAlchemyError, ValueError):
        parsed = None
    # What SQLAlchemy says about a URL may hold a part of the password, and so does such a host.
    if parsed is None or "@" in (parsed.host or ""):
        raise StorageError(message("storage.url_unreadable")) from None
    return parsed.set(drivername="sqlite+aiosqlite") if parsed.drivername == "sqlite" else parsed


def file_of(url: URL) -> Path | None:
    """Return the file of a SQLite database that is one."""
    name = url.database
    if url.get_backend_name() != "sqlite" or not name or name.startswith((":memory:", "file:")):
        return None
    return Path(name)


def _identify(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _decode(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own class
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()
