"""What an engine learns from: names, questions, statements, what people say for each intent."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..knowledge import LANGUAGES, Intent, Knowledge, Language
from .candidates import ASK
from .dialogue import AGAIN, IT, MORE, PARENT, PICK
from .sampling import Pool, share
from .understanding import ABOUT_ONE, COMPARE, FALLBACK, TOPICLESS
from .utterances import REGION, SUBJECT, TOPIC, Utterances, fill

MOVES: Final = (MORE, AGAIN, PARENT, PICK)
"""Labels of what makes sense only in a conversation, beside the follow-ups of intents."""
_FACTS: Final = 3
"""How many facts of an entry are learnt from: the first are the ones that matter."""
_FRAME: Final = 3.0
"""How many examples a frame such as "what is {topic}" counts for: it holds for every name."""
_PLACES: Final = 3
"""How many places a frame such as "cases in {region}" is taught with: a place is also in the words
of the entries there, and must not stand for one of them."""
_CLAUSES: Final = re.compile("[,，、;；:：]")


@dataclass(frozen=True, slots=True)
class Lesson:
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
    named: bool = False
    """Whether it is a name and nothing else."""
    weight: float = 1.0
    """How many examples it counts for."""


def asked(knowledge: Knowledge) -> Iterator[Lesson]:
    """Yield what the knowledge itself teaches: names, questions and statements of each entry."""
    for id_, entry in knowledge.entries.items():
        for language in LANGUAGES:
            for name in entry.names(language):
                yield Lesson(name, id_, None, "explain", id_, named=True)
            for ask in entry.questions(language):
                request = ASK if ask.intent is Intent.EXPLAIN else ask.intent.value
                yield Lesson(ask.text, id_, request, ask.intent.value, id_)
            for text in (entry.brief, entry.summary, *entry.facts[:_FACTS], *entry.benefits):
                yield Lesson(text.in_(language), id_, None, "explain", id_)


def spoken(knowledge: Knowledge, utterances: Mapping[str, Utterances]) -> Iterator[Lesson]:
    """Yield what the example utterances teach, their slots filled with names."""
    for language in LANGUAGES:
        names = _Names(knowledge, language)
        for intent, said in utterances.items():
            whole = intent if intent in (*TOPICLESS, *MOVES, FALLBACK) else None
            for utterance in said.in_(language):
                for copy in range(_PLACES if REGION in utterance or SUBJECT in utterance else 1):
                    yield _framed(utterance, intent, whole, names, copy)
            for utterance in said.worded.in_(language):
                yield Lesson(utterance, whole, intent, intent)
            for utterance in said.elliptical.in_(language):
                yield Lesson(utterance, IT, intent, intent, follows=True)
        for name in knowledge.overview.called(language):
            yield Lesson(name, "overview", "overview", "overview", weight=_FRAME)
        yield from _described(knowledge, utterances, language, names)
        yield from _foreign(knowledge, utterances, language)
    for intent, said in utterances.items():
        for utterance in said.other:
            yield Lesson(utterance, intent, intent, intent)


def prose(knowledge: Knowledge) -> Iterator[str]:
    """Yield texts that teach words and pairs of characters only."""
    for language in LANGUAGES:
        for table in (knowledge.glossary, knowledge.outside, knowledge.regions):
            for thing in table.values():
                yield from thing.names(language)
        yield from (term.text.in_(language) for term in knowledge.glossary.values())
        yield from (fact.in_(language) for fact in knowledge.overview.facts)
        for entry in knowledge.entries.values():
            yield from (statement.in_(language) for statement in entry.statements())


class _Names:
    """Names to fill slots with."""

    def __init__(self, knowledge: Knowledge, language: Language) -> None:
        entries, regions = knowledge.entries.items(), knowledge.regions.values()
        topics = {name: id_ for id_, entry in entries for name in entry.names(language)}
        places = {name for region in regions for name in region.names(language)} or {REGION}
        self._topics = Pool((name, (name, id_)) for name, id_ in topics.items())
        self._others = {
            REGION: Pool((place, place) for place in sorted(places)),
            SUBJECT: Pool((name, name) for name in knowledge.overview.called(language)),
        }

    def fill(self, utterance: str, copy: int) -> tuple[str, list[str]]:
        """Return an utterance with names in its slots, and the entries that these name."""
        used: list[str] = []

        def drawn(slot: str, place: int) -> str:
            number = place + copy * len(utterance)
            if slot != TOPIC:
                return self._others[slot].draw(utterance, number)
            name, id_ = self._topics.draw(utterance, number)
            used.append(id_)
            return name

        return fill(utterance, drawn), used


def _framed(utterance: str, intent: str, whole: str | None, names: _Names, copy: int = 0) -> Lesson:
    """Return the lesson of an utterance that may have slots, one of several copies of it."""
    text, used = names.fill(utterance, copy)
    if not used:
        return Lesson(text, whole, intent, intent)
    topic = used[0]
    if intent == FALLBACK:
        # Foreign whatever it names, so it says nothing about the name.
        return Lesson(text, None, intent, intent, topic)
    subject = topic if intent in ABOUT_ONE else None
    return Lesson(text, subject, intent, intent, topic, weight=_FRAME)


def _described(
    knowledge: Knowledge,
    utterances: Mapping[str, Utterances],
    language: Language,
    names: _Names,
) -> Iterator[Lesson]:
    """Yield comparisons of a named entry with one that is described and not named."""
    entries = Pool(knowledge.entries.items())
    for frame in utterances[COMPARE].in_(language):
        if frame.count(TOPIC) == 2:  # noqa: PLR2004 - one to name, one to describe
            brief = _CLAUSES.split(entries.draw(frame).brief.in_(language))[0]
            first, middle, last = frame.split(TOPIC)
            slots = (TOPIC, brief) if share(frame) < 0.5 else (brief, TOPIC)  # noqa: PLR2004
            text = f"{first}{slots[0]}{middle}{slots[1]}{last}"
            yield _framed(text, COMPARE, None, names)


def _foreign(
    knowledge: Knowledge,
    utterances: Mapping[str, Utterances],
    language: Language,
) -> Iterator[Lesson]:
    """Yield questions about what is not covered, in the frames of those that are answered."""
    frames = Pool(
        (frame, frame)
        for intent in ABOUT_ONE
        for frame in utterances[intent].in_(language)
        if frame.count(TOPIC) == 1
    )
    for thing in knowledge.outside.values():
        for name in thing.names(language):
            text = frames.draw(name).replace(TOPIC, name)
            yield Lesson(text, FALLBACK, FALLBACK, FALLBACK)
