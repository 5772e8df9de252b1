"""A folder of knowledge: all of it, or everything that is wrong with it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from efinbot.knowledge import Entry, Knowledge, KnowledgeError, Snapshot, inspect, load

ENTRY_KEYS = (
    "aliases, asks, benefits, brief, challenges, contrasts, driven_by, examples, facts, kind, "
    "name, order, part_of, plain, region, related, shows, sources, summary, uses, …"
)
BOTH = "both languages are needed"
KEYS = "write 'key: value' lines, such as 'zh: …' and 'en: …'"
KINDS = "case, driver, outlook, point, technology, trend"
QUOTES = "write text here; put quotes around it if it starts with [ or {"
ADDRESS = "write it with https:// and without spaces"
FILL_IN = "must contain {name}, and nothing else in braces; write {name} where it belongs"
ITEMS = "write one item in each line, after '- '"
DELETE_IT = "delete it; if there are many, save the file as UTF-8"


def problems(folder: Path) -> list[str]:
    return [str(problem).removeprefix(f"{folder}/") for problem in inspect(folder).problems]


def replace(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_small_knowledge_has_no_problem(small_folder: Path) -> None:
    assert problems(small_folder) == []
    assert isinstance(load(small_folder), Knowledge)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        pytest.param(
            "entries/wuyi.yaml",
            "summary:",
            "sumary:",
            [
                "1:1: the key 'summary' is missing; add 'summary: …'",
                "6:1: unknown key 'sumary'; did you mean 'summary'?",
            ],
            id="key-misspelt",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "region: CN",
            "price: 10",
            [f"13:1: unknown key 'price'; use one of: {ENTRY_KEYS}"],
            id="key-invented",
        ),
        pytest.param(
            "entries/health.yaml",
            "    title: A survey",
            "    titel: A survey",
            [
                "13:3: the key 'title' is missing; add 'title: …'",
                "14:5: unknown key 'titel'; did you mean 'title'?",
            ],
            id="key-misspelt-deep-inside",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            ", en: Wuyi rock tea}",
            "}",
            [f"3:1: the English text is missing; add 'en: …'; {BOTH}"],
            id="language-missing",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "{zh: 假货多。, en",
            "{en",
            [f"10:5: the Chinese text is missing; add 'zh: …'; {BOTH}"],
            id="language-missing-in-a-list",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "{zh: 假货多。, en: There are many fakes.}",
            "There are many fakes.",
            [f"10:5: an item of 'challenges' must be keys with values, not text; {KEYS}"],
            id="text-for-both-languages",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "zh: 武夷岩茶,",
            "zh: ,",
            ["3:8: the text is empty; write it, or delete the line"],
            id="text-empty",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "shows: [oxidation]",
            "shows: oxidation",
            [f"11:1: 'shows' must be a list, not text; {ITEMS}"],
            id="text-for-a-list",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "shows: [oxidation]",
            "shows:",
            [f"11:1: 'shows' must be a list, not nothing; {ITEMS}"],
            id="nothing-for-a-list",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "zh: [大红袍]",
            "zh: [[大红袍]]",
            [f"4:16: an item of 'zh' must be text, not a list; {QUOTES}"],
            id="list-for-text",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "kind: case",
            "kind: [case]",
            ["1:1: 'kind' must be one word, not a list; write it without brackets"],
            id="list-for-a-word",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "kind: case",
            "kind: Cases",
            ["1:1: 'Cases' is not known as 'kind'; did you mean 'case'?"],
            id="kind-misspelt",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "kind: case",
            "kind: no",
            [f"1:1: 'no' is not known as 'kind'; use one of: {KINDS}"],
            id="kind-unknown-and-no-boolean",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "order: 1",
            "order: first",
            ["2:1: 'first' is not a whole number from 1 up; write one such as 3"],
            id="order-is-a-word",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "order: 1",
            f"order: {'9' * 5000}",
            [f"2:1: '{'9' * 59}…' is not a whole number from 1 up; write one such as 3"],
            id="order-is-huge",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "order: 1",
            "order: 0",
            ["2:1: '0' is not a whole number from 1 up; write one such as 3"],
            id="order-is-zero",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "order: 1",
            "order: [1]",
            ["2:1: 'order' must be a whole number, not a list; write one such as 3"],
            id="order-is-a-list",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "[oxidation]",
            "[Oxidation]",
            ["11:9: 'Oxidation' can't be used as an id; use a-z, 0-9 and single hyphens"],
            id="id-not-fit-for-a-button",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "[oxidation]",
            f"[{'oxi-' * 8}dation]",
            [f"11:9: '{'oxi-' * 8}dation' is too long; use at most 32 characters"],
            id="id-too-long-for-a-button",
        ),
        pytest.param(
            "entries/wuyi.yaml",
            "region: CN",
            "region: cn",
            ["13:1: 'cn' is not a region code; write capital letters such as GB"],
            id="region-in-small-letters",
        ),
        pytest.param(
            "entries/health.yaml",
            "2024-05",
            "2024-13",
            ["16:5: '2024-13' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"],
            id="no-such-month",
        ),
        pytest.param(
            "entries/health.yaml",
            "2024-05",
            "May 2024",
            ["16:5: 'May 2024' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"],
            id="date-in-words",
        ),
        pytest.param(
            "entries/health.yaml",
            "https://example.org/tea",
            "example.org/tea",
            [f"15:5: 'example.org/tea' is not a web address; {ADDRESS}"],
            id="address-without-scheme",
        ),
        pytest.param(
            "entries/health.yaml",
            "  survey:",
            "  Survey 1:",
            ["13:3: 'Survey 1' can't be used as an id; use a-z, 0-9 and single hyphens"],
            id="source-id-with-a-space",
        ),
        pytest.param(
            "entries/drinkers.yaml",
            "\n  en: [what changes for customers, what does it mean for people who buy, ",
            "\n  en: [] # [",
            ["13:3: the list is empty; add at least one item"],
            id="no-questions-in-a-language",
        ),
        pytest.param(
            "entries/drinkers.yaml",
            "zh: 喝茶的人,",
            'zh: "\\e[31m\\n",',
            [f"3:12: there is a control character here, '\\x1b'; {DELETE_IT}"],
            id="terminal-escape-in-text",
        ),
        pytest.param(
            "overview.yaml",
            "    en: Green and black",
            "    sources: [survey]\n    en: Green and black",
            ["9:5: unknown key 'sources'; use one of: en, zh"],
            id="source-where-none-is-kept",
        ),
        pytest.param(
            "interface.yaml",
            "“{name}” is not covered here.",
            "This is not covered here.",
            [f"5:1: 'This is not covered here.' {FILL_IN}"],
            id="template-without-its-name",
        ),
        pytest.param(
            "interface.yaml",
            "“{name}” is not covered here.",
            "“{name:>99999999999}” is out.",
            [f"5:1: '“{{name:>99999999999}}” is out.' {FILL_IN}"],
            id="template-that-would-fail",
        ),
        pytest.param(
            "interface.yaml",
            "“{name}” is not covered here.",
            "“{name}” {} is out.",
            [f"5:1: '“{{name}}” {{}} is out.' {FILL_IN}"],
            id="template-with-a-nameless-slot",
        ),
        pytest.param(
            "interface.yaml",
            "“{name}” is not covered here.",
            "“{name” is out.",
            [f"5:1: '“{{name” is out.' {FILL_IN}"],
            id="template-with-a-brace-left-open",
        ),
        pytest.param(
            "glossary.yaml",
            "tannin:",
            "Tannin!:",
            ["1:1: 'Tannin!' can't be used as an id; use a-z, 0-9 and single hyphens"],
            id="term-id",
        ),
        pytest.param(
            "glossary.yaml",
            "  see: oxidation",
            "",
            ["1:1: the key 'see' is missing; add 'see: …'"],
            id="term-without-link",
        ),
        pytest.param(
            "outside.yaml",
            "[health, cold-brew]",
            "[health, cold-brew, wuyi, darjeeling]",
            ["4:3: the list has more than 3 items; keep the nearest ones"],
            id="too-many-neighbours",
        ),
        pytest.param(
            "outside.yaml",
            "[health, cold-brew]",
            "[]",
            ["4:3: the list is empty; add at least one item"],
            id="no-neighbours",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(
    small_folder: Path, file: str, old: str, new: str, expected: list[str]
) -> None:
    replace(small_folder, file, old, new)
    assert problems(small_folder) == [f"{file}:{problem}" for problem in expected]


@pytest.mark.parametrize("file", ["entries/wuyi", "overview", "glossary", "ambiguous"])
def test_a_list_at_top_level_is_no_file_of_ours(small_folder: Path, file: str) -> None:
    (small_folder / f"{file}.yaml").write_text("- a\n- b\n", encoding="utf-8")
    expected = f"{file}.yaml:1:1: the file must be keys with values, not a list; {KEYS}"
    assert expected in problems(small_folder)


def test_everything_wrong_is_said_in_one_run(small_folder: Path) -> None:
    """A file that can't be read must not hide what is wrong with the links of the others."""
    (small_folder / "overview.yaml").write_text("\tname: x\n", encoding="utf-8")
    (small_folder / "interface.yaml").unlink()
    (small_folder / "regions.yaml").write_bytes("中国".encode("gbk"))
    replace(small_folder, "entries/wuyi.yaml", "order: 1", "order: x\ncolour: brown")
    replace(small_folder, "entries/new-tea.yaml", "[health]", "[helth]")
    replace(small_folder, "glossary.yaml", "see: oxidation", "see: oxydation")
    assert problems(small_folder) == [
        "entries/new-tea.yaml:13:13: there is no entry 'helth'; did you mean 'health'?",
        "entries/wuyi.yaml:2:1: 'x' is not a whole number from 1 up; write one such as 3",
        f"entries/wuyi.yaml:3:1: unknown key 'colour'; use one of: {ENTRY_KEYS}",
        "glossary.yaml:5:3: there is no entry 'oxydation'; did you mean 'oxidation'?",
        "interface.yaml:1:1: the file is missing; add it; 'efinbot check' then says what it lacks",
        "overview.yaml:1:1: there is a tab where YAML requires spaces; use spaces",
        "regions.yaml:1:1: this is not UTF-8; save the file as UTF-8",
    ]


def test_a_malformed_entry_or_region_is_no_dangling_link(small_folder: Path) -> None:
    replace(small_folder, "entries/oxidation.yaml", "order: 1", "order: one")
    replace(small_folder, "regions.yaml", "zh: 印度, ", "")
    assert problems(small_folder) == [
        "entries/oxidation.yaml:2:1: 'one' is not a whole number from 1 up; write one such as 3",
        f"regions.yaml:11:3: the Chinese text is missing; add 'zh: …'; {BOTH}",
    ]


def test_loading_raises_all_problems_at_once(small_folder: Path) -> None:
    (small_folder / "overview.yaml").unlink()
    (small_folder / "interface.yaml").unlink()
    with pytest.raises(KnowledgeError) as caught:
        load(small_folder)
    assert [problem.location.path.name for problem in caught.value.problems] == [
        "interface.yaml",
        "overview.yaml",
    ]
    assert str(caught.value).count("\n") == 1


@pytest.mark.parametrize("name", ["regions", "glossary", "outside", "ambiguous"])
def test_a_table_may_be_missing(small_folder: Path, name: str) -> None:
    (small_folder / f"{name}.yaml").unlink()
    assert not any(f"{name}.yaml" in problem for problem in problems(small_folder))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param(
            "glosary.yaml",
            "no file called 'glosary' belongs here; did you mean 'glossary'?",
            id="misspelt",
        ),
        pytest.param(
            "glossary.yml", "this file is not read; rename it to end in .yaml", id="suffix"
        ),
        pytest.param(
            "entries/x.YAML", "this file is not read; rename it to end in .yaml", id="capitals"
        ),
        pytest.param(
            "entries/Green_Tea.yaml",
            "'Green_Tea' can't be used as an id; "
            "name the file with a-z, 0-9 and single hyphens, 32 characters at most",
            id="name-not-fit-for-an-id",
        ),
        pytest.param(
            f"entries/{'tea-' * 8}s.yaml",
            "'tea-tea-tea-tea-tea-tea-tea-tea-s' can't be used as an id; "
            "name the file with a-z, 0-9 and single hyphens, 32 characters at most",
            id="name-too-long-for-an-id",
        ),
    ],
)
def test_a_file_that_would_be_passed_over_is_reported(
    small_folder: Path, name: str, expected: str
) -> None:
    shutil.copy(small_folder / "entries" / "drinkers.yaml", small_folder / name)
    assert problems(small_folder) == [f"{name}:1:1: {expected}"]


@pytest.mark.parametrize("name", [".#wuyi.yaml", "README.md", "entries/.wuyi.yaml", "wuyi.yaml~"])
def test_what_editors_and_people_leave_is_passed_over(small_folder: Path, name: str) -> None:
    (small_folder / name).write_text("nonsense: [", encoding="utf-8")
    assert problems(small_folder) == []


def test_a_folder_where_a_file_should_be_is_reported(small_folder: Path) -> None:
    (small_folder / "glossary.yaml").unlink()
    (small_folder / "glossary.yaml").mkdir()
    (small_folder / "entries" / "puer.yaml").mkdir()
    assert problems(small_folder) == [
        f"{file}:1:1: the file can't be read (Is a directory); check its name and permissions"
        for file in ("entries/puer.yaml", "glossary.yaml")
    ]


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        pytest.param(
            shutil.rmtree,
            "there is no such folder; create it, and put one YAML file for each entry in it",
            id="missing",
        ),
        pytest.param(
            lambda entries: [path.unlink() for path in entries.iterdir()],
            "there is no entry in this folder; put one YAML file for each entry in it",
            id="empty",
        ),
        pytest.param(
            lambda entries: (shutil.rmtree(entries), entries.write_text("", encoding="utf-8")),
            "the folder can't be read (Not a directory); check its name and permissions",
            id="a-file",
        ),
    ],
)
def test_without_entries_nothing_else_is_held_against_the_links(
    small_folder: Path, make: Callable[[Path], object], expected: str
) -> None:
    make(small_folder / "entries")
    assert problems(small_folder) == [f"entries:1:1: {expected}"]


def test_a_folder_that_is_not_there_is_one_problem(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    (problem,) = inspect(folder).problems
    assert str(problem) == (
        f"{folder}:1:1: the folder can't be read (No such file or directory); "
        "check its name and permissions"
    )


@pytest.fixture(scope="module")
def any_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    small = Path(__file__).parent / "small_knowledge"
    return shutil.copytree(small, tmp_path_factory.mktemp("any") / "knowledge")


WORDS = st.sampled_from(
    [*ENTRY_KEYS.split(", "), "zh", "en", "with", "title", "url", "as_of", "[key]", "", "wuyi"]
) | st.text(max_size=5)
TREES = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


def as_flow(tree: object) -> str:
    """Write a tree as YAML in one line, every text in double quotes."""
    match tree:
        case dict():
            return f"{{{', '.join(f'{as_flow(k)}: {as_flow(v)}' for k, v in tree.items())}}}"
        case list():
            return f"[{', '.join(map(as_flow, tree))}]"
        case _:
            return '"' + "".join(f"\\U{ord(c):08x}" for c in str(tree)) + '"'


@given(st.binary() | st.text().map(str.encode) | TREES.map(as_flow).map(str.encode))
@example(b"")
@example(b'"[key]": a')
@example(b'sources: {"[key]": {}}')
@example(b'{"kind": {"[key]": []}, "sources": {"": "x"}}')
def test_whatever_an_entry_file_holds_it_is_an_entry_or_a_problem(
    any_folder: Path, content: bytes
) -> None:
    path = any_folder / "entries" / "any.yaml"
    path.write_bytes(content)
    inspection = inspect(any_folder)
    assert inspection.knowledge is not None
    found = [problem for problem in inspection.problems if problem.location.path == path]
    assert found or isinstance(inspection.knowledge.entries["any"], Entry)
    assert all(str(problem).isprintable() for problem in found)


@given(st.binary() | TREES.map(as_flow).map(str.encode))
@pytest.mark.parametrize("name", ["overview", "interface", "regions", "glossary", "ambiguous"])
def test_whatever_another_file_holds_nothing_is_raised(
    tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp() / name
    if not folder.exists():
        shutil.copytree(Path(__file__).parent / "small_knowledge", folder)
    (folder / f"{name}.yaml").write_bytes(content)
    assert all(str(problem).isprintable() for problem in inspect(folder).problems)


class TestFingerprint:
    def test_it_follows_content_and_names_but_not_time(self, small_folder: Path) -> None:
        path = small_folder / "entries" / "wuyi.yaml"
        first = Snapshot.of(small_folder).training_fingerprint
        os.utime(path, (1, 1))
        assert Snapshot.of(small_folder).training_fingerprint == first
        path.rename(path.with_name("wuyi-tea.yaml"))
        renamed = Snapshot.of(small_folder).training_fingerprint
        path.with_name("wuyi-tea.yaml").rename(path)
        assert Snapshot.of(small_folder).training_fingerprint == first
        path.write_bytes(path.read_bytes() + b"\n")
        assert len({first, renamed, Snapshot.of(small_folder).training_fingerprint}) == 3

    def test_it_is_the_same_wherever_the_folder_stands(
        self, small_folder: Path, tmp_path: Path
    ) -> None:
        moved = shutil.copytree(small_folder, tmp_path / "elsewhere" / "tea")
        before = Snapshot.of(small_folder).training_fingerprint
        assert Snapshot.of(moved).training_fingerprint == before

    def test_bytes_moved_from_one_file_to_the_next_change_it(self, tmp_path: Path) -> None:
        one, other = tmp_path / "1", tmp_path / "2"
        for folder, first, second in ((one, b"ab", b"c"), (other, b"a", b"bc")):
            folder.mkdir()
            (folder / "a.yaml").write_bytes(first)
            (folder / "b.yaml").write_bytes(second)
        assert Snapshot.of(one).training_fingerprint != Snapshot.of(other).training_fingerprint

    @pytest.mark.skipif(os.name == "nt", reason="links, pipes and file names of POSIX")
    def test_it_never_fails_on_what_can_not_be_read(self, tmp_path: Path) -> None:
        (tmp_path / "folder.yaml").mkdir()
        (tmp_path / ".#lock.yaml").symlink_to("editor@host:1")
        (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
        os.mkfifo(tmp_path / "pipe.yaml")
        Path(os.fsdecode(bytes(tmp_path) + b"/\xff.yaml")).write_bytes(b"a: b")
        nothing = Snapshot.of(tmp_path / "nowhere").training_fingerprint
        assert Snapshot.of(tmp_path).training_fingerprint != nothing
