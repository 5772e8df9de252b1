"""Records conversations: counts, and which questions were missed."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from ...intents import CARE, FALLBACK, SMALL_TALK, Engine, ScoredMessage, Understanding
from .. import callback_data
from ..question_redaction import redacted
from ..storage import Missed, Outcome, counts

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..storage.records import Records

_CONFIDENT: Final = 0.7
"""How sure the engine must be of an answer that needs no look. It is calibrated: below it, three in
ten answers and more are wrong; hardly any question in the words of the knowledge is."""
_REMEMBERED: Final = 4096
"""How many answers are remembered, with what was asked: votes and taps mostly come at once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that was asked in a message."""

    text: str
    """What was asked; empty for a command without words."""
    said: Understanding
    """What it was taken to mean."""
    sure: float
    """The chance, from 0 to 1, that this is right."""
    private: bool
    """Whether nobody else reads along."""
    on_its_own: bool
    """Whether only its text says what is meant: no command, and nothing that was said before."""
    began: float
    """When it reached the bot, by `time.perf_counter`."""


class Rating(NamedTuple):
    """What somebody finds of an answer."""

    value: int
    """1 for good, -1 for bad, 0 for neither any more."""
    shown: str = ""
    """The answer, as in callback data; empty for a refusal, or for whatever is shown."""


@dataclass(slots=True)
class _Shown:
    """A message of the bot that may be judged."""

    question: Asked
    shown: str
    """What it shows, as `callback_data.encode` has it: its answer, or what buttons have led to."""
    first: Missed | None = None
    """What was noted of the question when it was answered."""
    noted: Missed | None = None
    """What is noted of it now."""
    against: set[int] = field(default_factory=set[int])
    """Who finds the answer bad."""


class QuestionLog:
    """Records what the handlers report; nobody waits for that, and no answer fails because of it.

    Args:
        records: Returns where to.
        keeps_questions: Whether missed questions are kept, besides numbers.
    """

    def __init__(self, records: "Callable[[], Records]", *, keeps_questions: bool) -> None:
        self._records = records
        self._keeps_questions = keeps_questions
        self._answers: OrderedDict[tuple[int, int], _Shown] = OrderedDict()

    def asked(
        self,
        question: Asked,
        words: str | ScoredMessage,
        engine: Engine,
        chat: int,
        message: int,
        *,
        earlier: int | None,
    ) -> None:
        """Record a question that has been answered.

        Args:
            question: The question.
            words: Its text, or what the engine read in it.
            engine: What understood it.
            chat: Where it was asked.
            message: Id of the answer.
            earlier: Id of its answer before the question was edited; None if it was not.
        """
        said = question.said
        names = [
            _kind(said),
            f"{counts.LANGUAGE}{said.language}",
            f"{counts.SURFACE}{'private' if question.private else 'group'}",
            _latency(question.began),
            *(f"{counts.ENTRY}{topic}" for topic in said.topics),
        ]
        if _answers(said):
            names.append(f"{counts.INTENT}{said.intent}")
        self._records().count(names, time.time())
        answer = _Shown(question, _view(said))
        before = self._answers.pop((chat, earlier), None) if earlier else None
        if (outcome := _outcome(question)) and self._is_kept(question, engine, words):
            answer.first = _missed(question, outcome)
            if before:
                # In other words it is still one question.
                self._note(before, None)
            self._note(answer, answer.first)
        self._answers[chat, message] = answer
        if len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)

    def tapped(
        self, said: Understanding, began: float, chat: int | None, message: int | None
    ) -> None:
        """Record that a button has led to an answer.

        Args:
            said: What is answered.
            began: When the tap reached the bot, by `time.perf_counter`.
            chat: Where the message is that shows it; None for one sent inline.
            message: Its id; None there too.
        """
        entries = (f"{counts.ENTRY}{topic}" for topic in said.topics)
        self._records().count((f"{counts.SURFACE}button", _latency(began), *entries), time.time())
        if answer := self._answers.get((chat or 0, message or 0)):
            answer.shown = _view(said)
            if answer.first and answer.first.outcome is Outcome.OFFERED:
                chosen = set(said.topics) & set(answer.question.said.suggestions)
                if said.intent == "explain" and chosen:
                    self._note(answer, _missed(answer.question, Outcome.CHOSEN, chosen.pop()))

    def typed(self) -> None:
        """Record that articles were offered to somebody who types in another chat."""
        self._records().count((f"{counts.SURFACE}inline",), time.time())

    def knows(self, chat: int, message: int, person: int) -> bool:
        """Return whether somebody may judge a message: an answer, as far as that is remembered.

        What somebody has judged is one too, and longer ago.

        Args:
            chat: Where the message is.
            message: Its id.
            person: Who judges.
        """
        return (chat, message) in self._answers or self._records().has_voted(chat, message, person)

    def rated(self, rating: Rating, engine: Engine, chat: int, message: int, person: int) -> int:
        """Record what somebody finds of an answer; return what they found before: 1, -1 or 0.

        Args:
            rating: What they find now.
            engine: What understands questions now.
            chat: Where the answer is.
            message: Its id.
            person: Who votes.
        """
        before = self._records().vote(chat, message, person, rating.value, time.time())
        answer = self._answers.get((chat, message))
        if answer and _answers(answer.question.said):
            own = _view(answer.question.said)
            rejects = rating.value < 0 and own == (rating.shown or answer.shown)
            (answer.against.add if rejects else answer.against.discard)(person)
            rejected = answer.noted is not None and answer.noted.outcome is Outcome.REJECTED
            if not answer.against and rejected:
                self._note(answer, answer.first)
            elif answer.against and not rejected and self._is_kept(answer.question, engine):
                self._note(answer, _missed(answer.question, Outcome.REJECTED))
        return before

    def forget(self, person: int) -> None:
        """Forget what somebody has asked in private, and what they found of answers."""
        for key in [key for key in self._answers if key[0] == person]:
            del self._answers[key]
        for answer in self._answers.values():
            answer.against.discard(person)

    def _is_kept(
        self, question: Asked, engine: Engine, words: str | ScoredMessage | None = None
    ) -> bool:
        """Return whether a question may be kept, and means the same to who reads it alone."""
        if not (self._keeps_questions and question.text):
            return False
        said = question.said
        if question.on_its_own:
            return True
        alone = engine.understand(words or question.text, None, said.language)
        return (alone.intent, alone.topics, alone.region) == (said.intent, said.topics, said.region)

    def _note(self, answer: _Shown, missed: Missed | None) -> None:
        """Note something of a question, in place of what was noted of it before."""
        if before := answer.noted:
            self._records().note_missed(replace(before, count=-1))
        if missed and missed.text:
            self._records().note_missed(missed)
        answer.noted = missed


def _answers(said: Understanding) -> bool:
    """Return whether a question is answered with something."""
    return said.intent not in (FALLBACK, CARE, *SMALL_TALK)


def _view(said: Understanding) -> str:
    return callback_data.encode(said) if _answers(said) else ""


def _kind(said: Understanding) -> str:
    """Return what a question counts as."""
    if said.intent == FALLBACK:
        return counts.OFFERED if said.suggestions else counts.DECLINED
    return counts.ANSWERED if _answers(said) else counts.SMALL_TALK


def _outcome(question: Asked) -> Outcome | None:
    """Return how a question was missed; None if it was not."""
    said = question.said
    if said.intent == FALLBACK:
        if said.ambiguous:
            return None  # to ask which one is meant is right
        return Outcome.OFFERED if said.suggestions else Outcome.DECLINED
    if said.gap:
        return Outcome.DECLINED  # the best sign of what to add
    unsure = min(said.confidence, question.sure) < _CONFIDENT
    return Outcome.UNSURE if unsure and _answers(said) else None


def _missed(question: Asked, outcome: Outcome, chosen: str = "") -> Missed:
    """Return what is kept of a question: nothing that tells who asked it."""
    said = question.said
    text = redacted(question.text)
    return Missed(text, said.language, outcome, _view(said), chosen, 1, time.time())


def _latency(began: float) -> str:
    return f"{counts.LATENCY}{counts.bucket(time.perf_counter() - began)}"
