"""Learning which entry is meant and how sure to be of it, from examples that are held out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from heapq import nsmallest
from itertools import islice
from statistics import mean
from typing import Final, NamedTuple

import numpy as np

from ..knowledge import Kind, Knowledge
from .answer_types import AnswerTypes
from .candidates import CandidateScorer
from .classifier.linear_model import Logistic
from .classifier.typos import misspell
from .confidence import ConfidenceFeatures, confidence_features
from .preprocessing import ProcessedMessage
from .sampling import Pool, Sampler
from .statement_training import UNLEARNED, asked, fitted
from .statement_weights import Examined, fit_weights
from .training import Trainer
from .training_data import MOVES, TrainingExample
from .understanding import ABOUT_ONE, COMPARE, FALLBACK, Context

_SEEDS: Final = 5
"""How often other examples are held out: one draw alone is partly luck."""
_HELD_OUT: Final = 0.3
"""Share of the examples that are held out."""
_TESTED: Final = 2500
"""How many of these are tested at most."""
_MISSPELT: Final = 0.4
"""Share of these that are tested with typing errors."""
_RARE: Final = 0.02
"""Share that each intent has of what is tested at least: the more a knowledge holds, the rarer are
greetings among its examples, and people greet no less."""
_IN_CONVERSATION: Final = 0.15
"""Share of the out-of-scope examples that are tested in the middle of a conversation."""


class TestedExample(NamedTuple):
    """What becomes of an example that was held out."""

    features: ConfidenceFeatures
    """What tells how sure to be of its best interpretation."""
    correct: bool
    """Whether that is right."""
    in_scope: bool
    """Whether it is about something that is covered."""
    weight: float
    """How many examples it counts for."""


def fit_confidence(examined: Sequence[TestedExample]) -> tuple[Logistic, Logistic]:
    """Learn the chances of being in scope, and of being right."""
    features = [one.features for one in examined]
    weights = [one.weight for one in examined]
    in_scope = [one.in_scope for one in examined]
    correct = [one.correct for one in examined]
    return (
        Logistic.fit(features, in_scope, weights=weights, balanced=True),
        Logistic.fit(features, correct, weights=weights),
    )


def learn(knowledge: Knowledge) -> tuple[float, Logistic, Logistic]:
    """Learn over several draws.

    Returns:
        What it counts against an entry that others cover more of a question, the chance of being
        in scope, and that of being right.
    """
    lacks: list[float] = []
    examined: list[TestedExample] = []
    for seed in range(_SEEDS):
        held_out = _HoldOut(knowledge, Sampler(seed))
        lacks.append(held_out.lack())
        examined += held_out.examined(lacks[-1])
    return mean(lacks), *fit_confidence(examined)


class _HoldOut:
    """Models that have learned from a part of the examples, and the others.

    Args:
        knowledge: What there is to talk about.
        sampler: Chooses what is held out.
    """

    def __init__(self, knowledge: Knowledge, sampler: Sampler) -> None:
        self._knowledge = knowledge
        self._sampler = sampler
        self._trainer = Trainer(knowledge, sampler)
        self._topics = Pool(sampler, ((id_, id_) for id_ in knowledge.entries))
        examples = self._trainer.examples
        held = {
            i
            for i, example in enumerate(examples)
            if example.request and self._fraction("held", example) < _HELD_OUT
        }
        scorer = self._trainer.scorer(i for i in range(len(examples)) if i not in held)
        types = AnswerTypes.load()
        unknown, linker = {examples[i].text for i in held}, self._trainer.preprocessor.linker
        asks = [ask for ask in asked(knowledge.entries, linker, types) if ask.text not in unknown]
        self._scorer = replace(
            scorer, index=fitted(knowledge, linker, scorer.space, asks, UNLEARNED).index
        )
        order = {i: self._fraction("examined", examples[i]) for i in held}
        self._tested = [examples[i] for i in nsmallest(_TESTED, held, key=order.__getitem__)]

    def lack(self) -> float:
        """Learn what it counts against an entry that others cover more of a question.

        That is how much more of it must be known for the same odds, if it sounds less like it.
        """
        entries = list(self._knowledge.entries)
        found: list[Examined] = []
        for example in self._tested:
            if example.topic is None or example.intent not in ABOUT_ONE or example.follows:
                continue
            said = self._scorer.scored(self._message(example))
            lacks = self._scorer.lacks(said.message)
            seen = [(said.subject[id_], lacks.get(id_, 0.0)) for id_ in entries]
            found.append(Examined(np.array(seen), entries.index(example.topic), 1.0))
        sounds, lacking = fit_weights(found).tolist()
        return -lacking / sounds

    def examined(self, lack: float) -> Iterator[TestedExample]:
        """Yield what becomes of each example that is tested.

        Args:
            lack: See `lack`.
        """
        scorer = replace(self._scorer, lack=lack)
        counts = Counter(example.intent for example in self._tested)
        for example in self._tested:
            rare = max(_RARE * len(self._tested) / counts[example.intent], 1.0)
            one = self._test(scorer, example)
            yield one._replace(weight=one.weight * rare)

    def _test(self, scorer: CandidateScorer, example: TrainingExample) -> TestedExample:
        message = self._message(example)
        candidates = scorer.candidates(scorer.scored(message), self._context(example))
        best = candidates.interpretations[0]
        correct = best.intent == example.intent or example.intent in MOVES
        if example.topic and example.intent in ABOUT_ONE:
            case = self._knowledge.entries[example.topic].kind is Kind.CASE
            correct = best.topics == (example.topic,) and (correct or case)
        elif example.intent == COMPARE and not example.follows:
            correct = correct and (example.topic is None or example.topic in best.topics)
        features = confidence_features(message, candidates, self._trainer.known_words)
        return TestedExample(features, correct, example.intent != FALLBACK, example.weight)

    def _message(self, example: TrainingExample) -> ProcessedMessage:
        text = example.text
        if self._fraction("misspelt", example) >= 1 - _MISSPELT:
            text = misspell(text, self._sampler.generator(text))
        return self._trainer.preprocessor.process(text)

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
