"""Which statement of an entry answers a question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
from rapidfuzz.fuzz import partial_ratio
from rapidfuzz.process import cdist

from ..knowledge import Language
from ..knowledge.models import Verdict
from .answer_types import WHETHER, AnswerTypes
from .associations import likelihoods
from .classifier.features import FeatureSpace, Floats
from .classifier.linear_model import LinearModel, Logistic
from .coverage import StatementIndex, units
from .preprocessing import ProcessedMessage
from .statement_block import FIGURE, Block, Question, question_about
from .text import Tokens, alternates
from .understanding import StatementRef

_TAUGHT: Final = 0.8
"""How similar a question must be to an ask to be answered as it is, whatever else says no."""
_VERBATIM: Final = 0.97
"""The same, so that years don't matter: the ask says of which one it is."""
_CERTAIN: Final = 10.0
"""What that adds to the score."""
_TWIN: Final = 0.25
"""How similar a question must be to one that asks whether to share its verdict."""
_CONTESTED: Final = 0.45
"""The same, where the statement has questions with another verdict, too."""
_ALIKE: Final = 0.5
"""The share of what both tell that they must have in common: EU law isn't US law."""
_APART: Final = 0.15
"""By how much this must be nearer than any with another verdict."""
CLOSE: Final = 0.5
"""Difference of scores below which the second statement is given, too."""
ANSWERS: Final = 0.33
"""Chance from which a statement answers a question for one thing: where two thirds have an answer
and a wrong one is twice as bad as a gap."""
BEGINS: Final = 0.15
"""Chance from which it begins an explanation or a list, which the reader gets all the same."""
GIVEN: Final = 2
"""How many statements an answer gives at most."""
_TURNING: Final = frozenset(
    (*"不没无未非别仅只", "not", "no", "never", "only", "just", "still", "without", "un", "nt")
)
"""Words that turn a verdict round."""


class Features(NamedTuple):
    """How well one statement fits a question."""

    text: float
    """Cosine with its text."""
    text_ratio: float
    """Partial ratio with its text, from 0 to 1."""
    asked: float
    """Cosine with the most similar of its asks."""
    association: float
    """How much likelier the question's words are beside it; see `associations.likelihoods`."""
    section: float
    """How much the question sounds like one for the statement's section."""
    type_met: float
    """1 if it holds a type of answer that is wanted."""
    type_missed: float
    """1 if it lacks one."""
    figure_met: float
    """1 if it holds a figure of the question."""
    figure_missed: float
    """1 if it lacks one."""
    name_met: float
    """1 if it is about something else that the question names."""
    name_missed: float
    """1 if the question names something else that it isn't about."""
    own_met: float
    """1 if it bears the name by which the question calls the entry, of several that it has."""
    own_missed: float
    """1 if another statement does."""
    covered: float
    """How much of what the question tells it covers, from 0 to 1; see `Coverage.shares`."""
    benefits: float
    """1 for a statement of this section; so the next ones. A fact has none."""
    challenges: float
    why: float
    examples: float
    contrasts: float


T = TypeVar("T")
Numbers: TypeAlias = npt.NDArray[np.floating[Any]]

_KNOWN: Final = [Features._fields.index(name) for name in ("asked", "covered")]
"""The features that tell whether an entry knows of a question at all, whatever statement has it."""
_FAR: Final = 6.0
"""Lead beyond which a statement isn't surer."""


class Stated(NamedTuple):
    """A statement that may answer a question."""

    entry: str
    """Id of its entry."""
    section: str
    """The list of the entry in which it stands."""
    number: int
    """Its place there, counted from 0."""
    score: float
    """How well it fits, the higher the better."""
    chance: float
    """The chance, from 0 to 1, that it answers the question."""
    verdict: Verdict | None
    """The answer to a question that asks whether, if the polarity is certain."""
    about: frozenset[str]
    """The other entries that it is about."""

    @property
    def ref(self) -> StatementRef:
        """Return a reference to it, with the verdict."""
        return StatementRef(self.entry, self.section, self.number, self.verdict)


@dataclass(frozen=True)
class StatementRanker:
    """Ranks the statements of an entry for a question; immutable, safe to share."""

    space: FeatureSpace
    """Where questions have their features."""
    index: StatementIndex
    """The statements of all entries by what they cover."""
    sections: LinearModel
    """Which section a question sounds like."""
    types: AnswerTypes
    """Which types of answer a question wants."""
    blocks: Mapping[str, Block]
    """The statements by entry."""
    general: frozenset[str]
    """The entries that are called by everyday words: users, policy, banks."""
    around: Mapping[str, frozenset[str]]
    """Each place, with itself and the groups that list it: a country with its union."""
    weights: Features
    """What each feature counts for."""
    confidence: Logistic
    """The chance that the best statement answers, given `doubts`."""

    def rank(self, question: Question, entry: str) -> list[Stated]:
        """Rank the statements of an entry, the best first.

        Args:
            question: The question.
            entry: Id of the entry.
        """
        block = self.blocks[entry]
        wanted = self.types.wanted(question.words)
        found, similarity = self.features(question, block)
        nearest = float(similarity.max(initial=0.0))
        fits = block.there(question, self.around) & block.of_part(question)
        # Who asks whether something was so in a year may be told when it was.
        if WHETHER not in wanted and nearest < _VERBATIM:
            fits &= block.timely(question)
        scores = found @ np.array(self.weights, np.float32) - np.float32(_CERTAIN) * ~fits
        chances = self._chances(found, scores) * fits
        if nearest >= _TAUGHT:
            taught = int(block.owners[similarity.argmax()])
            about = self.general | block.names[taught] | block.asked_names[taught]
            # Of users in another country the ask says nothing, however alike it is otherwise.
            if fits[taught] and question.others <= about:
                scores[taught] = scores.max() + _CERTAIN
                chances[taught] = 1.0
        order: list[int] = np.argsort(-scores, kind="stable").tolist()
        return [
            Stated(
                entry,
                *block.routes[i],
                float(scores[i]),
                float(chances[i]),
                # A verdict takes time to find, and is only given with the best statements.
                self._verdict(question, block, i, similarity)
                if WHETHER in wanted and place < GIVEN
                else None,
                block.names[i],
            )
            for place, i in enumerate(order)
        ]

    def best(
        self,
        message: ProcessedMessage,
        entries: Iterable[str],
        language: Language,
        places: frozenset[str] = frozenset(),
    ) -> list[Stated]:
        """Return the statement of some entries that answers a message best, and its entry's next.

        Args:
            message: The message.
            entries: Ids of the entries, at least one.
            language: Its language, where it doesn't tell.
            places: The places that were named before it.
        """
        questions = {id_: question_about(message, id_, language) for id_ in entries}
        ranked = [self.rank(one.in_places(places), id_) for id_, one in questions.items()]
        return max(ranked, key=lambda found: found[0].chance)[:GIVEN]

    def of_parts(
        self, question: Question, entry: str, parts: Iterable[Tokens]
    ) -> tuple[StatementRef, ...]:
        """Return a statement on each part of an entry that a question names, as firms.

        Args:
            question: The question.
            entry: Id of the entry.
            parts: The names of the parts.
        """
        block = self.blocks[entry]
        held = dict(zip(block.routes, block.parts, strict=True))
        ranked = self.rank(question, entry)
        best = [next(s.ref for s in ranked if part in held[s.section, s.number]) for part in parts]
        return tuple(dict.fromkeys(ref._replace(verdict=None) for ref in best))[:GIVEN]

    def mentioning(self, things: frozenset[str]) -> frozenset[str]:
        """Return the entries with a statement about all of some things.

        Args:
            things: Ids of entries, places and things that aren't covered.
        """
        return frozenset(
            id_
            for id_, block in self.blocks.items()
            if any(things <= about for about in block.names)
        )

    def _chances(self, found: Floats, scores: Floats) -> Floats:
        """Return the chance of each statement that it answers."""
        first = scores.argmax()
        others = np.delete(scores, first)
        leads = scores - scores[first]
        leads[first] = scores[first] - others.max() if len(others) else 1.0
        return self.confidence.chances(doubts(found, scores, leads).tolist()).astype(np.float32)

    def features(self, question: Question, block: Block) -> tuple[Floats, Floats]:
        """Compare a question with statements.

        Args:
            question: The question.
            block: The statements.

        Returns:
            Statements by `Features`, and the cosine of the question with each ask.
        """
        vector = self.space.vector(question.words)
        dense = np.zeros(len(self.space.positions), np.float32)
        dense[vector.indices] = vector.values
        similarity = block.ask_rows.products(dense)
        if question.own:
            similarity[block.of_other_parts(question)] = 0
        text, lang = question.text, question.language
        asked = units(question.words)
        sections = self.sections.scores(vector)
        ratios = cdist([text], block.texts[lang], scorer=partial_ratio, dtype=np.float32)
        known = self.index.coverage.placed(asked)
        likely = likelihoods(block.expected[lang], known, len(asked))
        # The columns stand in the order of `Features`.
        nearest = np.zeros(len(block.routes), np.float32)
        np.maximum.at(nearest, block.owners, similarity)
        columns = [
            block.text_rows[lang].products(dense),
            ratios[0] / 100,
            nearest,
            likely,
            np.array([sections.get(section, 0.0) for section, _ in block.routes], np.float32),
            *_met(self.types.wanted(question.words) - {WHETHER}, block.types),
            *_met(frozenset(FIGURE.findall(text)), block.figures),
            *_met(question.others - self.general, block.names),
            *_met(question.own & frozenset().union(*block.own_names), block.own_names),
            self.index.coverage.shares(known, len(asked), block.covered[lang]),
        ]
        return np.column_stack((*columns, block.sections[:, 1:])), similarity

    def _verdict(
        self, question: Question, block: Block, statement: int, similarity: Floats
    ) -> Verdict | None:
        """Return the verdict of the most similar ask that asks whether, if it is one's twin."""
        twins: list[tuple[float, int, Verdict]] = sorted(
            (
                (float(similarity[i]), i, verdict)
                for i, (language, verdict) in enumerate(block.asks)
                if block.owners[i] == statement and verdict and language == question.language
            ),
            reverse=True,
        )
        if not twins:
            return None
        near, ask, verdict = twins[0]
        rival = max((like for like, _, other in twins if other != verdict), default=None)
        least = _TWIN if rival is None else max(_CONTESTED, rival + _APART)
        asked = block.ask_words[ask]
        turned = _turns(question.words) != _turns(asked)
        apart = near < least or self.index.coverage.alike(question.words, asked) < _ALIKE
        return None if turned or apart else verdict


def close(found: Sequence[Stated]) -> tuple[StatementRef, ...]:
    """Return the best of two statements, and the other one if it is hardly worse."""
    return tuple(one.ref for one in found if found[0].score - one.score < CLOSE)


def doubts(features: Numbers, scores: Numbers, leads: Numbers) -> Numbers:
    """Return what tells right statements of an entry from wrong ones.

    Args:
        features: Statements by `Features`.
        scores: The score of each.
        leads: By how much each leads; negative where another one does.

    Returns:
        Statements by these signs.
    """
    known = np.tile(features[:, _KNOWN].max(axis=0), (len(scores), 1))
    return np.column_stack((scores, leads.clip(-_FAR, _FAR), features, known))


def _met(wanted: frozenset[T], held: Sequence[frozenset[T]]) -> tuple[Floats, Floats]:
    """Return which statements hold some of what a question wants, and which lack some of it."""
    met, missed = np.zeros((2, len(held)), np.float32)
    if wanted:
        met[:] = [bool(wanted & one) for one in held]
        missed[:] = [bool(wanted - one) for one in held]
    return met, missed


def _turns(words: Sequence[str]) -> int:
    """Return how often a question is turned round, modulo two."""
    turns = 0
    for i, word in enumerate(words):
        # 是不是 and 有没有 ask whether, and turn nothing round.
        turns += not alternates(words, i) and (word in _TURNING or word.endswith("nt"))
    return turns % 2
