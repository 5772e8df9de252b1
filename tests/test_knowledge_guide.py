"""The guide to the knowledge: what it shows works as it is written."""

import re
import subprocess
import sys
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
from efinbot.knowledge.validation import validate

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "knowledge.md").read_text(encoding="utf-8")
ENTRY, ASKS, STATEMENT, TESTS, _ = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def followed(tmp_path: Path) -> Path:
    """The folder of somebody who has followed the guide to its end."""
    folder = tmp_path / "my-knowledge"
    start(folder)
    (folder / "entries" / "blik.yaml").write_text(ENTRY, encoding="utf-8")
    (folder / "asks" / "drivers.yaml").write_text(ASKS, encoding="utf-8")
    (folder / "tests" / "blik.yaml").write_text(TESTS, encoding="utf-8")
    return folder


def test_the_example_with_questions_for_its_statement_has_nothing_to_fix(followed: Path) -> None:
    path = followed / "entries" / "blik.yaml"
    told = re.sub(r"(?ms)^facts:\n.*?(?=^challenges:)", lambda _: STATEMENT, ENTRY)
    path.write_text(told, encoding="utf-8")
    inspection = inspect(followed)
    assert (*blocking_problems(inspection), *validate(inspection)) == ()
    assert inspection.knowledge is not None
    blik = inspection.knowledge.entries["blik"]
    asks = dict(blik.facts[0].asks.all_in("en"))
    assert blik.plain
    assert read_expectations(followed, inspection.knowledge.entries)[1] == []
    assert (asks["~since when"], asks["is BLIK as new as 2020"]) == (None, "no")


def test_the_slips_that_the_guide_shows_are_found_as_it_shows_them(tmp_path: Path) -> None:
    folder = tmp_path / "my-knowledge"
    start(folder)
    slips = ENTRY.replace("region: PL", "region: POL").replace("    sources: [paypers]\n", "")
    slips = re.sub(r"(?m)^sources:\n(?:  .*\n)+", "", slips)
    (folder / "entries" / "blik.yaml").write_text(slips, encoding="utf-8")
    inspection = inspect(folder)
    found = sorted((*blocking_problems(inspection), *validate(inspection)))
    shown = [str(problem).replace(f"{tmp_path}/", "") for problem in found]
    assert len(shown) == 2
    assert "\n".join(shown) in GUIDE


def test_the_line_that_the_guide_adds_goes_where_it_says(followed: Path) -> None:
    proposal = LineProposal("blik", "asks", "zh", ("结账要我输六个数字",), Basis.CHOSEN)
    place = str(apply(followed, proposal)).replace(f"{followed.parent}/", "")
    assert f"{place}: add\n{indent(block(proposal.keys, proposal.lines), ' ' * 6)}\n" in GUIDE
    assert f"{place}: '结账要我输六个数字' added; " in GUIDE
    entry = (followed / "entries" / "blik.yaml").read_text(encoding="utf-8")
    assert entry == ENTRY.replace("合办的支付]", "合办的支付, 结账要我输六个数字]")


def test_the_questions_that_the_guide_shows_are_gaps_as_it_shows_them(engine: Engine) -> None:
    missed = [
        Missed(text, "en", Outcome.DECLINED, "", "", count, at)
        for text, count, at in (("what is Zelle", 3, 0.0), ("zelle", 2, 1.0))
    ]
    (gap,) = gaps(engine, missed, CarrierPhrases.load())
    finding = look_into(gap, engine, CarrierPhrases.load(), DryRun(SHIPPED))
    shown = str(rendered(finding, 2)).splitlines()
    # The scores are of the folder with BLIK, and the day is another.
    unlike = [line.split()[0] for line in shown if f"{line}\n" not in GUIDE]
    assert set(unlike) <= {"asked", "closest:", "near:"}


def test_other_repositories_are_offered_the_check() -> None:
    pytest.importorskip("pre_commit")
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert "id: efinbot-check" in (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
