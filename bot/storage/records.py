"""What is recorded of conversations: missed questions, numbers, and who has voted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from . import missed_questions
from .counts import DAY, VOTED, Vote, to_vote
from .missed_questions import Missed, Outcome
from .tables import COUNTS, MISSED, VOTES
from .write_behind import Key, WriteBehindTable

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
_SWEPT: Final = 8
"""Rows past their time that a new one clears away: more than one, so that they don't pile up."""


class Records:
    """What is recorded of conversations; nobody waits until it is written.

    Args:
        bot: The bot's Telegram id.
        soon: Has what changed written within some seconds.
    """

    def __init__(self, bot: int, soon: Callable[[], None]) -> None:
        self._soon = soon
        self._missed: WriteBehindTable[Missed] = WriteBehindTable(
            MISSED,
            bot,
            _MOST_MISSED,
            encode=missed_questions.to_row,
            decode=missed_questions.from_row,
            order="at",
        )
        self._counts: WriteBehindTable[int] = WriteBehindTable(
            COUNTS, bot, _MOST_COUNTS, encode=lambda number: (number,), decode=int, order="day"
        )
        self._votes: WriteBehindTable[Vote] = WriteBehindTable(
            VOTES, bot, _MOST_VOTES, encode=tuple, decode=to_vote, order="at"
        )
        self.personal: tuple[WriteBehindTable[Any], ...] = (self._votes,)
        """Of persons, who may want them forgotten at once."""
        self.impersonal: tuple[WriteBehindTable[Any], ...] = (self._missed, self._counts)
        """Of nobody."""

    @property
    def missed(self) -> Sequence[Missed]:
        """Return the questions that were not answered well, the latest last."""
        return [*self._missed.rows.values()]

    def note_missed(self, question: Missed) -> None:
        """Keep a question, or count it again; a negative count takes back what was noted."""
        key = (missed_questions.digest(question.text, question.outcome),)
        before = self._missed.rows.get(key)
        count = question.count + (before.count if before else 0)
        if count > 0:
            latest = before if before and question.count < 0 else question
            self._missed.put(key, replace(latest, count=count))
        else:
            self._missed.drop(key)
        _drop_before(self._missed, question.at - _MISSED_FOR)
        self._soon()

    def drop_missed(self, texts: Iterable[str]) -> None:
        """Drop questions that an operator ignores, whatever became of them."""
        for text in texts:
            for outcome in Outcome:
                self._missed.drop((missed_questions.digest(text, outcome),))
        self._soon()

    @property
    def counts(self) -> Mapping[tuple[int, str], int]:
        """Return how often what happened, by day and name: see `counts`."""
        # As it is: a year of counts, each looked at, would hold up all answers.
        return cast("dict[tuple[int, str], int]", dict(self._counts.rows))

    def count(self, names: Iterable[str], at: float) -> None:
        """Count what happened at a moment, once each."""
        day = int(at // DAY)
        for name in names:
            self._add((day, name), 1)
        for key, _ in self._counts.oldest(_SWEPT):
            if int(key[0]) >= day - _COUNTED_FOR // DAY:
                break
            self._counts.drop(key)
        self._soon()

    def vote(self, chat: int, message: int, person: int, value: int, at: float) -> int:
        """Keep what somebody finds of an answer, so that they count once.

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
        before = self._votes.rows.get(key)
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
        return (chat, message, person) in self._votes.rows

    def move(self, old: int, new: int) -> None:
        """Let what is kept about a chat follow it to its new id; what is there already stays."""
        for key, vote in [(k, v) for k, v in self._votes.rows.items() if k[0] == old]:
            self._votes.drop(key)
            if (new, *key[1:]) not in self._votes.rows:
                self._votes.put((new, *key[1:]), vote)

    def forget(self, person: int) -> None:
        """Drop what is kept about a person."""
        for key in [key for key in self._votes.rows if key[2] == person]:
            self._votes.drop(key)

    def expire(self, now: float) -> None:
        """Drop what is past its time (seconds since the epoch)."""
        _drop_before(self._missed, now - _MISSED_FOR, len(self._missed.rows))
        _drop_before(self._votes, now - _VOTES_FOR, len(self._votes.rows))
        oldest = (now - _COUNTED_FOR) // DAY
        for key in [key for key in self._counts.rows if int(key[0]) < oldest]:
            self._counts.drop(key)

    def _add(self, key: Key, number: int) -> None:
        """Add to a count; what nothing is left of goes."""
        if (total := self._counts.rows.get(key, 0) + number) > 0:
            self._counts.put(key, total)
        else:
            self._counts.drop(key)


def _drop_before(
    table: WriteBehindTable[Missed] | WriteBehindTable[Vote], at: float, most: int = _SWEPT
) -> None:
    """Drop the oldest rows if they are from before a moment, so many at most."""
    for key, row in table.oldest(most):
        if row.at >= at:
            break
        table.drop(key)
