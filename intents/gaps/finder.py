"""Finds gaps: groups of similar questions that got no good answer, ranked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from rapidfuzz import fuzz, process

from ...knowledge import Language
from ..candidates import score
from ..carrier_phrases import CarrierPhrases
from ..common_words import COMMON_WORDS
from ..engine import Engine
from ..text import Tokens, is_unspaced
from ..understanding import FALLBACK, Trace

_Signature: TypeAlias = tuple[Language, Tokens]
"""What a question is about, and in which language."""

_SURE: Final = 0.5
"""Chance of being right from which a question counts as answered."""
_ALIKE: Final = 85.0
"""How like each other, in per cent, the words of two questions must be."""
_DISTINCT: Final = 5
"""Characters below which words must be the same: in shorter ones every letter matters."""
_NAME: Final = 3
"""Tokens that may be a name, in which everyday words matter too: "green finance"."""
_TOLD: Final = 2
"""What a question counts for whose asker told what is wrong or right."""
_NEAR: Final = 3
"""How many entries a gap names as near."""


@dataclass(frozen=True, slots=True)
class MissedQuestion:
    """A question that was not answered well."""

    text: str
    """As it was asked."""
    language: Language
    """Its language."""
    outcome: str
    """What became of it, in the words of who recorded it."""
    count: int
    """How often it was asked with this outcome."""
    at: float
    """When it was last, in seconds since the epoch."""
    rejected: tuple[str, tuple[str, ...]] | None = None
    """The answer that was turned down: its intent and topics."""
    chosen: str | None = None
    """The entry that was chosen from those offered, if there still is one."""

    @property
    def weight(self) -> int:
        """Return what it counts for when gaps are ranked."""
        return self.count * (_TOLD if self.rejected or self.chosen else 1)


class NearEntry(NamedTuple):
    """An entry that a gap may be about."""

    id: str
    """The entry."""
    score: float
    """Score of the best interpretation with it, on average: from 0.04, hardly above 1.4."""


@dataclass(frozen=True)
class Gap:
    """Questions that are alike and not answered well."""

    questions: Mapping[MissedQuestion, Trace] = field(repr=False)
    """The questions, the most asked first, with what is made of them today."""
    chosen: Mapping[str, int] = field(default_factory=dict[str, int])
    """The entries that were chosen for these questions, and for some like them that are answered by
    now: how many times."""

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The questions as they were asked, the most asked first."""
        return tuple(dict.fromkeys(question.text for question in self.questions))

    @property
    def representative(self) -> str:
        """Return the text that was asked most."""
        return self.texts[0]

    @property
    def language(self) -> Language:
        """Return the language of the questions."""
        return next(iter(self.questions)).language

    @property
    def count(self) -> int:
        """Return how many times they were asked."""
        return sum(question.count for question in self.questions)

    @property
    def outcomes(self) -> Mapping[str, int]:
        """Return how many times with which outcome, the most frequent first."""
        counts: Counter[str] = Counter()
        for question in self.questions:
            counts[question.outcome] += question.count
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @property
    def at(self) -> float:
        """Return when one of them was last asked, in seconds since the epoch."""
        return max(question.at for question in self.questions)

    @cached_property
    def near(self) -> tuple[NearEntry, ...]:
        """The entries that come nearest, best first."""
        scores: dict[str, float] = {}
        for question, trace in self.questions.items():
            for id_, nearness in _nearest(trace).items():
                scores[id_] = scores.get(id_, 0.0) + nearness * question.count
        best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        return tuple(NearEntry(id_, total / self.count) for id_, total in best[:_NEAR])


def find_gaps(
    engine: Engine, questions: Iterable[MissedQuestion], phrases: CarrierPhrases
) -> list[Gap]:
    """Find out which questions are still not answered well, and which of them are alike.

    Args:
        engine: What answers today.
        questions: What was recorded, in any order.
        phrases: What people say around names.

    Returns:
        The gaps, those with the most questions first, of those the latest.
    """
    groups: dict[_Signature, dict[MissedQuestion, Trace]] = {}
    for question in sorted(questions, key=_order):
        trace = engine.trace(question.text, language=question.language)
        key = question.language, _content(trace, phrases)
        groups.setdefault(key, {})[question] = trace
    weights = {key: sum(q.weight for q in group) for key, group in groups.items()}
    alike: dict[_Signature, dict[MissedQuestion, Trace]] = {}
    for key, leader in _with_leaders(sorted(groups, key=lambda key: (-weights[key], key))):
        alike.setdefault(leader, {}).update(groups[key])
    gaps = [_gap(group) for group in alike.values()]
    return sorted((gap for gap in gaps if gap.questions), key=_rank)


def _gap(group: Mapping[MissedQuestion, Trace]) -> Gap:
    chosen: Counter[str] = Counter()
    for question in group:
        if question.chosen:
            chosen[question.chosen] += question.count
    still = sorted((q for q, trace in group.items() if is_open(q, trace)), key=_order)
    return Gap({question: group[question] for question in still}, chosen)


def is_open(question: MissedQuestion, trace: Trace) -> bool:
    """Return whether a question is still not answered as it should be."""
    said = trace.understanding
    if question.chosen:
        return said.intent == FALLBACK or question.chosen not in said.topics
    if said.intent == FALLBACK or (said.intent, said.topics) == question.rejected:
        return True
    return trace.p_correct < _SURE


def _content(trace: Trace, phrases: CarrierPhrases) -> Tokens:
    """Return what a question is about, in any order: without words that are said of anything."""
    inside = tuple(sorted(phrases.strip(trace.message.canonical_tokens)))
    if len(inside) <= _NAME:
        return inside
    everyday = COMMON_WORDS | phrases.particles
    return tuple(word for word in inside if word not in everyday) or inside


def _with_leaders(keys: Sequence[_Signature]) -> Iterator[tuple[_Signature, _Signature]]:
    """Yield keys, each with the first one that it is alike; that may be itself."""
    leaders: dict[Language, dict[_Signature, str]] = {}
    for key in keys:
        language, words = key
        known, text = leaders.setdefault(language, {}), _written(words)
        if len(text) < _DISTINCT:
            yield key, key
            continue
        found = process.extractOne(text, known, scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if found:
            yield key, found[2]
        else:
            known[key] = text
            yield key, key


def _written(words: Tokens) -> str:
    """Return words as one text; between Chinese characters a space would be a likeness."""
    latin = (word for word in words if not is_unspaced(word))
    return " ".join((*latin, "".join(filter(is_unspaced, words))))


def _nearest(trace: Trace) -> Mapping[str, float]:
    scores: dict[str, float] = {}
    for one in trace.interpretations:
        for id_ in one.topics:
            scores[id_] = max(score(one), scores.get(id_, 0.0))
    return scores


def _order(question: MissedQuestion) -> tuple[object, ...]:
    return (-question.weight, -question.at, question.text, question.outcome, question.chosen or "")


def _rank(gap: Gap) -> tuple[float, float, str]:
    return (-sum(question.weight for question in gap.questions), -gap.at, gap.representative)
