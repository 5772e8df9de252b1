"""Candidate scoring: the ways to understand a message, each with its scores.

Two linear models judge a message. The *subject* model sees its words and says which entry, list or
follow-up they sound like. The *request* model sees it with every name masked and says what is
wanted. An interpretation is a pair of the two; names in the message, and the conversation before
it, count as what it is about.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Final

from ..knowledge import Kind, Knowledge
from .classifier.features import FeatureSpace, Vector
from .classifier.linear_model import LinearModel
from .dialogue import IT, USUAL, DialoguePhrases, FollowUps, Scores
from .entity_linker import EntityType, Name, linked_entry
from .preprocessing import MASK, ProcessedMessage
from .understanding import (
    ABOUT_ONE,
    ABOUT_ONE_CASE,
    COMPARE,
    FALLBACK,
    LISTS,
    TOPICLESS,
    Context,
    Interpretation,
)

ASK: Final = "ask"
"""Label of questions in people's own words that explain an entry."""

_FUZZY_NAME: Final = 0.8
"""The weight of a name with a typing error, as a share of what it has without."""
_CLEAR: Final = 0.5
"""Score from which the first clause about an entry is a question, which decides what is wanted, and
from which a comparison is wanted even if one entry is named."""
_GUESSES: Final = 4
"""How many entries that a message doesn't name are considered."""
_NAME_WEIGHT: Final = 0.75
"""How far an unmistakable name closes the gap between the subject's score and 1."""
_LINKED: Final = 0.05
"""Bonus of an entry linked with a named one: 英国 + 开放银行 may be a case of it."""
_UNLINKED: Final = -0.2
"""Malus of an entry that has nothing to do with what is named."""
_BESIDE: Final = 0.12
"""Bonus of entries of the same kind as the topic at hand."""
_BESIDE_TOPIC: Final = 0.9
"""How well a named entry and the topic at hand fit a comparison."""
_PLACED: Final = 0.1
"""Bonus of the list of cases when a place is named."""
_DESCRIBED: Final = 2.0
"""Weight of the score of an entry that the words next to a name describe."""
_UNLIKE: Final = 0.2
"""Score of an entry by the words next to a name below which something else is meant by them, which
isn't covered."""
_LISTS_DESPITE_NAME: Final = -0.4
"""Malus of whole lists and small talk when an entry is named."""
_WEAKER_PART: Final = 0.2
"""What the better part may make up for, where the other part of an interpretation is nil."""
_LIST_OF_KIND: Final = {kind: whole for whole, kind in LISTS.items()}
_LIST_OF_ONE: Final = {f"{whole}_of": whole for whole in LISTS}
"""The list that an intent about one entry is a part of, if there is one."""


@dataclass(frozen=True, slots=True)
class ScoredMessage:
    """A message and the scores of its words, which no conversation changes."""

    message: ProcessedMessage
    """The message after preprocessing."""
    subject: Scores
    """What its words sound like."""
    request: Scores
    """What is wanted."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The ways to understand one message."""

    interpretations: Sequence[Interpretation]
    """The interpretations, best first."""
    subject: Scores
    """What the words of the message sound like."""
    request: Scores
    """What is wanted."""


@dataclass(frozen=True)
class CandidateScorer:
    """Finds and scores the ways to understand a message; immutable, safe to share."""

    knowledge: Knowledge
    """What there is to talk about."""
    space: FeatureSpace
    """The features of words that both models judge by."""
    subject: LinearModel
    """What the words of a message sound like."""
    request: LinearModel
    """What is wanted, judged by the message without its names."""
    reliability: Mapping[Name, float]
    """How surely each name means that its entry is the subject, from 0 to 1."""
    phrases: DialoguePhrases
    """Words that steer a conversation."""

    def scored(self, message: ProcessedMessage) -> ScoredMessage:
        """Score the words of a message."""
        words = self.space.vector(message.canonical_tokens)
        unnamed = message.masked_tokens == message.canonical_tokens
        masked = words if unnamed else self.space.vector(message.masked_tokens)
        return ScoredMessage(message, self.subject.scores(words), self._requested(message, masked))

    def candidates(self, said: ScoredMessage, context: Context | None) -> Candidates:
        """Return the ways to understand a message, given the conversation before it."""
        generator = _InterpretationGenerator(
            self, said.message, said.subject, said.request, context
        )
        found = sorted(generator.interpretations(), key=score, reverse=True)
        return Candidates(found, said.subject, said.request)

    def named(self, message: ProcessedMessage) -> Mapping[str, float]:
        """Return the entries that a message names, each with the weight of its name."""
        weights: dict[str, float] = {}
        for mention in message.mentions:
            if (id_ := linked_entry(mention.name, self.knowledge)) is not None:
                weight = self.reliability.get(mention.name, 1.0)
                weight *= 1 if mention.exact else _FUZZY_NAME
                weights[id_] = max(weight, weights.get(id_, 0.0))
        return weights

    def likeness(self, words: Sequence[str]) -> Scores:
        """Return how well each entry fits some words."""
        scores = self.subject.scores(self.space.vector(words))
        return {id_: scores[id_] for id_ in self.knowledge.entries}

    def _requested(self, message: ProcessedMessage, masked: Vector) -> Scores:
        if message.only_names:
            # Somebody wants to know what that is, or how these differ.
            return {**dict.fromkeys(self.request.labels, 0.0), "explain": 1.0}
        scores = self._asked(masked)
        opening = message.masked_opening
        if len(opening) < len(message.masked_tokens) and not _compares(message, scores):
            first = self._asked(self.space.vector(opening))
            if max(first.values()) >= _CLEAR:
                return first
        return scores

    def _asked(self, masked: Vector) -> Scores:
        scores = self.request.scores(masked)
        scores["explain"] = max(scores["explain"], 0.0) + max(scores.pop(ASK, 0.0), 0.0) + USUAL
        return scores


def score(interpretation: Interpretation) -> float:
    """Return what interpretations of one message are ranked by: both parts must fit."""
    # Without max(): this is most of what ranking costs.
    about = interpretation.about if interpretation.about > 0 else 0.0
    wanted = interpretation.wanted if interpretation.wanted > 0 else 0.0
    return (about + _WEAKER_PART) * (wanted + _WEAKER_PART)


def _compares(message: ProcessedMessage, request: Scores) -> bool:
    """Return whether a comparison is wanted most, and of several entries or clearly."""
    if max(request, key=request.__getitem__) != COMPARE:
        return False
    several = message.masked_tokens.count(MASK[EntityType.ENTRY]) > 1
    return several or request[COMPARE] >= _CLEAR


@dataclass(frozen=True)
class _InterpretationGenerator:
    """Makes the interpretations of one message."""

    scorer: CandidateScorer
    message: ProcessedMessage
    subject: Scores
    request: Scores
    context: Context | None

    @property
    def knowledge(self) -> Knowledge:
        return self.scorer.knowledge

    def interpretations(self) -> Iterator[Interpretation]:
        """Yield the ways to understand the message, in any order."""
        named = self.scorer.named(self.message)
        region = self._region()
        yield from self._lists(named, region)
        subjects = self._subjects(named)
        guesses = [id_ for id_ in subjects if id_ not in named]
        likeliest = max(guesses, key=subjects.__getitem__, default=None)
        for id_, about in subjects.items():
            if id_ in named:
                yield from self._about(id_, about, region, "named")
            else:
                every = id_ == likeliest or region is not None
                yield from self._about(id_, about, region, "worded", every_intent=every)
        yield from self._comparisons(named, subjects)
        context = self.context if self.context and self.context.has_subject else None
        if context and not named:
            words = self.message.tokens
            follow_ups = FollowUps(
                self.knowledge, self.scorer.phrases, context, words, self.subject, self.request
            )
            yield from follow_ups.interpretations(region)
        elif context and len(named) == 1:
            yield from self._beside_topic(context, next(iter(named)))
        elif not named:
            # "Any examples?" out of the blue: the whole list is the best there is.
            about = self.subject[IT]
            for intent, whole in (("cases_of", "cases"), ("drivers_of", "drivers")):
                yield Interpretation(whole, (), about, self.request[intent], "list", region)
            for intent in ("challenges_of", COMPARE):
                yield Interpretation(FALLBACK, (), about, self.request[intent], "list")

    def _lists(self, named: Scores, region: str | None) -> Iterator[Interpretation]:
        for intent in TOPICLESS:
            if intent in LISTS and not self.knowledge.of_kind[LISTS[intent]]:
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
            fit = min(max(self.subject[id_], 0.0), 1.0)
            found[id_] = fit + weight * _NAME_WEIGHT * (1 - fit)
        if found and self.message.only_names:
            return found
        strength = max(named.values(), default=0.0)
        linked = {other for id_ in named for other in self.knowledge.neighbours[id_]}
        likeness = self.subject.__getitem__
        best = sorted(self.knowledge.entries, key=likeness, reverse=True)
        for id_ in best[: _GUESSES + len(found)]:
            if id_ not in found:
                tie = _LINKED if id_ in linked else _UNLINKED
                found[id_] = self.subject[id_] + tie * strength + self._beside(id_)
        return found

    def _beside(self, id_: str) -> float:
        """Return the bonus of what stands next to the topic at hand: "and for banks?"."""
        if not self.context or not self.context.topics or id_ in self.context.topics:
            return 0.0
        entries = self.knowledge.entries
        return _BESIDE if entries[id_].kind is entries[self.context.topics[0]].kind else 0.0

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
        kind = self.knowledge.entries[id_].kind
        intents = ABOUT_ONE_CASE if kind is Kind.CASE else ABOUT_ONE
        if not every_intent:
            intents = (max(intents, key=self.request.__getitem__),)
        for intent in intents:
            wanted = self._wanted(intent, kind) if basis == "named" else self.request[intent]
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
        elif wanted < self.request["explain"]:
            return
        elif named:
            yield from self._comparison_with_described(next(iter(named)), subjects)
        else:
            pair = tuple(nlargest(2, subjects, key=subjects.__getitem__))
            if len(pair) > 1:
                about = sum(subjects[id_] for id_ in pair) / 2
                yield Interpretation(COMPARE, pair, about, wanted, "worded")

    def _comparison_with_described(self, one: str, subjects: Scores) -> Iterator[Interpretation]:
        """Compare an entry that is named with one that the words next to the name describe."""
        mentions = self.message.mentions
        names = [m for m in mentions if linked_entry(m.name, self.knowledge) is not None]
        inside = {position for name in names for position in range(name.start, name.end)}
        words = [word for n, word in enumerate(self.message.tokens) if n not in inside]
        likeness = self.scorer.likeness(words)
        others = (id_ for id_ in likeness if id_ != one)
        if other := max(others, key=likeness.__getitem__, default=None):
            fit = min(max(_DESCRIBED * likeness[other], 0.0), 1.0)
            about, wanted = (subjects[one] + fit) / 2, self.request[COMPARE]
            if likeness[other] < _UNLIKE:
                yield Interpretation(FALLBACK, (), about, wanted, "worded")
            else:
                yield Interpretation(COMPARE, (one, other), about, wanted, "worded")

    def _beside_topic(self, context: Context, other: str) -> Iterator[Interpretation]:
        """Compare an entry that is named with the topic at hand, if a comparison is wanted most."""
        if not context.topics or other in context.topics[:1]:
            return
        wanted, kind = self.request[COMPARE], self.knowledge.entries[other].kind
        if wanted > max(self._wanted(intent, kind) for intent in ABOUT_ONE):
            pair = (context.topics[0], other)
            yield Interpretation(COMPARE, pair, _BESIDE_TOPIC, wanted, "context")

    def _region(self) -> str | None:
        """Return the place that the message names, unless as one that is not wanted."""
        words, excludes = self.message.tokens, self.scorer.phrases.excludes
        return next(
            (
                mention.name.id
                for mention in self.message.mentions
                if mention.name.type is EntityType.REGION and not excludes(words, mention.start)
            ),
            None,
        )
