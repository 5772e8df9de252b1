"""Rankers of statements, built from the asks of a knowledge."""

from dataclasses import replace

import numpy as np
import pytest

from efinbot.intents import Engine
from efinbot.intents.statement_training import asked, build, renewed
from efinbot.intents.statement_weights import examine, places
from efinbot.intents.stored_weights import load_weights
from efinbot.knowledge import Entry, Fact, Knowledge
from efinbot.knowledge.models import StatementAsks

FIRST = 0.75
THREE, AMONG_THREE = 3, 0.9


def with_asks(entry: Entry, *asks: str) -> Entry:
    """Return an entry with one statement and these asks."""
    fact = entry.facts[0].model_copy(update={"asks": StatementAsks(en=asks)})
    nothing: dict[str, tuple[Fact, ...]] = dict.fromkeys(("why", "examples", "contrasts"), ())
    return entry.model_copy(update={"facts": (fact,), "benefits": (), **nothing})


def test_a_folder_without_asks_has_a_ranker_all_the_same(small_engine: Engine) -> None:
    asks = asked(
        small_engine.knowledge.entries,
        small_engine.preprocessor.linker,
        small_engine.ranker.types,
    )
    ranked = small_engine.understand("are the oldest trees of Wuyi rock tea picked")
    assert (asks, ranked.topics) == ([], ("wuyi",))


@pytest.mark.parametrize("asks", [(), ("are old trees picked",), ("who", "~how many trees")])
def test_few_asks_will_do(small: Knowledge, small_engine: Engine, asks: tuple[str, ...]) -> None:
    entries = {**small.entries, "wuyi": with_asks(small.entries["wuyi"], *asks)}
    linker, space = small_engine.preprocessor.linker, small_engine.scorer.space
    ranker = build(replace(small, entries=entries), linker, space, load_weights())
    assert len(ranker.blocks["wuyi"].asks) == len(asks)
    assert ranker.sections.labels == (("facts",) if asks else ())


def test_an_edit_renews_the_statements_at_once(small: Knowledge, small_engine: Engine) -> None:
    entries = {**small.entries, "wuyi": with_asks(small.entries["wuyi"], "are old trees picked")}
    edited = replace(small, entries=entries)
    linker = small_engine.preprocessor.linker
    ranker = renewed(small_engine.ranker, small, edited, linker)
    assert ranker.blocks["wuyi"].asks == (("en", None),)
    assert ranker.blocks["darjeeling"] is small_engine.ranker.blocks["darjeeling"]
    told = small_engine.with_knowledge(edited, small_engine.preprocessor.linker)
    assert told
    sections = {section for section, _ in told.ranker.blocks["wuyi"].routes}
    assert sections == {"facts", "challenges", "summary"}


def test_statements_are_found_for_asks_that_were_held_out(engine: Engine) -> None:
    """Three of four first, and nine of ten among three."""
    linker, space = engine.preprocessor.linker, engine.scorer.space
    (part,) = examine(engine.knowledge, linker, space, parts=[0])
    found = np.array(places(part, np.array(engine.ranker.weights)))
    assert (found == 0).mean() >= FIRST
    assert (found < THREE).mean() >= AMONG_THREE
