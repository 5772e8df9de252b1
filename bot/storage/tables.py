"""The tables. Every row belongs to one bot, because two bots may share a database."""

from typing import Final

import sqlalchemy as sa

METADATA: Final = sa.MetaData()
REVISION: Final = "0002"
"""The revision that these tables are of: the newest of `migrations/versions`."""

VERSION: Final = sa.Table(
    "efinbot_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), primary_key=True),
)
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

Positions always go up, in the order of handling; Telegram's own ids may start again.
"""

MISSED: Final = sa.Table(
    "efinbot_missed",
    METADATA,
    sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("digest", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("chosen", sa.Text, nullable=False),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
    sqlite_with_rowid=False,
)
"""Questions that were not answered as well as they might be; whose they were is not kept."""

COUNTS: Final = sa.Table(
    "efinbot_counts",
    METADATA,
    sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("day", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(128), primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""How often what happened on a day (days since the epoch, UTC)."""

VOTES: Final = sa.Table(
    "efinbot_votes",
    METADATA,
    sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("chat", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("message", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("value", sa.BigInteger, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
    sqlite_with_rowid=False,
)
"""Who found an answer good (1) or bad (-1): kept so that nobody counts twice."""

CHANGES: Final = sa.Table(
    "efinbot_changes",
    METADATA,
    sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("author", sa.BigInteger, nullable=True),
    sa.Column("author_name", sa.Text, nullable=True),
    sa.Column("origin", sa.String(16), nullable=False),
    sa.Column("before", sa.LargeBinary, nullable=False),
    sa.Column("after", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""What was changed in the knowledge, by which operator, and the files before and after."""

FOLDERS: Final = sa.Table(
    "efinbot_folders",
    METADATA,
    sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("folder", sa.Text, nullable=False),
    sa.Column("files", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""The folder of knowledge that a bot answers from, and what it held when the bot last knew."""
