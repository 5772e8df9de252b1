"""Training: builds an engine by fitting its linear models."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from sys import intern
from typing import Final

import numpy as np
import numpy.typing as npt

from ..knowledge import Knowledge
from . import pinyin, training_data
from .answer_types import AnswerTypes
from .background import Background
from .candidates import ASK, CandidateScorer
from .classifier.features import FeatureSpace
from .classifier.linear_model import LinearModel
from .confidence import (
    ConfidenceModel,
    KnownWords,
    words_and_pairs,
)
from .dialogue_phrases import DialoguePhrases
from .engine import Engine
from .entity_linker import EntityLinker, Mention, Name, linked_entry
from .homophones import HomophoneCorrector
from .pinyin_input import PinyinInput
from .preprocessing import Preprocessor, canonical_tokens, masked_tokens
from .sampling import Sampler
from .spelling import SpellingCorrector, Vocabulary
from .statement_training import build
from .stored_weights import load_weights
from .taught import TaughtQuestions
from .text import Tokens, tokens
from .training_data import TrainingExample
from .understanding import FALLBACK, TOPICLESS
from .utterances import load_utterances

_BALANCE: Final = 0.5
"""How far the request model counts labels rather than examples: see `LinearModel.fit`."""
_NAMES: Final = 25
"""How many examples a name counts for when words are corrected: to a name before others."""
_LEAST: Final = 3
"""How many utterances must have a feature: what is seen once tells nothing of other questions."""
_LINKED: Final = 0.25
"""How much a name counts in a question for an entry that is linked with its own."""
_PRIOR: Final = 2.0
"""How many unseen hits each name starts with when its reliability is counted."""


def train(knowledge: Knowledge, *, seed: int = 0) -> Engine:
    """Build an engine for a knowledge.

    Args:
        knowledge: What there is to talk about.
        seed: Chooses names for carrier phrases. It is arbitrary: no seed is better than another but
            by chance (``benchmarks/seeds.py``).

    Returns:
        The engine. The same input gives the same engine.
    """
    trainer = Trainer(knowledge, Sampler(seed))
    preprocessor, known_words, exact = (
        trainer.preprocessor,
        trainer.known_words,
        trainer.exact_intents,
    )
    scorer = trainer.scorer(range(len(trainer.examples)))
    del trainer  # it takes much memory, which what follows may have
    weights = load_weights()
    confidence = ConfidenceModel(known_words, weights.in_scope.chance, weights.correct.chance)
    ranker = build(knowledge, preprocessor.linker, scorer.space, weights)
    scorer = replace(scorer, index=ranker.index, lack=weights.lack)
    taught = TaughtQuestions.of(knowledge)
    return Engine(preprocessor, scorer, confidence, ranker, exact, taught)


def _interned(text: str) -> Tokens:
    """Return the tokens of a text; those of all texts would take much memory if not shared."""
    return tuple(map(intern, tokens(text)))


def _preprocessor(
    linker: EntityLinker,
    readings: Mapping[str, tuple[str, ...]],
    vocabulary: list[Tokens],
    names: list[Tokens],
) -> Preprocessor:
    """Learn the words of texts, and those of names, which count more."""
    homophones = HomophoneCorrector.fit(vocabulary, readings)
    return Preprocessor(
        linker,
        homophones,
        SpellingCorrector(Vocabulary.of([*vocabulary, *names * _NAMES])),
        PinyinInput.fit(vocabulary, linker.shared, readings, homophones.pairs, homophones.triples),
    )


class Trainer:
    """Fits models to what there is to learn from.

    Args:
        knowledge: What there is to talk about.
        sampler: Chooses names for carrier phrases.
    """

    def __init__(self, knowledge: Knowledge, sampler: Sampler) -> None:
        self._phrases = DialoguePhrases.load()
        linker = EntityLinker.build(knowledge, self._phrases.kinds)
        readings = pinyin.readings()
        pinyin.forget()  # before there is more to go through in search of what is free
        general = load_utterances().items()
        said = {intent: one.with_(knowledge.asks.get(intent)) for intent, one in general}
        examples = [
            *training_data.entry_examples(knowledge),
            *training_data.utterance_examples(knowledge, said, sampler),
        ]
        words = [_interned(example.text) for example in examples]
        self._knowledge = knowledge
        background = map(_interned, training_data.background_texts(knowledge))
        self.preprocessor = _preprocessor(
            linker,
            readings,
            vocabulary=[*words, *self._phrases.words, *background],
            names=[one for example, one in zip(examples, words, strict=True) if example.named],
        )
        self.examples = examples
        intents: dict[Tokens, str | None] = {}
        self._frames: set[Tokens] = set()
        names = _NameCounts(knowledge)
        # One feature space for both models: most of what they see is the same.
        rows: dict[Tokens, int] = {}
        canonical: list[int] = []
        masked: list[int] = []
        for example, said in zip(examples, words, strict=True):
            # Nothing is corrected in what the words and names were learned from.
            mentions = self.preprocessor.linker.mentions(said)
            named, hidden = canonical_tokens(said, mentions), masked_tokens(said, mentions)
            canonical.append(rows.setdefault(named, len(rows)))
            masked.append(rows.setdefault(hidden, len(rows)))
            if intents.setdefault(hidden, example.intent) != example.intent:
                intents[hidden] = None  # it has several
            if example.topic and example.carrier:
                self._frames.add(hidden)
            names.add(example, mentions)
        self.known_words = _known_words(examples, words)
        self.exact_intents = {
            tokens: intent for tokens, intent in intents.items() if intent in (FALLBACK, *TOPICLESS)
        }
        """What means the same whatever is named: see `Engine.exact_intents`."""
        self._reliability = names.reliability()
        self._canonical, self._masked = np.array(canonical, np.int32), np.array(masked, np.int32)
        self._space, self._counts = FeatureSpace.learn([*rows], _LEAST)

    def scorer(self, chosen: Iterable[int]) -> CandidateScorer:
        """Fit both models to some of the examples, given their numbers."""
        numbers = list(chosen)
        subjects = [(i, s) for i in numbers if (s := self.examples[i].subject)]
        requests = [(i, r) for i in numbers if (r := self.examples[i].request)]
        return CandidateScorer(
            knowledge=self._knowledge,
            space=self._space,
            subject=self._model(self._canonical, subjects, 0.0),
            request=self._model(self._masked, requests, _BALANCE),
            reliability=self._reliability,
            phrases=self._phrases,
            background=Background(self._phrases, AnswerTypes.load()),
            frames=frozenset(self._frames),
        )

    def _model(
        self,
        rows: npt.NDArray[np.int32],
        labelled: list[tuple[int, str]],
        balance: float,
    ) -> LinearModel:
        numbers = [i for i, _ in labelled]
        weights = [self.examples[i].weight for i in numbers]
        labels = [label for _, label in labelled]
        # Weighted one model after the other, as counts take less memory.
        weighted = self._space.weighted(self._counts.taken(rows[numbers]))
        return LinearModel.fit(weighted, labels, weights, balance)


def _known_words(examples: Sequence[TrainingExample], words: Sequence[Tokens]) -> KnownWords:
    """Learn which words are those of what is answered."""
    counts: Counter[str] = Counter()
    for example, said in zip(examples, words, strict=True):
        if example.intent != FALLBACK:
            counts.update(words_and_pairs(said))
    return KnownWords.of(counts)


def _tally() -> defaultdict[bool, float]:
    return defaultdict(float)


class _NameCounts:
    """Counts how often each name stands in the questions for its own entry.

    A name that turns up all over the place ("regulators") says little about the subject. The counts
    of one name are few, so they lean on those of all names of the thing.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._names: defaultdict[Name, defaultdict[bool, float]] = defaultdict(_tally)
        self._things: defaultdict[tuple[str, str], defaultdict[bool, float]] = defaultdict(_tally)

    def add(self, example: TrainingExample, mentions: Iterable[Mention]) -> None:
        """Count the names in an example."""
        if example.request != ASK:
            return
        for mention in mentions:
            entry = linked_entry(mention.name, self._knowledge)
            if entry is None:
                continue
            own = entry == example.topic
            # What is asked of a linked entry is often also about this one.
            linked = example.topic in self._knowledge.neighbours[entry]
            weight = _LINKED if linked and not own else 1.0
            self._names[mention.name][own] += weight
            self._things[mention.name.type, mention.name.id][own] += weight

    def reliability(self) -> Mapping[Name, float]:
        """Return how surely each name means that its entry is the subject, from 0 to 1."""
        found: dict[Name, float] = {}
        for name, hits in self._names.items():
            of_thing = self._things[name.type, name.id]
            usual = (of_thing[True] + _PRIOR) / (sum(of_thing.values()) + _PRIOR)
            found[name] = (hits[True] + _PRIOR * usual) / (sum(hits.values()) + _PRIOR)
        return found
