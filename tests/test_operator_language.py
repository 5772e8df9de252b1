"""Operators are told everything in their language: by an option, the locale, or in Telegram."""

import json
from pathlib import Path

import pytest
from operating import Workshop, decided
from typer.testing import CliRunner

from efinbot.bot.cli import app

WUYI = "entries/wuyi.yaml"


def run(*arguments: str | Path, **environment: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*map(str, arguments)], env=environment)
    return result.exit_code, result.output


def replace(folder: Path, old: str, new: str) -> None:
    path = folder / WUYI
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "kind: ", "kind：", "1:5: 键后面用了全角冒号；请用半角冒号加空格，即“: ”", id="yaml"
        ),
        pytest.param(
            "kind: ", "knd: x\nkind: ", "1:1: 没有“knd”这个键；是不是“kind”？", id="unknown-key"
        ),
        pytest.param(
            "region: CN",
            "region: cn",
            "13:1: “cn”不是地区代码；请用大写字母，例如 GB",
            id="pattern",
        ),
        pytest.param(
            "kind: case", "kind: [case]", "“kind”应为一个词，这里却是列表；请去掉括号", id="type"
        ),
        pytest.param(
            "[Da Hong Pao]",
            "[Darjeeling]",
            "“Darjeeling”也是条目“wuyi”的名称（",
            id="lint",
        ),
        pytest.param(
            "There are many fakes",
            "90% are fakes",
            "警告：数字“90”没有来源；请在 sources 下写上来源的键，或删除这个数字",
            id="warning",
        ),
    ],
)
def test_a_problem_is_told_in_chinese(
    small_folder: Path, old: str, new: str, expected: str
) -> None:
    replace(small_folder, old, new)
    _, told = run("check", small_folder, "--lang", "zh")
    assert expected in told


def test_what_a_check_finds_is_summed_up_in_chinese(small_folder: Path) -> None:
    passed = "7个条目，49条问法：没有问题。\n"
    assert run("check", small_folder, "--lang=zh") == (0, passed)
    replace(small_folder, "kind: ", "knd: x\nkind: ")
    code, told = run("check", small_folder, "--lang=zh")
    assert (code, told.splitlines()[-1]) == (1, "1个文件里有1处错误。")


def test_programs_read_what_is_wrong_in_the_language_of_the_option(small_folder: Path) -> None:
    replace(small_folder, "kind: ", "knd: x\nkind: ")
    _, told = run("check", small_folder, "--format", "json", "--lang", "zh")
    (problem,) = json.loads(told)["problems"]
    assert (problem["level"], problem["what"], problem["fix"]) == (
        "error",
        "没有“knd”这个键",
        "是不是“kind”？",
    )
    _, told = run("check", small_folder, "--format", "github", "--lang", "zh")
    assert "::没有“knd”这个键；是不是“kind”？\n" in told


@pytest.mark.parametrize(
    ("options", "environment", "language"),
    [
        ((), {}, "en"),
        ((), {"LANG": "zh_CN.UTF-8"}, "zh"),
        ((), {"LANG": "de_DE.UTF-8"}, "en"),
        ((), {"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ((), {"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_TW.UTF-8"}, "zh"),
        ((), {"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ((), {"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
        (("--lang", "en"), {"LANG": "zh_CN.UTF-8"}, "en"),
        (("--lang", "zh"), {"LC_ALL": "C"}, "zh"),
    ],
    ids=str,
)
def test_the_option_wins_over_the_locale(
    small_folder: Path, options: tuple[str, ...], environment: dict[str, str], language: str
) -> None:
    _, told = run("check", small_folder, *options, **environment)
    assert told.endswith({"zh": "没有问题。\n", "en": "no problems.\n"}[language])


@pytest.mark.parametrize("command", ["ask", "run", "demo", "check", "gaps", "stats", "evaluate"])
def test_every_command_is_explained_in_chinese(command: str) -> None:
    code, told = run(command, "--help", "--lang", "zh")
    assert code == 0
    assert "结果、问题和帮助所用的语言" in told
    assert "command_line." not in told
    assert "..." not in run("--lang", "zh", "--help")[1].replace("[ARGS]...", "")


def test_a_language_that_is_not_spoken_is_refused() -> None:
    code, told = run("check", "--lang", "fr")
    assert code == 2
    assert "there is no language 'fr'; use one of: zh, en" in told


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("EFINBOT_KNOWLEDGE", "none", "没有“none”这个文件夹；请检查路径，或用 efinbot init 创建"),
        ("EFINBOT_FEEDBACK", "x", "“x”不在可选值里；可以用：off、private、everywhere"),
        ("EFINBOT_OPERATORS", "a,b", "“a”、“b”不是Telegram用户编号；请写数字，用半角逗号分隔"),
        ("EFINBOT_FLOOD_LIMIT", "0", "不能小于1"),
        ("EFINBOT_FLOOD_LIMT", "1", "没有这个环境变量；是不是“EFINBOT_FLOOD_LIMIT”？"),
    ],
    ids=lambda given: given[:20],
)
def test_settings_are_told_in_chinese(
    name: str, value: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, told = run("check", "--lang", "zh", **{name: value})
    assert code == 2
    assert f"{name}: {expected}" in told


@pytest.fixture
async def chinese(workshop: Workshop) -> Workshop:
    """A workshop whose operator has chosen Chinese."""
    chat = await workshop.chat(workshop.olga)
    await workshop.olga.says(chat, "/lang zh")
    await chat.expects("")
    return workshop


async def test_an_operator_in_telegram_reads_problems_in_chinese(chinese: Workshop) -> None:
    chat = await chinese.chat(chinese.olga)
    replace(chinese.folder, "kind: ", "knd: x\nkind: ")
    await chinese.olga.says(chat, "/check")
    await chat.expects("正在检查……")
    await decided(chat, f"{WUYI}:1:1: 没有“knd”这个键；是不是“kind”？")


async def test_an_operator_in_telegram_hears_of_a_broken_folder_in_chinese(
    chinese: Workshop,
) -> None:
    chat = await chinese.chat(chinese.olga)
    replace(chinese.folder, "kind: ", "kind：")
    await decided(chat, "有问题要改", f"{WUYI}:1:5: 键后面用了全角冒号；请用半角冒号加空格")
