"""Every reply that the shipped knowledge can give, read as a phone would show it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import combinations, permutations
from typing import Any, TypeVar
from xml.etree import ElementTree as ET

import pytest
from pydantic import BaseModel

from efinbot.bot import Reply
from efinbot.bot.replies.composer import compose
from efinbot.bot.replies.markup import escape, plain
from efinbot.bot.replies.paging import SCREEN, columns
from efinbot.intents import (
    ABOUT_ONE,
    CARE,
    LISTS,
    NEWS,
    SMALL_TALK,
    Engine,
    StatementRef,
    Understanding,
    statement_refs,
)
from efinbot.knowledge import LANGUAGES, Entry, Kind, Knowledge, Language, Source, Text

HAN = re.compile(r"[\u4e00-\u9fff]")
HEADING = re.compile(r"<b>[^<]*</b>")
MARK = re.compile(r"⟦(.*?)⟧")
SOME = 0.1
MESSAGE = 4096
WITH_A_TERM = SCREEN + 200
"""A glossary term comes on top of an answer's usual size."""

Model = TypeVar("Model", bound=BaseModel)


def said(
    intent: str,
    *topics: str,
    language: Language = "en",
    region: str | None = None,
    depth: int = 0,
    suggestions: tuple[str, ...] = (),
) -> Understanding:
    return Understanding(
        intent, topics, language, 1.0, region=region, depth=depth, suggestions=suggestions
    )


def reply_to(engine: Engine, understanding: Understanding) -> Reply:
    return compose(understanding, engine.knowledge, engine.listed(understanding))


def knowing(engine: Engine, knowledge: Knowledge) -> Engine:
    return replace(engine, scorer=replace(engine.scorer, knowledge=knowledge))


def every_depth(engine: Engine, understanding: Understanding) -> Iterator[Reply]:
    """Yield the answers to a question and to every "more" after it."""
    labels = engine.knowledge.interface.ask_more
    while True:
        reply = reply_to(engine, understanding)
        yield reply
        more = [c for c in reply.choices if c.label in (labels.zh, labels.en)]
        if not more:
            return
        understanding = more[0].understanding


def facts(id_: str, entry: Entry, language: Language) -> Iterator[Understanding]:
    """Yield answers that are made of single statements, with and without a verdict, and gaps."""
    fact = said("fact", id_, language=language)
    for ref in statement_refs(id_, entry):
        yield replace(fact, statements=(ref,))
    first = next(statement_refs(id_, entry))
    for verdict in ("yes", "no", "partly"):
        yield replace(fact, statements=(first._replace(verdict=verdict),))
    yield replace(fact, statements=(first,), gap=True)
    yield replace(fact, statements=(first,), gap=True, unsure=True)
    yield replace(fact, statements=(first,), repeated=True)


def questions(knowledge: Knowledge, language: Language) -> Iterator[Understanding]:
    """Yield everything that can be asked about a knowledge, but for what is declined."""
    for intent in ("overview", *LISTS, *SMALL_TALK):
        yield said(intent, language=language)
    for id_ in knowledge.entries:
        for intent in ABOUT_ONE:
            if intent != "fact":
                yield said(intent, id_, language=language)
        yield from facts(id_, knowledge.entries[id_], language)
    yield said(NEWS, language=language)
    for region in knowledge.regions:
        yield said("cases", language=language, region=region)
        for id_ in knowledge.entries:
            yield said("cases_of", id_, language=language, region=region)
    yield from comparisons(knowledge, language)
    for term, explained in knowledge.glossary.items():
        yield replace(said("explain", explained.see, language=language), terms=(term,))


def comparisons(knowledge: Knowledge, language: Language) -> Iterator[Understanding]:
    """Yield the comparisons that a sentence is written for, and those of whole kinds."""
    for id_, entry in knowledge.entries.items():
        for contrast in entry.contrasts:
            yield said("compare", id_, contrast.with_, language=language)
            yield said("compare", contrast.with_, id_, language=language)
    for intent, kind in LISTS.items():
        if intent != "cases" and len(knowledge.of_kind[kind]) > 1:
            yield said("compare", *knowledge.of_kind[kind], language=language)


def refusals(knowledge: Knowledge, language: Language) -> Iterator[Understanding]:
    """Yield everything that is declined, with and without something to offer instead."""
    some = tuple(knowledge.entries)[:3]
    none = said("fallback", language=language)
    offering = said("fallback", language=language, suggestions=some)
    yield none
    yield offering
    yield replace(offering, unsure=True)
    for id_, outside in knowledge.outside.items():
        yield replace(none, outside=id_, suggestions=outside.near)
    for name, ids in knowledge.ambiguous.items():
        yield replace(none, ambiguous=name, suggestions=ids[:3])


def everything(knowledge: Knowledge, language: Language) -> Iterator[Understanding]:
    yield from questions(knowledge, language)
    yield from refusals(knowledge, language)


def faults(reply: Reply, language: Language, size: int = SCREEN) -> Iterator[str]:
    """Yield what a phone's reader would find wrong with a reply."""
    yield from faults_of_markup(reply.html)
    yield from faults_of_layout(reply.html)
    if columns(reply.html) > size:
        yield f"{columns(reply.html)} columns"
    # The title gives the name in the other language too, and a Chinese name may stand in English.
    text = plain(re.sub(r"<a .*?</a>|^<b>.*?</b> · .*", "", reply.html))
    share = len(HAN.findall(text)) / max(len(text), 1)
    if (language == "zh" and not share) or (language == "en" and share > SOME):
        yield f"Chinese {share:.0%}"
    labels = [choice.label for choice in reply.choices]
    if len(set(labels)) < len(labels) or not all(labels):
        yield f"choices {labels}"


def faults_of_markup(html: str) -> Iterator[str]:
    try:
        root = ET.fromstring(f"<r>{html}</r>")  # noqa: S314 - made here
    except ET.ParseError as error:
        yield f"no well-formed HTML ({error})"
        return
    for element in root.iter():
        attributes = {"a": {"href"}}.get(element.tag, set())
        if element.tag not in ("r", "b", "i", "a") or set(element.attrib) != attributes:
            yield f"tag {element.tag} {element.attrib}"
        if not "".join(element.itertext()).strip():
            yield f"empty {element.tag}"


def faults_of_layout(html: str) -> Iterator[str]:
    if html != html.strip() or "\n\n\n" in html:
        yield "too many blanks"
    if re.search(r"[{}]", html):
        yield "a name not filled in"
    lines = html.split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if HEADING.fullmatch(line) and not following:
            yield f"nothing under {line}"


def report(replies: Iterable[tuple[object, Reply]], language: Language, size: int) -> list[str]:
    return [
        f"{understanding}: {fault}"
        for understanding, reply in replies
        for fault in faults(reply, language, size)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", ABOUT_ONE)
def test_every_answer_about_an_entry_reads_well_at_every_depth(
    engine: Engine, intent: str, language: Language
) -> None:
    replies = [
        (f"{intent} {id_} {depth}", reply)
        for id_ in engine.knowledge.entries
        for depth, reply in enumerate(every_depth(engine, said(intent, id_, language=language)))
    ]
    assert report(replies, language, SCREEN) == []


@pytest.mark.no_cover
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_other_answer_reads_well(engine: Engine, language: Language) -> None:
    replies = [
        (understanding, reply)
        for understanding in everything(engine.knowledge, language)
        if not understanding.terms
        for reply in every_depth(engine, understanding)
    ]
    assert report(replies, language, SCREEN) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_term_is_explained_before_the_entry_it_belongs_to(
    engine: Engine, language: Language
) -> None:
    knowledge = engine.knowledge
    for id_, term in knowledge.glossary.items():
        understanding = replace(said("explain", term.see, language=language), terms=(id_,))
        reply = reply_to(engine, understanding)
        assert list(faults(reply, language, WITH_A_TERM)) == []
        first = plain(reply.html).split("\n")[1]
        assert first.startswith(term.name.in_(language))
        assert term.text.in_(language) in first


@pytest.mark.parametrize("language", LANGUAGES)
def test_asking_for_more_tells_everything_once(engine: Engine, language: Language) -> None:
    for id_, entry in engine.knowledge.entries.items():
        pages = [r.html for r in every_depth(engine, said("explain", id_, language=language))]
        told = (*entry.facts, *entry.benefits, *entry.challenges, *entry.examples)
        for statement in (entry.summary, *told):
            text = escape(statement.in_(language))
            assert sum(text in page for page in pages) == 1, (id_, text)
        for source in entry.sources.values():
            assert any(escape(source.url) in page for page in pages), (id_, source.url)


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_everything_is_told_the_reply_says_so_and_leads_on(
    engine: Engine, language: Language
) -> None:
    reply = reply_to(engine, said("explain", "gdpr", language=language, depth=50))
    entry = engine.knowledge.entries["gdpr"]
    assert entry.name.in_(language) in reply.html.split("\n")[0]
    assert {choice.understanding.intent for choice in reply.choices} > {"explain"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", LISTS)
def test_a_list_names_everything_of_its_kind_in_order(
    engine: Engine, intent: str, language: Language
) -> None:
    replies = list(every_depth(engine, said(intent, language=language)))
    names = [
        escape(engine.knowledge.entries[id_].name.in_(language))
        for id_ in engine.knowledge.of_kind[LISTS[intent]]
    ]
    text = "\n".join(reply.html for reply in replies)
    listed = re.findall(r"^(\d+)\. <b>(.*?)</b>", text, re.MULTILINE)
    assert listed == [(str(number), name) for number, name in enumerate(names, 1)]
    labels = [escape(choice.label) for choice in replies[0].choices]
    assert labels[:6] == names[:6]
    assert len(labels) == len(names[:6]) or intent == "cases"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comparison_says_how_the_two_differ(engine: Engine, language: Language) -> None:
    knowledge = engine.knowledge
    for id_, entry in knowledge.entries.items():
        for contrast in entry.contrasts:
            pair = (id_, contrast.with_)
            for topics in permutations(pair):
                html = reply_to(engine, said("compare", *topics, language=language)).html
                assert escape(contrast.in_(language)) in html, topics
                for topic in topics:
                    assert f"<b>{escape(knowledge.entries[topic].name.in_(language))}</b>" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comparison_of_three_leaves_none_out(engine: Engine, language: Language) -> None:
    knowledge = engine.knowledge
    for topics in combinations(knowledge.of_kind[Kind.CASE], 3):
        reply = reply_to(engine, said("compare", *topics, language=language))
        names = [knowledge.entries[topic].name.in_(language) for topic in topics]
        assert all(f"<b>{escape(name)}</b>" in reply.html for name in names)
        assert [choice.label for choice in reply.choices] == names


def test_cases_of_a_region_are_named_and_none_is_said_to_be_elsewhere(engine: Engine) -> None:
    knowledge = engine.knowledge
    html = reply_to(engine, said("cases", region="SEA")).html
    for case in knowledge.cases_in("SEA"):
        assert escape(knowledge.entries[case].name.en) in html
    assert "Sesame Credit" not in html


@pytest.mark.parametrize(("intent", "topics"), [("cases", ()), ("cases_of", ("inclusion",))])
def test_a_region_without_cases_offers_those_elsewhere(
    engine: Engine, intent: str, topics: tuple[str, ...]
) -> None:
    reply = reply_to(engine, said(intent, *topics, region="AFRICA"))
    assert "I have no such case from Africa." in reply.html
    assert "<b>Cases elsewhere</b>\n• <b>" in reply.html
    assert reply.choices[0].understanding.intent == "explain"


def test_cases_of_an_entry_without_its_own_are_said_to_be_of_its_parent(engine: Engine) -> None:
    knowledge = engine.knowledge
    lone = [
        id_
        for id_ in knowledge.of_kind[Kind.POINT]
        if not knowledge.cases_of(id_) and knowledge.cases_for(id_)
    ]
    assert lone
    for id_ in lone:
        html = reply_to(engine, said("cases_of", id_)).html
        assert f"“{escape(knowledge.entries[id_].name.en)}” has no case of its own" in html


def test_cases_of_a_case_are_others_like_it(engine: Engine) -> None:
    reply = reply_to(engine, said("cases_of", "gdpr"))
    assert "“GDPR” is itself a case, an example of:" in reply.html
    assert "• <b>GDPR</b>" not in reply.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_without_anything_near_says_what_can_be_asked(
    engine: Engine, language: Language
) -> None:
    reply = reply_to(engine, said("fallback", language=language))
    assert plain(reply.html) == engine.knowledge.interface.declined.in_(language)
    assert {choice.understanding.intent for choice in reply.choices} == set(LISTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_offered_is_numbered_like_its_choices(engine: Engine, language: Language) -> None:
    for understanding in refusals(engine.knowledge, language):
        reply = reply_to(engine, understanding)
        names = re.findall(r"^\d\. <b>(.*?)</b>", reply.html, re.MULTILINE)
        assert len(names) == len(understanding.suggestions)
        if names:
            assert names == [escape(choice.label) for choice in reply.choices]


def test_an_uncertain_answer_offers_what_else_may_have_been_meant(engine: Engine) -> None:
    reply = reply_to(engine, said("explain", "defi", suggestions=("cbdc", "web3")))
    assert {"Central bank digital currency (CBDC)", "Web3"} <= {c.label for c in reply.choices}


@pytest.mark.no_cover
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_leads_to_an_answer_in_the_same_language(
    engine: Engine, language: Language
) -> None:
    # Choices are equal only if their labels are, and of those many thousand are alike.
    leads_to = {
        choice.understanding
        for understanding in everything(engine.knowledge, language)
        for choice in reply_to(engine, understanding).choices
    }
    for understanding in leads_to:
        assert understanding.language == language
        assert list(faults(reply_to(engine, understanding), language, WITH_A_TERM)) == []


def rewritten(model: Model, change: Callable[[str], str]) -> Model:
    """Return a copy of a model with all its texts and titles changed, here and in what it holds."""

    def visit(value: object) -> object:
        match value:
            case Text():
                return value.model_copy(update={"zh": change(value.zh), "en": change(value.en)})
            case Source():
                return value.model_copy(update={"title": change(value.title)})
            case BaseModel():
                return rewritten(value, change)
            case tuple():
                return tuple(map(visit, value))
            case dict():
                return {key: visit(item) for key, item in value.items()}
            case _:
                return value

    fields = type(model).model_fields
    return model.model_copy(update={name: visit(getattr(model, name)) for name in fields})


def test_texts_with_markup_in_them_are_shown_as_they_are(engine: Engine, small: Knowledge) -> None:
    rude = '<b>&"x"</b> '

    def rudely(text: str) -> str:
        return rude + text

    tables = {
        name: {key: rewritten(value, rudely) for key, value in getattr(small, name).items()}
        for name in ("entries", "glossary", "outside", "regions")
    }
    changed = replace(
        small,
        overview=rewritten(small.overview, rudely),
        interface=rewritten(small.interface, rudely),
        ambiguous={rude + name: ids for name, ids in small.ambiguous.items()},
        **tables,
    )
    host = knowing(engine, changed)
    for language in LANGUAGES:
        for understanding in everything(changed, language):
            reply = reply_to(host, understanding)
            assert list(faults(reply, language, 10 * SCREEN)) == []
            assert rude in plain(reply.html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_to_turn_is_said_in_one_message(engine: Engine, language: Language) -> None:
    reply = reply_to(engine, said(CARE, language=language))
    assert list(faults(reply, language, MESSAGE)) == []
    assert not reply.choices
    assert "findahelpline.com" in reply.html


def stated(id_: str, section: str, number: int, **more: Any) -> Understanding:  # noqa: ANN401
    ref = StatementRef(id_, section, number, more.pop("verdict", None))
    return replace(said("fact", id_), statements=(ref,), **more)


def lines(reply: Reply) -> list[str]:
    return plain(reply.html).splitlines()


def test_the_statement_that_was_asked_for_stands_first(engine: Engine) -> None:
    fact = engine.knowledge.entries["gdpr"].facts[0]
    _, first, *_ = lines(reply_to(engine, stated("gdpr", "facts", 0)))
    assert first.startswith(fact.en)


@pytest.mark.parametrize("verdict", ["yes", "no", "partly"])
def test_a_verdict_begins_the_answer(engine: Engine, verdict: str) -> None:
    words = getattr(engine.knowledge.interface, verdict).en
    fact = engine.knowledge.entries["gdpr"].facts[0]
    _, first, *_ = lines(reply_to(engine, stated("gdpr", "facts", 0, verdict=verdict)))
    assert first.startswith(f"{words} {fact.en}")


def test_the_source_of_a_statement_is_a_link_with_its_date(engine: Engine) -> None:
    entry = engine.knowledge.entries["gdpr"]
    number, fact = next((i, one) for i, one in enumerate(entry.facts) if one.sources)
    source = max((entry.sources[key] for key in fact.sources), key=lambda one: one.as_of)
    html = reply_to(engine, stated("gdpr", "facts", number)).html
    assert f'<a href="{escape(source.url)}">{escape(source.title)}</a>' in html
    assert source.as_of[:4] in html


def test_a_gap_says_so_and_gives_the_nearest_with_its_date(engine: Engine) -> None:
    entry, words = engine.knowledge.entries["gopay"], engine.knowledge.interface
    number, fact = next((i, one) for i, one in enumerate(entry.facts) if one.sources)
    html = reply_to(engine, stated("gopay", "facts", number, gap=True)).html
    told = [plain(line) for line in html.splitlines()]
    gap, nearest, near = (
        next(i for i, line in enumerate(told) if part in line)
        for part in (words.gap.en.format(name="GoPay"), words.nearest.en, fact.en)
    )
    assert gap == 1
    assert gap < nearest < near
    assert "<a href=" in html.splitlines()[near]


def test_what_may_well_be_the_answer_stands_before_the_words_that_doubt_it(engine: Engine) -> None:
    entry, words = engine.knowledge.entries["gopay"], engine.knowledge.interface
    understanding = replace(stated("gopay", "facts", 0, gap=True), unsure=True)
    _, first, second, *_ = lines(reply_to(engine, understanding))
    assert first.startswith(entry.facts[0].en)
    assert second == words.perhaps.en


def test_sources_begin_with_what_was_just_said(engine: Engine) -> None:
    entry = engine.knowledge.entries["gopay"]
    number, fact = next((i, one) for i, one in enumerate(entry.facts) if one.sources)
    just = (StatementRef("gopay", "facts", number),)
    _, first, *_ = lines(reply_to(engine, replace(said("sources", "gopay"), statements=just)))
    assert first.startswith(fact.en)


def test_every_source_of_an_entry_can_be_tapped(engine: Engine) -> None:
    html = "".join(one.html for one in every_depth(engine, said("sources", "gopay")))
    for source in engine.knowledge.entries["gopay"].sources.values():
        assert f'href="{escape(source.url)}"' in html


def test_what_has_no_source_is_the_view_of_the_article(small: Knowledge, engine: Engine) -> None:
    reply = compose(said("sources", "wuyi"), small, ())
    assert small.interface.article.en in plain(reply.html)
    assert engine.knowledge.interface.article.en == small.interface.article.en


@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_words_are_those_of_the_entry(engine: Engine, language: Language) -> None:
    entry = engine.knowledge.entries["cbdc"]
    assert entry.plain
    html = reply_to(engine, said("simpler", "cbdc", language=language)).html
    assert entry.plain.in_(language) in plain(html)


def test_where_there_are_no_plain_words_the_summary_will_do(small: Knowledge) -> None:
    reply = compose(said("simpler", "wuyi"), small, ())
    assert small.entries["wuyi"].summary.en in plain(reply.html)


@pytest.mark.parametrize(
    ("intent", "newest_first"),
    [pytest.param("news", True, id="news"), pytest.param("timeline", False, id="timeline")],
)
def test_dated_statements_are_in_order(engine: Engine, intent: str, newest_first: bool) -> None:  # noqa: FBT001
    entry = engine.knowledge.entries["e-cny"]
    text = "\n".join(plain(one.html) for one in every_depth(engine, said(intent, "e-cny")))
    dates = {
        fact.en: max(entry.sources[key].as_of for key in fact.sources)
        for fact in entry.statements()
        if fact.sources
    }
    assert all(fact in text for fact in dates)
    told = [dates[fact] for fact in sorted(dates, key=text.index)]
    assert told == sorted(told, reverse=newest_first)


def test_a_statement_may_be_older_than_its_source(small: Knowledge) -> None:
    health = small.entries["health"]
    facts = tuple(fact.model_copy(update={"as_of": "1999"}) for fact in health.facts)
    entry = health.model_copy(update={"facts": facts})
    older = replace(small, entries={**small.entries, "health": entry})
    assert ", 1999)" in plain(compose(said("news", "health"), older, ()).html)


def test_news_of_all_name_their_entries(engine: Engine) -> None:
    _, first, *_ = reply_to(engine, said(NEWS)).html.splitlines()
    names = [escape(entry.name.en) for entry in engine.knowledge.entries.values()]
    assert any(first.startswith(f"<b>{name}</b>: ") for name in names)


@pytest.mark.parametrize(
    ("topics", "about"),
    [pytest.param((), None, id="of-all"), pytest.param(("wuyi",), "wuyi", id="of-one")],
)
def test_where_nothing_is_dated_there_is_no_news(
    small: Knowledge, topics: tuple[str, ...], about: str | None
) -> None:
    named = small.entries[about].name if about else small.overview.name
    health = small.entries["health"]
    facts = tuple(fact.model_copy(update={"sources": ()}) for fact in health.facts)
    undated = {**small.entries, "health": health.model_copy(update={"facts": facts})}
    reply = compose(said(NEWS, *topics), replace(small, entries=undated), ())
    assert small.interface.gap.en.format(name=named.en) in plain(reply.html)


def test_every_text_of_the_interface_is_used(engine: Engine, small: Knowledge) -> None:
    seen: set[str] = set()
    for knowledge in (engine.knowledge, small):
        marks = {
            name: Text(
                zh=f"⟦{name}⟧{text.zh}",
                en=f"⟦{name}⟧{text.en}",
            )
            for name in type(knowledge.interface).model_fields
            if isinstance(text := getattr(knowledge.interface, name), Text)
        }
        marked = replace(knowledge, interface=knowledge.interface.model_copy(update=marks))
        host = knowing(engine, marked)
        for understanding in everything(marked, "en"):
            for reply in every_depth(host, understanding):
                for text in (reply.html, *(choice.label for choice in reply.choices)):
                    seen.update(MARK.findall(text))
        for understanding in (
            said("explain", next(iter(marked.entries)), depth=50),
            said(CARE),
            Understanding("fallback", (), "en", 0.0, pointing=True),
        ):
            seen.update(MARK.findall(reply_to(host, understanding).html))
    fields = set(type(engine.knowledge.interface).model_fields) - {"chat"}
    assert fields - seen == set()
