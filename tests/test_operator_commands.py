"""The operators' commands: for them alone, each answered at once and in one message."""

import logging
import os
import re
import sys
import threading
import time
from collections.abc import AsyncIterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from operating import MATCHA, Workshop, button, data_of, decided, opened, saved
from telegram import Bot

from efinbot.bot import register_menus
from efinbot.bot.admin import operator_commands
from efinbot.bot.admin.operator_commands import OPERATIONS
from efinbot.bot.admin.statistics import Statistics, summarise
from efinbot.bot.storage import Missed, Outcome
from efinbot.bot.storage.state import State
from efinbot.sandbox.testing import BotAccount, Conversation, Person, Telegram

pytestmark = pytest.mark.usefixtures("tea_cache")
STALE = "This button is out of date."
BROKEN = "kind: case\n" + "".join(f"nonsense-{number}: x\n" for number in range(20))


async def heard(workshop: Workshop, who: Person, chat: Conversation, said: str) -> str:
    """Return all that the bot does when somebody says something."""
    before = len(workshop.telegram.requests())
    message = await who.says(chat, said)
    await workshop.telegram.settled()
    asked = [
        (one.method, one.parameters)
        for one in workshop.telegram.requests()[before:]
        if one.method != "getUpdates"
    ]
    return re.sub(rf"\b{message.id}\b", "<id>", repr(asked))


async def test_for_everybody_else_an_operators_command_is_no_command(workshop: Workshop) -> None:
    private, theirs = await workshop.chat(workshop.ada), await workshop.chat(workshop.olga)
    group = workshop.telegram.group("Tea", [workshop.ada, workshop.olga], workshop.bot)
    await theirs.stays_silent()
    for who, chat in ((workshop.ada, private), (workshop.ada, group), (workshop.olga, group)):
        unknown = await heard(workshop, who, chat, "/nonesuch@efinbot_bot 1")
        for name in OPERATIONS:
            said = await heard(workshop, who, chat, f"/{name}@efinbot_bot 1")
            assert said == unknown, name
    await theirs.stays_silent()


async def test_a_menu_of_their_own_is_shown_to_operators_alone(
    telegram: Telegram, workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    await workshop.chat(workshop.olga)
    caplog.clear()
    operators = (workshop.olga.id, workshop.otto.id)  # Otto has never opened the bot
    interface = workshop.live.assistant.engine.knowledge.interface
    async with Bot(workshop.bot.token, f"{telegram.url}/bot") as api:
        await register_menus(api, interface, "tea_", operators)
        assert await register_menus(api, interface, "tea_", operators) == 0
    shown = {
        (one.parameters["scope"]["type"], one.parameters["scope"].get("chat_id")): {
            command["command"] for command in one.parameters["commands"]
        }
        for one in telegram.requests("setMyCommands")
        if one.ok and one.parameters["commands"][0]["command"].startswith("tea_")
    }
    operations = {f"tea_{name}" for name in OPERATIONS}
    hers = shown.pop(("chat", workshop.olga.id))
    assert hers == operations | shown["all_private_chats", None]
    assert not any(operations & commands for commands in shown.values())
    assert len(shown) == 3
    assert not caplog.records


async def test_the_prefix_stands_before_operators_commands_too(
    telegram: Telegram, account: BotAccount, small_folder: Path, tmp_path: Path
) -> None:
    async with opened(telegram, account, small_folder, tmp_path, command_prefix="tea_") as workshop:
        chat = await workshop.chat(workshop.olga)
        await workshop.olga.says(chat, "/history")
        await chat.expects("No such command.")
        await workshop.olga.says(chat, "/tea_history")
        await chat.expects("There have been no changes yet.")


FORGED = {
    "a decision": "e1:op.AAAAAAAA.0",
    "a page": "e1:op.AAAAAAAA.p1",
    "half of one": "e1:op.",
    "nonsense": "e1:op.\u202e😀.p-1",
}


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED.keys())
async def test_a_button_that_was_never_made_is_refused(workshop: Workshop, data: str) -> None:
    chat = await workshop.chat(workshop.ada)
    assert (await workshop.ada.taps(await button(workshop, chat, data), "?")).text == STALE
    chat = await workshop.chat(workshop.olga)
    answer = await workshop.olga.taps(await button(workshop, chat, data), "?")
    assert "These buttons are out of date." in answer.text


async def test_a_button_works_for_the_operator_whom_it_was_sent_to(workshop: Workshop) -> None:
    chat = await workshop.chat(workshop.olga)
    await workshop.olga.says(chat, document=("matcha.yaml", b"kind: x\n"))
    data = data_of(await decided(chat, " problems\n"), "Discard")
    for person, refusal in (
        (workshop.ada, STALE),
        (workshop.otto, "These buttons are out of date."),
        (workshop.olga, "These buttons are out of date."),
    ):
        theirs = workshop.telegram.group("Tea", [person], workshop.bot)
        assert (await person.taps(await button(workshop, theirs, data), "?")).text == STALE
        private = await workshop.chat(person)
        assert refusal in (await person.taps(await button(workshop, private, data), "?")).text
    discardable = next(said for said in chat.messages() if " problems\n" in said.text)
    await workshop.olga.taps(discardable, "Discard")
    await chat.expects("Discarded.")


class TestReload:
    async def test_nothing_new(self, workshop: Workshop) -> None:
        chat = await workshop.chat(workshop.olga)
        await workshop.olga.says(chat, "/reload")
        await decided(chat, "Nothing has changed.")

    async def test_what_was_saved_goes_live(self, workshop: Workshop) -> None:
        chat = await workshop.chat(workshop.olga)
        saved(workshop.folder / "entries/matcha.yaml", MATCHA.encode())
        await workshop.olga.says(chat, "/reload")
        await decided(chat, "Live now: +entries/matcha.yaml")
        await workshop.olga.says(chat, "the tea whisked with bamboo")
        await chat.expects("Matcha")

    async def test_what_is_broken_changes_nothing_and_is_listed(self, workshop: Workshop) -> None:
        chat = await workshop.chat(workshop.olga)
        (workshop.folder / "entries/health.yaml").write_text(BROKEN, encoding="utf-8")
        await workshop.olga.says(chat, "/reload")
        said = await decided(chat, " problems\n", "nothing goes live.")
        assert "• entries/health.yaml:2:1: " in said.text
        assert str(workshop.folder) not in said.text
        assert said.text.count("•") == 10
        count = re.search(r"(\d+) problems", said.text)
        assert count
        assert f"… and {int(count[1]) - 10} more" in said.text
        await workshop.olga.says(chat, "is tea healthy")
        await chat.expects("Health")

    async def test_names_of_files_that_are_no_utf8_are_told_with_escapes(
        self, workshop: Workshop
    ) -> None:
        chat = await workshop.chat(workshop.olga)
        name = os.fsdecode(b"\xb2\xe8.yaml")
        (workshop.folder / "tests").mkdir()
        (workshop.folder / "tests" / name).write_text("[]", encoding="utf-8")
        await workshop.olga.says(chat, "/reload")
        await decided(chat, r"Live now: +tests/\udcb2\udce8.yaml")
        await workshop.olga.says(chat, "/history")
        await decided(chat, r"+tests/\udcb2\udce8.yaml")
        (workshop.folder / "entries" / name).write_text("[]", encoding="utf-8")
        await workshop.olga.says(chat, "/reload")
        await decided(chat, r"entries/\udcb2\udce8.yaml:1:1: ")


class TestBrokenOnDisk:
    async def test_each_operator_is_told_once_and_when_it_is_fixed(
        self, workshop: Workshop
    ) -> None:
        path = workshop.folder / "entries/health.yaml"
        good = path.read_bytes()
        hers, others = await workshop.chat(workshop.olga), await workshop.chat(workshop.ada)
        await workshop.olga.says(hers, "/lang zh")
        await hers.expects("")
        path.write_text(BROKEN, encoding="utf-8")
        await decided(hers, "要改的：", "entries/health.yaml:2:1: ")
        path.write_text(f"{BROKEN}#\n", encoding="utf-8")
        await hers.stays_silent(grace=1.5)
        path.write_bytes(good)
        await decided(hers, "文件夹里的知识已改好，新内容已生效。")
        await others.stays_silent()

    async def test_who_has_asked_is_told_there(self, workshop: Workshop) -> None:
        his, hers = await workshop.chat(workshop.otto), await workshop.chat(workshop.olga)
        (workshop.folder / "entries/health.yaml").write_text(BROKEN, encoding="utf-8")
        await workshop.olga.says(hers, "/reload")
        await decided(hers, " problems\n")
        await decided(his, "There are problems, so nothing goes live.", " problems\n")
        assert sum(" problems\n" in said.text for said in hers.messages()) == 1

    async def test_who_is_busy_with_something_else_is_told_too(self, workshop: Workshop) -> None:
        chat = await workshop.chat(workshop.olga)
        await workshop.olga.says(chat, "/check")
        await chat.expects("Checking…")
        (workshop.folder / "entries/health.yaml").write_text(BROKEN, encoding="utf-8")
        await workshop.live.reload()
        await decided(chat, "There are problems, so nothing goes live.", " problems\n")


class TestCheck:
    async def test_all_is_counted_and_other_questions_are_answered_meanwhile(
        self, workshop: Workshop
    ) -> None:
        chat = await workshop.chat(workshop.olga)
        await workshop.olga.says(chat, "/check")
        await chat.expects("Checking…")
        await workshop.olga.says(chat, "What is oxidation?")
        await chat.expects("Oxidation")
        await workshop.olga.says(chat, "/check")
        await chat.expects("One thing at a time, please.")
        said = await decided(chat, "Entries: 7", "No problems.")
        assert [one.id for one in chat.messages() if "Entries: 7" in one.text] == [said.id]

    async def test_problems_are_told_by_level_over_pages(self, many: Workshop) -> None:
        olga, chat = many.olga, await many.chat(many.olga)
        await olga.says(chat, "/check")
        first = await decided(chat, "Entries: 6", " problems\n")
        assert first.buttons == [["1/2", "›"]]
        await olga.taps(first, "›")
        second = await chat.expects("entries/health.yaml:25:1: ")
        assert second.id == first.id
        assert second.buttons == [["‹", "2/2"]]
        lines = [*first.text.splitlines(), *second.text.splitlines()]
        told = [line for line in lines if "unknown key 'nonsense-" in line]
        assert len(told) == len(set(told)) == 24
        assert "\n\n1 warning\n• entries/wuyi.yaml:" in second.text
        await olga.taps(second, "‹")
        again = await chat.expects("Entries: 6")
        assert (again.id, again.text, again.buttons) == (first.id, first.text, first.buttons)

    async def test_a_page_that_is_sent_anew_can_be_turned_on(self, many: Workshop) -> None:
        olga, chat = many.olga, await many.chat(many.olga)
        await olga.says(chat, "/check")
        first = await decided(chat, "Entries: 6", " problems\n")
        many.telegram.fails("editMessageText", status=403)  # as where it is deleted meanwhile
        await olga.taps(first, "›")
        second = await chat.expects("entries/health.yaml:25:1: ")
        assert second.id > first.id
        await olga.taps(second, "‹")
        again = await chat.expects("Entries: 6")
        assert (again.id, again.text, again.buttons) == (second.id, first.text, first.buttons)
        assert "These buttons are out of date." in (await olga.taps(first, "›")).text

    @pytest.fixture
    async def many(self, workshop: Workshop) -> Workshop:
        """The workshop of a folder with more problems than a message holds, and a loose figure."""
        path = workshop.folder / "entries/wuyi.yaml"
        text = path.read_text(encoding="utf-8").replace("There are many fakes", "90% are fakes")
        text = text.replace("假货多", "九成是假货")
        path.write_text(text, encoding="utf-8")
        broken = (f"nonsense-{number}: x\n" for number in range(24))
        (workshop.folder / "entries/health.yaml").write_text(
            f"kind: case\n{''.join(broken)}", encoding="utf-8"
        )
        return workshop

    async def test_in_chinese(self, workshop: Workshop) -> None:
        mei = workshop.olga
        chat = await workshop.chat(mei)
        await mei.says(chat, "/lang zh")
        await chat.expects("")
        await mei.says(chat, "/check")
        await chat.expects("正在检查……")
        await decided(chat, "条目7个", "没有问题。")

    async def test_what_the_system_refuses_is_said(
        self, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chat = await workshop.chat(workshop.olga)
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        await workshop.olga.says(chat, "/check")
        await decided(chat, "This can't be done: No such file or directory.")
        await workshop.olga.says(chat, "/history")
        await chat.expects("There have been no changes yet.")

    async def test_what_fails_is_said_and_logged(
        self,
        workshop: Workshop,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        chat = await workshop.chat(workshop.olga)
        monkeypatch.setattr(sys, "executable", "/bin/false")
        await workshop.olga.says(chat, "/check")
        await decided(chat, "Something went wrong. The log says why.")
        assert "an operator's request failed" in caplog.text

    async def test_told_to_stop_the_bot_waits_for_no_check(
        self,
        telegram: Telegram,
        account: BotAccount,
        small_folder: Path,
        tmp_path: Path,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        async with opened(telegram, account, small_folder, tmp_path) as workshop:
            chat = await workshop.chat(workshop.olga)
            await workshop.olga.says(chat, "/check")
            await chat.expects("Checking…")
        assert not [one for one in caplog.records if one.levelno >= logging.WARNING]


class TestStats:
    async def test_nothing_was_asked(self, workshop: Workshop) -> None:
        chat = workshop.olga.chat_with(workshop.bot)
        await workshop.olga.says(chat, "/stats")
        await decided(chat, "Nobody has asked anything in the last 30 days.")

    async def test_a_year_of_counts_is_added_up_while_others_are_answered(
        self, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        threads: list[threading.Thread] = []

        def noting(counts: Mapping[tuple[int, str], int], until: date) -> Statistics:
            threads.append(threading.current_thread())
            return summarise(counts, until)

        monkeypatch.setattr(operator_commands, "summarise", noting)
        chat = workshop.olga.chat_with(workshop.bot)
        await workshop.olga.says(chat, "/stats")
        await decided(chat, "Nobody has asked anything in the last 30 days.")
        [thread] = threads
        assert thread is not threading.current_thread()

    async def test_text_and_a_picture(self, workshop: Workshop) -> None:
        chat = await workshop.chat(workshop.olga)
        for question in ("What is oxidation?", "发酵是什么", "What is the weather in Paris?"):
            await workshop.olga.says(chat, question)
            await chat.expects("")
        await workshop.olga.says(chat, "/stats")
        text = await decided(chat, "The last 30 days\nQuestions: 3. Answered: 2.")
        assert "Today: 3 · 7 days: 3 · 30 days: 3" in text.text
        assert "English 3, 中文 1" in text.text
        assert re.search(r"Half of the answers are sent within \S+ m?s, 99 of 100", text.text)
        assert "Asked about most\n• Oxidation · 2" in text.text
        picture = await decided(chat, "The last 30 days")
        assert picture.json["photo"][-1]["width"] == 1280

    async def test_where_nothing_can_be_drawn_there_is_the_text(
        self, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chat = await workshop.chat(workshop.olga)
        await workshop.olga.says(chat, "What is oxidation?")
        await chat.expects("Oxidation")
        monkeypatch.setattr(operator_commands, "find_spec", lambda _: None)
        await workshop.olga.says(chat, "/stats")
        said = await decided(chat, "The last 30 days")
        await chat.stays_silent()
        text = next(one for one in chat.messages() if one.id == said.id).text
        assert "Questions: 1." in text
        assert 'pip install "efinbot[charts]"' in text


class TestGaps:
    async def test_there_is_none(self, workshop: Workshop) -> None:
        chat = await workshop.chat(workshop.olga)
        await workshop.olga.says(chat, "/gaps")
        await decided(chat, "There is nothing to add.")

    async def test_one_tap_tries_out_what_helps_and_one_adds_it(self, missing: Workshop) -> None:
        olga, chat = missing.olga, await missing.chat(missing.olga)
        path = missing.folder / "entries/drinkers.yaml"
        await olga.says(chat, "/gaps")
        listed = await decided(
            chat, "Questions not answered well: 1", "1. kombucha ×3 (similar entry chosen 3)"
        )
        assert listed.buttons == [["1"]]
        await olga.taps(listed, "1")
        await decided(chat, "kombucha ×3", "Trying out what would help…")
        found = await decided(chat, "Add to entries/drinkers.yaml\n", "kombucha")
        assert found.id == listed.id
        assert "Asked 3 times in all; with this, 3 of them would be answered." in found.text
        assert "No test would fail." in found.text
        assert found.buttons == [["Add", "Ignore", "Back"]]
        await olga.taps(found, "Add")
        await decided(chat, "Live now: entries/drinkers.yaml.")
        assert path.read_text(encoding="utf-8").startswith("# who drinks it\n")
        await olga.says(chat, "kombucha")
        await chat.expects("Drinkers")
        await olga.says(chat, "/history")
        await chat.expects(" UTC · Olga · from /gaps\n   ±entries/drinkers.yaml")
        await olga.says(chat, "/gaps")
        await decided(chat, "There is nothing to add.")

    async def test_what_is_ignored_is_gone_until_it_is_asked_again(self, missing: Workshop) -> None:
        olga, chat = missing.olga, await missing.chat(missing.olga)
        await olga.says(chat, "/gaps")
        await olga.taps(await decided(chat, "Questions not answered well: 1"), "1")
        await olga.taps(await decided(chat, "Add to entries/drinkers.yaml"), "Back")
        await olga.taps(await decided(chat, "Questions not answered well: 1"), "1")
        await olga.taps(await decided(chat, "Add to entries/drinkers.yaml"), "Ignore")
        await olga.taps(await decided(chat, "Ignored."), "Back")
        await decided(chat, "There is nothing to add.")
        theirs = await missing.chat(missing.ada)
        await missing.ada.says(theirs, "kombucha")
        await theirs.expects("I have no answer to that.")
        await olga.says(chat, "/gaps")
        await olga.taps(await decided(chat, "Questions not answered well: 1", "declined 1"), "1")
        found = await decided(chat, "no entry is close: perhaps add a new entry")
        assert found.buttons == [["Ignore", "Back"]], "nobody has said what is meant"

    @pytest.fixture
    async def missing(
        self, telegram: Telegram, account: BotAccount, small_folder: Path, tmp_path: Path
    ) -> AsyncIterator[Workshop]:
        """The workshop of a bot that people have asked for an entry by a name that it hasn't."""
        path = small_folder / "entries/drinkers.yaml"
        path.write_bytes(b"# who drinks it\n" + path.read_bytes())
        now = time.time()
        state = await State.open(f"sqlite:///{tmp_path / 'state.sqlite3'}", account.id, now)
        state.records.note_missed(Missed("kombucha", "en", Outcome.CHOSEN, "", "drinkers", 3, now))
        await state.close()
        async with opened(telegram, account, small_folder, tmp_path) as workshop:
            yield workshop


class TestHistory:
    async def test_files_are_restored_byte_for_byte(self, workshop: Workshop) -> None:
        olga, chat = workshop.olga, await workshop.chat(workshop.olga)
        path = workshop.folder / "tests/tea.yaml"
        path.parent.mkdir()
        odd = b"\xef\xbb\xbf# by hand  \r\n- {ask: is tea healthy,\r\n   intent: cases}"
        for sign, content in ("+", odd), ("±", b"- {ask: hello, intent: greeting}\n"):
            saved(path, content)
            await olga.says(chat, "/reload")
            await decided(chat, f"Live now: {sign}tests/tea.yaml")
        await olga.says(chat, "/history")
        listed = await chat.expects("#2 · ", "#1 · ", "UTC · on disk")
        assert listed.text.index("#2") < listed.text.index("#1")
        await olga.says(chat, "/rollback")
        proposed = await decided(chat, "Back to before change 2", "± tests/tea.yaml")
        assert "#1" not in proposed.text
        assert "1 test would fail\n• is tea healthy" in proposed.text
        await olga.taps(proposed, "Cancel")
        await chat.expects("Cancelled. Nothing has changed.")
        assert workshop.holds("tests/tea.yaml") != odd
        await olga.says(chat, "/rollback #2")
        await olga.taps(await decided(chat, "Back to before change 2"), "Restore")
        await decided(chat, "Restored: tests/tea.yaml.")
        assert workshop.holds("tests/tea.yaml") == odd
        await olga.says(chat, "/rollback 1")
        proposed = await decided(chat, "Back to before change 1", "#3", "Olga · by /rollback")
        await olga.taps(proposed, "Restore")
        await decided(chat, "Restored: tests/tea.yaml.")
        assert workshop.holds("tests/tea.yaml") is None

    async def test_what_was_saved_while_the_bot_did_not_run_is_in_it(
        self, telegram: Telegram, account: BotAccount, small_folder: Path, tmp_path: Path
    ) -> None:
        path = small_folder / "tests/tea.yaml"
        path.parent.mkdir()
        for content in (
            b"- {ask: hello, intent: greeting}\n",
            b"[]  # nothing\n",
            b"[]  # nothing\n",
        ):
            path.write_bytes(content)
            async with opened(telegram, account, small_folder, tmp_path):
                pass
        async with opened(telegram, account, small_folder, tmp_path) as workshop:
            chat = await workshop.chat(workshop.olga)
            await workshop.olga.says(chat, "/history")
            listed = await chat.expects("#1 · ", "UTC · on disk", "±tests/tea.yaml")
            assert "#2" not in listed.text
            await workshop.olga.says(chat, "/rollback")
            await workshop.olga.taps(await decided(chat, "Back to before change 1"), "Restore")
            await decided(chat, "Restored: tests/tea.yaml.")
            assert workshop.holds("tests/tea.yaml") == b"- {ask: hello, intent: greeting}\n"

    @pytest.mark.parametrize("said", ["/rollback", "/rollback 1", "/history"])
    async def test_there_is_none_at_first(self, workshop: Workshop, said: str) -> None:
        chat = await workshop.chat(workshop.olga)
        await workshop.olga.says(chat, said)
        await chat.expects("There have been no changes yet.")

    async def test_a_number_that_no_change_has_is_named(self, workshop: Workshop) -> None:
        chat = await workshop.chat(workshop.olga)
        (workshop.folder / "tests").mkdir()
        (workshop.folder / "tests/tea.yaml").write_text("- {ask: hello, intent: greeting}")
        await workshop.olga.says(chat, "/reload")
        await decided(chat, "Live now: ")
        for number in ("7", "0", "-1", "x", "²"):
            await workshop.olga.says(chat, f"/rollback {number}")
            await chat.expects(f"There is no change {number}.")
