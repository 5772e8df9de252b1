"""Comparisons: what a message holds against each other, if it names or describes two things."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest
from typing import Final

from ..knowledge import Kind
from .dialogue import Reading, Scores, case_like
from .entity_linker import EntityType, linked_entry
from .understanding import ABOUT_ONE, COMPARE, FALLBACK, Interpretation

_BESIDE_TOPIC: Final = 0.9
"""How well a named entry and the topic at hand fit a comparison."""
_DESCRIBED: Final = 2.0
"""Weight of the score of an entry that the words next to a name describe."""
_UNLIKE: Final = 0.2
"""Score of an entry by the words next to a name below which something else is meant by them, which
isn't covered."""
_LIKE: Final = {False: 0.3, True: 0.5}
"""Score from which words describe an entry where none is named; in a conversation, what is held
against something unknown is rather the topic at hand."""


@dataclass(frozen=True)
class Comparisons:
    """Finds what a message compares."""

    reading: Reading
    """The message."""

    def found(self, subjects: Scores) -> Iterator[Interpretation]:
        """Yield the comparisons that a message may ask for.

        Args:
            subjects: The entries that it may be about, with how well it fits them.
        """
        named, request = self.reading.named, self.reading.request
        wanted = request[COMPARE]
        if pair := self._in_places():
            yield Interpretation(COMPARE, pair, 1.0, wanted, "named")
        # "After the BIS left X" holds X against nothing: a term only belongs to an entry.
        pair_named = len(self.reading.message.named(EntityType.ENTRY)) > 1 or wanted > 0
        if len(named) > 1 and pair_named:
            about = max(1.0, *(subjects[id_] for id_ in named))
            yield Interpretation(COMPARE, named, about, wanted, "named")
        elif wanted < request["explain"]:
            return
        elif named:
            yield from self._with_described(next(iter(named)), subjects)
        else:
            pair = tuple(nlargest(2, subjects, key=subjects.__getitem__))
            if len(pair) > 1 and subjects[pair[1]] >= _LIKE[self.reading.context is not None]:
                about = sum(subjects[id_] for id_ in pair) / 2
                yield Interpretation(COMPARE, pair, about, wanted, "worded")

    def with_topic(
        self, topic: str, other: str, wanted_of_other: Scores
    ) -> Iterator[Interpretation]:
        """Compare an entry that is named with the topic at hand, if that is wanted most."""
        wanted = self.reading.request[COMPARE]
        if wanted > max(wanted_of_other[intent] for intent in ABOUT_ONE):
            yield Interpretation(COMPARE, (topic, other), _BESIDE_TOPIC, wanted, "context")

    def _in_places(self) -> tuple[str, ...]:
        """Return the cases of what is named in the places that are: sandboxes in two countries."""
        knowledge, named = self.reading.knowledge, self.reading.named
        places = self.reading.message.named(EntityType.REGION)
        if len(named) != 1 or not places:
            return ()
        (one,) = named
        entry = knowledge.entries[one]
        if entry.kind is Kind.CASE:
            alike = (
                None
                if one in knowledge.cases_in(places[0])
                else case_like(one, places[0], knowledge)
            )
            return (alike, one) if alike else ()
        cases = knowledge.cases_of(one)
        there = (knowledge.cases_in(place, cases)[:1] for place in places)
        found = tuple(dict.fromkeys(case for one_place in there for case in one_place))
        return found if len(found) == len(places) > 1 else ()

    def _with_described(self, one: str, subjects: Scores) -> Iterator[Interpretation]:
        """Compare an entry that is named with one that the words next to the name describe."""
        reading = self.reading
        mentions = reading.message.mentions
        names = [m for m in mentions if linked_entry(m.name, reading.knowledge) is not None]
        inside = {position for name in names for position in range(name.start, name.end)}
        words = [word for n, word in enumerate(reading.message.tokens) if n not in inside]
        likeness = reading.likeness(words)
        others = (id_ for id_ in likeness if id_ != one)
        other = max(others, key=likeness.__getitem__, default=None)
        if other is None:
            return
        wanted = reading.request[COMPARE]
        fit = min(max(_DESCRIBED * likeness[other], 0.0), 1.0)
        about = (subjects[one] + fit) / 2
        divides = reading.phrases.divides
        if any(divides(reading.message.tokens, name.start, name.end) for name in names):
            # "Wholesale and retail X" are kinds of what is named: it is what is asked about.
            yield Interpretation("fact", (one,), subjects[one], wanted, "named")
        elif likeness[other] < _UNLIKE:
            yield Interpretation(FALLBACK, (), about, wanted, "worded")
        else:
            yield Interpretation(COMPARE, (one, other), about, wanted, "worded")
