"""Interpretations: the ways to understand a message that was read, without their ranking."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..knowledge import Kind
from .comparisons import Comparisons
from .dialogue import IT, MORE, PARENT, PICK, USUAL, FollowUps, Reading
from .dialogue_phrases import Pick
from .entity_linker import EntityType
from .preprocessing import MASK
from .steering import RULE, Steering
from .understanding import (
    ABOUT_ONE,
    ABOUT_ONE_CASE,
    CARE,
    COMPARE,
    FALLBACK,
    LIST_OF_KIND,
    LISTS,
    TOPICLESS,
    Interpretation,
)

_GUESSES: Final = 4
"""How many entries that a message doesn't name are considered."""
_BESIDE: Final = 0.12
"""Bonus of entries of the same kind as the topic at hand."""
_PLACED: Final = 0.1
"""Bonus of the list of cases when a place is named."""
_QUESTION_MARK: Final = frozenset("?")
"""What makes a text a question, however long it is; normalised text has no other one."""
_LISTS_DESPITE_NAME: Final = -0.4
"""Malus of whole lists and small talk when an entry is named."""
_ITSELF: Final = 1.1
"""How well "does it use AI?" fits the topic at hand: better than what it names."""
_POINTED: Final = 0.6
"""How well a short message that points fits what was said before at least, less how well it
describes an entry."""
_ABOUT_SOMETHING: Final = (
    "explain",
    "challenges_of",
    "fact",
    "sources",
    "simpler",
    "timeline",
    COMPARE,
)
"""What is wanted of something that a message must name or point at."""
_LIST_OF_ONE: Final = {f"{whole}_of": whole for whole in LISTS}
"""The list that an intent about one entry is a part of, if there is one."""
_DISTRESSED: Final = 0.65
"""How likely distress must be to be met with care: less than for an answer, because care that
nobody needed does less harm than a lecture to somebody in distress."""
_HINT: Final = 0.3
"""How much likelier despair or dread in a message makes distress than its other words do."""
_EXAGGERATED: Final = 0.6
"""How much less likely a turn of phrase makes it that only sounds like it."""


@dataclass(frozen=True)
class Interpretations:
    """Makes the interpretations of one message."""

    reading: Reading
    """The message."""

    def found(self) -> Iterator[Interpretation]:
        """Yield the ways to understand the message, in any order."""
        reading, steering = self.reading, self._steering
        phrases, words = reading.phrases, reading.message.tokens
        if _in_distress(reading):
            yield Interpretation(CARE, (), RULE, RULE, "distress")
            return
        if _QUESTION_MARK.isdisjoint(reading.message.text) and phrases.asks_nothing(words):
            yield Interpretation(FALLBACK, (), RULE, RULE, "pasted")
            return
        region = self._region()
        if picks := steering.picks(reading.without):
            yield from self._picked(picks, region)
        elif reading.without and not reading.named:
            yield steering.list_without(reading.without, region)
        else:
            found = self._any(region)
            left_out = (*reading.without, *steering.cases_elsewhere())
            yield from (steering.leaving_out(one, left_out) for one in found) if left_out else found

    @property
    def _steering(self) -> Steering:
        reading = self.reading
        return Steering(reading.knowledge, reading.phrases, reading.message, reading.context)

    def _any(self, region: str | None) -> Iterator[Interpretation]:
        """Yield what the message may mean that no rule decides."""
        reading = self.reading
        named, context = reading.named, reading.context
        yield from self._lists(region)
        subjects = self._subjects()
        guesses = [id_ for id_ in subjects if id_ not in named]
        likeliest = max(guesses, key=subjects.__getitem__, default=None)
        for id_, about in subjects.items():
            if id_ in named:
                yield from self._about(id_, about, region, "named")
            else:
                every = id_ == likeliest or region is not None
                yield from self._about(id_, about, region, "worded", every_intent=every)
        comparisons = Comparisons(reading)
        yield from comparisons.found(subjects)
        if context:
            if not named or self._only_terms():
                follow_ups = FollowUps(reading, context, terms=bool(named))
                yield from follow_ups.interpretations(region)
            if not named:
                yield from self._steering.corrections(reading.likeness)
            elif len(named) == 1 and context.topics and context.topics[0] not in named:
                (other,) = named
                kind = reading.knowledge.entries[other].kind
                wanted = {intent: self._wanted(intent, kind) for intent in ABOUT_ONE}
                yield from comparisons.with_topic(context.topics[0], other, wanted)
                if reading.phrases.asks_about_it(reading.message.tokens):
                    asked = reading.request["fact"]
                    yield Interpretation("fact", context.topics[:1], _ITSELF, asked, "context")
        elif not named:
            # "Any examples?" out of the blue: the whole list is the best there is.
            yield from self._out_of_the_blue(region)

    def _only_terms(self) -> bool:
        """Return whether what the message names are but terms: its "bad loans" may be anyone's."""
        mentions = self.reading.message.mentions
        return bool(mentions) and all(m.name.type is EntityType.TERM for m in mentions)

    def _picked(self, picks: tuple[Pick, ...], region: str | None) -> Iterator[Interpretation]:
        """Take the message to pick from the list that it names, or from the one shown last."""
        pick = picks[0]
        listed = self._steering.listed(pick, region)
        if not all(-len(listed) <= pick.place < len(listed) for pick in picks):
            yield Interpretation(FALLBACK, (), RULE, RULE, "pointing")
            return
        topics = tuple(dict.fromkeys(listed[pick.place] for pick in picks))
        words = self.reading.message.tokens
        masked = (*words[: pick.start], MASK[EntityType.ENTRY], *words[pick.end :])
        request = self.reading.requested(masked)
        held = self.reading.context.topics[:1] if self.reading.context else ()
        if len(topics) > 1:
            yield Interpretation(COMPARE, topics, RULE, max(RULE, request[COMPARE]), "order")
        elif held and held != topics:
            # "How does it differ from the third?"
            yield Interpretation(COMPARE, (*held, *topics), RULE, request[COMPARE], "order")
        # "More on the third" is about the third, not more of the same.
        picked = max(request[PICK], 0.0) + max(request[MORE], 0.0) + USUAL
        for intent in ABOUT_ONE:
            wanted = request[intent] + (picked if intent == "explain" else 0.0)
            yield Interpretation(intent, topics[:1], RULE, wanted, "order")

    def _out_of_the_blue(self, region: str | None) -> Iterator[Interpretation]:
        """Take the message, which names nothing, to follow up on what was never said."""
        subject, request = self.reading.subject, self.reading.request
        words, phrases = self.reading.message.tokens, self.reading.phrases
        points = phrases.points(words) and not phrases.whole.find(words)
        likeliest = max(0.0, *(subject[id_] for id_ in self.reading.knowledge.entries))
        about = min(max(subject[IT], _POINTED - likeliest if points else 0.0), _POINTED)
        for intent, whole in (("cases_of", "cases"), ("drivers_of", "drivers")):
            if points:
                yield Interpretation(FALLBACK, (), about, request[intent], "pointing")
            else:
                # "Any examples?": the whole list is the best there is.
                yield Interpretation(whole, (), about, request[intent], "list", region)
        if phrases.is_brief(words) and not region:
            for intent in (*_ABOUT_SOMETHING, MORE, PARENT):
                yield Interpretation(FALLBACK, (), about, request[intent], "pointing")

    def _lists(self, region: str | None) -> Iterator[Interpretation]:
        reading = self.reading
        for intent in TOPICLESS:
            empty = intent in LISTS and not reading.knowledge.of_kind[LISTS[intent]]
            if empty or intent == CARE:
                continue
            about = reading.subject[intent]
            if reading.named:
                about += _LISTS_DESPITE_NAME
            place = region if intent == "cases" else None
            if place:
                about += _PLACED
            yield Interpretation(intent, (), about, reading.request[intent], "list", place)

    def _subjects(self) -> Mapping[str, float]:
        """Return the entries that the message may be about, with how well it fits them."""
        reading = self.reading
        likely = reading.subject
        found = {id_: likely[id_] for id_ in reading.named}
        if found and reading.message.only_names:
            return found
        wanted = (id_ for id_ in reading.knowledge.entries if id_ not in reading.without)
        best = sorted(wanted, key=likely.__getitem__, reverse=True)
        for id_ in best[: _GUESSES + len(found)]:
            if id_ not in found:
                found[id_] = likely[id_] + self._beside(id_)
        return found

    def _beside(self, id_: str) -> float:
        """Return the bonus of what stands next to the topic at hand: "and for banks?"."""
        topics = self.reading.context.topics if self.reading.context else ()
        if not topics or id_ in topics:
            return 0.0
        entries = self.reading.knowledge.entries
        return _BESIDE if entries[id_].kind is entries[topics[0]].kind else 0.0

    def _about(
        self, id_: str, about: float, region: str | None, basis: str, *, every_intent: bool = True
    ) -> Iterator[Interpretation]:
        """Take a message to be about an entry.

        Args:
            id_: The entry.
            about: How well the message fits it.
            region: The place that the message names.
            basis: See `Interpretation.basis`.
            every_intent: Whether to yield all that may be wanted of it, or what is wanted most.
        """
        knowledge, request = self.reading.knowledge, self.reading.request
        kind = knowledge.entries[id_].kind
        intents = ABOUT_ONE_CASE if kind is Kind.CASE else ABOUT_ONE
        if basis == "worded":  # nobody asks for the source of what is only described
            intents = tuple(intent for intent in intents if intent != "sources")
        if not every_intent:
            intents = (max(intents, key=request.__getitem__),)
        for intent in intents:
            wanted = self._wanted(intent, kind) if basis == "named" else request[intent]
            if kind is Kind.CASE:
                yield Interpretation(intent, (id_,), about, wanted, basis)
                continue
            if region and intent == "explain":
                there = knowledge.cases_in(region, knowledge.cases_of(id_))
                if len(there) == 1:
                    yield Interpretation(intent, there, about, wanted, "place")
                    continue
            yield Interpretation(intent, (id_,), about, wanted, basis, region)

    def _wanted(self, intent: str, kind: Kind) -> float:
        """Return how well the request fits an intent about an entry that is named.

        A request that sounds like one for a whole list is for the entry: "any cases" of it, what
        its "outlook" is.
        """
        request = self.reading.request
        whole = LIST_OF_KIND.get(kind) if intent == "explain" else _LIST_OF_ONE.get(intent)
        return request[intent] + (max(request[whole], 0.0) if whole else 0.0)

    def _region(self) -> str | None:
        """Return the place that the message names, unless as one that is not wanted."""
        message, excludes = self.reading.message, self.reading.phrases.excludes
        return next(
            (
                mention.name.id
                for mention in message.mentions
                if mention.name.type is EntityType.REGION
                and not excludes(message.tokens, mention.start)
            ),
            None,
        )


def _in_distress(reading: Reading) -> bool:
    """Return whether a message is somebody's cry for help."""
    words, phrases = reading.message.tokens, reading.phrases
    if phrases.distress.find(words):
        return True
    likely = reading.subject[CARE] + reading.request[CARE]
    hints = (phrases.despair, phrases.dread)
    likely += sum(_HINT for hint in hints if hint.find(words))
    if phrases.exaggerating.find(words):
        likely -= _EXAGGERATED
    return likely >= _DISTRESSED
