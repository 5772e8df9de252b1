"""Candidate scoring: the ways to understand a message, each with its scores.

Two linear models judge a message. The *subject* model sees its words and says which entry, list or
follow-up they sound like. The *request* model sees it with every name masked and says what is
wanted. An interpretation is a pair of the two; names in the message, and the conversation before
it, count as what it is about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..knowledge import Knowledge
from .background import Background
from .classifier.features import FeatureSpace, Vector
from .classifier.linear_model import LinearModel
from .coverage import StatementIndex
from .dialogue import USUAL, Reading, Scores
from .dialogue_phrases import DialoguePhrases
from .entity_linker import EntityType, Name, linked_entry
from .interpretations import Interpretations
from .preprocessing import MASK, ProcessedMessage
from .steering import Steering
from .text import Tokens
from .understanding import ABOUT_ONE, COMPARE, LISTS_OF_ONE, SMALL_TALK, Context, Interpretation

ASK: Final = "ask"
"""Label of questions in people's own words that explain an entry."""

_CLEAR: Final = 0.5
"""Score from which the first clause about an entry is a question, which decides what is wanted, and
from which a comparison is wanted even if one entry is named."""
_ASKED: Final = 0.3
"""Score from which something is wanted of what follows a word of thanks."""
_SHORT_OF_FACT: Final = 0.25
"""How much less than one particular thing about an entry an explanation of it is wanted at most:
where nobody knows the one thing, the other comes next."""
_WEAKER_PART: Final = 0.2
"""What the better part may make up for, where the other part of an interpretation is nil."""
_NAMED: Final = 0.05
"""Bonus of what is named, so that of entries that fit nearly alike it is the one."""
MORE: Final = 0.1
"""By how much more dangers must be wanted than one thing to be the answer for want of one: this
keeps 78 % of the questions for dangers that ask whether, and 15 % of those for one thing."""
_PLAIN: Final = 0.5
"""By how much more an explanation must be wanted than one thing to be clearly wanted."""


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
    again: bool = False
    """Whether the message names an entry, about which the one fact before is asked once more."""

    def likeliest(self, count: int) -> list[str]:
        """Return the entries that single interpretations are about, the likeliest first."""
        single = (one.topics[0] for one in self.interpretations if len(one.topics) == 1)
        return list(dict.fromkeys(single))[:count]

    def want_explanation(self, intent: str) -> bool:
        """Return whether clearly what an entry is is wanted, and not one thing about it."""
        request = self.request
        return intent == "explain" and request["explain"] - max(request["fact"], 0.0) >= _PLAIN

    def want_list(self, intent: str) -> bool:
        """Return whether a list is wanted rather than one thing."""
        if intent != "challenges_of":
            return intent in LISTS_OF_ONE
        return self.request["challenges_of"] - max(self.request["fact"], 0.0) >= MORE

    def instead_of_fact(self, topics: tuple[str, ...]) -> str:
        """Return what else is wanted of an entry, if it isn't one fact: most likely what it is."""
        others = {
            one.intent: one.wanted
            for one in reversed(self.interpretations)
            if one.topics == topics and one.intent in LISTS_OF_ONE
        }
        likeliest = max(others, key=others.__getitem__, default="explain")
        lead = others.get(likeliest, 0.0) - self.request["explain"]
        return likeliest if lead >= MORE else "explain"


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
    background: Background
    """Tells the question in a message from what is said around it."""
    frames: frozenset[Tokens] = frozenset()
    """The masked tokens of questions about whatever they name."""
    index: StatementIndex | None = None
    """Tells which entries have a statement that answers; None while it isn't known yet."""
    lack: float = 0.0
    """What it counts against an entry that another has a statement which covers more."""

    def scored(self, message: ProcessedMessage) -> ScoredMessage:
        """Score the words of a message that ask something."""
        asked = _asking(message)
        if asked.clauses:
            asked = self.background.left_out(asked)
        return self._scored(self._after_thanks(asked))

    def _scored(self, message: ProcessedMessage) -> ScoredMessage:
        words = self.space.vector(message.canonical_tokens)
        unnamed = message.masked_tokens == message.canonical_tokens
        masked = words if unnamed else self.space.vector(message.masked_tokens)
        return ScoredMessage(message, self._about(message, words), self._requested(message, masked))

    def _about(self, message: ProcessedMessage, words: Vector) -> Scores:
        """Return what a message sounds like: where others know more of it, less like an entry."""
        scores = self.subject.scores(words)
        lacks = self.lacks(message)
        lessened = {id_: scores[id_] - self.lack * lack for id_, lack in lacks.items()}
        # As well as the best one did before: which entry it is, is another question.
        likeliest = max((scores[id_] for id_ in lacks), default=0.0)
        shift = likeliest - max(lessened.values(), default=0.0)
        scores |= {id_: score + shift for id_, score in lessened.items()}
        for id_, share in self._shares(message).items():
            scores[id_] += _NAMED + share * max(1 - scores[id_], 0)
        return scores

    def lacks(self, message: ProcessedMessage) -> Mapping[str, float]:
        """Return how much less of a message each entry covers than the one that covers most."""
        if self.index is None or message.language is None or message.only_names:
            return {}
        return self.index.lacks(message.tokens, message.language)

    def _shares(self, message: ProcessedMessage) -> Mapping[str, float]:
        """Return the share of what a message tells that the name of each entry in it does."""
        if message.masked_tokens in self.frames:
            return dict.fromkeys(self.named(message), 1.0)
        if self.index is None:
            return {}
        told = self.index.coverage.told
        whole = told(message.tokens) if message.mentions else 0.0
        shares: dict[str, float] = {}
        for mention in message.mentions:
            if (id_ := linked_entry(mention.name, self.knowledge)) is not None:
                share = min(told(message.tokens[mention.start : mention.end]) / whole, 1.0)
                shares[id_] = max(share, shares.get(id_, 0.0))
        return shares

    def candidates(self, said: ScoredMessage, context: Context | None) -> Candidates:
        """Return the ways to understand a message, given the conversation before it."""
        context = context if context and context.has_subject else None
        steering = Steering(self.knowledge, self.phrases, said.message, context)
        left_out = steering.excluded(self.named(said.message))
        if left_out.message is not said.message:
            said = self._scored(left_out.message)
        message, request = said.message, said.request
        if context and message.masked_tokens != message.canonical_tokens:
            request = self._corrected(message, context) or request
        reading = Reading(
            knowledge=self.knowledge,
            phrases=self.phrases,
            message=message,
            context=context,
            named=left_out.named,
            without=left_out.without,
            subject=said.subject,
            request=request,
            likeness=self.likeness,
            requested=self.requested,
        )
        found = sorted(Interpretations(reading).found(), key=score, reverse=True)
        return Candidates(found, said.subject, request, self._again(message, context))

    def named(self, message: ProcessedMessage) -> tuple[str, ...]:
        """Return the entries that a message names."""
        linked = (linked_entry(mention.name, self.knowledge) for mention in message.mentions)
        return tuple(dict.fromkeys(id_ for id_ in linked if id_ is not None))

    def likeness(self, words: Sequence[str]) -> Scores:
        """Return how well each entry fits some words."""
        scores = self.subject.scores(self.space.vector(words))
        return {id_: scores[id_] for id_ in self.knowledge.entries}

    def beside_pick(self, message: ProcessedMessage, one: Interpretation) -> ProcessedMessage:
        """Return what a message asks beside the place in a list, if it is meant to pick one."""
        picks = self.phrases.picks(message.tokens) if one.basis == "order" else ()
        return message.without(picks[0].start, picks[0].end) if picks else message

    def _after_thanks(self, message: ProcessedMessage) -> ProcessedMessage:
        """Return what a message asks after a word of thanks, if it asks something."""
        end = self.phrases.thanks(message.tokens)
        if not 0 < end < len(message.tokens) or any(m.start < end for m in message.mentions):
            return message
        rest = message.without(0, end)
        wanted = self.requested(rest.masked_tokens)
        best = max(wanted, key=wanted.__getitem__)
        asks = best not in (*SMALL_TALK, "fallback") and wanted[best] >= _ASKED
        return rest if rest.mentions or asks else message

    def _corrected(self, message: ProcessedMessage, context: Context) -> Scores | None:
        """Return what is wanted of what a message names instead of the topic at hand."""
        rest = message.masked_tokens[self.phrases.corrects(message.tokens) :]
        if len(rest) in (0, len(message.masked_tokens)):
            return None
        request = self.requested(rest)
        bare = set(rest) == {MASK[EntityType.ENTRY]}
        if bare and context.intent in ABOUT_ONE:
            return {**request, "explain": 0.0, context.intent: 1.0}
        return request

    def _again(self, message: ProcessedMessage, context: Context | None) -> bool:
        """Return whether a message turns from the entry that a fact was given of to another."""
        if context is None or context.intent != "fact" or message.only_names:
            return False
        return set(self.phrases.turns_to(message.masked_tokens)) == {MASK[EntityType.ENTRY]}

    def requested(self, masked: Tokens) -> Scores:
        """Return what some words want, names and all that stands for one masked."""
        if set(masked) == {MASK[EntityType.ENTRY]}:
            return {**dict.fromkeys(self.request.labels, 0.0), "explain": 1.0}
        return self._asked(self.space.vector(masked))

    def _requested(self, message: ProcessedMessage, masked: Vector) -> Scores:
        if message.only_names:
            # Somebody wants to know what that is, or how these differ.
            return {**dict.fromkeys(self.request.labels, 0.0), "explain": 1.0}
        scores = self._asked(masked)
        opening = message.masked_opening
        if len(opening) < len(message.masked_tokens) and not _compares(message, scores):
            first = self._asked(self.space.vector(opening))
            if max(first.values()) >= _CLEAR:
                rest = self._asked(self.space.vector(message.masked_tokens[len(opening) :]))
                # "What is that, in words a child understands?": the second clause says how.
                plain = _most(first) == "explain" and _most(rest) == "simpler"
                return rest if plain and rest["simpler"] >= _CLEAR else first
        return scores

    def _asked(self, masked: Vector) -> Scores:
        scores = self.request.scores(masked)
        explained = max(scores["explain"], 0.0) + max(scores.pop(ASK, 0.0), 0.0) + USUAL
        scores["explain"] = max(explained, scores["fact"] - _SHORT_OF_FACT)
        return scores


def score(interpretation: Interpretation) -> float:
    """Return what interpretations of one message are ranked by: both parts must fit."""
    # Without max(): this is most of what ranking costs.
    about = interpretation.about if interpretation.about > 0 else 0.0
    wanted = interpretation.wanted if interpretation.wanted > 0 else 0.0
    return (about + _WEAKER_PART) * (wanted + _WEAKER_PART)


def _compares(message: ProcessedMessage, request: Scores) -> bool:
    """Return whether a comparison is wanted most, and of several entries or clearly."""
    if _most(request) != COMPARE:
        return False
    several = message.masked_tokens.count(MASK[EntityType.ENTRY]) > 1
    return several or request[COMPARE] >= _CLEAR


def _asking(message: ProcessedMessage) -> ProcessedMessage:
    """Return the only sentence of a message that asks, if it alone names an entry."""
    starts = [m.start for m in message.mentions if m.name.type is EntityType.ENTRY]
    if not message.asking or not starts or min(starts) < message.asking:
        return message
    return message.without(0, message.asking)


def _most(request: Scores) -> str:
    """Return what is wanted most."""
    return max(request, key=request.__getitem__)
