import pytest
from hypothesis import given
from hypothesis import strategies as st

from efinbot.intents.spelling import Repair, Repairer, Vocabulary
from efinbot.intents.text import tokens

KNOWN = (
    "how do i verify my account",
    "verify my phone number please",
    "what is open banking",
    "the card has not arrived yet",
    "is web3 the future of payments",
    "什么是开放银行",
)


@pytest.fixture(scope="module")
def repairer() -> Repairer:
    return Repairer(Vocabulary.of(map(tokens, KNOWN)))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("verifi my account", "verify my account"),
        ("vreify my account", "verify my account"),
        ("acount number", "account number"),
        ("paymnets", "payments"),
        ("verify mi account", "verify my account"),
        ("openbanking", "open banking"),
        ("openxbanking", "open banking"),
        ("ver ify", "verify"),
        ("verifym y account", "verify my account"),
    ],
    ids=[
        "replaced",
        "swapped",
        "left out",
        "swapped in a plural",
        "short word beside a known pair",
        "no space",
        "slip instead of a space",
        "stray space",
        "misplaced space",
    ],
)
def test_slips_are_repaired(repairer: Repairer, written: str, meant: str) -> None:
    assert repairer.repair(written.split())[0] == meant.split()


@pytest.mark.parametrize(
    "text",
    [
        "verify the card",
        "web2",
        "12345",
        "blockchain",
        "sell",
        "mi",
        "开发银行",
        "x" * 400,
        "",
    ],
    ids=[
        "known",
        "another digit",
        "number",
        "unlike anything",
        "common English",
        "short word alone",
        "Chinese",
        "too long",
        "empty",
    ],
)
def test_everything_else_stays_as_written(repairer: Repairer, text: str) -> None:
    assert repairer.repair(tokens(text)) == (tokens(text), [])


def test_two_letters_are_no_slip_of_two_others_that_stand_alone() -> None:
    repairer = Repairer(Vocabulary.of([["eu"], ["in", "the", "eu", "law"]]))
    assert repairer.repair(["eg"])[0] == ["eg"]
    assert repairer.repair(["eg", "law"])[0] == ["eu", "law"]


def test_repairs_tell_what_was_replaced(repairer: Repairer) -> None:
    _, repairs = repairer.repair(["openbanking", "is", "ver", "ify"])
    assert repairs == [
        Repair(("openbanking",), ("open", "banking")),
        Repair(("ver", "ify"), ("verify",)),
    ]


def test_the_more_frequent_of_two_equally_close_words_wins() -> None:
    repairer = Repairer(Vocabulary.of([["parts"], ["party"], ["party"]]))
    assert repairer.repair(["partz"])[0] == ["party"]


def test_a_word_with_the_same_initial_wins() -> None:
    repairer = Repairer(Vocabulary.of([["hatch"], ["match"]]))
    assert repairer.repair(["hatcj"])[0] == ["hatch"]


@given(st.lists(st.text(alphabet="verifymyaccount12银", min_size=1, max_size=12), max_size=8))
def test_digits_never_change(words: list[str]) -> None:
    repairer = Repairer(Vocabulary.of(map(tokens, KNOWN)))
    repaired, _ = repairer.repair(words)
    assert [c for w in repaired for c in w if c.isdigit()] == [
        c for w in words for c in w if c.isdigit()
    ]
