"""What must outlive a restart, answered from memory."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple, cast

from ...intents import Context
from ...knowledge import Language
from . import changes, missed
from .changes import Change, Packed
from .counts import DAY, VOTED, Vote, to_vote
from .database import Database, cause, describe
from .group_commit import GroupCommit
from .mirror import Key, Mirror
from .missed import Missed, Outcome
from .serialization import from_json, to_language, to_row
from .tables import CHANGES, COUNTS, DIALOGUES, LANGUAGES, MISSED, MUTES, UPDATES, VOTES

_MOST_LANGUAGES: Final = 500_000
_MOST_DIALOGUES: Final = 100_000
_MOST_MUTES: Final = 10_000
_RING: Final = 4096
_MOST_MISSED: Final = 2000
"""More than anybody reads: those not asked again for longest make room."""
_MISSED_FOR: Final = 90 * DAY
"""A quarter: what nobody has asked since needs no answer."""
_MOST_COUNTS: Final = 100_000
"""A row for each name and day: 400 days of a large knowledge, all of which is asked about."""
_COUNTED_FOR: Final = 400 * DAY
"""A year and a month, so that a month can be compared with the same one last year."""
_MOST_VOTES: Final = 20_000
_VOTES_FOR: Final = 30 * DAY
"""Who votes again later counts again, and hardly anybody does."""
_MOST_CHANGES: Final = 50
_CHANGES_SIZE: Final = 4_000_000
"""Bytes of all changes, packed: a dozen folders like the shipped one, thousands of entries."""
_SWEPT: Final = 8
"""Rows past their time that a new one clears away: more than one, so that they don't pile up."""
_log = logging.getLogger(__name__)


class Place(NamedTuple):
    """One conversation: who talks, and where."""

    chat: int
    topic: int
    """Topic of a forum; 0 if the chat has none."""
    person: int


class State:
    """What must outlive a restart; memory answers every read.

    An awaited write returns when it is committed: what the bot has answered it remembers, even if
    the process is killed right after. When the database fails, memory goes on and the log says so.

    Args:
        bot: The bot's Telegram id.
    """

    def __init__(self, bot: int) -> None:
        self._languages: Mirror[Language] = Mirror(
            LANGUAGES, bot, _MOST_LANGUAGES, encode=_tuple, decode=to_language
        )
        self._dialogues: Mirror[Context] = Mirror(
            DIALOGUES, bot, _MOST_DIALOGUES, encode=to_row, decode=from_json, order="at"
        )
        self._mutes: Mirror[float] = Mirror(
            MUTES, bot, _MOST_MUTES, encode=_tuple, decode=float, order="until"
        )
        self._updates: Mirror[tuple[int, int]] = Mirror(
            UPDATES, bot, _RING, encode=tuple, decode=_pair, order="position"
        )
        self._changes: Mirror[Packed] = Mirror(
            CHANGES,
            bot,
            _MOST_CHANGES,
            encode=changes.to_row,
            decode=changes.from_row,
            order="number",
        )
        self._missed: Mirror[Missed] = Mirror(
            MISSED, bot, _MOST_MISSED, encode=missed.to_row, decode=missed.from_row, order="at"
        )
        self._counts: Mirror[int] = Mirror(
            COUNTS, bot, _MOST_COUNTS, encode=_tuple, decode=int, order="day"
        )
        self._votes: Mirror[Vote] = Mirror(
            VOTES, bot, _MOST_VOTES, encode=tuple, decode=to_vote, order="at"
        )
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
                for mirror in (*state._mirrors, *state._records):
                    await mirror.load(connection)
        except Exception as error:  # noqa: BLE001 - drivers raise anything, and answers go on
            where = describe(url)
            _log.warning("a restart will forget everything: %s: %s", where, cause(error))
            return cls(bot)
        for _, (position, update) in state._updates:
            state._position = position
            state._handled.add(update)
        state._drop_expired(now)
        state._commits = GroupCommit(database, state._mirrors, state._records)
        await state._written()
        return state

    async def close(self) -> None:
        """Write what is pending and close the database; what is written later stays in memory."""
        if self._commits:
            await self._commits.close()

    def language(self, chat: int) -> Language | None:
        """Return the language chosen for a chat."""
        return self._languages.get((chat,))

    def dialogue(self, place: Place) -> Context | None:
        """Return what a conversation was last about, be it alive or not."""
        return self._dialogues.get(place)

    def muted_until(self, person: int) -> float:
        """Return until when a person is not answered (seconds since the epoch); 0 if not muted."""
        return self._mutes.get((person,)) or 0.0

    def handled(self, update: int) -> bool:
        """Return whether an update is among the last few thousand that were handled."""
        return update in self._handled

    async def choose_language(self, chat: int, language: Language | None) -> None:
        """Keep the language chosen for a chat; None leaves it to each message again."""
        if language:
            self._languages.put((chat,), language)
        else:
            self._languages.drop((chat,))
        await self._written()

    async def remember(self, place: Place, context: Context) -> None:
        """Keep what a conversation is about."""
        self._dialogues.put(place, context)
        for key, oldest in self._dialogues.oldest(_SWEPT):
            if oldest.alive(context.at):
                break
            self._dialogues.drop(key)
        await self._written()

    async def mute(self, person: int, until: float) -> None:
        """Don't answer a person until then (seconds since the epoch); 0 to answer again."""
        if until > 0:
            self._mutes.put((person,), until)
        else:
            self._mutes.drop((person,))
        await self._written()

    def mark_handled(self, update: int) -> None:
        """Note that an update was handled; recorded with the next commit."""
        if update in self._handled:
            return
        self._position += 1
        slot = (self._position % _RING,)
        if oldest := self._updates.get(slot):
            self._handled.discard(oldest[1])
        self._handled.add(update)
        self._updates.put(slot, (self._position, update))

    @property
    def missed(self) -> Sequence[Missed]:
        """Return the questions that were not answered well, the latest last."""
        return [one for _, one in self._missed]

    def note_missed(self, question: Missed) -> None:
        """Keep a question, or count it again; a negative count takes back what was noted."""
        key = (missed.digest(question.text, question.outcome),)
        before = self._missed.get(key)
        count = question.count + (before.count if before else 0)
        if count > 0:
            latest = before if before and question.count < 0 else question
            self._missed.put(key, replace(latest, count=count))
        else:
            self._missed.drop(key)
        _drop_before(self._missed, question.at - _MISSED_FOR)
        self._soon()

    def drop_missed(self, texts: Iterable[str]) -> None:
        """Drop questions, whatever became of them, because they are answered now."""
        for text in texts:
            for outcome in Outcome:
                self._missed.drop((missed.digest(text, outcome),))
        self._soon()

    @property
    def counts(self) -> Mapping[tuple[int, str], int]:
        """Return how often what happened, by day and name: see `counts`."""
        # As it is: a year of counts, each looked at, would hold up all answers.
        return cast("dict[tuple[int, str], int]", dict(self._counts))

    def count(self, names: Iterable[str], at: float) -> None:
        """Count what happened at a moment, once each; recorded within some seconds."""
        day = int(at // DAY)
        for name in names:
            self._add((day, name), 1)
        for key, _ in self._counts.oldest(_SWEPT):
            if int(key[0]) >= day - _COUNTED_FOR // DAY:
                break
            self._counts.drop(key)
        self._soon()

    def vote(self, chat: int, message: int, person: int, value: int, at: float) -> int:
        """Keep what somebody finds of an answer, so that they count once; recorded soon.

        Args:
            chat: Where the answer is.
            message: Id of the answer.
            person: Who votes.
            value: 1 for good, -1 for bad, 0 to take the vote back.
            at: When, in seconds since the epoch.

        Returns:
            The value before; 0 for none.
        """
        key = (chat, message, person)
        before = self._votes.get(key)
        if before:
            # Taken from the day that it was added to, so that no day has less than nothing.
            self._add((int(before.at // DAY), VOTED[before.value]), -1)
            self._votes.drop(key)
        if value:
            self._add((int(at // DAY), VOTED[value]), 1)
            self._votes.put(key, Vote(value, at))
        _drop_before(self._votes, at - _VOTES_FOR)
        self._soon()
        return before.value if before else 0

    def has_voted(self, chat: int, message: int, person: int) -> bool:
        """Return whether somebody's vote on an answer is kept."""
        return (chat, message, person) in self._votes

    async def changes(self) -> Sequence[Change]:
        """Return the latest changes of the knowledge, the latest last, unpacked in a thread."""
        kept = [*self._changes]
        return await asyncio.to_thread(lambda: [one.change(int(number)) for (number,), one in kept])

    async def note_change(self, change: Change) -> Change:
        """Keep a change of the knowledge, for which the oldest make room; return it numbered."""
        packed = await asyncio.to_thread(Packed.of, change)
        number = max((int(number) for (number,), _ in self._changes), default=0) + 1
        self._changes.put((number,), packed)
        size = sum(kept.size for _, kept in self._changes)
        while size > _CHANGES_SIZE and len(self._changes) > 1:
            ((key, oldest),) = self._changes.oldest(1)
            size -= oldest.size
            self._changes.drop(key)
        await self._written()
        return replace(change, number=number)

    async def move(self, old: int, new: int) -> None:
        """Let everything kept about a chat follow it to its new id; what is newer there stays."""
        language = self._languages.get((old,))
        self._languages.drop((old,))
        if language and (new,) not in self._languages:
            self._languages.put((new,), language)
        for key, context in [(k, c) for k, c in self._dialogues if k[0] == old]:
            self._dialogues.drop(key)
            there = self._dialogues.get((new, *key[1:]))
            if there is None or there.at < context.at:
                self._dialogues.put((new, *key[1:]), context)
        for key, vote in [(k, v) for k, v in self._votes if k[0] == old]:
            self._votes.drop(key)
            if (new, *key[1:]) not in self._votes:
                self._votes.put((new, *key[1:]), vote)
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
        for key in [key for key, _ in self._dialogues if key[2] == person]:
            self._dialogues.drop(key)
        for key in [key for key, _ in self._votes if key[2] == person]:
            self._votes.drop(key)
        await self._written()

    @property
    def _mirrors(self) -> tuple[Mirror[Any], ...]:
        kept = self._languages, self._dialogues, self._mutes, self._updates
        return (*kept, self._changes, self._votes)

    @property
    def _records(self) -> tuple[Mirror[Any], ...]:
        return self._missed, self._counts

    def _add(self, key: Key, number: int) -> None:
        """Add to a count; what nothing is left of goes."""
        if (total := (self._counts.get(key) or 0) + number) > 0:
            self._counts.put(key, total)
        else:
            self._counts.drop(key)

    def _soon(self) -> None:
        if self._commits:
            self._commits.soon()

    async def _written(self) -> None:
        if self._commits:
            await self._commits.written()

    def _drop_expired(self, now: float) -> None:
        for key in [key for key, context in self._dialogues if not context.alive(now)]:
            self._dialogues.drop(key)
        for key in [key for key, until in self._mutes if until <= now]:
            self._mutes.drop(key)
        for mirror, lifetime in ((self._missed, _MISSED_FOR), (self._votes, _VOTES_FOR)):
            _drop_before(mirror, now - lifetime, len(mirror))
        for key in [key for key, _ in self._counts if int(key[0]) < (now - _COUNTED_FOR) // DAY]:
            self._counts.drop(key)


def _drop_before(mirror: Mirror[Missed] | Mirror[Vote], at: float, most: int = _SWEPT) -> None:
    """Drop the oldest rows if they are from before a moment, so many at most."""
    for key, row in mirror.oldest(most):
        if row.at >= at:
            break
        mirror.drop(key)


def _pair(position: int, update: int) -> tuple[int, int]:
    return position, update


def _tuple(value: object) -> tuple[object, ...]:
    return (value,)
