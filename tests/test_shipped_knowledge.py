"""The knowledge that comes with the package keeps what the contract promises."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from efinbot.intents import blocking_problems
from efinbot.knowledge import LANGUAGES, SHIPPED, Kind, Knowledge, inspect, load, read_document
from efinbot.knowledge.models import SECTIONS
from efinbot.knowledge.validation import is_hearsay, validate

IDS = {
    Kind.DRIVER: "technology users policy",
    Kind.TREND: "intelligence scenarios open-banking inclusion regtech",
    Kind.TECHNOLOGY: "web3 blockchain defi cbdc iot",
    Kind.CASE: """
        sesame-credit bank-smart-risk broker-robo-advisors wechat-pay jd-baitiao ping-an
        uk-open-banking icbc-elife webank gopay ovo pboc-sandbox mas-sandbox gdpr pipl e-cny
    """,
    Kind.OUTLOOK: "consumers institutions regulators",
}
POINTS = {
    "technology": "ai big-data cloud",
    "intelligence": """
        robo-advisor smart-risk smart-service precision-marketing personal-pricing
    """,
    "scenarios": "finance-as-a-service embedded-finance finance-ecosystem",
    "open-banking": "open-api data-sharing data-silos",
    "inclusion": "long-tail low-cost alternative-credit",
    "regtech": "regtech-tools regulatory-sandbox data-privacy",
}
CASES = {
    "GB": {"uk-open-banking", "revolut"},
    "ID": {"gopay", "ovo"},
    "SG": {"mas-sandbox"},
    "EU": {"gdpr", "digital-euro", "dora", "eu-ai-act", "mica"},
    "HK": {"hk-stablecoin"},
    "US": {"genius-act", "us-crypto-law", "x-money"},
    "IN": {"upi"},
    "BR": {"pix"},
}
LATER = {
    Kind.TECHNOLOGY: "stablecoin tokenisation tokenised-deposits quantum",
    Kind.CASE: """
        hk-stablecoin alipay cn-crypto-rule eu-ai-act digital-euro mbridge genius-act mica
        cn-online-lending upi dora pix us-crypto-law cn-credit-repair x-money revolut
    """,
    Kind.POINT: """
        agentic-payments genai-banking instant-payments digital-banks bnpl ai-fraud
        digital-finance-plan open-finance super-app cross-border-payments digital-identity
        ai-supervision supply-chain-finance green-finance data-factor insurtech mobile-money
    """,
}
"""Entries that came after those of the article, which stay first."""
HAN = "\u3400-\u9fff"
ASCII_MARK = re.compile(rf"[{HAN}”’）》][,;:?!()]|[,;:?!()][{HAN}“‘（《]|[{HAN}]\.(?:[{HAN}]|$)")


@pytest.fixture(scope="module")
def shipped() -> Knowledge:
    return load(SHIPPED)


def texts(tree: object, *route: str | int) -> Iterator[tuple[tuple[str | int, ...], str]]:
    match tree:
        case dict():
            for key, value in tree.items():
                yield from texts(value, *route, key)
        case list():
            for number, value in enumerate(tree):
                yield from texts(value, *route, number)
        case _:
            yield route, str(tree)


def test_there_are_no_problems() -> None:
    inspection = inspect(SHIPPED)
    assert [str(problem) for problem in blocking_problems(inspection)] == []


@pytest.mark.parametrize("kind", IDS)
def test_every_entry_of_the_contract_is_there(shipped: Knowledge, kind: Kind) -> None:
    ids = IDS[kind].split()
    assert set(shipped.of_kind[kind][: len(ids)]) == set(ids)


@pytest.mark.parametrize("parent", POINTS)
def test_every_point_of_the_contract_is_there(shipped: Knowledge, parent: str) -> None:
    points = shipped.points_of[parent]
    of_this_kind = {point for point in points if shipped.entries[point].kind is Kind.POINT}
    assert of_this_kind >= set(POINTS[parent].split())


@pytest.mark.parametrize("kind", [*IDS, Kind.POINT])
def test_what_came_later_follows(shipped: Knowledge, kind: Kind) -> None:
    points = " ".join(POINTS.values())
    ids = IDS.get(kind, points).split()
    assert set(shipped.of_kind[kind]) == {*ids, *LATER.get(kind, "").split()}


def test_every_case_has_a_region(shipped: Knowledge) -> None:
    assert [c for c in shipped.of_kind[Kind.CASE] if shipped.entries[c].region is None] == []


@pytest.mark.parametrize("region", CASES)
def test_cases_are_where_they_belong(shipped: Knowledge, region: str) -> None:
    assert set(shipped.cases_in(region)) == CASES[region]


def test_all_cases_but_these_are_chinese(shipped: Knowledge) -> None:
    elsewhere = {"mbridge"}.union(*CASES.values())
    assert set(shipped.cases_in("CN")) == set(shipped.of_kind[Kind.CASE]) - elsewhere


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_has_questions_in_each_language(shipped: Knowledge, language: str) -> None:
    short = {
        id_: len(entry.asks.in_(language))
        for id_, entry in shipped.entries.items()
        if len(entry.asks.in_(language)) < 10
    }
    assert short == {}


def test_every_source_that_is_named_is_given(shipped: Knowledge) -> None:
    for id_, entry in shipped.entries.items():
        named = {source for fact in entry.statements() for source in fact.sources}
        assert named == set(entry.sources), id_


def test_the_knowledge_is_large_recent_and_sourced(shipped: Knowledge) -> None:
    entries = shipped.entries.values()
    assert len(shipped.entries) >= 85
    assert sum(len(entry.statements()) for entry in entries) >= 900
    dates = [
        max(str(entry.sources[key].as_of)[:4] for key in statement.sources)
        for entry in entries
        for statement in entry.statements()
        if statement.sources
    ]
    dated = [date for date in dates if date.isdigit()]
    assert sum(date >= "2025" for date in dated) >= 0.4 * len(dated)
    figures = {
        statement.en
        for entry in entries
        for section in SECTIONS
        if section != "contrasts"
        for statement in getattr(entry, section)
        if re.search(r"(?<!Web)\d", statement.en) and not statement.sources
    }
    assert figures == set()


def test_at_most_one_statement_in_ten_is_hearsay(shipped: Knowledge) -> None:
    statements = [one for entry in shipped.entries.values() for one in entry.statements()]
    assert sum(map(is_hearsay, statements)) <= len(statements) / 10


def test_ids_fit_a_button_and_a_deep_link(shipped: Knowledge) -> None:
    ids = (*shipped.entries, *shipped.glossary, *shipped.outside, *shipped.regions)
    assert [id_ for id_ in ids if not re.fullmatch(r"[A-Za-z0-9-]{1,32}", id_)] == []


@pytest.mark.parametrize("path", sorted(SHIPPED.rglob("*.yaml")), ids=lambda path: path.stem)
def test_chinese_text_has_chinese_punctuation(path: Path) -> None:
    """Aliases are left as people type them."""
    wrong = [
        f"{where}: {text}"
        for where, text in texts(read_document(path).tree)
        if "zh" in where and "aliases" not in where and ASCII_MARK.search(text)
    ]
    assert wrong == []


def test_nothing_in_the_files_needs_a_warning() -> None:
    assert [str(problem) for problem in validate(inspect(SHIPPED))] == []
