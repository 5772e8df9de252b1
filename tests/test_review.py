"""What readers would stumble over: one broken file a row, and the one message that it gets."""

from datetime import date
from pathlib import Path

import pytest

from efinbot.knowledge import SHIPPED, inspect
from efinbot.knowledge.validation import LONGEST_LINE, months_before, validate

FULL = "write '{}'"
ONE_SCRIPT = "type the word again in one script"
LOOKS = "and looks like another letter"
MUCH = "say the same in both, or shorten the longer one"
SOURCE = "name the key of its source under 'sources', or delete the figure"
UNPAIRED = "say the same in both; a statement may name under 'unpaired' what is right as it is"


def replace(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def remarks(folder: Path, oldest: str = "") -> list[str]:
    inspection = inspect(folder)
    assert inspection.problems == ()
    found = sorted(validate(inspection, oldest))
    return [str(problem).replace(f"{folder}/", "") for problem in found]


@pytest.mark.parametrize("which", ["small", "shipped"])
def test_there_is_nothing_to_remark(small_folder: Path, which: str) -> None:
    assert remarks(small_folder if which == "small" else SHIPPED) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        pytest.param(
            "entries/wuyi.yaml",
            "Wuyi rock tea}",
            "Wuyi r\u043eck tea}",
            f"3:18: 'r\u043eck' contains \u043e, which is Cyrillic {LOOKS}; {ONE_SCRIPT}",
            id="cyrillic-in-a-latin-word",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "[Da Hong Pao]",
            "[Da H\u03bfng Pao]",
            f"4:27: 'H\u03bfng' contains \u03bf, which is Greek {LOOKS}; {ONE_SCRIPT}",
            id="greek-in-an-alias",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "[大红袍]",
            "[大红袍，铁罗汉]",
            "4:16: warning: '大红袍，铁罗汉' is a single alias, since '，' doesn't separate "
            "aliases; separate them with an ASCII comma, or write one in each line",
            id="aliases-parted-by-a-chinese-comma",
        ),
        pytest.param(
            "glossary.yaml",
            "单宁",
            "单\u200b宁",
            "2:10: warning: there is an invisible character (U+200B) in '单\\u200b宁'; delete it",
            id="invisible-character",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "武夷岩茶长在岩缝里，半发酵。",
            '"武夷岩茶长在岩缝里,半发酵。"',
            "6:11: warning: there is an ASCII ',' in Chinese text, '茶长在岩缝里,半发酵。'; "
            + FULL.format("，"),
            id="ascii-comma-between-characters",
        ),
        pytest.param(
            "interface.yaml",
            "没太看懂。",
            "没太看懂!",
            "6:10: warning: there is an ASCII '!' in Chinese text, '没太看懂!'; "
            + FULL.format("！"),
            id="ascii-mark-at-the-end",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "There are many fakes.",
            "x" * (LONGEST_LINE + 1),
            [
                "10:5: warning: the English text says much more than the Chinese one; " + MUCH,
                (
                    "10:16: this text has 3,501 characters; no more than 3,500 fit in a message; "
                    "split it into several facts"
                ),
            ],
            id="no-room-in-a-message",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "假货多。",
            "\U0001f375" * (LONGEST_LINE // 2 + 1),
            [
                "10:5: warning: the Chinese text says much more than the English one; " + MUCH,
                (
                    "10:6: this text has 3,502 characters; no more than 3,500 fit in a message; "
                    "split it into several facts"
                ),
            ],
            id="no-room-for-emoji-which-count-twice",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "There are many fakes.",
            "There are many fakes and the market for them grows with every year that passes.",
            "10:5: warning: the English text says much more than the Chinese one; " + MUCH,
            id="one-language-says-more",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "en: There are many fakes.",
            'en: "In 2024, there were many fakes."',
            [
                f"10:5: warning: the figure '2024' has no source; {SOURCE}",
                f"10:16: warning: the Chinese text lacks what this one has: 2024; {UNPAIRED}",
            ],
            id="year-without-a-source",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "zh: 假货多。",
            "zh: 假货占4.5%。",
            [
                f"10:5: warning: the figure '4' has no source; {SOURCE}",
                f"10:6: warning: the English text lacks what this one has: 4.5%; {UNPAIRED}",
            ],
            id="share-without-a-source",
        ),
    ],
)
def test_a_slip_is_named_with_its_place(
    small_folder: Path, file: str, old: str, new: str, expected: str | list[str]
) -> None:
    replace(small_folder, file, old, new)
    wanted = [expected] if isinstance(expected, str) else expected
    assert remarks(small_folder) == [f"{file}:{remark}" for remark in wanted]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("假货多。", "假货多（见Web3.0和5G）。", id="digits-in-names"),
        pytest.param("假货多。", "假货多，7x24小时都有。", id="digits-in-a-phrase"),
        pytest.param("假货多。", "假货多，α版和β版。", id="one-letter-of-another-alphabet"),
        pytest.param("{zh: [大红袍]", '{zh: ["大红袍,武夷"]', id="alias-as-people-type-it"),
        pytest.param(
            "zh: [福建山里那种乌龙,", 'zh: ["乌龙,哪里的?",', id="question-as-people-type-it"
        ),
        pytest.param("There are many fakes.", "Fakes.", id="short-texts-of-any-length"),
    ],
)
def test_what_is_meant_is_left_alone(small_folder: Path, old: str, new: str) -> None:
    replace(small_folder, "entries/wuyi.yaml", old, new)
    assert remarks(small_folder) == []


@pytest.mark.parametrize(
    ("as_of", "oldest", "old"),
    [
        ("2024-05", "2024-05", False),
        ("2024-05", "2024-06", True),
        ("2024-05-31", "2024-05", False),
        ("2024-04-30", "2024-05", True),
        ("2024", "2024-12", False),
        ("2024", "2025-01", True),
        ("2024", "", False),
    ],
)
def test_old_sources_are_named_if_asked_for(
    small_folder: Path, as_of: str, oldest: str, *, old: bool
) -> None:
    replace(small_folder, "entries/health.yaml", "as_of: 2024-05", f"as_of: {as_of}")
    assert remarks(small_folder, oldest) == []  # where there is no figure, nothing ages
    replace(small_folder, "entries/health.yaml", "越来越多", "多12%")
    replace(small_folder, "entries/health.yaml", "More and more", "By 12% more")
    said = (
        "entries/health.yaml:8:5: warning: this rests on the source 'survey', which is about "
        f"{as_of}, and doesn't say so; check whether it still holds, and name a newer source, or "
        "say in it when it was so"
    )
    assert remarks(small_folder, oldest) == [said] * old


@pytest.mark.parametrize(
    ("months", "expected"), [(1, "2025-12"), (12, "2025-01"), (13, "2024-12"), (0, "2026-01")]
)
def test_months_are_counted_back_over_years(months: int, expected: str) -> None:
    assert months_before(date(2026, 1, 31), months) == expected
