"""What is taken for a typing error, by letter and by sound, and what for a word of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, LCSseq

from efinbot.intents import pinyin
from efinbot.intents.character_sets import character_sets, nearly_contained, within_edits
from efinbot.intents.homophones import HomophoneCorrector
from efinbot.intents.spelling import Correction, SpellingCorrector, Vocabulary
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
def corrector() -> SpellingCorrector:
    return SpellingCorrector(Vocabulary.of(map(tokens, KNOWN)))


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
        "short word next to a known pair",
        "no space",
        "letter instead of a space",
        "stray space",
        "misplaced space",
    ],
)
def test_typing_errors_are_corrected(
    corrector: SpellingCorrector, written: str, meant: str
) -> None:
    assert corrector.correct(written.split())[0] == meant.split()


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
def test_everything_else_stays_as_written(corrector: SpellingCorrector, text: str) -> None:
    assert corrector.correct(tokens(text)) == (tokens(text), [])


def test_two_letters_are_not_corrected_to_two_others_that_stand_alone() -> None:
    corrector = SpellingCorrector(Vocabulary.of([["eu"], ["in", "the", "eu", "law"]]))
    assert corrector.correct(["eg"])[0] == ["eg"]
    assert corrector.correct(["eg", "law"])[0] == ["eu", "law"]


def test_corrections_tell_what_was_replaced(corrector: SpellingCorrector) -> None:
    _, corrections = corrector.correct(["openbanking", "is", "ver", "ify"])
    assert corrections == [
        Correction(("openbanking",), ("open", "banking")),
        Correction(("ver", "ify"), ("verify",)),
    ]


def test_the_more_frequent_of_two_equally_close_words_wins() -> None:
    corrector = SpellingCorrector(Vocabulary.of([["parts"], ["party"], ["party"]]))
    assert corrector.correct(["partz"])[0] == ["party"]


def test_a_word_with_the_same_initial_wins() -> None:
    corrector = SpellingCorrector(Vocabulary.of([["hatch"], ["match"]]))
    assert corrector.correct(["hatcj"])[0] == ["hatch"]


@given(st.lists(st.text(alphabet="verifymyaccount12银", min_size=1, max_size=12), max_size=8))
def test_digits_never_change(words: list[str]) -> None:
    corrector = SpellingCorrector(Vocabulary.of(map(tokens, KNOWN)))
    corrected, _ = corrector.correct(words)
    assert [c for w in corrected for c in w if c.isdigit()] == [
        c for w in words for c in w if c.isdigit()
    ]


def test_a_message_with_many_unknown_words_is_in_another_language() -> None:
    corrector = SpellingCorrector(Vocabulary.of(map(tokens, KNOWN)))
    assert corrector.correct(["acount"] * 8)[0] == ["account"] * 8
    assert corrector.correct(["acount"] * 9)[0] == ["acount"] * 9


# By sound

TEXTS = [
    "开放银行是什么",
    "什么是开放银行",
    "开放银行有哪些案例",
    "普惠金融的发展趋势",
    "新兴技术的发展趋势",
] * 10


@pytest.fixture(scope="module")
def homophones() -> HomophoneCorrector:
    return HomophoneCorrector.fit(map(tokens, TEXTS), pinyin.readings())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("开放因行是什么", "开放银行是什么", id="one-character"),
        pytest.param("普会金融", "普惠金融", id="start"),
        pytest.param("发展趋式", "发展趋势", id="end"),
        pytest.param("新星技术", "新兴技术", id="front-and-back-nasal-mixed-up"),
        pytest.param("开放银行", "开放银行", id="nothing-wrong"),
        pytest.param("手机银行", "手机银行", id="another-word-with-another-sound"),
        pytest.param("open banking", "open banking", id="no-chinese"),
        pytest.param("", "", id="empty"),
    ],
)
def test_characters_that_sound_alike_are_corrected(
    homophones: HomophoneCorrector, written: str, meant: str
) -> None:
    corrected, changes = homophones.correct(written)
    assert corrected == meant
    assert bool(changes) == (written != meant)


@given(st.text())
def test_correcting_never_changes_the_length_and_settles(text: str) -> None:
    homophones = HomophoneCorrector.fit(
        map(tokens, TEXTS), {"银": ("yin",), "因": ("yin",), "行": ("han", "xin")}
    )
    corrected, _ = homophones.correct(text)
    assert len(corrected) == len(text)
    assert homophones.correct(corrected) == (corrected, ())


@given(st.text("abc银行", max_size=8), st.lists(st.text("abc银行", max_size=8)))
def test_sets_of_characters_rule_out_nothing_that_is_near(text: str, others: list[str]) -> None:
    sets = character_sets(others)
    for edits in (1, 2):
        near = {n for n, other in enumerate(others) if OSA.distance(text, other) <= edits}
        assert near <= {*within_edits(sets, text, edits)}
    contained = {n for n, one in enumerate(others) if LCSseq.similarity(text, one) >= len(one) - 1}
    assert contained <= {*nearly_contained(sets, text)}
