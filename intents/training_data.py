"""Training data: what an engine learns from names, questions, statements and examples."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..knowledge import LANGUAGES, Entry, Intent, Knowledge, Language
from .candidates import ASK
from .dialogue import AGAIN, IT, MORE, PARENT, PICK
from .sampling import Pool, Sampler
from .understanding import ABOUT_ONE, COMPARE, FALLBACK, TOPICLESS
from .utterances import REGION, SUBJECT, TOPIC, Utterances, fill

MOVES: Final = (MORE, AGAIN, PARENT, PICK)
"""Labels of what makes sense only in a conversation, besides the follow-ups of intents."""
_FACTS: Final = 3
"""How many facts of an entry are learnt from: the first are the ones that matter."""
_ASKS: Final = 3
"""How many questions for a statement are learnt from: the first ones name the entry more often."""
_WHETHER: Final = 2
"""The same of those that ask whether, by verdict."""
_CARRIER_WEIGHT: Final = 3.0
"""How many examples a carrier phrase counts for."""
_PLACES: Final = 3
"""How many places a carrier phrase such as "cases in {region}" is filled with: a place is also in
the words of the entries there, and must not stand for one of them."""
_REQUESTS: Final[Mapping[str, str | None]] = {
    "facts": "fact",
    "benefits": ASK,
    "challenges": "challenges_of",
    "why": "drivers_of",
    "examples": "fact",
    "contrasts": None,
}
"""What a question for a statement wants, by its section; how entries differ is a comparison."""
_CLAUSES: Final = re.compile("[,，、;；:：]")


@dataclass(frozen=True, slots=True)
class TrainingExample:
    """One utterance to learn from."""

    text: str
    """What somebody says."""
    subject: str | None
    """Label for the subject model, if it learns from this."""
    request: str | None
    """Label for the request model, if it learns from this."""
    intent: str
    """The intent that is right."""
    topic: str | None = None
    """The entry that is right, where there is one."""
    follows: bool = False
    """Whether it makes sense only after something."""
    named: bool = False
    """Whether it is a name and nothing else."""
    carrier: bool = False
    """Whether it is a carrier phrase such as "what is {topic}", which holds for every name, or a
    name of the whole subject."""

    @property
    def weight(self) -> float:
        """Return how many examples it counts for."""
        return _CARRIER_WEIGHT if self.carrier else 1.0


def entry_examples(knowledge: Knowledge) -> Iterator[TrainingExample]:
    """Yield the names, questions and statements of each entry."""
    for id_, entry in knowledge.entries.items():
        for language in LANGUAGES:
            for name in entry.names(language):
                yield TrainingExample(name, id_, None, "explain", id_, named=True)
            for ask in entry.questions(language):
                request = ASK if ask.intent is Intent.EXPLAIN else ask.intent.value
                yield TrainingExample(ask.text, id_, request, ask.intent.value, id_)
            yield from _statement_examples(id_, entry, language)
            for text in (entry.brief, entry.summary, *entry.facts[:_FACTS], *entry.benefits):
                yield TrainingExample(text.in_(language), id_, None, "explain", id_)


def _statement_examples(id_: str, entry: Entry, language: Language) -> Iterator[TrainingExample]:
    """Yield the questions that single statements answer."""
    for (section, _), statement in entry.placed():
        # Later ones teach which statement answers, and little of what is wanted of which entry.
        counts: Counter[str | None] = Counter()
        for text, verdict, follows in statement.asks.questions(language):
            counts[verdict] += 1
            if counts[verdict] > (_WHETHER if verdict else _ASKS):
                continue
            request = "fact" if verdict else _REQUESTS[section]
            if request is None:
                continue
            intent = "explain" if request == ASK else request
            if follows:
                yield TrainingExample(text, IT, request, intent, follows=True)
            else:
                yield TrainingExample(text, id_, request, intent, id_)


def utterance_examples(
    knowledge: Knowledge, utterances: Mapping[str, Utterances], sampler: Sampler
) -> Iterator[TrainingExample]:
    """Yield what people say for each intent, the slots filled with names.

    Args:
        knowledge: Has the names.
        utterances: What people say, by intent.
        sampler: Chooses names for slots.
    """
    for language in LANGUAGES:
        names = _SlotNames(knowledge, language, sampler)
        for intent, said in utterances.items():
            whole = intent if intent in (*TOPICLESS, *MOVES, FALLBACK) else None
            for utterance in said.in_(language):
                for copy in range(_PLACES if REGION in utterance or SUBJECT in utterance else 1):
                    yield _filled(utterance, intent, whole, names, copy)
            for utterance in said.worded.in_(language):
                yield TrainingExample(utterance, whole, intent, intent)
            for utterance in said.elliptical.in_(language):
                yield TrainingExample(utterance, IT, intent, intent, follows=True)
        for name in knowledge.overview.called(language):
            yield TrainingExample(name, "overview", "overview", "overview", carrier=True)
        yield from _described(knowledge, utterances, language, names, sampler)
        yield from _out_of_scope(knowledge, utterances, language, sampler)
    for intent, said in utterances.items():
        for utterance in said.other:
            yield TrainingExample(utterance, intent, intent, intent)


def background_texts(knowledge: Knowledge) -> Iterator[str]:
    """Yield texts of which only words and pairs of characters are learned."""
    for language in LANGUAGES:
        for table in (knowledge.glossary, knowledge.outside, knowledge.regions):
            for thing in table.values():
                yield from thing.names(language)
        yield from (term.text.in_(language) for term in knowledge.glossary.values())
        yield from (fact.in_(language) for fact in knowledge.overview.facts)
        for entry in knowledge.entries.values():
            yield from (statement.in_(language) for statement in entry.statements())


class _SlotNames:
    """Names to fill slots with."""

    def __init__(self, knowledge: Knowledge, language: Language, sampler: Sampler) -> None:
        entries, regions = knowledge.entries.items(), knowledge.regions.values()
        topics = {name: id_ for id_, entry in entries for name in entry.names(language)}
        places = {name for region in regions for name in region.names(language)} or {REGION}
        subjects = knowledge.overview.called(language)
        self._topics = Pool(sampler, ((name, (name, id_)) for name, id_ in topics.items()))
        self._others = {
            REGION: Pool(sampler, ((place, place) for place in sorted(places))),
            SUBJECT: Pool(sampler, ((name, name) for name in subjects)),
        }

    def fill(self, utterance: str, copy: int) -> tuple[str, list[str]]:
        """Return an utterance with names in its slots, and the entries that these name."""
        used: list[str] = []

        def name(slot: str, place: int) -> str:
            number = place + copy * len(utterance)
            if slot != TOPIC:
                return self._others[slot].choose(utterance, number)
            topic, id_ = self._topics.choose(utterance, number)
            used.append(id_)
            return topic

        return fill(utterance, name), used


def _filled(
    utterance: str, intent: str, whole: str | None, names: _SlotNames, copy: int = 0
) -> TrainingExample:
    """Return the example of an utterance that may have slots, one of several copies of it."""
    text, used = names.fill(utterance, copy)
    if not used:
        return TrainingExample(text, whole, intent, intent)
    topic = used[0]
    if intent == FALLBACK:
        # Out of scope whatever it names, so it says nothing about the name.
        return TrainingExample(text, None, intent, intent, topic)
    subject = topic if intent in ABOUT_ONE else None
    return TrainingExample(text, subject, intent, intent, topic, carrier=True)


def _described(
    knowledge: Knowledge,
    utterances: Mapping[str, Utterances],
    language: Language,
    names: _SlotNames,
    sampler: Sampler,
) -> Iterator[TrainingExample]:
    """Yield comparisons of a named entry with one that is described and not named."""
    entries = Pool(sampler, knowledge.entries.items())
    for carrier in utterances[COMPARE].in_(language):
        if carrier.count(TOPIC) == 2:  # noqa: PLR2004 - one to name, one to describe
            brief = _CLAUSES.split(entries.choose(carrier).brief.in_(language))[0]
            first, middle, last = carrier.split(TOPIC)
            named_first = sampler.fraction(carrier) < 0.5  # noqa: PLR2004
            slots = (TOPIC, brief) if named_first else (brief, TOPIC)
            text = f"{first}{slots[0]}{middle}{slots[1]}{last}"
            yield _filled(text, COMPARE, None, names)


def _out_of_scope(
    knowledge: Knowledge,
    utterances: Mapping[str, Utterances],
    language: Language,
    sampler: Sampler,
) -> Iterator[TrainingExample]:
    """Yield questions about what isn't covered, in carrier phrases of those that are answered."""
    carriers = Pool(
        sampler,
        (
            (carrier, carrier)
            for intent in ABOUT_ONE
            for carrier in utterances[intent].in_(language)
            if carrier.count(TOPIC) == 1
        ),
    )
    for thing in knowledge.outside.values():
        for name in thing.names(language):
            text = carriers.choose(name).replace(TOPIC, name)
            yield TrainingExample(text, FALLBACK, FALLBACK, FALLBACK)
