"""Which recorded questions are gaps, which of them belong together, and what is proposed."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from efinbot.intents import Engine
from efinbot.intents.carrier_phrases import CarrierPhrases
from efinbot.intents.gaps.finder import Gap, MissedQuestion, find_gaps
from efinbot.intents.gaps.proposals import Basis, LineProposal, outside_row, propose
from efinbot.intents.preprocessing import detect_language
from efinbot.intents.text import tokens

PHRASES = CarrierPhrases.load()


def question(text: str, count: int = 1, **known: object) -> MissedQuestion:
    language = detect_language(tokens(text)) or "en"
    told = MissedQuestion(text, language, "declined", count, 0.0)
    return replace(told, **known)  # pyright: ignore[reportArgumentType]


def grouped(engine: Engine, questions: Sequence[MissedQuestion]) -> list[set[str]]:
    return [set(gap.texts) for gap in find_gaps(engine, questions, PHRASES)]


def the_gap(engine: Engine, *questions: MissedQuestion) -> Gap:
    (gap,) = find_gaps(engine, questions, PHRASES)
    return gap


# What is a gap


@pytest.mark.parametrize(
    ("asked", "open_"),
    [
        pytest.param(question("what is kombucha"), True, id="still-declined"),
        pytest.param(question("What is oxidation?"), False, id="answered-by-now"),
        pytest.param(
            question("What is oxidation?", rejected=("explain", ("oxidation",))),
            True,
            id="answered-as-it-was-when-rejected",
        ),
        pytest.param(
            question("What is oxidation?", rejected=("explain", ("wuyi",))),
            False,
            id="answered-otherwise-than-when-rejected",
        ),
        pytest.param(
            question("What is oxidation?", chosen="oxidation"), False, id="chosen-is-answered"
        ),
        pytest.param(
            question("What is oxidation?", chosen="wuyi"), True, id="another-entry-was-chosen"
        ),
        pytest.param(question("what is kombucha", chosen="wuyi"), True, id="chosen-is-declined"),
    ],
)
def test_a_question_that_is_answered_well_today_is_no_gap(
    small_engine: Engine, asked: MissedQuestion, *, open_: bool
) -> None:
    assert grouped(small_engine, [asked]) == ([{asked.text}] if open_ else [])


# Which belong together


@pytest.mark.parametrize(
    "texts",
    [
        (
            "what is kombucha",
            "Kombucha?",
            "tell me about KOMBUCHA",
            "kombucha",
            "what is kombutcha",
        ),
        ("红茶菌是什么", "什么是红茶菌", "紅茶菌", "介绍一下红茶菌"),
        ("brewing kombucha in a teapot overnight", "kombucha brewing overnight in a teapot"),
    ],
    ids=["framed", "chinese", "word-order"],
)
def test_questions_about_the_same_belong_together(
    small_engine: Engine, texts: Sequence[str]
) -> None:
    assert grouped(small_engine, list(map(question, texts))) == [set(texts)]


@pytest.mark.parametrize(
    "texts",
    [
        ("cbdc", "cdbc"),
        ("web2", "web3"),
        ("智能投顾", "智能投资"),
        ("car", "scarf"),
        ("should i buy bitcoin", "buy"),
        ("what is blik", "what is blip"),
        ("silver teapot", "copper teapot"),
        ("kombucha", "红茶菌"),
    ],
    ids=" ".join,
)
def test_questions_about_something_else_stay_apart(
    small_engine: Engine, texts: Sequence[str]
) -> None:
    assert len(grouped(small_engine, list(map(question, texts)))) == len(texts)


def test_the_same_words_in_two_languages_stay_apart(small_engine: Engine) -> None:
    asked = [question("kombucha"), question("kombucha", language="zh")]
    assert [gap.language for gap in find_gaps(small_engine, asked, PHRASES)] == ["en", "zh"]


def test_gaps_are_ranked_by_how_many_asked_and_told(small_engine: Engine) -> None:
    asked = [
        question("kombucha", 3),
        question("what is matcha", 2, chosen="wuyi"),
        question("rooibos", 3, at=5.0),
        question("yerba mate", 1),
    ]
    found = find_gaps(small_engine, asked, PHRASES)
    assert [gap.representative for gap in found] == [
        "what is matcha",
        "rooibos",
        "kombucha",
        "yerba mate",
    ]


def test_a_gap_tells_what_was_asked_how_often_and_what_became_of_it(small_engine: Engine) -> None:
    gap = the_gap(
        small_engine,
        question("Kombucha", 2, at=7.0),
        question("what is kombucha", 3, outcome="offered", at=5.0),
        question("what is kombucha", 1, outcome="unsure"),
    )
    assert gap.texts == ("what is kombucha", "Kombucha")
    assert (gap.count, gap.at) == (6, 7.0)
    assert gap.outcomes == {"offered": 3, "declined": 2, "unsure": 1}
    assert len(gap.near) == 3
    assert [near.score for near in gap.near] == sorted((n.score for n in gap.near), reverse=True)


ASKED = st.builds(
    MissedQuestion,
    st.sampled_from(("kombucha", "Kombucha?", "kombutcha", "红茶菌", "what is matcha", "rooibos")),
    st.sampled_from(("zh", "en")),
    st.sampled_from(("declined", "offered")),
    st.integers(1, 3),
    st.sampled_from((0.0, 1.0)),
)


@settings(max_examples=50)
@given(data=st.data(), asked=st.lists(ASKED, max_size=8, unique_by=lambda q: (q.text, q.outcome)))
def test_the_order_in_which_questions_come_changes_nothing(
    small_engine: Engine, data: st.DataObject, asked: list[MissedQuestion]
) -> None:
    found = find_gaps(small_engine, asked, PHRASES)
    other = find_gaps(small_engine, data.draw(st.permutations(asked)), PHRASES)
    assert [list(gap.questions) for gap in found] == [list(gap.questions) for gap in other]
    assert sum(gap.count for gap in found) == sum(question.count for question in asked)


# What is proposed


def proposed(engine: Engine, *questions: MissedQuestion) -> list[LineProposal]:
    return propose(the_gap(engine, *questions), engine, PHRASES)


def test_a_name_that_was_chosen_for_an_entry_is_proposed_as_its_alias(
    small_engine: Engine,
) -> None:
    first, *others = proposed(
        small_engine,
        question("tell me about Lapsang", 2),
        question("what is Lapsang", 1, chosen="wuyi"),
    )
    assert first == LineProposal("wuyi", "aliases", "en", ("Lapsang",), Basis.CHOSEN)
    assert (first.file, first.keys) == ("entries/wuyi.yaml", ("aliases", "en"))
    assert [(proposal.key, proposal.lines) for proposal in others] == [
        ("asks", ("tell me about Lapsang",)),
        ("asks", ("tell me about Lapsang", "what is Lapsang")),
        ("asks", ("what is Lapsang",)),
    ]


def test_what_was_chosen_counts_though_it_is_answered_by_now(small_engine: Engine) -> None:
    tapped = question("what is oxidation", 3, chosen="oxidation")
    assert find_gaps(small_engine, [tapped], PHRASES) == []
    rejected = question("oxidation", rejected=("explain", ("oxidation",)))
    (gap,) = find_gaps(small_engine, [tapped, rejected], PHRASES)
    assert (gap.texts, gap.chosen) == (("oxidation",), {"oxidation": 3})


@pytest.mark.parametrize(
    ("text", "chosen", "key"),
    [
        ("what are the dangers of zorbling", "oxidation", "asks.challenges_of"),
        ("who is known for zorbling, any examples", "oxidation", "asks.cases_of"),
        ("what is zorbling", "oxidation", "asks"),
    ],
    ids=["its-risks", "its-cases", "what-it-is"],
)
def test_a_question_goes_to_those_that_want_the_same(
    small_engine: Engine, text: str, chosen: str, key: str
) -> None:
    *_, last = proposed(small_engine, question(text, chosen=chosen))
    assert (last.key, last.lines, last.keys) == (key, (text,), (*key.split("."), "en"))


def test_a_sentence_is_no_name(small_engine: Engine) -> None:
    (only,) = proposed(small_engine, question("老板娘泡给客人的那壶叫啥", chosen="wuyi"))
    assert only == LineProposal("wuyi", "asks", "zh", ("老板娘泡给客人的那壶叫啥",), Basis.CHOSEN)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("green people", "everyday words"),
        ("espresso", "the name of something that isn't covered"),
        ("tannins", "a term of the glossary"),
        ("wuyi oolong", "the name of an entry and more"),
        ("x", "a single letter"),
        ("12345", "a number"),
    ],
    ids=lambda part: part if " " not in part else "",
)
def test_an_alias_that_says_little_is_not_proposed(
    small_engine: Engine, text: str, why: str
) -> None:
    found = proposed(small_engine, question(text, chosen="darjeeling"))
    assert [proposal.key for proposal in found] == ["asks"], why


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("why does … leave turn dark", id="something-was-removed"),
        pytest.param("tea " * 40, id="too-long"),
        pytest.param("why do the leaves turn dark", id="asked-of-another-entry"),
        pytest.param("which trees are too old to be picked", id="there-already"),
    ],
)
def test_a_line_that_the_check_would_refuse_is_not_proposed(
    small_engine: Engine, text: str
) -> None:
    asked = question(text, chosen="wuyi", rejected=("explain", ("wuyi",)))
    gap = Gap({asked: small_engine.trace(text)}, {"wuyi": 1})
    assert propose(gap, small_engine, PHRASES) == []


def test_where_nobody_told_the_nearest_entry_is_taken(small_engine: Engine) -> None:
    asked = question("how does green turn into black", rejected=("explain", ("wuyi",)))
    gap = Gap({asked: small_engine.trace(asked.text)})
    assert gap.near[0].id == "oxidation"
    (found,) = propose(gap, small_engine, PHRASES)
    assert (found.entry, found.basis) == ("oxidation", Basis.NEAREST)


def test_the_entry_that_was_rejected_is_not_proposed(small_engine: Engine) -> None:
    asked = question("how does green turn into black", rejected=("explain", ("oxidation",)))
    gap = Gap({asked: small_engine.trace(asked.text)})
    assert "oxidation" not in {found.entry for found in propose(gap, small_engine, PHRASES)}


@pytest.mark.parametrize("text", ["who won the cup yesterday", "espresso machine prices"])
def test_where_no_entry_is_near_nothing_is_proposed(small_engine: Engine, text: str) -> None:
    assert proposed(small_engine, question(text)) == []


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("what is Kombucha", 'kombucha:\n  name: {zh: "Kombucha", en: "Kombucha"}\n  near: ['),
        ("红茶菌是什么", 'hongchajun:\n  name: {zh: "红茶菌", en: "红茶菌"}\n  near: ['),
        ("who won the cup yesterday", None),
    ],
)
def test_a_name_that_nothing_is_near_makes_a_row_for_what_is_not_covered(
    small_engine: Engine, text: str, row: str | None
) -> None:
    written = outside_row(the_gap(small_engine, question(text)), small_engine, PHRASES)
    assert written is None if row is None else written and written.startswith(row)


def test_a_name_is_taken_with_its_capitals_if_anybody_wrote_them(small_engine: Engine) -> None:
    gap = the_gap(small_engine, question("kombucha", 2), question("what is Kombucha"))
    assert gap.representative == "kombucha"
    assert 'en: "Kombucha"' in (outside_row(gap, small_engine, PHRASES) or "")
