"""Building what ranks statements, from the asks of the knowledge and the stored weights."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from ..knowledge import LANGUAGES, Entry, Kind, Knowledge, Language
from .answer_types import AnswerTypes
from .associations import Associations, stated_units, units
from .classifier.features import FeatureSpace, Rows
from .classifier.linear_model import LinearModel, Logistic
from .coverage import Coverage
from .entity_linker import EntityLinker
from .statement_block import Block, KnownAsks, StatementAsk, asked_about, texts_of
from .statements import Features, StatementRanker
from .stored_weights import StoredWeights
from .text import normalize, split

_GENERAL: Final = (Kind.DRIVER, Kind.OUTLOOK)
"""The kinds of entries that everyday words name: who does something, and what moves it."""


def asked(entries: Mapping[str, Entry], linker: EntityLinker) -> list[StatementAsk]:
    """Return every ask of every statement.

    Args:
        entries: Those whose statements are meant, by id.
        linker: Finds names.
    """
    found: list[StatementAsk] = []
    for id_, entry in entries.items():
        for route, statement in entry.answers():
            for language in LANGUAGES:
                for text, verdict, follows in statement.asks.questions(language):
                    question = asked_about(text, id_, language, linker)
                    found.append(StatementAsk(text, id_, route, question, verdict, follows))
    return found


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
    asks = asked(knowledge.entries, linker)
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
    ranker = StatementRanker(
        space=space,
        coverage=coverage,
        sections=LinearModel.fit(rows, [ask.route[0] for ask in asks]),
        types=AnswerTypes.load(),
        blocks={},
        covered={},
        owners=(),
        general=frozenset(id_ for kind in _GENERAL for id_ in knowledge.of_kind[kind]),
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
    asks = asked(changed, linker)
    rows = ranker.space.weighted(ranker.space.counts([ask.question.words for ask in asks]))

    def expect(id_: str, language: Language) -> Rows:
        block = ranker.blocks[id_]
        places = {text: place for place, text in enumerate(block.texts[language])}
        # Of new texts it isn't known what is asked.
        found = [places.get(text, len(places)) for text in texts_of(entries[id_], language)]
        return block.expected[language].with_empty().taken(np.array(found, np.int32))

    known = KnownAsks(asks, [ranker.coverage.placed(units(a.question.words)) for a in asks], rows)
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
            coverage=ranker.coverage,
            linker=linker,
        )
        for id_, entry in entries.items()
    }
    every = {**ranker.blocks, **blocks}
    covered = {
        language: Rows.joined([block.covered[language] for block in every.values()])
        for language in LANGUAGES
    }
    owners = tuple(id_ for id_, block in every.items() for _ in block.routes)
    return replace(ranker, blocks=every, covered=covered, owners=owners)
