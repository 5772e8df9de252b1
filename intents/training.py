"""Building an engine: what it learns from, and how its confidence is calibrated."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Final

from ..knowledge import LANGUAGES, Kind, Knowledge, Language
from . import pinyin
from .deciding import Evidence, Known, units, weigh
from .dialogue import Context
from .engine import Engine
from .features import FeatureSpace, Rows
from .head import Head
from .homophones import HomophoneRepairer
from .interpreting import AGAIN, ASK, IT, MORE, PARENT, Interpreter, meant
from .lexicon import Lexicon, Name
from .logistic import Logistic
from .phrases import Phrases
from .reading import Reader, Reading
from .repair import Repairer, Vocabulary
from .text import normalize, tokens
from .typos import misspell
from .understanding import ABOUT_ONE, COMPARE, FALLBACK, TOPICLESS
from .utterances import REGION, TOPIC, Utterances, fill, load_utterances

_SEED: Final = 20251220
_BALANCE: Final = 0.5
"""How far the request head counts labels rather than examples: see `Head.fit`."""
_FRAME: Final = 3.0
"""How many examples a frame such as "what is {topic}" counts for: it holds for every name."""
_HELD_OUT: Final = 0.3
"""Share of the lessons that the confidence is calibrated with."""
_TIDY: Final = 0.6
"""Share of these that are examined without typing errors."""
_MOVES: Final = (MORE, AGAIN, PARENT)
_TALKING: Final = 0.3
"""Share of the foreign lessons that are examined in the middle of a conversation."""
_SURE: Final = 2.0
"""How many unseen hits each name starts with when its reliability is counted."""


@dataclass(frozen=True, slots=True)
class _Lesson:
    """One utterance to learn from."""

    text: str
    """What somebody says."""
    subject: str | None
    """Label for the subject head, if it teaches that."""
    request: str | None
    """Label for the request head, if it teaches that."""
    intent: str
    """The intent that is right."""
    topic: str | None = None
    """The entry that is right, where there is one."""
    follows: bool = False
    """Whether it makes sense only after something."""
    weight: float = 1.0
    """How many examples it counts for."""


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
    chance = random.Random(_SEED)  # noqa: S311 - for repeatable samples, not for secrets
    spoken = load_utterances() if utterances is None else utterances
    lessons = [*_asked(knowledge), *_spoken(knowledge, spoken, chance)]
    lexicon = Lexicon.build(knowledge)
    texts = [normalize(text) for text in (*(lesson.text for lesson in lessons), *_prose(knowledge))]
    reader = Reader(
        lexicon,
        HomophoneRepairer.fit(texts, pinyin.readings()),
        Repairer(Vocabulary.of(map(tokens, texts))),
    )
    school = _School(knowledge, reader, phrases or Phrases.load(), lessons)
    scope, right = school.calibrated(chance)
    return Engine(school.interpreter(range(len(lessons))), reader, school.known, scope, right)


def _asked(knowledge: Knowledge) -> Iterator[_Lesson]:
    """Yield what the knowledge itself teaches: names, questions and statements of each entry."""
    for id_, entry in knowledge.entries.items():
        for language in LANGUAGES:
            for name in entry.names(language):
                yield _Lesson(name, id_, None, "explain", id_)
            for ask in entry.asks.in_(language):
                yield _Lesson(ask, id_, ASK, "explain", id_)
            for text in (entry.brief, entry.summary, *entry.statements()):
                yield _Lesson(text.in_(language), id_, None, "explain", id_)


def _spoken(
    knowledge: Knowledge, utterances: Mapping[str, Utterances], chance: random.Random
) -> Iterator[_Lesson]:
    """Yield what the example utterances teach, their slots filled with names."""
    for intent, spoken in utterances.items():
        whole = intent if intent in (*TOPICLESS, *_MOVES, FALLBACK) else None
        for language in LANGUAGES:
            names = _names(knowledge, language, chance)
            places = _places(knowledge, language, chance)
            for utterance in spoken.in_(language):
                topic, named = next(names)
                text = fill(utterance, _first(named, names), places)
                about = topic if TOPIC in utterance else None
                if about is None:
                    subject = whole
                else:
                    # Frames that are foreign whatever they name say nothing about the name.
                    subject = about if intent in ABOUT_ONE else None
                weight = _FRAME if about and intent != FALLBACK else 1.0
                yield _Lesson(text, subject, intent, intent, about, weight=weight)
            for utterance in spoken.worded.in_(language):
                yield _Lesson(utterance, whole, intent, intent)
            for utterance in spoken.elliptical.in_(language):
                yield _Lesson(utterance, IT, intent, intent, follows=True)
        for utterance in spoken.other:
            yield _Lesson(utterance, whole, intent, intent)
    for language in LANGUAGES:
        frames = [
            frame
            for intent in ABOUT_ONE
            for frame in utterances[intent].in_(language)
            if frame.count(TOPIC) == 1
        ]
        for thing in knowledge.outside.values():
            for name in thing.names(language):
                text = chance.choice(frames).replace(TOPIC, name)
                yield _Lesson(text, FALLBACK, FALLBACK, FALLBACK)


def _first(name: str, names: Iterator[tuple[str, str]]) -> Iterator[str]:
    yield name
    for _, other in names:
        yield other


def _names(
    knowledge: Knowledge, language: Language, chance: random.Random
) -> Iterator[tuple[str, str]]:
    """Yield entries, each with one of its names, endlessly and evenly mixed."""
    named = [(id_, name) for id_, e in knowledge.entries.items() for name in e.names(language)]
    chance.shuffle(named)
    return cycle(named)


def _places(knowledge: Knowledge, language: Language, chance: random.Random) -> Iterator[str]:
    places = [name for region in knowledge.regions.values() for name in region.names(language)]
    chance.shuffle(places)
    return cycle(places or [REGION])


def _prose(knowledge: Knowledge) -> Iterator[str]:
    """Yield texts that teach words and character pairs only."""
    tables = (knowledge.glossary, knowledge.outside, knowledge.regions)
    for language in LANGUAGES:
        for table in tables:
            for thing in table.values():
                yield from thing.names(language)
        for term in knowledge.glossary.values():
            yield term.text.in_(language)
        yield from (fact.in_(language) for fact in knowledge.overview.facts)


class _School:
    """Teaches heads with lessons, and examines them on lessons that were left out."""

    def __init__(
        self,
        knowledge: Knowledge,
        reader: Reader,
        phrases: Phrases,
        lessons: Sequence[_Lesson],
    ) -> None:
        self._knowledge = knowledge
        self._reader = reader
        self._phrases = phrases
        self._lessons = lessons
        self._readings = [reader.read(lesson.text) for lesson in lessons]
        words, rests = [r.words for r in self._readings], [r.rest for r in self._readings]
        # One space for both heads: most of what they see is the same.
        self._space = FeatureSpace.fit([*words, *rests])
        self._words, self._rests = self._space.counts(words), self._space.counts(rests)
        self._reliability = self._count_names()
        self.known = Known(
            Counter(
                unit
                for lesson, reading in zip(lessons, self._readings, strict=True)
                if lesson.intent != FALLBACK
                for unit in units(reading.mended)
            )
        )

    def interpreter(self, chosen: Iterable[int]) -> Interpreter:
        """Teach heads with some of the lessons."""
        lessons = list(chosen)
        subjects = [(i, s) for i in lessons if (s := self._lessons[i].subject)]
        requests = [(i, r) for i in lessons if (r := self._lessons[i].request)]
        return Interpreter(
            knowledge=self._knowledge,
            subject=self._head(self._words, subjects),
            request=self._head(self._rests, requests, _BALANCE),
            reliability=self._reliability,
            phrases=self._phrases,
        )

    def _head(self, counts: Rows, taught: list[tuple[int, str]], balance: float = 0.0) -> Head:
        rows = counts.taken([i for i, _ in taught])
        weights = [self._lessons[i].weight for i, _ in taught]
        return Head.fit(self._space, rows, [label for _, label in taught], weights, balance)

    def calibrated(self, chance: random.Random) -> tuple[Logistic, Logistic]:
        """Examine heads on lessons that they were not taught with."""
        evidence: list[Evidence] = []
        right: list[bool] = []
        covered: list[bool] = []
        held = [l.request is not None and chance.random() < _HELD_OUT for l in self._lessons]
        interpreter = self.interpreter(i for i, out in enumerate(held) if not out)
        for lesson in (lesson for lesson, out in zip(self._lessons, held, strict=True) if out):
            text = lesson.text if chance.random() < _TIDY else misspell(lesson.text, chance)
            answered, seen = self._examine(interpreter, lesson, self._reader.read(text), chance)
            evidence.append(seen)
            right.append(answered)
            covered.append(lesson.intent != FALLBACK)
        return Logistic.fit(evidence, covered), Logistic.fit(evidence, right)

    def _examine(
        self, interpreter: Interpreter, lesson: _Lesson, reading: Reading, chance: random.Random
    ) -> tuple[bool, Evidence]:
        context = None
        foreign_in_talk = lesson.intent == FALLBACK and chance.random() < _TALKING
        if lesson.follows or lesson.intent in _MOVES or foreign_in_talk:
            topic = chance.choice(list(self._knowledge.entries))
            earlier = tuple(islice(self._knowledge.neighbours(topic), 1))
            context = Context("explain", (topic,), earlier)
        found, subject, request = interpreter.interpret(reading, context)
        best = found[0]
        right = best.intent == lesson.intent or lesson.intent in _MOVES
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
