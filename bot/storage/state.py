"""What must survive a restart, answered from memory."""

import logging
from collections.abc import Awaitable
from typing import Any, Final

from ...intents import Context
from ...knowledge import Language
from .database import Database, cause, describe
from .group_commit import GroupCommit, done
from .history import History
from .place import Place
from .records import Records
from .serialization import from_json, to_language, to_row
from .tables import DIALOGUES, LANGUAGES, MUTES, UPDATES
from .write_behind import WriteBehindTable

_MOST_LANGUAGES: Final = 500_000
_MOST_DIALOGUES: Final = 100_000
_MOST_MUTES: Final = 10_000
_RING: Final = 4096
_SWEPT: Final = 8
"""Dialogues past their time that a new one clears away: more than one, so that they don't pile
up."""
_log = logging.getLogger(__name__)


class State:
    """What must outlive a restart; memory answers every read.

    A write changes memory at once, and the database in a moment. Awaited, it returns when it is
    committed: then it is kept even if the process is killed right after. When the database fails,
    memory goes on and the log says so.

    Args:
        bot: The bot's Telegram id.
    """

    def __init__(self, bot: int) -> None:
        self._languages: WriteBehindTable[Language] = WriteBehindTable(
            LANGUAGES, bot, _MOST_LANGUAGES, encode=_tuple, decode=to_language
        )
        self._dialogues: WriteBehindTable[Context] = WriteBehindTable(
            DIALOGUES, bot, _MOST_DIALOGUES, encode=to_row, decode=from_json, order="at"
        )
        self._mutes: WriteBehindTable[float] = WriteBehindTable(
            MUTES, bot, _MOST_MUTES, encode=_tuple, decode=float, order="until"
        )
        self._updates: WriteBehindTable[tuple[int, int]] = WriteBehindTable(
            UPDATES, bot, _RING, encode=tuple, decode=_pair, order="position"
        )
        self.history = History(bot, self._written)
        """What was changed in the knowledge."""
        self.records = Records(bot, self._soon)
        """What is recorded of conversations."""
        self._handled: set[int] = set()
        self._position = 0
        self._commits: GroupCommit | None = None

    @classmethod
    async def open(cls, url: str, bot: int, now: float) -> "State":
        """Open the database, bring it up to date and load what it holds.

        A database that can't be used is no error: the state then lives in memory only, and one
        warning says why.

        Args:
            url: SQLAlchemy's URL of the database.
            bot: The bot's Telegram id: bots may share a database.
            now: Seconds since the epoch; what has expired by then is dropped.
        """
        state = cls(bot)
        try:
            database = Database(url)
            async with database.transaction() as connection:
                for table in (*state._tables, *state.records.impersonal):
                    await table.load(connection)
        except Exception as error:  # noqa: BLE001 - drivers raise anything, and answers go on
            where = describe(url)
            _log.warning("a restart will forget everything: %s: %s", where, cause(error))
            return cls(bot)
        for position, update in state._updates.rows.values():
            state._position = position
            state._handled.add(update)
        state._drop_expired(now)
        state._commits = GroupCommit(database, state._tables, state.records.impersonal)
        await state._written()
        return state

    async def close(self) -> None:
        """Write what is pending and close the database; what is written later stays in memory."""
        if self._commits:
            await self._commits.close()

    def language(self, chat: int) -> Language | None:
        """Return the language chosen for a chat."""
        return self._languages.rows.get((chat,))

    def dialogue(self, place: Place) -> Context | None:
        """Return what a conversation was last about, whether it has expired or not."""
        return self._dialogues.rows.get(place)

    def muted_until(self, person: int) -> float:
        """Return until when a person is not answered (seconds since the epoch); 0 if not muted."""
        return self._mutes.rows.get((person,), 0.0)

    def handled(self, update: int) -> bool:
        """Return whether an update is among the last few thousand that were handled."""
        return update in self._handled

    def choose_language(self, chat: int, language: Language | None) -> Awaitable[None]:
        """Keep the language chosen for a chat; None leaves it to each message again."""
        if language:
            self._languages.put((chat,), language)
        else:
            self._languages.drop((chat,))
        return self._written()

    def remember(self, place: Place, context: Context) -> Awaitable[None]:
        """Keep what a conversation is about."""
        self._dialogues.put(place, context)
        for key, oldest in self._dialogues.oldest(_SWEPT):
            if oldest.alive(context.at):
                break
            self._dialogues.drop(key)
        return self._written()

    def mute(self, person: int, until: float) -> Awaitable[None]:
        """Don't answer a person until then (seconds since the epoch); 0 to answer again."""
        if until > 0:
            self._mutes.put((person,), until)
        else:
            self._mutes.drop((person,))
        return self._written()

    def mark_handled(self, update: int) -> None:
        """Note that an update was handled; recorded with the next commit."""
        if update in self._handled:
            return
        self._position += 1
        slot = (self._position % _RING,)
        if oldest := self._updates.rows.get(slot):
            self._handled.discard(oldest[1])
        self._handled.add(update)
        self._updates.put(slot, (self._position, update))

    async def move(self, old: int, new: int) -> None:
        """Let everything kept about a chat follow it to its new id; what is newer there stays."""
        language = self._languages.rows.get((old,))
        self._languages.drop((old,))
        if language and (new,) not in self._languages.rows:
            self._languages.put((new,), language)
        for key, context in [(k, c) for k, c in self._dialogues.rows.items() if k[0] == old]:
            self._dialogues.drop(key)
            there = self._dialogues.rows.get((new, *key[1:]))
            if there is None or there.at < context.at:
                self._dialogues.put((new, *key[1:]), context)
        self.records.move(old, new)
        await self._written()

    async def forget(self, person: int) -> None:
        """Drop everything kept about a person; their private chat has the id they have.

        Args:
            person: Their id; that of a group or channel for who writes in its name. What the group
                has chosen stays.
        """
        if person > 0:
            self._languages.drop((person,))
        self._mutes.drop((person,))
        for key in [key for key in self._dialogues.rows if key[2] == person]:
            self._dialogues.drop(key)
        self.records.forget(person)
        await self._written()

    @property
    def _tables(self) -> tuple[WriteBehindTable[Any], ...]:
        kept = self._languages, self._dialogues, self._mutes, self._updates
        return (*kept, *self.history.tables, *self.records.personal)

    def _soon(self) -> None:
        if self._commits:
            self._commits.soon()

    def _written(self) -> Awaitable[None]:
        return self._commits.written() if self._commits else done()

    def _drop_expired(self, now: float) -> None:
        for key in [key for key, context in self._dialogues.rows.items() if not context.alive(now)]:
            self._dialogues.drop(key)
        for key in [key for key, until in self._mutes.rows.items() if until <= now]:
            self._mutes.drop(key)
        self.records.expire(now)


def _pair(position: int, update: int) -> tuple[int, int]:
    return position, update


def _tuple(value: object) -> tuple[object, ...]:
    return (value,)
