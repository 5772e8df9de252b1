"""Which names of an entry call only a part of it."""

import pytest

from efinbot.intents import Engine
from efinbot.intents.text import written


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        pytest.param("mobile-money", "gcash", id="firm"),
        pytest.param("digital-banks", "网商银行", id="firm-zh"),
        pytest.param("instant-payments", "fednow", id="service"),
    ],
)
def test_a_name_that_asks_for_few_statements_calls_a_part(
    engine: Engine, entry: str, name: str
) -> None:
    parts = [{*map(written, names)} for names in engine.ranker.blocks[entry].parts]
    assert any(name in part for part in parts)
    assert not all(name in part for part in parts)


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        pytest.param("robo-advisor", "robo adviser", id="spelt-in-another-way"),
        pytest.param("open-api", "open api", id="singular"),
        pytest.param("ai", "人工智能", id="the-name-itself"),
    ],
)
def test_what_the_whole_is_called_calls_no_part(engine: Engine, entry: str, name: str) -> None:
    parts = [map(written, names) for names in engine.ranker.blocks[entry].parts]
    assert name not in {one for part in parts for one in part}
