"""Tables that follow the code: from every revision, in one step, beside a host's own."""

import logging
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from efinbot.bot.storage import database
from efinbot.bot.storage.database import MIGRATIONS, StorageError, upgrade
from efinbot.bot.storage.state import State
from efinbot.bot.storage.tables import METADATA, REVISION, VERSION

REVISIONS = [script.revision for script in ScriptDirectory(MIGRATIONS).walk_revisions()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite3"


@pytest.fixture
def engine(file: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{file}")
    yield engine
    engine.dispose()


def tables(file: Path) -> set[str]:
    with sqlite3.connect(file) as connection:
        found = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    connection.close()
    return {name for name in found if not name.startswith("sqlite_")}


@pytest.mark.parametrize("start", [None, *REVISIONS])
def test_every_revision_leads_to_the_tables_of_the_code(
    start: str | None, engine: sa.Engine
) -> None:
    if start:
        with engine.begin() as connection:
            upgrade(connection, start)
    with engine.begin() as connection:
        upgrade(connection)
    with engine.connect() as connection:
        options = {"version_table": VERSION.name, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        head = ScriptDirectory(MIGRATIONS).get_current_head()
        assert context.get_current_revision() == head == REVISION
        assert compare_metadata(context, METADATA) == []


def test_a_new_database_needs_no_migrations(file: Path) -> None:
    """Alembic takes 20 MB for as long as the process runs."""
    code = (
        "import sqlalchemy as sa, sys; from efinbot.bot.storage.database import upgrade\n"
        f"with sa.create_engine('sqlite:///{file}').begin() as connection: upgrade(connection)\n"
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert tables(file) == {VERSION.name, *METADATA.tables}


def test_a_database_of_a_newer_version_is_refused_and_left_alone(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        upgrade(connection)
        connection.execute(sa.update(VERSION).values(version_num="9999"))
    with (
        pytest.raises(StorageError, match="revision 9999, newer than this efinbot"),
        engine.begin() as connection,
    ):
        upgrade(connection)
    with engine.connect() as connection:
        assert connection.execute(sa.select(VERSION.c.version_num)).scalars().all() == ["9999"]


async def test_a_migration_that_fails_leaves_nothing_behind(
    engine: sa.Engine,
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = shutil.copytree(MIGRATIONS, tmp_path / "migrations")
    (broken / "versions" / "9999_broken.py").write_text(
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        f"revision, down_revision = '9999', {REVISIONS[0]!r}\n"
        "def upgrade():\n"
        "    op.create_table('efinbot_half', sa.Column('one', sa.Integer))\n"
        "    op.drop_table('nowhere')\n",
        encoding="utf-8",
    )
    with engine.begin() as connection:
        upgrade(connection, REVISIONS[-1])
    before = tables(file)
    monkeypatch.setattr(database, "MIGRATIONS", broken)
    caplog.set_level(logging.WARNING)
    state = await State.open(f"sqlite:///{file}", 1, 0.0)
    await state.close()
    assert tables(file) == before
    assert "no such table: nowhere" in caplog.text
    assert len(caplog.records) == 1


async def test_a_hosts_own_tables_and_revision_are_left_alone(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.execute("INSERT INTO alembic_version VALUES ('the host')")
    connection.close()
    state = await State.open(f"sqlite:///{file}", 1, 0.0)
    await state.choose_language(1, "en")
    await state.close()
    assert tables(file) == {"alembic_version", VERSION.name, *METADATA.tables}
    with sqlite3.connect(file) as connection:
        assert list(connection.execute("SELECT * FROM alembic_version")) == [("the host",)]
    connection.close()


def test_all_tables_say_whose_they_are() -> None:
    assert all(name.startswith("efinbot_") for name in METADATA.tables)
    assert all("bot" in table.primary_key.columns for table in METADATA.tables.values())
