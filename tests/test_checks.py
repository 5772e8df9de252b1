"""What is wrong between files: ids that name nothing, wrong links, names claimed twice."""

from pathlib import Path

import pytest

from efinbot.intents import blocking_problems
from efinbot.knowledge import inspect
from efinbot.knowledge.validation import validate

OTHERS = "darjeeling, drinkers, health, new-tea, oxidation, wuyi"
IDS = f"cold-brew, {OTHERS}"
UNUSED = "name it under the statement that it backs, or delete it"
COLD_BREW = "entries/cold-brew.yaml:3:17"
OUT = "delete it, or change the kind"
ONE = "keep one of the two"
CLASH = "keep it in one place, or declare it in ambiguous.yaml and remove it from both"


def replace(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(folder: Path) -> list[str]:
    inspection = inspect(folder)
    found = blocking_problems(inspection)
    return [str(problem).replace(f"{folder}/", "") for problem in found]


def test_the_small_knowledge_has_no_problem(small_folder: Path) -> None:
    assert problems(small_folder) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        pytest.param(
            "entries/cold-brew.yaml",
            "part_of: [new-tea]",
            "part_of: [new-te]",
            "11:11: there is no entry 'new-te'; did you mean 'new-tea'?",
            id="part-of-nothing",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "shows: [oxidation]",
            "shows: [oxidation, coffee]",
            f"11:20: there is no entry 'coffee'; use one of: {IDS}",
            id="shows-nothing",
        ),
        pytest.param(
            "entries/darjeeling.yaml",
            "related: [wuyi]",
            "related:\n  - wuyi\n  - cold-brew\n  - wuyi",
            f"16:5: 'wuyi' is in this list twice; {ONE}",
            id="link-twice",
        ),
        pytest.param(
            "entries/darjeeling.yaml",
            "related: [wuyi]",
            "related: [wuyi, darjeeling]",
            "13:17: 'darjeeling' is linked with itself; delete the link",
            id="link-with-itself",
        ),
        pytest.param(
            "entries/darjeeling.yaml",
            "driven_by: [health]",
            "driven_by: [health, oxidation]",
            "12:21: 'oxidation' is of the kind 'technology', not a driver; use one of: health",
            id="driven-by-no-driver",
        ),
        pytest.param(
            "entries/drinkers.yaml",
            "kind: outlook",
            "kind: outlook\nregion: CN",
            f"2:1: 'region' is for cases, and this is of the kind 'outlook'; {OUT}",
            id="region-of-no-case",
        ),
        pytest.param(
            "entries/drinkers.yaml",
            "asks:",
            "shows: [health]\nasks:",
            f"11:1: 'shows' is for cases, and this is of the kind 'outlook'; {OUT}",
            id="shown-by-no-case",
        ),
        pytest.param(
            "entries/cold-brew.yaml",
            "part_of: [new-tea]",
            "related: [new-tea]",
            "1:1: a point must be part of something; add 'part_of: [<id of a trend>]'",
            id="point-of-nothing",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "shows: [oxidation]",
            "related: [oxidation]",
            "1:1: a case must show something; add 'shows: [<id of a trend>]'",
            id="case-of-nothing",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "region: CN",
            "region: CHN",
            "13:1: there is no region 'CHN'; did you mean 'CN'?",
            id="region-unknown",
        ),
        pytest.param(
            "regions.yaml",
            "[CN, SOUTH-ASIA]",
            "[CN, SOUTH-AISA]",
            "3:18: there is no region 'SOUTH-AISA'; did you mean 'SOUTH-ASIA'?",
            id="region-in-a-region-unknown",
        ),
        pytest.param(
            "entries/health.yaml",
            "[survey]",
            "[study]",
            [
                "8:78: there is no source 'study' in this file; use one of: survey",
                f"13:3: no statement uses the source 'survey'; {UNUSED}",
            ],
            id="source-unknown",
        ),
        pytest.param(
            "entries/health.yaml",
            "[survey]",
            "[survey, survey]",
            f"8:86: 'survey' is in this list twice; {ONE}",
            id="source-twice",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "are many fakes.",
            "are many fakes., sources: [press]",
            "10:53: there is no source 'press' in this file; "
            "there is nothing of this kind yet; add it, or delete this",
            id="source-without-any",
        ),
        pytest.param(
            "entries/cold-brew.yaml",
            "with: oxidation",
            "with: cold-brew",
            f"13:5: there is no other entry 'cold-brew'; use one of: {OTHERS}",
            id="contrast-with-itself",
        ),
        pytest.param(
            "entries/oxidation.yaml",
            "asks:",
            "contrasts:\n  - {with: cold-brew, zh: 不同, en: They differ.}\nasks:",
            "12:6: the difference between 'oxidation' and 'cold-brew' is already given at "
            f"entries/cold-brew.yaml:13:5; {ONE}",
            id="contrast-said-by-both",
        ),
        pytest.param(
            "glossary.yaml",
            "tannin:",
            "wuyi:",
            "1:1: the term 'wuyi' has the id of an entry; give it another id, or delete it",
            id="term-with-the-id-of-an-entry",
        ),
        pytest.param(
            "glossary.yaml",
            "see: oxidation",
            "see: tannin",
            f"5:3: there is no entry 'tannin'; use one of: {IDS}",
            id="term-that-leads-nowhere",
        ),
        pytest.param(
            "outside.yaml",
            "[health, cold-brew]",
            "[health, cold-brw]",
            "4:18: there is no entry 'cold-brw'; did you mean 'cold-brew'?",
            id="near-nothing",
        ),
        pytest.param(
            "ambiguous.yaml",
            "[wuyi, darjeeling]",
            "[wuyi, puer]",
            f"1:22: there is no entry 'puer'; use one of: {IDS}",
            id="ambiguous-with-nothing",
        ),
        pytest.param(
            "ambiguous.yaml",
            "[wuyi, darjeeling]",
            "[wuyi]",
            "1:1: 'mountain tea' means fewer than two entries; "
            "make it an alias of the entry that it means",
            id="ambiguous-but-clear",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "en: [Da Hong Pao]",
            "en: [Da Hong Pao, cold–BREW]",
            f"4:40: 'cold–BREW' also names entry 'cold-brew' ({COLD_BREW}); {CLASH}",
            id="alias-claimed-twice-after-normalising",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "zh: [大红袍]",
            "zh: [ＣＯＬＤ　ＢＲＥＷ]",
            f"4:16: 'ＣＯＬＤ\\u3000ＢＲＥＷ' also names entry 'cold-brew' ({COLD_BREW}); {CLASH}",
            id="alias-claimed-across-languages",
        ),
        pytest.param(
            "outside.yaml",
            "en: [espresso]",
            "en: [espresso, Indian]",
            f"3:38: 'Indian' also names region 'IN' (regions.yaml:12:18); {CLASH}",
            id="alias-claimed-across-tables",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "en: [Da Hong Pao]",
            "en: [Mountain tea]",
            "4:27: 'Mountain tea' also names ambiguous 'mountain tea' "
            f"(ambiguous.yaml:1:1); {CLASH}",
            id="ambiguous-name-claimed-by-one",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "en: [Da Hong Pao]",
            'en: ["!?"]',
            "4:27: '!?' has no letters or digits; write a name that people can type",
            id="alias-of-nothing-but-marks",
        ),
    ],
)
def test_a_fault_between_files_is_named_with_its_place(
    small_folder: Path, file: str, old: str, new: str, expected: str | list[str]
) -> None:
    replace(small_folder, file, old, new)
    wanted = [expected] if isinstance(expected, str) else expected
    assert problems(small_folder) == [f"{file}:{problem}" for problem in wanted]


def test_an_entry_may_repeat_its_own_names(small_folder: Path) -> None:
    replace(small_folder, "entries/wuyi.yaml", "[Da Hong Pao]", "[Da Hong Pao, Wuyi Rock-Tea]")
    assert problems(small_folder) == []


def test_faults_of_several_files_come_in_one_run_and_in_order(small_folder: Path) -> None:
    replace(small_folder, "outside.yaml", "[health, cold-brew]", "[helth, cold-brew]")
    replace(small_folder, "entries/wuyi.yaml", "region: CN", "region: CHN")
    replace(small_folder, "entries/wuyi.yaml", "[Da Hong Pao]", "[wellness]")
    replace(small_folder, "entries/cold-brew.yaml", "[new-tea]", "[new-te]")
    assert [problem.split(";")[0] for problem in problems(small_folder)] == [
        "entries/cold-brew.yaml:11:11: there is no entry 'new-te'",
        "entries/wuyi.yaml:4:27: 'wellness' also names entry 'health' (entries/health.yaml:4:26)",
        "entries/wuyi.yaml:13:1: there is no region 'CHN'",
        "outside.yaml:4:10: there is no entry 'helth'",
    ]


def test_regions_that_hold_each_other_end(small_folder: Path) -> None:
    replace(small_folder, "regions.yaml", "[IN]", "[IN, ASIA]")
    inspection = inspect(small_folder)
    assert inspection.knowledge is not None
    assert inspection.knowledge.within("SOUTH-ASIA") == {"SOUTH-ASIA", "IN", "ASIA", "CN"}


class TestUnfinished:
    """What some entries have and others lack."""

    @staticmethod
    def warnings(folder: Path) -> list[str]:
        return [str(one).replace(f"{folder}/", "") for one in validate(inspect(folder))]

    def test_a_folder_of_before_is_left_alone(self, small_folder: Path) -> None:
        assert self.warnings(small_folder) == []

    def test_entries_without_plain_words_are_named_once_there_are_some(
        self, small_folder: Path
    ) -> None:
        path = small_folder / "entries" / "wuyi.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{text}plain: {{zh: 石头缝里的茶。, en: Tea from rocks.}}\n", "utf-8")
        lacking = {path.stem for path in (small_folder / "entries").iterdir()} - {"wuyi"}
        assert sorted(self.warnings(small_folder)) == sorted(
            f"entries/{id_}.yaml:1:1: warning: this entry says nothing in plain words; "
            "add 'plain': two sentences for a fourteen-year-old"
            for id_ in lacking
        )

    def test_dated_statements_with_few_asks_are_named_once_there_are_some(
        self, small_folder: Path
    ) -> None:
        path = small_folder / "entries" / "health.yaml"
        text = path.read_text(encoding="utf-8")
        asks = "asks: {zh: [甲茶, 乙茶, 丙茶], en: [one tea], yes: {en: [any tea]}}"
        path.write_text(text.replace("sources: [survey]}", f"sources: [survey], {asks}}}"), "utf-8")
        (warning,) = self.warnings(small_folder)
        assert warning == (
            "entries/health.yaml:8:5: warning: this dated statement has 2 questions in English; "
            "add to its 'asks', 3 in each language are a start"
        )


class TestHearsay:
    """Statements that others reported: some may be, not too many."""

    @staticmethod
    def warnings(folder: Path, zh: str, en: str, times: int = 2) -> list[str]:
        path = folder / "entries" / "wuyi.yaml"
        text = path.read_text(encoding="utf-8")
        (line,) = (line for line in text.splitlines() if "many fakes" in line)
        told = "\n".join([f"  - {{zh: {zh}, en: {en}}}"] * times)
        path.write_text(text.replace(line, told), encoding="utf-8")
        return [str(one).replace(f"{path}:", "") for one in validate(inspect(folder))]

    @pytest.mark.parametrize(
        ("zh", "en"),
        [
            ("据报道假货多。", "There are many fakes."),
            ("据某家报纸报道，假货多。", "There are many fakes."),
            ("假货多。", "Reportedly there are many fakes."),
            ("假货多。", "Many fakes are reported."),
        ],
        ids=["chinese", "a-paper-in-chinese", "english", "a-verb-in-english"],
    )
    def test_they_are_named_where_they_are_more_than_one_in_ten(
        self, small_folder: Path, zh: str, en: str
    ) -> None:
        assert self.warnings(small_folder, zh, en) == [
            f"{line}:5: warning: this is said to be reported, as are 2 of 17 statements; "
            "at most 10% should be; find the source that the report has it from, and say so"
            for line in (10, 11)
        ]

    def test_one_in_ten_may_be(self, small_folder: Path) -> None:
        assert self.warnings(small_folder, "据报道假货多。", "Reportedly many.", times=1) == []

    def test_who_reports_its_own_figures_is_a_source(self, small_folder: Path) -> None:
        assert self.warnings(small_folder, "店家报告假货多。", "The shop reported many.") == []
