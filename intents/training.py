"""Building an engine: teaching its heads, and calibrating how sure it may be."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from heapq import nsmallest
from itertools import islice
from typing import Final

import numpy as np

from ..knowledge import Kind, Knowledge
from . import pinyin, training_data
from .candidates import ASK, CandidateScorer
from .classifier.features import FeatureSpace, Rows
from .classifier.linear_model import LinearModel
from .classifier.logistic import Logistic
from .classifier.typos import misspell
from .confidence import (
    ConfidenceFeatures,
    ConfidenceModel,
    KnownWords,
    confidence_features,
    words_and_pairs,
)
from .dialogue import Context, DialoguePhrases
from .engine import Engine
from .entity_linker import EntityLinker, Name, linked_entry
from .preprocessing import Preprocessor, ProcessedMessage
from .sampling import Pool, generator, share
from .spelling import HomophoneCorrector, SpellingCorrector, Vocabulary
from .text import tokens
from .training_data import MOVES, Lesson
from .understanding import ABOUT_ONE, COMPARE, FALLBACK, TOPICLESS
from .utterances import Utterances, load_utterances

_BALANCE: Final = 0.5
"""How far the request head counts labels rather than examples: see `LinearModel.fit`."""
_HELD_OUT: Final = 0.3
"""Share of the lessons that are held back to calibrate the confidence."""
_EXAMINED: Final = 2500
"""How many of these are examined at most."""
_TIDY: Final = 0.6
"""Share of these that are examined without typing errors."""
_NAMES: Final = 25
"""How many examples a name counts for when words are corrected: to a name before others."""
_TALKING: Final = 0.15
"""Share of the foreign lessons that are examined in the middle of a conversation."""
_LEAST: Final = 2
"""How many lessons must have a feature: what is seen once tells nothing of other questions."""
_SURE: Final = 2.0
"""How many unseen hits each name starts with when its reliability is counted."""


def train(
    knowledge: Knowledge,
    utterances: Mapping[str, Utterances] | None = None,
    phrases: DialoguePhrases | None = None,
) -> Engine:
    """Build an engine for a knowledge.

    Args:
        knowledge: What there is to talk about.
        utterances: What people say for each intent; those of the package if None.
        phrases: Words that steer a conversation; those of the package if None.

    Returns:
        The engine. The same input gives the same engine.
    """
    general = load_utterances() if utterances is None else utterances
    said = {intent: one.with_(knowledge.asks.get(intent)) for intent, one in general.items()}
    steering = phrases or DialoguePhrases.load()
    taught = [*training_data.asked(knowledge), *training_data.spoken(knowledge, said)]
    texts = (*(lesson.text for lesson in taught), *training_data.prose(knowledge))
    vocabulary = [tokens(text) for text in texts]
    names = [tokens(lesson.text) for lesson in taught if lesson.named]
    preprocessor = Preprocessor(
        EntityLinker.build(knowledge, steering.kinds),
        HomophoneCorrector.fit(vocabulary, pinyin.readings()),
        SpellingCorrector(Vocabulary.of([*vocabulary, *names * _NAMES])),
    )
    school = _School(knowledge, preprocessor, steering, taught)
    held = [lesson.request is not None and _lot(lesson, "held") < _HELD_OUT for lesson in taught]
    examinee = school.scorer(i for i, out in enumerate(held) if not out)
    with ThreadPoolExecutor(1) as pool:
        # Heads are fitted outside Python's lock, so the examination goes on meanwhile.
        scorer = pool.submit(school.scorer, range(len(taught)))
        unseen = [i for i, out in enumerate(held) if out]
        in_scope, correct = school.calibrated(examinee, unseen)
    return Engine(
        preprocessor,
        scorer.result(),
        ConfidenceModel(school.known_words, in_scope, correct),
        school.exact_intents(),
    )


class _School:
    """Teaches heads with lessons, and examines them on lessons that were left out."""

    def __init__(
        self,
        knowledge: Knowledge,
        preprocessor: Preprocessor,
        phrases: DialoguePhrases,
        taught: Sequence[Lesson],
    ) -> None:
        self._knowledge = knowledge
        self._preprocessor = preprocessor
        self._phrases = phrases
        self._lessons = taught
        self._topics = Pool((id_, id_) for id_ in knowledge.entries)
        self._messages = [preprocessor.process(lesson.text) for lesson in taught]
        words = [message.canonical_tokens for message in self._messages]
        masked = [message.masked_tokens for message in self._messages]
        # One space for both heads: most of what they see is the same.
        seen = list(dict.fromkeys((*words, *masked)))
        place = {utterance: i for i, utterance in enumerate(seen)}
        self._space, counts = FeatureSpace.learn(seen, _LEAST)
        rows = self._space.weighted(counts)
        self._words = _chosen(rows, (place[utterance] for utterance in words))
        self._masked = _chosen(rows, (place[utterance] for utterance in masked))
        self._reliability = self._count_names()
        self.known_words = KnownWords(
            Counter(
                unit
                for lesson, message in zip(taught, self._messages, strict=True)
                if lesson.intent != FALLBACK
                for unit in words_and_pairs(message.tokens)
            )
        )

    def exact_intents(self) -> dict[tuple[str, ...], str]:
        """Return what means the same whatever is named: see `Engine.exact_intents`."""
        intents: dict[tuple[str, ...], set[str]] = {}
        for lesson, message in zip(self._lessons, self._messages, strict=True):
            intents.setdefault(message.masked_tokens, set()).add(lesson.intent)
        only = {masked: intent for masked, (intent, *others) in intents.items() if not others}
        return {
            masked: intent for masked, intent in only.items() if intent in (FALLBACK, *TOPICLESS)
        }

    def scorer(self, chosen: Iterable[int]) -> CandidateScorer:
        """Teach heads with some of the lessons."""
        numbers = list(chosen)
        subjects = [(i, s) for i in numbers if (s := self._lessons[i].subject)]
        requests = [(i, r) for i in numbers if (r := self._lessons[i].request)]
        with ThreadPoolExecutor() as pool:
            # Nearly all of the time is spent in products of matrices, outside Python's lock.
            subject = pool.submit(self._head, self._words, subjects)
            request = pool.submit(self._head, self._masked, requests, _BALANCE)
        return CandidateScorer(
            knowledge=self._knowledge,
            space=self._space,
            subject=subject.result(),
            request=request.result(),
            reliability=self._reliability,
            phrases=self._phrases,
        )

    def _head(self, rows: Rows, taught: list[tuple[int, str]], balance: float = 0.0) -> LinearModel:
        rows = _chosen(rows, (i for i, _ in taught))
        weights = [self._lessons[i].weight for i, _ in taught]
        return LinearModel.fit(rows, [label for _, label in taught], weights, balance)

    def calibrated(
        self, scorer: CandidateScorer, unseen: Sequence[int]
    ) -> tuple[Logistic, Logistic]:
        """Examine heads on lessons that they were not taught with."""
        features: list[ConfidenceFeatures] = []
        right: list[bool] = []
        covered: list[bool] = []
        weights: list[float] = []
        for i in nsmallest(_EXAMINED, unseen, key=lambda i: _lot(self._lessons[i], "examined")):
            lesson, message = self._lessons[i], self._messages[i]
            if _lot(lesson, "misspelt") >= _TIDY:
                message = self._preprocessor.process(misspell(lesson.text, generator(lesson.text)))
            answered, seen = self._examine(scorer, lesson, message)
            features.append(seen)
            right.append(answered)
            covered.append(lesson.intent != FALLBACK)
            weights.append(lesson.weight)
        scope = Logistic.fit(features, covered, weights=weights, balanced=True)
        return scope, Logistic.fit(features, right, weights=weights)

    def _examine(
        self, scorer: CandidateScorer, lesson: Lesson, message: ProcessedMessage
    ) -> tuple[bool, ConfidenceFeatures]:
        context = None
        foreign_in_talk = lesson.intent == FALLBACK and _lot(lesson, "talking") < _TALKING
        if lesson.follows or lesson.intent in MOVES or foreign_in_talk:
            topic = self._topics.draw(lesson.text)
            earlier = tuple(islice(self._knowledge.neighbours(topic), 1))
            context = Context("explain", (topic,), earlier)
        candidates = scorer.candidates(message, context)
        best = candidates.interpretations[0]
        right = best.intent == lesson.intent or lesson.intent in MOVES
        if lesson.topic and lesson.intent in ABOUT_ONE:
            case = self._knowledge.entries[lesson.topic].kind is Kind.CASE
            right = best.topics == (lesson.topic,) and (right or case)
        elif lesson.intent == COMPARE and not lesson.follows:
            right = right and (lesson.topic is None or lesson.topic in best.topics)
        return right, confidence_features(message, candidates, self.known_words)

    def _count_names(self) -> Mapping[Name, float]:
        """Count how often each name stands in the questions for its own entry.

        A name that turns up all over the place ("regulators") says little about the subject. The
        counts of one name are few, so they lean on those of all names of the thing.
        """
        names: dict[Name, Counter[bool]] = {}
        things: dict[tuple[str, str], Counter[bool]] = {}
        for lesson, message in zip(self._lessons, self._messages, strict=True):
            if lesson.request == ASK:
                for mention in message.mentions:
                    entry = linked_entry(mention.name, self._knowledge)
                    if entry is None or lesson.topic in self._knowledge.neighbours(entry):
                        continue
                    own = entry == lesson.topic
                    thing = (mention.name.type, mention.name.id)
                    names.setdefault(mention.name, Counter())[own] += 1
                    things.setdefault(thing, Counter())[own] += 1
        reliability: dict[Name, float] = {}
        for name, hits in names.items():
            of_thing = things[name.type, name.id]
            usual = (of_thing[True] + _SURE) / (of_thing.total() + _SURE)
            reliability[name] = (hits[True] + _SURE * usual) / (hits.total() + _SURE)
        return reliability


def _lot(lesson: Lesson, what_for: str) -> float:
    return share(what_for, lesson.text, lesson.request)


def _chosen(rows: Rows, numbers: Iterable[int]) -> Rows:
    return rows.taken(np.fromiter(numbers, np.int32))
