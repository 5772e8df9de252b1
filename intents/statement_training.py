"""Building what ranks statements, from the asks of the knowledge and the stored weights."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from ..knowledge import LANGUAGES, Entry, Kind, Knowledge, Language
from ..knowledge.models import SUMMARY, Intent, Route, StatementQuestion
from .answer_types import WHETHER, AnswerTypes
from .associations import Associations
from .classifier.features import FeatureSpace, Rows
from .classifier.linear_model import LinearModel, Logistic
from .coverage import Coverage, StatementIndex, stated_units, units
from .entity_linker import EntityLinker
from .statement_block import Block, KnownAsks, StatementAsk, asked_about, texts_of
from .statements import Features, StatementRanker
from .stored_weights import StoredWeights
from .text import normalize, split, tokens

_GENERAL: Final = (Kind.DRIVER, Kind.OUTLOOK)
"""The kinds of entries that everyday words name: who does something, and what moves it."""

UNLEARNED: Final = Features(*[0.0] * len(Features._fields)), Logistic(np.zeros(1), 0.0)
"""Weights before they are learned."""


def asked(
    entries: Mapping[str, Entry], linker: EntityLinker, types: AnswerTypes
) -> list[StatementAsk]:
    """Return every ask of every statement.

    Args:
        entries: Those whose statements are meant, by id.
        linker: Finds names.
        types: Which types of answer a question wants.
    """
    found: list[StatementAsk] = []
    for id_, entry in entries.items():
        said: list[tuple[Route, Language, StatementQuestion]] = [
            (route, language, ask)
            for route, statement in entry.answers()
            for language in LANGUAGES
            for ask in statement.asks.questions(language)
        ]
        # Where nobody asks for single statements, as in folders of before, nothing is one's answer.
        said += [((SUMMARY, 0), *ask) for ask in _of_summary(entry, types)] if said else []
        for route, language, (text, verdict, follows) in said:
            question = asked_about(text, id_, language, linker)
            found.append(StatementAsk(text, id_, route, question, verdict, follows))
    return found


def _of_summary(entry: Entry, types: AnswerTypes) -> Iterator[tuple[Language, StatementQuestion]]:
    """Yield the questions about an entry for what its summary holds, as for who runs it."""
    held = types.held_by(entry.summary.zh, entry.summary.en)
    for language in LANGUAGES:
        for ask in entry.questions(language):
            wanted = types.particular(tokens(ask.text)) - {WHETHER}
            if ask.intent is Intent.EXPLAIN and wanted and wanted <= held:
                yield language, StatementQuestion(ask.text, None, follows=False)


def build(
    knowledge: Knowledge, linker: EntityLinker, space: FeatureSpace, weights: StoredWeights
) -> StatementRanker:
    """Build the ranker for a knowledge.

    Args:
        knowledge: What is known.
        linker: Finds names.
        space: Where questions have their features.
        weights: What was learned once.
    """
    features, confidence = Features(**weights.statements), weights.answers.chance
    asks = asked(knowledge.entries, linker, AnswerTypes.load())
    return fitted(knowledge, linker, space, asks, (features, confidence))


def fitted(
    knowledge: Knowledge,
    linker: EntityLinker,
    space: FeatureSpace,
    asks: Sequence[StatementAsk],
    learned: tuple[Features, Logistic],
) -> StatementRanker:
    """Build the ranker that learns from some asks, none of which is there in a folder of before.

    Args:
        knowledge: What is known.
        linker: Finds names.
        space: Where questions have their features.
        asks: What it learns from.
        learned: What each feature counts for, and the chance that a statement answers.
    """
    # Each statement has many asks: its words are taken once for all of them.
    said = {
        (id_, route, language): split(normalize(statement.in_(language)))
        for id_, entry in knowledge.entries.items()
        for route, statement in entry.answers()
        for language in LANGUAGES
    }
    coverage, asked = Coverage.learn((ask.question.words for ask in asks), said.values())
    stated = {place: coverage.placed(stated_units(words)) for place, words in said.items()}
    associations = {
        language: Associations.learn(
            [
                (known, stated[ask.entry, ask.route, language])
                for ask, known in zip(asks, asked, strict=True)
                if ask.question.language == language
            ],
            len(coverage.positions),
        )
        for language in LANGUAGES
    }
    rows = space.weighted(space.counts([ask.question.words for ask in asks]))
    regions = knowledge.regions.items()
    ranker = StatementRanker(
        space=space,
        index=StatementIndex.of(coverage, {}, ()),
        sections=LinearModel.fit(rows, [ask.route[0] for ask in asks]),
        types=AnswerTypes.load(),
        blocks={},
        general=frozenset(id_ for kind in _GENERAL for id_ in knowledge.of_kind[kind]),
        # What is said of all Asia tells nothing of Singapore: groups of groups don't count.
        around={
            code: frozenset((code, *(group for group, one in regions if code in one.includes)))
            for code, _ in regions
        },
        weights=learned[0],
        confidence=learned[1],
    )

    def expect(id_: str, language: Language) -> Rows:
        routes = [route for route, _ in knowledge.entries[id_].answers()]
        return associations[language].expected([stated[id_, r, language] for r in routes])

    known = KnownAsks(asks, asked, rows)
    return _with_blocks(ranker, linker, knowledge.entries, known, expect)


def renewed(
    ranker: StatementRanker,
    before: Knowledge,
    knowledge: Knowledge,
    linker: EntityLinker,
) -> StatementRanker:
    """Return a ranker with the statements of another knowledge; nothing is learned.

    So what is asked beside new texts isn't known yet.

    Args:
        ranker: Ranks the statements of the knowledge before.
        before: What was known, with the same entries.
        knowledge: What is known.
        linker: Finds names.
    """
    entries = knowledge.entries
    changed = {id_: entry for id_, entry in entries.items() if entry != before.entries[id_]}
    asks = asked(changed, linker, ranker.types)
    rows = ranker.space.weighted(ranker.space.counts([ask.question.words for ask in asks]))

    def expect(id_: str, language: Language) -> Rows:
        block = ranker.blocks[id_]
        places = {text: place for place, text in enumerate(block.texts[language])}
        # Of new texts it isn't known what is asked.
        found = [places.get(text, len(places)) for text in texts_of(entries[id_], language)]
        return block.expected[language].with_empty().taken(np.array(found, np.int32))

    placed = ranker.index.coverage.placed
    known = KnownAsks(asks, [placed(units(ask.question.words)) for ask in asks], rows)
    return _with_blocks(ranker, linker, changed, known, expect)


def _with_blocks(
    ranker: StatementRanker,
    linker: EntityLinker,
    entries: Mapping[str, Entry],
    asks: KnownAsks,
    expect: Callable[[str, Language], Rows],
) -> StatementRanker:
    """Return a ranker with the statements of some entries, given the asks that it knows."""
    places: dict[str, list[int]] = {id_: [] for id_ in entries}
    for place, ask in enumerate(asks.asks):
        places[ask.entry].append(place)
    blocks = {
        id_: Block.of(
            id_,
            entry,
            asks.taken(places[id_]),
            expected={language: expect(id_, language) for language in LANGUAGES},
            space=ranker.space,
            types=ranker.types,
            coverage=ranker.index.coverage,
            linker=linker,
        )
        for id_, entry in entries.items()
    }
    every = {**ranker.blocks, **blocks}
    covered = {id_: block.covered for id_, block in every.items()}
    asked = {id_ for id_, block in every.items() if block.asks}
    index = StatementIndex.of(ranker.index.coverage, covered, asked)
    return replace(ranker, blocks=every, index=index)
