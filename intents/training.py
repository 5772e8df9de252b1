"""Training: builds an engine by fitting its linear models and calibrating its confidence."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import nsmallest
from itertools import islice
from sys import intern
from typing import Final

import numpy as np
import numpy.typing as npt

from ..knowledge import Kind, Knowledge
from . import pinyin, training_data
from .candidates import ASK, CandidateScorer
from .classifier.features import FeatureSpace
from .classifier.linear_model import LinearModel, Logistic
from .classifier.typos import misspell
from .confidence import (
    ConfidenceFeatures,
    ConfidenceModel,
    KnownWords,
    confidence_features,
    words_and_pairs,
)
from .dialogue_phrases import DialoguePhrases
from .engine import Engine
from .entity_linker import EntityLinker, Mention, Name, linked_entry
from .homophones import HomophoneCorrector
from .preprocessing import Preprocessor, canonical_tokens, masked_tokens
from .sampling import Pool, Sampler
from .spelling import SpellingCorrector, Vocabulary
from .statement_training import build
from .text import Tokens, tokens
from .training_data import MOVES, TrainingExample
from .understanding import ABOUT_ONE, COMPARE, FALLBACK, TOPICLESS, Context
from .utterances import load_utterances

_BALANCE: Final = 0.5
"""How far the request model counts labels rather than examples: see `LinearModel.fit`."""
_HELD_OUT: Final = 0.3
"""Share of the examples that are held out to calibrate the confidence."""
_TESTED: Final = 2500
"""How many of these are tested at most."""
_MISSPELT: Final = 0.4
"""Share of these that are tested with typing errors."""
_NAMES: Final = 25
"""How many examples a name counts for when words are corrected: to a name before others."""
_IN_CONVERSATION: Final = 0.15
"""Share of the out-of-scope examples that are tested in the middle of a conversation."""
_LEAST: Final = 2
"""How many utterances must have a feature: what is seen once tells nothing of other questions."""
_PRIOR: Final = 2.0
"""How many unseen hits each name starts with when its reliability is counted."""


def train(knowledge: Knowledge, *, seed: int = 0) -> Engine:
    """Build an engine for a knowledge.

    Args:
        knowledge: What there is to talk about.
        seed: Chooses names for carrier phrases, and what is held out for the calibration. It is
            arbitrary: no seed is better than another but by chance (``benchmarks/seeds.py``).

    Returns:
        The engine. The same input gives the same engine.
    """
    general = load_utterances().items()
    said = {intent: one.with_(knowledge.asks.get(intent)) for intent, one in general}
    sampler = Sampler(seed)
    examples = [
        *training_data.entry_examples(knowledge),
        *training_data.utterance_examples(knowledge, said, sampler),
    ]
    trainer = _Trainer(knowledge, DialoguePhrases.load(), examples, sampler)
    confidence, part = trainer.calibrated()
    scorer = trainer.scorer(range(len(examples)), part)
    ranker = build(knowledge, trainer.preprocessor.linker, scorer.space)
    return Engine(trainer.preprocessor, scorer, confidence, ranker, trainer.exact_intents)


def _interned(text: str) -> Tokens:
    """Return the tokens of a text; those of all texts would take much memory if not shared."""
    return tuple(map(intern, tokens(text)))


def _preprocessor(
    knowledge: Knowledge,
    phrases: DialoguePhrases,
    examples: Sequence[TrainingExample],
    words: Sequence[Tokens],
) -> Preprocessor:
    """Learn the words and names of a knowledge, given those of the examples."""
    vocabulary = [*words, *map(_interned, training_data.background_texts(knowledge))]
    names = [one for example, one in zip(examples, words, strict=True) if example.named]
    linker = EntityLinker.build(knowledge, phrases.kinds)
    readings = pinyin.readings()
    pinyin.forget()
    return Preprocessor(
        linker,
        HomophoneCorrector.fit(vocabulary, readings),
        SpellingCorrector(Vocabulary.of([*vocabulary, *names * _NAMES])),
    )


class _Trainer:
    """Fits models to examples, and tests them on examples that were left out."""

    def __init__(
        self,
        knowledge: Knowledge,
        phrases: DialoguePhrases,
        examples: Sequence[TrainingExample],
        sampler: Sampler,
    ) -> None:
        words = [_interned(example.text) for example in examples]
        self.preprocessor = _preprocessor(knowledge, phrases, examples, words)
        self._knowledge = knowledge
        self._phrases = phrases
        self._examples = examples
        self._sampler = sampler
        self._topics = Pool(sampler, ((id_, id_) for id_ in knowledge.entries))
        intents: dict[Tokens, str | None] = {}
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
            names.add(example, mentions)
        self._known_words = _known_words(examples, words)
        self.exact_intents = {
            tokens: intent for tokens, intent in intents.items() if intent in (FALLBACK, *TOPICLESS)
        }
        """What means the same whatever is named: see `Engine.exact_intents`."""
        self._reliability = names.reliability()
        self._canonical, self._masked = np.array(canonical, np.int32), np.array(masked, np.int32)
        self._space, self._counts = FeatureSpace.learn([*rows], _LEAST)

    def scorer(self, chosen: Iterable[int], part: CandidateScorer | None = None) -> CandidateScorer:
        """Fit both models to some of the examples, given their numbers.

        Args:
            chosen: The numbers of the examples.
            part: What was fitted to a part of them, if anything was.
        """
        numbers = list(chosen)
        subjects = [(i, s) for i in numbers if (s := self._examples[i].subject)]
        requests = [(i, r) for i in numbers if (r := self._examples[i].request)]
        return CandidateScorer(
            knowledge=self._knowledge,
            space=self._space,
            subject=self._model(self._canonical, subjects, 0.0, part and part.subject),
            request=self._model(self._masked, requests, _BALANCE, part and part.request),
            reliability=self._reliability,
            phrases=self._phrases,
        )

    def _model(
        self,
        rows: npt.NDArray[np.int32],
        labelled: list[tuple[int, str]],
        balance: float,
        part: LinearModel | None,
    ) -> LinearModel:
        numbers = [i for i, _ in labelled]
        weights = [self._examples[i].weight for i in numbers]
        labels = [label for _, label in labelled]
        # Weighted one model after the other, as counts take less memory.
        weighted = self._space.weighted(self._counts.taken(rows[numbers]))
        return LinearModel.fit(weighted, labels, weights, balance, start=part)

    def calibrated(self) -> tuple[ConfidenceModel, CandidateScorer]:
        """Fit models to a part of the examples, and learn from tests on the rest how sure to be.

        Returns:
            How sure to be, and the models.
        """
        held_out = {
            i
            for i, example in enumerate(self._examples)
            if example.request and self._fraction("held", example) < _HELD_OUT
        }
        scorer = self.scorer(i for i in range(len(self._examples)) if i not in held_out)
        features: list[ConfidenceFeatures] = []
        correct: list[bool] = []
        in_scope: list[bool] = []
        weights: list[float] = []
        order = {i: self._fraction("examined", self._examples[i]) for i in held_out}
        for i in nsmallest(_TESTED, held_out, key=order.__getitem__):
            example = self._examples[i]
            answered, seen = self._test(scorer, example)
            features.append(seen)
            correct.append(answered)
            in_scope.append(example.intent != FALLBACK)
            weights.append(example.weight)
        p_in_scope = Logistic.fit(features, in_scope, weights=weights, balanced=True)
        p_correct = Logistic.fit(features, correct, weights=weights)
        return ConfidenceModel(self._known_words, p_in_scope, p_correct), scorer

    def _test(
        self, scorer: CandidateScorer, example: TrainingExample
    ) -> tuple[bool, ConfidenceFeatures]:
        """Return whether an example is understood, and what tells how sure that is."""
        text = example.text
        if self._fraction("misspelt", example) >= 1 - _MISSPELT:
            text = misspell(text, self._sampler.generator(text))
        message = self.preprocessor.process(text)
        candidates = scorer.candidates(scorer.scored(message), self._context(example))
        best = candidates.interpretations[0]
        correct = best.intent == example.intent or example.intent in MOVES
        if example.topic and example.intent in ABOUT_ONE:
            case = self._knowledge.entries[example.topic].kind is Kind.CASE
            correct = best.topics == (example.topic,) and (correct or case)
        elif example.intent == COMPARE and not example.follows:
            correct = correct and (example.topic is None or example.topic in best.topics)
        return correct, confidence_features(message, candidates, self._known_words)

    def _context(self, example: TrainingExample) -> Context | None:
        """Return the conversation in which an example is tested, if there is one."""
        between = (
            example.intent == FALLBACK and self._fraction("talking", example) < _IN_CONVERSATION
        )
        if not (example.follows or example.intent in MOVES or between):
            return None
        topic = self._topics.choose(example.text)
        return Context("explain", (topic,), tuple(islice(self._knowledge.neighbours[topic], 1)))

    def _fraction(self, purpose: str, example: TrainingExample) -> float:
        return self._sampler.fraction(purpose, example.text, example.request)


def _known_words(examples: Sequence[TrainingExample], words: Sequence[Tokens]) -> KnownWords:
    """Learn which words are those of what is answered."""
    counts: Counter[str] = Counter()
    for example, said in zip(examples, words, strict=True):
        if example.intent != FALLBACK:
            counts.update(words_and_pairs(said))
    return KnownWords.of(counts)


class _NameCounts:
    """Counts how often each name stands in the questions for its own entry.

    A name that turns up all over the place ("regulators") says little about the subject. The counts
    of one name are few, so they lean on those of all names of the thing.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._names: defaultdict[Name, Counter[bool]] = defaultdict(Counter)
        self._things: defaultdict[tuple[str, str], Counter[bool]] = defaultdict(Counter)

    def add(self, example: TrainingExample, mentions: Iterable[Mention]) -> None:
        """Count the names in an example."""
        if example.request != ASK:
            return
        for mention in mentions:
            entry = linked_entry(mention.name, self._knowledge)
            if entry is None or example.topic in self._knowledge.neighbours[entry]:
                continue
            own = entry == example.topic
            self._names[mention.name][own] += 1
            self._things[mention.name.type, mention.name.id][own] += 1

    def reliability(self) -> Mapping[Name, float]:
        """Return how surely each name means that its entry is the subject, from 0 to 1."""
        found: dict[Name, float] = {}
        for name, hits in self._names.items():
            of_thing = self._things[name.type, name.id]
            usual = (of_thing[True] + _PRIOR) / (of_thing.total() + _PRIOR)
            found[name] = (hits[True] + _PRIOR * usual) / (hits.total() + _PRIOR)
        return found
