"""The tables. Every row belongs to one bot, because two bots may share a database."""

from typing import Final

import sqlalchemy as sa

METADATA: Final = sa.MetaData()
VERSION_TABLE: Final = "efinbot_version"
"""Where Alembic notes the revision: a table of our own, because a host may use Alembic as well."""

LANGUAGES: Final = sa.Table(
    "efinbot_languages",
    METADATA,
    sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("chat", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("language", sa.String(8), nullable=False),
    sqlite_with_rowid=False,
)
"""The language chosen for a chat."""

DIALOGUES: Final = sa.Table(
    "efinbot_dialogues",
    METADATA,
    sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("chat", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("topic", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("context", sa.JSON, nullable=False),
    sqlite_with_rowid=False,
)
"""What a conversation was last about, and when (seconds since the epoch)."""

MUTES: Final = sa.Table(
    "efinbot_mutes",
    METADATA,
    sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("until", sa.Double, nullable=False),
    sqlite_with_rowid=False,
)
"""Who is not answered, and until when (seconds since the epoch)."""

UPDATES: Final = sa.Table(
    "efinbot_updates",
    METADATA,
    sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("slot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("update_id", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""The last updates handled: a ring, in which the next one takes the place of the oldest.

Positions count on for ever, in the order of handling; Telegram's own ids may start afresh.
"""
