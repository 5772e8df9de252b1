"""What a folder holds its texts and sources to: one name of each institution, no unfit host."""

from pathlib import Path

import pytest

from efinbot.knowledge import inspect
from efinbot.knowledge.house_style import host_of
from efinbot.knowledge.validation import validate

NAMES = """\
teb:
  zh: {write: 欧洲茶局, not: [欧洲茶叶局, TEB]}
  en: {write: TEB, not: [Tea Bureau, European Tea Bureau, TeB]}
"""
HOSTS = "digest.example: a digest of others' news\n"


def warnings(folder: Path) -> list[str]:
    inspection = inspect(folder)
    found = sorted((*inspection.problems, *validate(inspection)))
    return [str(one).replace(f"{folder}/", "") for one in found]


@pytest.fixture
def tea_folder(small_folder: Path) -> Path:
    """A folder that says how an institution is called, and which host is unfit."""
    (small_folder / "names.yaml").write_text(NAMES, encoding="utf-8")
    (small_folder / "hosts.yaml").write_text(HOSTS, encoding="utf-8")
    return small_folder


def fakes(folder: Path, zh: str, en: str) -> None:
    """Let a statement say something else."""
    path = folder / "entries" / "wuyi.yaml"
    text = path.read_text(encoding="utf-8")
    told = text.replace("假货多。", zh).replace("There are many fakes.", en)
    path.write_text(told, encoding="utf-8")


@pytest.mark.parametrize(
    ("zh", "en", "expected"),
    [
        ("欧洲茶局说假货多。", "The TEB says that there are many.", []),
        ("假货多。", "The Tea Bureau says so.", [("en", "TEB", "Tea Bureau")]),
        (
            "假货多。",
            "The European Tea Bureau says so.",
            [("en", "TEB", "European Tea Bureau")],
        ),
        ("欧洲茶叶局说。", "TEB", [("zh", "欧洲茶局", "欧洲茶叶局")]),
        ("据TEB说。", "TEB", [("zh", "欧洲茶局", "TEB")]),
        ("TEB和TEB说。", "TEB", [("zh", "欧洲茶局", "TEB")]),
        ("欧洲茶局（TEB）说。", "The European Tea Bureau (TEB) says so.", []),
        ("STEB是别的。", "STEB and TEBS are others.", []),
    ],
    ids=[
        "as-it-should",
        "another-form",
        "the-longest-form",
        "another-form-in-chinese",
        "an-abbreviation-in-chinese",
        "once-for-each-text",
        "introduced",
        "part-of-a-word",
    ],
)
def test_another_name_is_told_with_the_one_to_write(
    tea_folder: Path, zh: str, en: str, expected: list[tuple[str, str, str]]
) -> None:
    fakes(tea_folder, zh, en)
    column = {"zh": 6, "en": 6 + len(f"zh: {zh}, ")}
    assert warnings(tea_folder) == [
        f"entries/wuyi.yaml:10:{column[language]}: warning: "
        f"this calls '{write}' by another name, '{form}'; write '{write}'"
        for language, write, form in expected
    ]


def test_what_people_type_and_what_things_are_called_is_left(tea_folder: Path) -> None:
    path = tea_folder / "entries" / "wuyi.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[Da Hong Pao]", "[Tea Bureau]"), encoding="utf-8")
    path = tea_folder / "glossary.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("en: Tannin", "en: Tea Bureau"), encoding="utf-8")
    assert warnings(tea_folder) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://digest.example",
        "http://digest.example/a",
        "https://www.digest.example/a?b#c",
        "https://dev.DIGEST.example:8443/a",
        "https://name@digest.example/",
    ],
    ids=["itself", "a-page", "a-subdomain", "a-port", "a-login"],
)
def test_a_source_on_an_unfit_host_is_told(tea_folder: Path, url: str) -> None:
    path = tea_folder / "entries" / "health.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("https://example.org/tea", url), encoding="utf-8")
    (warning,) = warnings(tea_folder)
    assert warning == (
        "entries/health.yaml:15:5: warning: the source 'survey' is on 'digest.example', "
        "which is a digest of others' news; name the page that its facts come from"
    )


@pytest.mark.parametrize(
    "url",
    ["https://example/digest.example", "https://mydigest.example", "https://digest.example.org"],
    ids=["in-the-path", "longer-before", "longer-after"],
)
def test_a_host_that_only_looks_like_it_is_fit(tea_folder: Path, url: str) -> None:
    path = tea_folder / "entries" / "health.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("https://example.org/tea", url), encoding="utf-8")
    assert warnings(tea_folder) == []


@pytest.mark.parametrize("url", ["https://[", "https://", "https://@:", "https:///a", "https://?"])
def test_any_address_has_a_host_or_none(url: str) -> None:
    assert "." not in host_of(url)


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [
        ("names.yaml", "teb: {zh: {write: 茶}, en: {wirte: TEB}}\n", "did you mean 'write'?"),
        ("names.yaml", "teb: {en: {write: TEB}}\n", "the Chinese text is missing"),
        ("hosts.yaml", "https://digest.example: a digest\n", "is not the name of a host"),
        ("hosts.yaml", "digest.example: ''\n", "the text is empty"),
    ],
    ids=["unknown-key", "one-language", "an-address-for-a-host", "no-reason"],
)
def test_a_malformed_row_is_named(tea_folder: Path, file: str, content: str, expected: str) -> None:
    (tea_folder / file).write_text(content, encoding="utf-8")
    found = warnings(tea_folder)
    assert [one for one in found if one.startswith(f"{file}:1:") and expected in one]
