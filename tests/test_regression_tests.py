"""Questions with known answers beside the knowledge: read strictly, asked by `efinbot check`."""

import json
import re
import shutil
from pathlib import Path

import pytest

from efinbot.bot.reload import check
from efinbot.bot.reload.check import examine
from efinbot.intents import ABOUT_ONE, COMPARE, FALLBACK, TOPICLESS, Engine
from efinbot.intents.regression_tests import failed_tests
from efinbot.knowledge import SHIPPED, Snapshot
from efinbot.knowledge.expectations import read_expectations
from efinbot.knowledge.models import Intent

IDS = ("cold-brew", "darjeeling", "drinkers", "health", "new-tea", "oxidation", "wuyi")
KNOWN = "use one of: ask, intent, then, topics"


def write(folder: Path, text: str, name: str = "tea.yaml") -> None:
    (folder / "tests").mkdir(exist_ok=True)
    (folder / "tests" / name).write_text(text, encoding="utf-8")


def malformed(folder: Path) -> list[str]:
    _, problems = read_expectations(folder, IDS)
    return [str(problem).replace(f"{folder}/tests/", "") for problem in problems]


def wrong(folder: Path, engine: Engine) -> list[str]:
    expected, problems = read_expectations(folder, IDS)
    assert problems == []
    found = failed_tests(engine, expected)
    return [str(problem).replace(f"{folder}/tests/", "") for problem in found]


def test_a_test_may_want_all_that_the_engine_knows() -> None:
    assert set(Intent) == {*ABOUT_ONE, COMPARE, *TOPICLESS, FALLBACK}


def test_a_folder_needs_no_tests(small_folder: Path, small_engine: Engine) -> None:
    assert wrong(small_folder, small_engine) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "- {ask: what is tea, intent: explan}",
            "1:22: 'explan' is not known as 'intent'; did you mean 'explain'?",
            id="intent-misspelt",
        ),
        pytest.param(
            "- {ask: what is tea}",
            "1:3: the key 'intent' is missing; add 'intent: …'",
            id="intent-missing",
        ),
        pytest.param(
            "- {ask: what is tea, intent: explain, topics: [wuyi, helth]}",
            "1:54: there is no entry 'helth'; did you mean 'health'?",
            id="entry-misspelt",
        ),
        pytest.param(
            "- {ask: hi, intent: greeting}\n- {ask: '', intent: greeting}",
            "2:4: the text is empty; write it, or delete the line",
            id="question-empty",
        ),
        pytest.param(
            "- {question: hi, intent: greeting}",
            [
                "1:3: the key 'ask' is missing; add 'ask: …'",
                f"1:4: unknown key 'question'; {KNOWN}",
            ],
            id="key-invented",
        ),
        pytest.param(
            "- ask: hi\n  intent: greeting\n  then: [{ask: more, intent: explain, topics: [tea]}]",
            f"3:48: there is no entry 'tea'; use one of: {', '.join(IDS)}",
            id="entry-of-a-follow-up",
        ),
        pytest.param(
            "- {ask: hi, intent: greeting, then: {ask: more, intent: explain}}",
            "1:31: 'then' must be a list, not keys with values; "
            "write one item in each line, after '- '",
            id="follow-up-that-is-no-list",
        ),
        pytest.param(
            "ask: hi\nintent: greeting",
            "1:1: the file must be a list, not keys with values; "
            "write one item in each line, after '- '",
            id="file-that-is-no-list",
        ),
        pytest.param(
            "- ask: hi\n - intent",
            "2:2: this line doesn't fit the ones above it; "
            "check its indentation, and quotes and brackets just above",
            id="no-yaml",
        ),
    ],
)
def test_a_malformed_test_is_named_with_its_place(
    small_folder: Path, text: str, expected: str | list[str]
) -> None:
    write(small_folder, text)
    wanted = [expected] if isinstance(expected, str) else expected
    assert malformed(small_folder) == [f"tea.yaml:{problem}" for problem in wanted]


def test_a_file_that_is_not_read_is_named(small_folder: Path) -> None:
    write(small_folder, "", "tea.yml")
    assert malformed(small_folder) == [
        "tea.yml:1:1: this file is not read; rename it to end in .yaml"
    ]


def test_right_answers_pass_in_conversations_too(small_folder: Path, small_engine: Engine) -> None:
    write(
        small_folder,
        """
- ask: 发酵是什么
  intent: explain
  topics: [oxidation]
  then:
    - {ask: 有哪些实例, intent: cases_of, topics: [oxidation]}
    - {ask: 谢谢, intent: thanks}
- {ask: compare wuyi rock tea and darjeeling, intent: compare, topics: [darjeeling, wuyi]}
- {ask: who won the world cup, intent: fallback}
""",
    )
    assert wrong(small_folder, small_engine) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "- {ask: What is oxidation?, intent: explain, topics: [wuyi]}",
            "1:4: 'What is oxidation?' is answered with 'explain oxidation', not 'explain wuyi'; "
            "add questions like it to the asks of 'wuyi', or fix the test",
            id="another-entry",
        ),
        pytest.param(
            "- {ask: What is oxidation?, intent: fallback}",
            "1:4: 'What is oxidation?' is answered with 'explain oxidation', not 'fallback'; "
            "add what it is about to outside.yaml, or fix the test",
            id="answered-though-it-should-not",
        ),
        pytest.param(
            "- {ask: hello, intent: trends}",
            "1:4: 'hello' is answered with 'greeting', not 'trends'; "
            "remove misleading words from names and asks, or fix the test",
            id="another-intent",
        ),
        pytest.param(
            "- ask: 发酵是什么\n  intent: explain\n  topics: [oxidation]\n"
            "  then:\n    - ask: 有哪些实例\n      intent: cases_of\n      topics: [new-tea]",
            "5:7: '有哪些实例' is answered with 'cases_of oxidation', not 'cases_of new-tea'; "
            "add questions like it to the asks of 'new-tea', or fix the test",
            id="follow-up",
        ),
    ],
)
def test_a_wrong_answer_is_named_with_what_was_wanted_and_given(
    small_folder: Path, small_engine: Engine, text: str, expected: str
) -> None:
    write(small_folder, text)
    assert wrong(small_folder, small_engine) == [f"tea.yaml:{expected}"]


def test_check_asks_the_tests_and_counts_them(small_folder: Path) -> None:
    write(
        small_folder,
        "- {ask: hello, intent: trends}\n"
        "- {ask: hello, intent: greeting, then: [{ask: thanks, intent: thanks}]}",
    )
    examination = examine(small_folder)
    assert examination.tests == 3
    (problem,) = examination.problems
    assert str(problem).startswith(f"{small_folder}/tests/tea.yaml:1:4: 'hello' is answered with")


def test_of_entries_as_they_came_a_wrong_answer_is_a_warning(
    small_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "SHIPPED", shutil.copytree(small_folder, tmp_path / "shipped"))
    with (small_folder / "entries" / "wuyi.yaml").open("a", encoding="utf-8") as edited:
        edited.write("# Seen in June.\n")
    write(
        small_folder,
        "- {ask: hello, intent: explain, topics: [oxidation]}\n"
        "- {ask: hello, intent: explain, topics: [wuyi]}\n"
        "- {ask: hello, intent: compare, topics: [oxidation, wuyi]}\n"
        "- {ask: hello, intent: fallback}",
    )
    found = examine(small_folder)
    assert [(problem.location.line, problem.level.value) for problem in found.problems] == [
        (1, "warning"),
        (2, "error"),
        (3, "error"),
        (4, "error"),
    ]
    assert found.problems[0].said("en") == (
        "'hello' is answered with 'greeting', not 'explain oxidation', which nobody has edited; "
        "remove misleading words from the names and asks that are new, or remove the test"
    )


def test_in_the_folder_of_the_package_every_wrong_answer_is_an_error(
    small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "SHIPPED", small_folder)
    write(small_folder, "- {ask: hello, intent: explain, topics: [oxidation]}")
    (problem,) = examine(small_folder).problems
    assert problem.level.value == "error"


def test_nothing_is_asked_while_a_test_is_malformed(small_folder: Path) -> None:
    write(small_folder, "- {ask: hello, intent: trends}\n- {ask: hello, intent: nothing}")
    examination = examine(small_folder)
    assert examination.tests == 0
    assert [problem.location.line for problem in examination.problems] == [2]


def test_tests_teach_nothing_so_another_test_needs_no_other_engine(small_folder: Path) -> None:
    before = Snapshot.of(small_folder).training_fingerprint
    write(small_folder, "- {ask: hello, intent: greeting}")
    assert Snapshot.of(small_folder).training_fingerprint == before


def test_the_shipped_knowledge_is_tested_in_both_languages_and_in_conversations() -> None:
    entries = {path.stem for path in (SHIPPED / "entries").iterdir()}
    expected, problems = read_expectations(SHIPPED, entries)
    assert problems == []
    asked = [turn.ask for file in expected for one in file.conversations for turn, _ in one.turns()]
    chinese = [ask for ask in asked if re.search("[\u3400-\u9fff]", ask)]
    assert len(asked) >= 300
    assert min(len(chinese), len(asked) - len(chinese)) >= 150
    assert any(one.then for file in expected for one in file.conversations)


def test_the_shipped_tests_are_questions_of_our_own() -> None:
    """Written by export_questions.py, from this file alone."""
    lines = (Path(__file__).parent / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    own = {json.loads(line)["text"] for line in lines}
    expected, _ = read_expectations(SHIPPED, ())
    for file in expected:
        for one in file.conversations:
            assert {turn.ask for turn, _ in one.turns()} <= own
