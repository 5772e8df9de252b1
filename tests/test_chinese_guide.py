"""The Chinese guide to the knowledge: what it shows works as it is written, told in Chinese."""

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

import pytest

from efinbot.bot.admin.gap_findings import apply, gaps, look_into
from efinbot.bot.cli.gap_report import rendered
from efinbot.bot.reload.dry_run import DryRun
from efinbot.bot.storage import Missed, Outcome
from efinbot.intents import Engine, blocking_problems
from efinbot.intents.carrier_phrases import CarrierPhrases
from efinbot.intents.gaps.proposals import Basis, LineProposal
from efinbot.knowledge import SHIPPED, inspect, start
from efinbot.knowledge.editor import block
from efinbot.knowledge.expectations import read_expectations
from efinbot.knowledge.messages import message, speaking
from efinbot.knowledge.validation import validate

DOCS = Path(__file__).parent.parent / "docs"
GUIDE = (DOCS / "knowledge.zh.md").read_text(encoding="utf-8")
ENTRY, ASKS, STATEMENT, TESTS, _ = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
ID = "octopus-card"
ASKED = "去香港玩坐地铁怎么付钱"


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with speaking("zh"):
        yield


@pytest.fixture
def followed(tmp_path: Path) -> Path:
    """The folder of somebody who has followed the guide to its end."""
    folder = tmp_path / "my-knowledge"
    start(folder)
    for name, text in ((f"entries/{ID}", ENTRY), ("asks/drivers", ASKS), (f"tests/{ID}", TESTS)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_example_with_questions_for_its_statement_has_nothing_to_fix(followed: Path) -> None:
    told = re.sub(r"(?ms)^facts:\n.*?(?=^challenges:)", lambda _: STATEMENT, ENTRY)
    (followed / "entries" / f"{ID}.yaml").write_text(told, encoding="utf-8")
    inspection = inspect(followed)
    assert (*blocking_problems(inspection), *validate(inspection)) == ()
    assert inspection.knowledge is not None
    asks = dict(inspection.knowledge.entries[ID].facts[0].asks.all_in("zh"))
    assert read_expectations(followed, inspection.knowledge.entries)[1] == []
    assert (asks["~什么时候开始的"], asks["八达通是2005年才有的吗"]) == (None, "no")


def test_the_slips_that_the_guide_shows_are_found_as_it_shows_them(followed: Path) -> None:
    slips = ENTRY.replace("region: HK", "region: HKG").replace("    sources: [yicai]\n", "")
    slips = re.sub(r"(?m)^sources:\n(?:  .*\n)+", "", slips)
    (followed / "entries" / f"{ID}.yaml").write_text(slips, encoding="utf-8")
    inspection = inspect(followed)
    found = sorted({*blocking_problems(inspection), *validate(inspection)})
    files = {problem.location.path.name for problem in found}
    shown = [str(problem).replace(f"{followed.parent}/", "") for problem in found]
    assert files == {f"{ID}.yaml"}
    assert len(shown) == 2
    assert "\n".join(shown) in GUIDE


def test_a_wrong_link_is_told_to_an_operator_as_the_guide_shows_it(followed: Path) -> None:
    path = followed / "entries" / f"{ID}.yaml"
    path.write_text(ENTRY.replace("shows: [inclusion]", "shows: [inclusive]"), encoding="utf-8")
    (problem,) = blocking_problems(inspect(followed))
    assert f"• {problem}\n".replace(f"{followed}/", "") in GUIDE


def test_the_line_that_the_guide_adds_goes_where_it_says(followed: Path) -> None:
    proposal = LineProposal(ID, "asks", "zh", (ASKED,), Basis.CHOSEN)
    place = str(apply(followed, proposal)).replace(f"{followed.parent}/", "")
    added = indent(block(proposal.keys, proposal.lines), " " * 6)
    assert f"{message('gaps.add_here', place=place)}\n{added}\n" in GUIDE
    assert f"{message('gaps.added', place=place, lines=f'“{ASKED}”')}\n" in GUIDE
    entry = (followed / "entries" / f"{ID}.yaml").read_text(encoding="utf-8")
    assert entry == ENTRY.replace("公交储值卡]", f"公交储值卡, {ASKED}]")


def test_the_questions_that_the_guide_shows_are_gaps_as_it_shows_them(engine: Engine) -> None:
    missed = [
        Missed(text, "zh", Outcome.DECLINED, "", "", count, at)
        for text, count, at in (("Zelle是什么", 3, 0.0), ("zelle", 2, 1.0))
    ]
    (gap,) = gaps(engine, missed, CarrierPhrases.load())
    finding = look_into(gap, engine, CarrierPhrases.load(), DryRun(SHIPPED))
    shown = str(rendered(finding, 2)).splitlines()
    # The scores are of the folder with the new entry, and the day is another.
    unlike = [line.strip() for line in shown if f"{line}\n" not in GUIDE]
    assert all(line.startswith(("问过5次", "相近的条目：", "near:")) for line in unlike)


def test_the_guides_lead_to_each_other() -> None:
    assert "[English](knowledge.md)" in GUIDE
    assert "[中文](knowledge.zh.md)" in (DOCS / "knowledge.md").read_text(encoding="utf-8")
