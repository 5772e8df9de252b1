"""What somebody who is still typing may mean."""

import pytest

from efinbot.intents import Completion, Engine


@pytest.fixture(scope="module")
def completion(engine: Engine) -> Completion:
    return Completion(engine.knowledge)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("open ban", "open-banking"),
        ("OPEN BANK", "open-banking"),
        ("ｏｐｅｎ ｂａ", "open-banking"),
        ("开放银", "open-banking"),
        ("開放銀", "open-banking"),
        ("robo", "robo-advisor"),
        ("数字人民", "e-cny"),
        ("webank", "webank"),
    ],
)
def test_the_beginning_of_a_name_finds_its_entry(
    completion: Completion, typed: str, first: str
) -> None:
    assert first in completion.complete(typed)[:2]


def test_the_beginning_of_a_word_inside_a_name_comes_after_that_of_a_name(
    completion: Completion,
) -> None:
    found = completion.complete("sandbox")
    assert {"regulatory-sandbox", "mas-sandbox", "pboc-sandbox"} <= set(found)


@pytest.mark.parametrize("typed", ["", "   ", "zzz", "pen ban", "ank", "🙂"])
def test_what_no_name_continues_finds_nothing(completion: Completion, typed: str) -> None:
    assert completion.complete(typed) == ()
