"""The figures that a text tells, in Chinese or English: amounts, shares, years, months, counts.

三成, 30% and "three tenths" are one figure, and so are 1.2万亿 and "1.2tn". Numbers without a bound
(数千, "thousands") are none, nor are those inside names (Web3, 二维码).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from .languages import Language

PER_CENT: Final = "%"
MONTH: Final = "month"
"""The unit of a month of the year, whose value is its number."""
_PAIR: Final = 2
"""How many digits in a row say about how many, such as 一两 and 三四."""


class Figure(NamedTuple):
    """A figure in a text."""

    written: str
    """As it stands there; of 3至5亿 and "24-36%", each with the scale and unit of both."""
    value: Fraction
    """How much it is."""
    unit: str = ""
    """`PER_CENT`, `MONTH`, the code of a currency, or empty for any other."""
    is_loose: bool = False
    """Whether the other language may well have no figure for it, as for "both" or "the second"."""

    def equals(self, other: "Figure") -> bool:
        """Return whether both say the same; a currency may be named by one of them alone."""
        units = {self.unit, other.unit}
        is_same_unit = len(units) == 1 or ("" in units and units.isdisjoint({PER_CENT, MONTH}))
        return self.value == other.value and is_same_unit


def figures(text: str, language: Language) -> tuple[Figure, ...]:
    """Return the figures of a text, in order."""
    read = _chinese if language == "zh" else _english
    return tuple(read(_YEARS.sub(r"\1\2-\1\3", text)))


def unpaired(zh: str, en: str) -> Mapping[Language, tuple[Figure, ...]]:
    """Return the figures that only one of two texts has, by its language.

    Args:
        zh: What is said in Chinese.
        en: The same in English.
    """
    chinese, english = figures(zh, "zh"), figures(en, "en")
    return {"zh": _without(english, chinese), "en": _without(chinese, english)}


def _without(others: tuple[Figure, ...], own: tuple[Figure, ...]) -> tuple[Figure, ...]:
    return tuple(one for one in own if not one.is_loose and not any(map(one.equals, others)))


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of some words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _figure(written: str, value: Fraction, unit: str = "", *, is_loose: bool = False) -> Figure:
    """Return a figure; zero and one are often said without a number: "nobody", 一个."""
    return Figure(written.strip(), value, unit, is_loose or (value in {0, 1} and not unit))


_TABLES: Final[Mapping[str, Mapping[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("number_words.yaml").read_text(encoding="utf-8")
)
_ZH, _EN, _CURRENCIES = (_TABLES[name] for name in ("zh", "en", "currencies"))
_CODES: Final[Mapping[str, str]] = {
    name: code
    for code, places in _CURRENCIES.items()
    for names in places.values()
    for name in names
}
"""The code of each currency by what it is called."""
_NUMBER: Final = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_YEAR: Final = r"(?:19|20)\d\d\b"
_YEARS: Final = re.compile(r"(?<!\d)(19|20)(\d\d)[-–/](\d\d)(?![\d-])")
"""Years such as 2024-25, where the second lacks its century."""


def _called(place: str) -> str:
    """Return a pattern for any currency as it is called in a place."""
    return _any_of(name for currency in _CURRENCIES.values() for name in currency[place])


_DIGITS: Final[Mapping[str, int]] = _ZH["digits"]
_SCALES_ZH: Final[Mapping[str, int]] = _ZH["scales"]
_COUNTING: Final = frozenset({*_DIGITS, "十"})
"""Of what a numeral needs one: 千万 and 亿 alone say "very many"."""
_NUMERAL: Final = f"[{''.join((*_DIGITS, *_SCALES_ZH))}]"
_SCALE_ZH: Final = f"[{''.join(_SCALES_ZH)}]*"
_UNIT_ZH: Final = rf"个?百分点|[%％倍月]|成(?![员功为本立年人交])|{_called('zh')}"
_NO_FIGURE_ZH: Final = re.compile(rf"{_any_of(_ZH['no_figures'])}|十分(?![之钟])")
_RANGE_ZH: Final = re.compile(
    rf"(?<![\d.])(?<!{_NUMERAL})({_NUMBER}|{_NUMERAL}+)([-–—~至到])"
    rf"(?=(?:{_NUMBER}|{_NUMERAL}+?)({_SCALE_ZH}(?:{_UNIT_ZH})))"
)
_FIGURE_ZH: Final = re.compile(
    rf"(?<![几数])(?P<whole>{_NUMERAL}+)分之(?P<part>{_NUMERAL}+)"
    rf"|(?<![A-Za-z\d.])(?P<number>{_NUMBER})(?![\d.]*[A-Za-z])[多余]?(?P<scale>{_SCALE_ZH})"
    rf"[多余]?(?P<unit>{_UNIT_ZH})?"
    rf"|(?<![几数上成])(?P<numeral>{_NUMERAL}+)(?P<about>[多余几来]?)(?P<rest>{_SCALE_ZH})"
    rf"(?P<unit_of_numeral>{_UNIT_ZH})?"
)


def _chinese(text: str) -> Iterator[Figure]:
    text = _NO_FIGURE_ZH.sub(" ", text)
    for found in _FIGURE_ZH.finditer(_RANGE_ZH.sub(r"\1\3\2", text)):
        if found["whole"]:
            share = Fraction(_value_of(found["part"]), _value_of(found["whole"]) or 1)
            yield _figure(found[0], share * 100, PER_CENT)
        elif found["number"]:
            value = Fraction(found["number"].replace(",", "")) * _product(found["scale"])
            yield _measured(found[0], value, found["unit"])
        elif not _COUNTING.isdisjoint(numeral := found["numeral"]):
            is_pair = len(numeral) == _PAIR and _DIGITS.keys() >= {*numeral}
            value = Fraction(_value_of(numeral[-1] if is_pair else numeral))
            is_loose = is_pair or found["about"] == "几"
            value *= _product(found["rest"])
            yield _measured(found[0], value, found["unit_of_numeral"], is_loose=is_loose)


def _measured(written: str, value: Fraction, unit: str | None, *, is_loose: bool = False) -> Figure:
    """Return a figure by what follows its number in Chinese."""
    match unit:
        case "成":
            return _figure(written, value * 10, PER_CENT, is_loose=is_loose)
        case "月":
            return _figure(written, value, MONTH)
        case "倍" if value == 1:
            # What has grown by 一倍 has doubled.
            return _figure(written, Fraction(2), is_loose=True)
        case None | "倍":
            return _figure(written, value, is_loose=is_loose)
        case _:
            return _figure(written, value, _CODES.get(unit, PER_CENT), is_loose=is_loose)


def _product(scales: str) -> int:
    """Return what scales one after the other come to: 万亿 is a million millions."""
    product = 1
    for scale in scales:
        product *= _SCALES_ZH[scale]
    return product


def _value_of(numeral: str) -> int:
    """Return the value of a Chinese numeral."""
    if _SCALES_ZH.keys().isdisjoint(numeral):
        return int("".join(str(_DIGITS[digit]) for digit in numeral))
    total = below = digit = 0
    for character in numeral:
        scale = _SCALES_ZH.get(character)
        if scale is None:
            digit = _DIGITS[character]
        elif scale < _SCALES_ZH["万"]:
            below, digit = below + (digit or 1) * scale, 0
        else:
            total, below, digit = (total + below + digit or 1) * scale, 0, 0
    return total + below + digit


_WORDS: Final[Mapping[str, int]] = {**_EN["ones"], **_EN["teens"], **_EN["tens"]}
_SCALES_EN: Final[Mapping[str, int]] = {**_EN["short_scales"], **_EN["scales"]}
_WORD: Final = rf"(?i:(?:{_any_of(_EN['tens'])})-(?:{_any_of(_EN['ones'])})|{_any_of(_WORDS)})\b"
_SCALE_EN: Final = (
    rf"(?: ?(?:{_any_of(_EN['short_scales'])})|(?i:[ -](?:{_any_of(_EN['scales'])})))\b"
)
_UNIT_EN: Final = rf"%|x\b| ?per ?cent\b| percentage points?\b| (?:{_called('after')})\b"
_RANGE_EN: Final = re.compile(
    rf"(?<![\d.,-])(?!{_YEAR})({_NUMBER})(-|–| to )"
    rf"(?=(?:{_NUMBER})((?:{_SCALE_EN})*(?:{_UNIT_EN})?))"
)
_FIGURE_EN: Final = re.compile(
    rf"\b(?P<part>(?i:{_any_of(_EN['ones'])}|an?))[ -](?P<whole>{_any_of(_EN['parts'])})s?\b"
    rf"(?!-| part(?:y|ies)\b)(?!(?<=quarters) of {_YEAR})"
    rf"|\b(?P<some>{_WORD}) in (?P<all>{_WORD})"
    rf"|\b(?P<month>{_any_of(_EN['months'])})\b"
    # Not the digits of a name, but those of Q1, G20, FY2025 and RMB5bn.
    rf"|(?:(?P<sign>(?<![A-Za-z])(?:{_called('before')})) ?)?"
    rf"(?:(?<![A-Za-z\d.])|(?<=\b[QG])|(?<=\bFY)|(?<=RMB)|(?<=Rs))"
    rf"(?P<number>{_NUMBER}|{_WORD})(?!\.?\d)"
    rf"(?P<scale>(?:{_SCALE_EN})*)(?P<unit>{_UNIT_EN})?(?:st|nd|rd|th|s)?(?![A-Za-z])"
    rf"|\b(?P<loose>(?i:{_any_of(_EN['loose'])}))\b"
)


def _english(text: str) -> Iterator[Figure]:
    for found in _FIGURE_EN.finditer(_RANGE_EN.sub(r"\1\3\2", text)):
        if found["whole"]:
            whole = _EN["parts"][found["whole"]]
            share = _count(found["part"]) / whole * 100
            yield _figure(found[0], share, PER_CENT, is_loose=found["whole"] == "half")
        elif found["all"]:
            share = _count(found["some"]) / _count(found["all"]) * 100
            yield _figure(found[0], share, PER_CENT)
        elif month := found["month"]:
            # "May" is also what a question begins with.
            number = Fraction(_EN["months"][month])
            yield _figure(month, number, MONTH, is_loose=month == "May")
        elif found["number"]:
            value = _count(found["number"])
            for scale in re.findall("[a-z]+", found["scale"].lower()):
                value *= _SCALES_EN[scale]
            unit = (found["unit"] or "").strip().removesuffix("x")
            code = _CODES.get(found["sign"] or unit, PER_CENT if unit else "")
            yield _figure(found[0], value, code)
        else:
            yield _figure(found[0], Fraction(_EN["loose"][found["loose"].lower()]), is_loose=True)


def _count(written: str) -> Fraction:
    """Return what a number comes to, in digits or words; "a" is one."""
    if written[0].isdigit():
        return Fraction(written.replace(",", ""))
    return Fraction(sum(_WORDS.get(word, 1) for word in written.lower().split("-")))
