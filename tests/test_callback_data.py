"""Buttons, links and inline results carry what they lead to in Telegram's 64 bytes."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efinbot.bot import Assistant, callback_data
from efinbot.bot.telegram.keyboards import PREFIX, Pages, above, target
from efinbot.intents import ABOUT_ONE, LISTS, Engine, Understanding, statement_refs
from efinbot.knowledge import LANGUAGES, Entry, Knowledge, Language


def facts(id_: str, language: Language, entry: Entry) -> Iterator[Understanding]:
    """Yield the answers that consist of one statement, and a gap."""
    for ref in statement_refs(id_, entry):
        yield Understanding("fact", (id_,), language, 1.0, statements=(ref,))
    first = next(statement_refs(id_, entry))
    yield Understanding("fact", (id_,), language, 1.0, statements=(first,), gap=True)
    for verdict in ("yes", "no", "partly"):
        ref = first._replace(verdict=verdict)
        yield Understanding("fact", (id_,), language, 1.0, statements=(ref,))


def everything(knowledge: Knowledge) -> list[Understanding]:
    """Return the first answer of every kind about every entry, in both languages."""
    regions = [None, *list(knowledge.regions)[:3]]
    return [
        *(
            Understanding(intent, (id_,), language, 1.0)
            for language in LANGUAGES
            for id_ in knowledge.entries
            for intent in ABOUT_ONE
            if intent != "fact"
        ),
        *(
            said
            for language in LANGUAGES
            for id_, entry in knowledge.entries.items()
            for said in facts(id_, language, entry)
        ),
        *(
            Understanding(intent, (), language, 1.0, region=region)
            for language in LANGUAGES
            for intent in ("overview", "help", *LISTS)
            for region in (regions if intent == "cases" else [None])
        ),
    ]


@pytest.fixture(scope="module")
def pages(assistant: Assistant) -> Pages:
    return Pages(assistant, "efinbot")


def test_a_view_is_read_as_it_was_written(engine: Engine) -> None:
    for said in everything(engine.knowledge):
        assert callback_data.decode(callback_data.encode(said), engine.knowledge) == said


@given(
    language=st.sampled_from(LANGUAGES),
    topics=st.lists(
        st.sampled_from(["defi", "open-banking", "gdpr", "web3"]), unique=True, min_size=2
    ),
    depth=st.integers(0, 99),
)
def test_a_comparison_keeps_its_topics_in_order(
    engine: Engine, language: str, topics: list[str], depth: int
) -> None:
    chosen = next(one for one in LANGUAGES if one == language)
    said = Understanding("compare", tuple(topics), chosen, 1.0, depth=depth)
    assert callback_data.decode(callback_data.encode(said), engine.knowledge) == said


FORGED = {
    "nothing": "",
    "no such intent": "zq.defi",
    "no such language": "xe.defi",
    "no such entry": "ze.dogecoin",
    "an entry for a list": "zT.defi",
    "no entry for an explanation": "ze",
    "two entries for an explanation": "ze.defi+web3",
    "a comparison of one": "zx.defi",
    "a comparison with itself": "zx.defi+defi",
    "a comparison of too many": "zx.ai+ovo+iot+defi+gdpr+pipl+web3",
    "no such region": "zC@XX",
    "a depth of other digits": "ze٣.defi",
    "a fact without a statement": "ef.defi",
    "a statement that the entry lacks": "ef.defi!f99",
    "no such section": "ef.defi!z1",
    "one statement of two": "ef.defi!f0f99",
    "an explanation with a statement": "ee.defi!f0",
    "a statement of no entry": "ef!f0",
    "a long depth": "ze123.defi",
    "capitals": "ze.DEFI",
    "a path": "ze.../../etc/passwd",
    "a line break": "ze.defi\n",
    "small talk that no button leads to": "zG.defi",
}


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED.keys())
def test_forged_data_leads_nowhere(engine: Engine, data: str) -> None:
    assert callback_data.decode(data, engine.knowledge) is None
    assert target(PREFIX + data, engine.knowledge) is None


@given(st.text(max_size=80))
def test_any_data_leads_to_an_answer_or_nowhere(pages: Pages, engine: Engine, data: str) -> None:
    found = target(PREFIX + data, engine.knowledge)
    if found:
        assert pages.page(found.understanding, found.origin).html


@pytest.mark.no_cover
def test_every_button_of_every_answer_leads_to_an_answer(pages: Pages, engine: Engine) -> None:
    for said in everything(engine.knowledge):
        page = pages.page(said)
        assert page.keyboard is not None
        buttons = [button for row in page.keyboard.inline_keyboard for button in row]
        assert len({button.callback_data or button.url for button in buttons}) == len(buttons)
        for button in buttons:
            if button.url:
                assert button.url.startswith(
                    "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fefinbot"
                )
                continue
            assert isinstance(button.callback_data, str)
            assert len(button.callback_data.encode()) <= callback_data.LIMIT
            found = target(button.callback_data, engine.knowledge)
            assert found is not None
            assert found.understanding.language == said.language


def test_going_up_from_anywhere_ends_at_the_overview(engine: Engine) -> None:
    for said in everything(engine.knowledge):
        steps, here = 0, said
        while (up := above(here, engine.knowledge)) and steps < 10:
            steps, here = steps + 1, up
        assert here.intent in ("overview", "help")


def test_the_way_back_is_where_the_reader_came_from(pages: Pages, engine: Engine) -> None:
    cases = Understanding("cases_of", ("open-banking",), "en", 1.0)
    case = Understanding("explain", ("uk-open-banking",), "en", 1.0)
    keyboard = pages.page(case, cases).keyboard
    assert keyboard is not None
    back = keyboard.inline_keyboard[-1][0]
    assert back.text == "‹ Open banking and platforms: cases"
    assert isinstance(back.callback_data, str)
    found = target(back.callback_data, engine.knowledge)
    assert found is not None
    assert found.understanding == cases
