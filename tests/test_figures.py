"""Figures in Chinese and English: what is the same, what is none, what `check` says of others."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efinbot.knowledge import inspect
from efinbot.knowledge.figures import figures, unpaired
from efinbot.knowledge.validation import validate

COUNTS = st.integers(2, 9999)
SCALES = [("万", 10**4), ("亿", 10**8), ("万亿", 10**12), ("千万", 10**7), ("", 1)]
WORDS = [("三", "three"), ("十二", "twelve"), ("二十五", "twenty-five"), ("九十", "ninety")]


def alone(zh: str, en: str) -> tuple[list[str], list[str]]:
    found = unpaired(zh, en)
    return [one.written for one in found["zh"]], [one.written for one in found["en"]]


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        pytest.param("共3.5亿人", "350m people", id="hundred-millions"),
        pytest.param("30多亿条", "over 3bn items", id="over-so-many"),
        pytest.param("35.36万亿雷亚尔", "R$35.36tn", id="trillions-with-a-currency"),
        pytest.param("1300亿元", "RMB 130 billion", id="billions-in-a-word"),
        pytest.param("2000万欧元", "EUR 20m", id="ten-millions"),
        pytest.param("10万家店", "100,000 shops", id="myriads-with-a-comma"),
        pytest.param("1000万人", "ten million people", id="words-and-a-scale"),
        pytest.param("一千多万人", "well over ten million people", id="a-numeral-and-a-scale"),
        pytest.param("三百五十万", "3.5 million", id="a-long-numeral"),
        pytest.param("二〇二五年", "in 2025", id="a-year-in-numerals"),
        pytest.param("三成", "30%", id="tenths"),
        pytest.param("约九成", "about 90%", id="about-so-many-tenths"),
        pytest.param("八成以上", "more than four fifths", id="fifths"),
        pytest.param("三分之二", "two thirds", id="thirds"),
        pytest.param("四分之三", "three quarters of all", id="quarters-of-a-whole"),
        pytest.param("2025年前三季度", "the first three quarters of 2025", id="quarters-of-a-year"),
        pytest.param("十分之一", "one in ten", id="one-in-so-many"),
        pytest.param("百分之五", "5 per cent", id="per-cent-in-words"),
        pytest.param("16个百分点", "16 percentage points", id="percentage-points"),
        pytest.param("93%至95%", "93-95%", id="a-range-with-one-sign"),
        pytest.param("3至5亿美元", "US$300m-500m", id="a-range-with-one-scale"),
        pytest.param("6000万到9500万美元", "US$60m-95m", id="a-range-with-two-scales"),
        pytest.param("2020至2025年", "2020-25", id="years-with-one-century"),
        pytest.param("2020年11月16日", "16 November 2020", id="a-date"),
        pytest.param("5月", "in May", id="may"),
        pytest.param("一季度", "the first quarter", id="the-first"),
        pytest.param("第二名", "the second", id="an-ordinal"),
        pytest.param("两年后", "two years later", id="two"),
        pytest.param("双方都同意", "both agree", id="both"),
        pytest.param("增长一倍", "doubled", id="doubled"),
        pytest.param("1.5倍", "1.5x", id="times"),
        pytest.param("7天内", "within a week", id="a-week"),
        pytest.param("十分钟", "ten minutes", id="ten-minutes"),
        pytest.param("十分方便", "very convenient", id="very"),
        pytest.param("2025年第四季度", "Q4 2025", id="a-quarter-by-its-letter"),
        pytest.param("去年四季度", "the fourth quarter of last year", id="a-quarter-in-words"),
        pytest.param("2.5万亿美元", "US$2.5 trillion", id="a-scale-in-a-word"),
        pytest.param("20国集团", "the G20", id="a-group-of-states"),
        pytest.param("2025财年", "FY2025", id="a-financial-year"),
        pytest.param("一两天", "a day or so", id="about-two"),
        pytest.param("十几家", "a dozen firms", id="a-dozen"),
        pytest.param("数千万人", "tens of millions of people", id="no-bound"),
        pytest.param("一些人", "some people", id="some"),
        pytest.param("第三方用二维码", "a third party uses QR codes", id="names-with-numerals"),
        pytest.param("Web3和PSD2", "Web3 and PSD2", id="names-with-digits"),
        pytest.param("1090万成年人", "10.9m adults", id="adults-are-no-tenths"),
        pytest.param("32条意见", "guidelines in 32 points", id="points-of-a-list"),
    ],
)
def test_both_say_the_same(zh: str, en: str) -> None:
    assert alone(zh, en) == ([], [])


@pytest.mark.parametrize(
    ("zh", "en", "missing"),
    [
        ("共3.5亿人", "35m people", (["3.5亿"], ["35m"])),
        ("三成", "40%", (["三成"], ["40%"])),
        ("30家", "30% of them", (["30"], ["30%"])),
        ("5亿美元", "EUR 500m", (["5亿美元"], ["EUR 500m"])),
        ("2024年3月", "April 2024", (["3月"], ["April"])),
        ("八部门", "seven agencies", (["八"], ["seven"])),
        ("7×24小时", "round the clock", (["7", "24"], [])),
        ("三年", "some years", (["三"], [])),
        ("10.12亿", "1.01bn", (["10.12亿"], ["1.01bn"])),
        ("到2030年", "by 2035", (["2030"], ["2035"])),
    ],
    ids=[
        "a-scale-less",
        "another-share",
        "a-count-and-a-share",
        "another-currency",
        "another-month",
        "another-number-in-words",
        "a-figure-of-speech",
        "a-numeral-left-out",
        "rounded",
        "another-year",
    ],
)
def test_what_one_of_them_lacks_is_named_as_it_is_written(
    zh: str, en: str, missing: tuple[list[str], list[str]]
) -> None:
    assert alone(zh, en) == missing


@given(COUNTS, st.sampled_from(SCALES))
def test_an_amount_is_the_same_with_any_scale(count: int, scale: tuple[str, int]) -> None:
    written, times = scale
    assert alone(f"共{count}{written}元", f"RMB {count * times:,} in all") == ([], [])


@given(COUNTS, COUNTS, st.sampled_from(SCALES))
def test_another_amount_is_found(one: int, other: int, scale: tuple[str, int]) -> None:
    written, times = scale
    found = alone(f"共{one}{written}笔", f"{other * times:,} payments")
    assert (found == ([], [])) is (one == other)


@given(st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_words_count_as_digits_do(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (alone(f"{one[0]}家", f"{other[1]} firms") == ([], [])) is (one == other)


@given(st.text("零一两三十百千万亿分之成倍月个多几0123456789.,%-至元 年", max_size=30))
def test_any_chinese_text_can_be_read(text: str) -> None:
    assert all(one.written for one in figures(text, "zh"))


@given(st.text("aoneti thrdMy312.,bn-%$URSB", max_size=30))
def test_any_english_text_can_be_read(text: str) -> None:
    assert all(one.written for one in figures(text, "en"))


class TestCheck:
    """What `efinbot check` says of a statement."""

    @staticmethod
    def warnings(folder: Path, statement: str) -> list[str]:
        path = folder / "entries" / "wuyi.yaml"
        text = path.read_text(encoding="utf-8")
        (line,) = (line for line in text.splitlines() if "many fakes" in line)
        path.write_text(text.replace(line, f"  - {statement}"), encoding="utf-8")
        inspection = inspect(folder)
        found = sorted((*inspection.problems, *validate(inspection)))
        return [str(one).replace(f"{path}:", "") for one in found]

    def test_each_text_is_told_what_the_other_lacks(self, small_folder: Path) -> None:
        fix = "say the same in both; a statement may name under 'unpaired' what is right as it is"
        assert self.warnings(small_folder, "{zh: 八家和两家, en: Seven and two}") == [
            f"10:6: warning: the English text lacks what this one has: 八; {fix}",
            f"10:17: warning: the Chinese text lacks what this one has: Seven; {fix}",
        ]

    def test_a_statement_may_say_that_it_is_right(self, small_folder: Path) -> None:
        statement = "{zh: 八部门, en: The bank and seven others, unpaired: [八, seven]}"
        assert self.warnings(small_folder, statement) == []

    def test_what_needs_no_waiver_is_named(self, small_folder: Path) -> None:
        (warning,) = self.warnings(small_folder, "{zh: 八家, en: Eight, unpaired: [八]}")
        assert warning == (
            "10:36: warning: '八' is named under 'unpaired', but both texts have it, or neither; "
            "delete it, or write it as the warning did"
        )

    @pytest.mark.parametrize("waiver", ["八", "[[八]]", "{八: 1}"])
    def test_a_malformed_waiver_is_an_error(self, small_folder: Path, waiver: str) -> None:
        found = self.warnings(small_folder, f"{{zh: 八家, en: Some, unpaired: {waiver}}}")
        assert [one for one in found if "must be" in one]
