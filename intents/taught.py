"""What the knowledge teaches word for word: the questions that it holds are answered as it says."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, NamedTuple, Self

from rapidfuzz import process
from rapidfuzz.distance import Postfix, Prefix
from rapidfuzz.fuzz import ratio

from ..knowledge import LANGUAGES, Knowledge, Language
from .preprocessing import ProcessedMessage
from .text import StringIndex, is_unspaced, tokens, written
from .understanding import Context, StatementRef, Understanding

_SHORTEST: Final = 4
"""Characters of a question in which a slip of the keys is told from another question."""
_TRIED: Final = 3
"""How many of the likest questions are looked at."""
_ROUNDING: Final = 1e-6
_SEPARATOR: Final = "\n"
_SWAPPED: Final = 2
"""How many characters change places in a slip."""
_TURNING: Final = frozenset("不没无未非")
"""Characters whose lack is no slip."""
_CONTRASTS: Final = "contrasts"
"""The section whose questions hold two entries against each other: comparisons answer these."""


class TaughtAnswer(NamedTuple):
    """The answer to a question that the knowledge holds."""

    intent: str
    """What it wants."""
    entry: str
    """The entry that it is about."""
    statement: StatementRef | None
    """The statement that answers it, if a single one does."""
    follows: bool
    """Whether it makes sense only after something."""

    def understood(self, language: Language) -> Understanding:
        """Return the question as it is understood.

        Args:
            language: Language to answer in.
        """
        said = Understanding(self.intent, (self.entry,), language, confidence=1.0)
        return replace(said, statements=(self.statement,)) if self.statement else said


@dataclass(frozen=True)
class TaughtQuestions:
    """The questions that the knowledge holds; immutable, safe to share."""

    questions: StringIndex
    """The words of each question."""
    answers: Sequence[tuple[TaughtAnswer, ...]]
    """The answers to each: several where several entries hold it."""
    by_ends: Mapping[tuple[int, str], str]
    """The same questions, one a line, by their number of characters and the first one, and by minus
    this number and the last one: a slip leaves one of these as it is."""

    @classmethod
    def of(cls, knowledge: Knowledge) -> Self:
        """Collect the questions of a knowledge."""
        answers: dict[str, tuple[TaughtAnswer, ...]] = {}
        shared: dict[tuple[TaughtAnswer, ...], tuple[TaughtAnswer, ...]] = {}
        for text, answer in _taught(knowledge):
            words = written(tokens(text))
            known = answers.get(words, ())
            if all((one.entry, one.follows) != (answer.entry, answer.follows) for one in known):
                told = (*known, answer)
                answers[words] = shared.setdefault(told, told)
        by_ends: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        for words in filter(None, answers):
            by_ends[len(words), words[0]].append(words)
            by_ends[-len(words), words[-1]].append(words)
        same_ends = {end: _SEPARATOR.join(same) for end, same in by_ends.items()}
        return cls(StringIndex(answers), tuple(answers.values()), same_ends)

    def answer(self, message: ProcessedMessage, context: Context | None) -> TaughtAnswer | None:
        """Return the answer to a message that is taught word for word; None if it isn't.

        Args:
            message: The message.
            context: The conversation before it.
        """
        for words in dict.fromkeys((message.raw_tokens, message.tokens)):
            if told := _fitting(self._answers(written(words)), context):
                return told
        return None

    def nearly(self, message: ProcessedMessage, context: Context | None) -> TaughtAnswer | None:
        """Return the answer to a message that is taught but for one slip of the keys.

        Args:
            message: The message.
            context: The conversation before it.
        """
        for words in dict.fromkeys((message.tokens, message.raw_tokens)):
            asked = written(words)
            length = len(asked)
            if length < _SHORTEST:
                continue
            sizes = (length, length + 1, length - 1)
            ends = [(size, asked[0]) for size in sizes] + [(-size, asked[-1]) for size in sizes]
            known_ends = filter(None, map(self.by_ends.get, ends))
            alike = list(chain.from_iterable(same.split(_SEPARATOR) for same in known_ends))
            # A character for another one is taken away and another one added.
            least = 100 * (1 - 1 / length) - _ROUNDING
            found = process.extract(asked, alike, scorer=ratio, score_cutoff=least, limit=_TRIED)
            for known, *_ in found:
                told = _fitting(self._answers(known), context)
                if told and is_slip(asked, known):
                    return told
        return None

    def _answers(self, words: str) -> tuple[TaughtAnswer, ...]:
        number = self.questions.get(words)
        return () if number is None else self.answers[number]


def _taught(knowledge: Knowledge) -> Iterator[tuple[str, TaughtAnswer]]:
    """Yield each question of each entry, the plain ones first."""
    for id_, entry in knowledge.entries.items():
        for language in LANGUAGES:
            for ask in entry.questions(language):
                yield ask.text, TaughtAnswer(ask.intent.value, id_, None, follows=False)
    for id_, entry in knowledge.entries.items():
        for (section, number), statement in entry.answers():
            for language in LANGUAGES if section != _CONTRASTS else ():
                for ask in statement.asks.questions(language):
                    ref = StatementRef(id_, section, number, ask.verdict)
                    yield ask.text, TaughtAnswer("fact", id_, ref, ask.follows)


def _fitting(told: Sequence[TaughtAnswer], context: Context | None) -> TaughtAnswer | None:
    """Return the answer that fits a conversation, if one surely does."""
    at_hand = context.topics if context else ()
    if held := next((one for one in told if one.entry in at_hand), None):
        return held
    whole = [one for one in told if not one.follows]
    return whole[0] if len(whole) == 1 else None


def is_slip(asked: str, known: str) -> bool:
    """Return whether two texts differ by one slip of the keys that leaves the meaning alone."""
    start = int(Prefix.similarity(asked, known))
    end = int(Postfix.similarity(asked[start:], known[start:]))
    one, other = (text[start : len(text) - end] for text in (asked, known))
    swapped = len(one) == _SWAPPED and one == other[::-1]
    if not swapped and max(len(one), len(other)) > 1:
        return False
    if any(character.isdigit() or character in _TURNING for character in one + other):
        return False
    # One character of Chinese for another makes another word.
    return swapped or not (one and other and is_unspaced(one) and is_unspaced(other))
