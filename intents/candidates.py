"""The interpretations of one message, each with its score."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING, Final

from ..knowledge import Kind, Knowledge, Language
from .dialogue import Context
from .dialogue_phrases import find
from .entity_linker import Sort, meant
from .preprocessing import Reading
from .understanding import ABOUT_ONE, COMPARE, FALLBACK, LISTS, TOPICLESS, Interpretation

if TYPE_CHECKING:
    from .interpreter import Interpreter

IT: Final = "it"
"""Label of follow-ups that leave out what they are about."""
ASK: Final = "ask"
"""Label of questions in people's own words that explain an entry."""
MORE, AGAIN, PARENT, PICK = "more", "again", "parent", "pick"

_GUESSES: Final = 4
"""How many entries that a message doesn't name are considered."""
_NAME_WEIGHT: Final = 0.7
"""How far an unmistakable name closes the gap between the subject's score and 1."""
_LINKED: Final = 0.05
"""Bonus of an entry linked with a named one: 英国 + 开放银行 may be a case of it."""
_UNLINKED: Final = -0.2
"""Malus of an entry that has nothing to do with what is named."""
_AT_HAND: Final = 0.25
"""Bonus of what the conversation is about, for a message that names nothing."""
_BESIDE: Final = 0.12
"""Bonus of entries of the same kind as the topic at hand."""
_PLACED: Final = 0.15
"""Bonus of the list of cases when a place is named."""
USUAL: Final = 0.1
"""Bonus of what most people want: an explanation of what they name, or going on."""
_DESCRIBED: Final = 2.0
"""What the score of an entry counts that is described beside a name, by a part of the words."""
_UNLIKE: Final = 0.2
"""Score of an entry by the words beside a name below which something else is meant by them, which
isn't covered."""
_LISTS_DESPITE_NAME: Final = -0.4
"""Malus of whole lists and small talk when an entry is named."""
_PLAIN: Final = 0.9
"""Weight of interpretations that a rule is nearly sure of."""
_ABOUT_A_CASE: Final = tuple(intent for intent in ABOUT_ONE if intent != "cases_of")
_LIST_OF_KIND: Final = {kind: whole for whole, kind in LISTS.items()}
_LIST_OF_ONE: Final = {f"{whole}_of": whole for whole in LISTS}
"""The list that an intent about one entry is a part of, if there is one."""

Scores = Mapping[str, float]


@dataclass(frozen=True)
class Weighing:
    """The weighing of one message."""

    interpreter: "Interpreter"
    """Knows the names, and how surely each means its entry."""
    reading: Reading
    """The message."""
    subject: Scores
    """What its words sound like."""
    request: Scores
    """What is wanted."""
    context: Context | None
    """The conversation before it."""

    @property
    def knowledge(self) -> Knowledge:
        """Return what there is to talk about."""
        return self.interpreter.knowledge

    def all(self) -> Iterator[Interpretation]:
        """Yield the ways to understand the message, in any order."""
        named = self.interpreter.named(self.reading)
        region = self._region()
        yield from self._lists(named, region)
        subjects = self._subjects(named)
        guesses = [id_ for id_ in subjects if id_ not in named]
        likeliest = max(guesses, key=subjects.__getitem__, default=None)
        for id_, about in subjects.items():
            basis = "named" if id_ in named else "worded"
            whole = basis == "named" or id_ == likeliest or region is not None
            yield from self._about(id_, about, region, basis, whole=whole)
        yield from self._comparisons(named, subjects)
        if self.context and (self.context.intent or self.context.listed):
            yield from self._follow_ups(self.context, tuple(named), region)
        elif not named:
            # "Any examples?" out of the blue: the whole list is the best there is.
            about = self.subject[IT]
            for intent, whole in (("cases_of", "cases"), ("drivers_of", "drivers")):
                yield Interpretation(whole, (), about, self.request[intent], "list", region)
            for intent in ("challenges_of", COMPARE):
                yield Interpretation(FALLBACK, (), about, self.request[intent], "list")

    def _lists(self, named: Scores, region: str | None) -> Iterator[Interpretation]:
        for intent in TOPICLESS:
            if intent in LISTS and not self.knowledge.of_kind(LISTS[intent]):
                continue
            about = self.subject[intent]
            if named:
                about += _LISTS_DESPITE_NAME
            place = region if intent == "cases" else None
            if place:
                about += _PLACED
            yield Interpretation(intent, (), about, self.request[intent], "list", place)

    def _subjects(self, named: Scores) -> dict[str, float]:
        """Return the entries that the message may be about, with how well it fits them."""
        found: dict[str, float] = {}
        for id_, weight in named.items():
            score = min(max(self.subject[id_], 0.0), 1.0)
            found[id_] = score + weight * _NAME_WEIGHT * (1 - score)
        if found and self.reading.bare:
            return found
        strength = max(named.values(), default=0.0)
        linked = {other for id_ in named for other in self.knowledge.neighbours(id_)}
        likeness = self.subject.__getitem__
        best = sorted(self.knowledge.entries, key=likeness, reverse=True)
        for id_ in best[: _GUESSES + len(found)]:
            if id_ not in found:
                tie = _LINKED if id_ in linked else _UNLINKED
                found[id_] = self.subject[id_] + tie * strength + self._beside(id_)
        return found

    def _beside(self, id_: str) -> float:
        """Return the bonus of what stands beside the topic at hand: "and for banks?"."""
        if not self.context or not self.context.topics or id_ in self.context.topics:
            return 0.0
        entries = self.knowledge.entries
        return _BESIDE if entries[id_].kind is entries[self.context.topics[0]].kind else 0.0

    def _about(
        self, id_: str, about: float, region: str | None, basis: str, *, whole: bool = True
    ) -> Iterator[Interpretation]:
        """Take a message to be about an entry.

        Args:
            id_: The entry.
            about: How well the message fits it.
            region: The place that the message names.
            basis: See `Interpretation.basis`.
            whole: Whether to yield all that may be wanted of it, or what is wanted most.
        """
        kind, named = self.knowledge.entries[id_].kind, basis == "named"
        intents = _ABOUT_A_CASE if kind is Kind.CASE else ABOUT_ONE
        if not whole:
            intents = (max(intents, key=self.request.__getitem__),)
        for intent in intents:
            wanted = self._wanted(intent, kind) if named else self.request[intent]
            if kind is Kind.CASE:
                yield Interpretation(intent, (id_,), about, wanted, basis)
                continue
            if region and intent == "explain":
                there = self.knowledge.cases_in(region, self.knowledge.cases_of(id_))
                if len(there) == 1:
                    yield Interpretation(intent, there, about, wanted, "place")
                    continue
            yield Interpretation(intent, (id_,), about, wanted, basis, region)

    def _wanted(self, intent: str, kind: Kind) -> float:
        """Return how well the request fits an intent about an entry that is named.

        A request that sounds like one for a whole list is for the entry: "any cases" of it, what
        its "outlook" is.
        """
        wanted = self.request[intent]
        whole = _LIST_OF_KIND.get(kind) if intent == "explain" else _LIST_OF_ONE.get(intent)
        return wanted + max(self.request[whole], 0.0) if whole else wanted

    def _comparisons(self, named: Scores, subjects: Scores) -> Iterator[Interpretation]:
        wanted = self.request[COMPARE]
        if len(named) > 1:
            yield Interpretation(COMPARE, tuple(named), 1.0, wanted, "named")
            return
        if wanted < self.request["explain"]:
            return
        if named:
            (one,) = named
            likeness = self._likeness_beside_names()
            other = max(
                (id_ for id_ in likeness if id_ != one), key=likeness.__getitem__, default=None
            )
            if other:
                fit = min(max(_DESCRIBED * likeness[other], 0.0), 1.0)
                about = (subjects[one] + fit) / 2
                if likeness[other] < _UNLIKE:
                    yield Interpretation(FALLBACK, (), about, wanted, "worded")
                else:
                    yield Interpretation(COMPARE, (one, other), about, wanted, "worded")
            return
        pair = tuple(nlargest(2, subjects, key=subjects.__getitem__))
        if len(pair) > 1:
            about = sum(subjects[id_] for id_ in pair) / 2
            yield Interpretation(COMPARE, pair, about, wanted, "worded")

    def _likeness_beside_names(self) -> Scores:
        """Return how well each entry fits the words beside the names of entries."""
        knowledge, mended = self.knowledge, self.reading.mended
        names = [m for m in self.reading.mentions if meant(m.name, knowledge) is not None]
        inside = {position for name in names for position in range(name.start, name.end)}
        words = [word for position, word in enumerate(mended) if position not in inside]
        scores = self.interpreter.subject.scores(self.interpreter.space.vector(words))
        return {id_: scores[id_] for id_ in knowledge.entries}

    def _follow_ups(
        self, context: Context, named: tuple[str, ...], region: str | None
    ) -> Iterator[Interpretation]:
        topic = context.topics[0] if context.topics else None
        if named:
            if topic and len(named) == 1 and topic not in named:
                yield from self._beside_topic(topic, named[0])
            return
        if topic:
            yield from self._about_it(context, topic, region)
        elif region and context.intent == "cases":
            yield Interpretation("cases", (), _PLAIN, _PLAIN, "place", region)
        yield from self._moves(context)

    def _beside_topic(self, topic: str, other: str) -> Iterator[Interpretation]:
        """Compare an entry that is named with the topic at hand, if a comparison is wanted most."""
        wanted = self.request[COMPARE]
        kind = self.knowledge.entries[other].kind
        if wanted > max(self._wanted(intent, kind) for intent in ABOUT_ONE):
            yield Interpretation(COMPARE, (topic, other), _PLAIN, wanted, "context")

    def _about_it(
        self, context: Context, topic: str, region: str | None
    ) -> Iterator[Interpretation]:
        """Take a message that names nothing to be about the topic at hand."""
        phrases, words = self.interpreter.phrases, self.reading.mended
        about = max(self.subject[IT], 0.0) + _AT_HAND
        yield from self._about(topic, about, None, "context")
        is_case = self.knowledge.entries[topic].kind is Kind.CASE
        if not (is_case or find(words, phrases.whole)):
            # "Which cases are there?" in the middle of a subject asks for its own.
            its_own = self.subject["cases"] + _AT_HAND
            yield Interpretation("cases_of", (topic,), its_own, self.request["cases"], "context")
        if region:
            yield from self._elsewhere(context, topic, region)
        if parents := self.knowledge.parents_of(topic):
            move = self.subject[PARENT]
            wanted = self.request[PARENT] + USUAL
            yield Interpretation("explain", parents[:1], move + _AT_HAND, wanted, "move")
        if pair := self._pair(context):
            sure = _PLAIN if find(words, phrases.previous) else about
            yield Interpretation(COMPARE, pair, sure, self.request[COMPARE], "context")

    def _moves(self, context: Context) -> Iterator[Interpretation]:
        place = self.interpreter.phrases.ordinal(self.reading.mended)
        if place is not None and -len(context.listed) <= place < len(context.listed):
            chosen = (context.listed[place],)
            # "More on the third" is about the third, not more of the same.
            picked = max(self.request[PICK], 0.0) + max(self.request[MORE], 0.0) + USUAL
            for intent in ABOUT_ONE:
                yield Interpretation(intent, chosen, _PLAIN, self.request[intent] + picked, "order")
        if context.intent:
            yield self._same(context, MORE, depth=context.depth + 1)
            if language := self.interpreter.phrases.language(self.reading.mended):
                yield self._same(context, AGAIN, depth=context.depth, language=language)

    def _same(
        self, context: Context, move: str, *, depth: int, language: Language | None = None
    ) -> Interpretation:
        """Take a message to ask for the last answer in another way."""
        return Interpretation(
            context.intent,
            context.topics,
            self.subject[move] + _AT_HAND,
            self.request[move] + USUAL,
            "move",
            context.region,
            depth,
            language,
        )

    def _pair(self, context: Context) -> tuple[str, ...]:
        """Return the two entries that "they" are."""
        if len(context.topics) > 1:
            return context.topics[:2]
        if len(context.listed) == 2:  # noqa: PLR2004 - two make a pair
            return context.listed
        if context.earlier and context.topics:
            return (context.earlier[0], context.topics[0])
        return context.listed[:2]

    def _elsewhere(self, context: Context, topic: str, region: str) -> Iterator[Interpretation]:
        """Take a topic to another place: its cases there, or the case there that is like it."""
        knowledge = self.knowledge
        about = max(self.subject[IT] + _AT_HAND, _PLAIN - max(self._guess(), 0.0))
        if knowledge.entries[topic].kind is Kind.CASE:
            if alike := self._alike(topic, region):
                yield Interpretation("explain", (alike,), about, _PLAIN, "context")
                pair, wanted = (topic, alike), self.request[COMPARE]
                yield Interpretation(COMPARE, pair, about + 0.3, wanted, "context")
        elif knowledge.cases_in(region, knowledge.cases_of(topic)):
            yield Interpretation("cases_of", (topic,), about, _PLAIN, "context", region)
        else:
            yield Interpretation("cases", (), about, _PLAIN / 2, "context", region)
        if context.intent == "cases":
            yield Interpretation("cases", (), about, _PLAIN, "context", region)

    def _guess(self) -> float:
        return max(self.subject[id_] for id_ in self.knowledge.entries)

    def _alike(self, case: str, region: str) -> str | None:
        knowledge = self.knowledge
        shows = set(knowledge.entries[case].shows)

        def likeness(other: str) -> tuple[bool, int]:
            shared = len(shows & set(knowledge.entries[other].shows))
            return knowledge.contrast(case, other, "en") is not None, shared

        others = (other for other in knowledge.cases_in(region) if other != case)
        best = max(others, key=likeness, default=None)
        return best if best and any(likeness(best)) else None

    def _region(self) -> str | None:
        wanted: Iterable[str] = (
            mention.name.id
            for mention in self.reading.mentions
            if mention.name.sort is Sort.REGION
            and not self.interpreter.phrases.excludes(self.reading.mended, mention.start)
        )
        return next(iter(wanted), None)
