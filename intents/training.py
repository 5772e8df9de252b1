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
from .candidates import ASK
from .classifier.features import FeatureSpace, Rows
from .classifier.linear_model import LinearModel
from .classifier.logistic import Logistic
from .classifier.typos import misspell
from .confidence import Evidence, Known, units, weigh
from .dialogue import Context
from .dialogue_phrases import Phrases
from .engine import Engine
from .entity_linker import Lexicon, Name, meant
from .homophones import HomophoneRepairer
from .interpreter import Interpreter
from .preprocessing import Reader, Reading
from .sampling import Pool, generator, share
from .spelling import Repairer, Vocabulary
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
"""How many examples a name counts for when words are mended: a slip is mended to a name first."""
_TALKING: Final = 0.15
"""Share of the foreign lessons that are examined in the middle of a conversation."""
_LEAST: Final = 2
"""How many lessons must have a feature: what is seen once tells nothing of other questions."""
_SURE: Final = 2.0
"""How many unseen hits each name starts with when its reliability is counted."""


def train(
    knowledge: Knowledge,
    utterances: Mapping[str, Utterances] | None = None,
    phrases: Phrases | None = None,
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
    steering = phrases or Phrases.load()
    taught = [*training_data.asked(knowledge), *training_data.spoken(knowledge, said)]
    texts = (*(lesson.text for lesson in taught), *training_data.prose(knowledge))
    vocabulary = [tokens(text) for text in texts]
    names = [tokens(lesson.text) for lesson in taught if lesson.named]
    reader = Reader(
        Lexicon.build(knowledge, steering.kinds),
        HomophoneRepairer.fit(vocabulary, pinyin.readings()),
        Repairer(Vocabulary.of([*vocabulary, *names * _NAMES])),
    )
    school = _School(knowledge, reader, steering, taught)
    held = [lesson.request is not None and _lot(lesson, "held") < _HELD_OUT for lesson in taught]
    examinee = school.interpreter(i for i, out in enumerate(held) if not out)
    with ThreadPoolExecutor(1) as pool:
        # Heads are fitted outside Python's lock, so the examination goes on meanwhile.
        interpreter = pool.submit(school.interpreter, range(len(taught)))
        unseen = [i for i, out in enumerate(held) if out]
        scope, right = school.calibrated(examinee, unseen)
    return Engine(interpreter.result(), reader, school.known, scope, right, school.by_heart())


class _School:
    """Teaches heads with lessons, and examines them on lessons that were left out."""

    def __init__(
        self,
        knowledge: Knowledge,
        reader: Reader,
        phrases: Phrases,
        taught: Sequence[Lesson],
    ) -> None:
        self._knowledge = knowledge
        self._reader = reader
        self._phrases = phrases
        self._lessons = taught
        self._topics = Pool((id_, id_) for id_ in knowledge.entries)
        self._readings = [reader.read(lesson.text) for lesson in taught]
        words, rests = [r.words for r in self._readings], [r.rest for r in self._readings]
        # One space for both heads: most of what they see is the same.
        seen = list(dict.fromkeys((*words, *rests)))
        place = {utterance: i for i, utterance in enumerate(seen)}
        self._space, counts = FeatureSpace.learn(seen, _LEAST)
        rows = self._space.weighted(counts)
        self._words = _chosen(rows, (place[utterance] for utterance in words))
        self._rests = _chosen(rows, (place[utterance] for utterance in rests))
        self._reliability = self._count_names()
        self.known = Known(
            Counter(
                unit
                for lesson, reading in zip(taught, self._readings, strict=True)
                if lesson.intent != FALLBACK
                for unit in units(reading.mended)
            )
        )

    def by_heart(self) -> dict[tuple[str, ...], str]:
        """Return what means the same whatever is named: see `Engine.by_heart`."""
        intents: dict[tuple[str, ...], set[str]] = {}
        for lesson, reading in zip(self._lessons, self._readings, strict=True):
            intents.setdefault(reading.rest, set()).add(lesson.intent)
        only = {rest: intent for rest, (intent, *others) in intents.items() if not others}
        return {rest: intent for rest, intent in only.items() if intent in (FALLBACK, *TOPICLESS)}

    def interpreter(self, chosen: Iterable[int]) -> Interpreter:
        """Teach heads with some of the lessons."""
        numbers = list(chosen)
        subjects = [(i, s) for i in numbers if (s := self._lessons[i].subject)]
        requests = [(i, r) for i in numbers if (r := self._lessons[i].request)]
        with ThreadPoolExecutor() as pool:
            # Nearly all of the time is spent in products of matrices, outside Python's lock.
            subject = pool.submit(self._head, self._words, subjects)
            request = pool.submit(self._head, self._rests, requests, _BALANCE)
        return Interpreter(
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
        self, interpreter: Interpreter, unseen: Sequence[int]
    ) -> tuple[Logistic, Logistic]:
        """Examine heads on lessons that they were not taught with."""
        evidence: list[Evidence] = []
        right: list[bool] = []
        covered: list[bool] = []
        weights: list[float] = []
        for i in nsmallest(_EXAMINED, unseen, key=lambda i: _lot(self._lessons[i], "examined")):
            lesson, reading = self._lessons[i], self._readings[i]
            if _lot(lesson, "misspelt") >= _TIDY:
                reading = self._reader.read(misspell(lesson.text, generator(lesson.text)))
            answered, seen = self._examine(interpreter, lesson, reading)
            evidence.append(seen)
            right.append(answered)
            covered.append(lesson.intent != FALLBACK)
            weights.append(lesson.weight)
        scope = Logistic.fit(evidence, covered, weights=weights, balanced=True)
        return scope, Logistic.fit(evidence, right, weights=weights)

    def _examine(
        self, interpreter: Interpreter, lesson: Lesson, reading: Reading
    ) -> tuple[bool, Evidence]:
        context = None
        foreign_in_talk = lesson.intent == FALLBACK and _lot(lesson, "talking") < _TALKING
        if lesson.follows or lesson.intent in MOVES or foreign_in_talk:
            topic = self._topics.draw(lesson.text)
            earlier = tuple(islice(self._knowledge.neighbours(topic), 1))
            context = Context("explain", (topic,), earlier)
        found, subject, request = interpreter.interpret(reading, context)
        best = found[0]
        right = best.intent == lesson.intent or lesson.intent in MOVES
        if lesson.topic and lesson.intent in ABOUT_ONE:
            case = self._knowledge.entries[lesson.topic].kind is Kind.CASE
            right = best.topics == (lesson.topic,) and (right or case)
        elif lesson.intent == COMPARE and not lesson.follows:
            right = right and (lesson.topic is None or lesson.topic in best.topics)
        return right, weigh(reading, found, subject, request, self.known)

    def _count_names(self) -> Mapping[Name, float]:
        """Count how often each name stands in the questions for its own entry.

        A name that turns up all over the place ("regulators") says little about the subject. The
        counts of one name are few, so they lean on those of all names of the thing.
        """
        names: dict[Name, Counter[bool]] = {}
        things: dict[tuple[str, str], Counter[bool]] = {}
        for lesson, reading in zip(self._lessons, self._readings, strict=True):
            if lesson.request == ASK:
                for mention in reading.mentions:
                    entry = meant(mention.name, self._knowledge)
                    if entry is None or lesson.topic in self._knowledge.neighbours(entry):
                        continue
                    own = entry == lesson.topic
                    thing = (mention.name.sort, mention.name.id)
                    names.setdefault(mention.name, Counter())[own] += 1
                    things.setdefault(thing, Counter())[own] += 1
        reliability: dict[Name, float] = {}
        for name, hits in names.items():
            of_thing = things[name.sort, name.id]
            usual = (of_thing[True] + _SURE) / (of_thing.total() + _SURE)
            reliability[name] = (hits[True] + _SURE * usual) / (hits.total() + _SURE)
        return reliability


def _lot(lesson: Lesson, what_for: str) -> float:
    return share(what_for, lesson.text, lesson.request)


def _chosen(rows: Rows, numbers: Iterable[int]) -> Rows:
    return rows.taken(np.fromiter(numbers, np.int32))
