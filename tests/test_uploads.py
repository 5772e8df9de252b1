"""Files of knowledge that operators send: checked, shown, applied; and everybody else's files."""

import os
import re
import sys
import tempfile
from pathlib import Path

import pytest
from operating import MATCHA, Workshop, decided, opened

from efinbot.bot.admin.uploads import Refused, target
from efinbot.knowledge.document import MAX_BYTES
from efinbot.sandbox.testing import BotAccount, Conversation, Said, Telegram

pytestmark = pytest.mark.usefixtures("tea_cache")
NAME = "entries/matcha.yaml"
TESTS = b"- {ask: the tea whisked with bamboo, intent: explain, topics: [matcha]}\n"
BOMB = b"a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\n"


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the bot puts what it needs for a while."""
    place = tmp_path / "scratch"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.fixture
async def chat(workshop: Workshop) -> Conversation:
    """Olga's chat with the bot."""
    return await workshop.chat(workshop.olga)


async def proposed(workshop: Workshop, chat: Conversation, text: str = MATCHA) -> Said:
    """Return what the bot says of a file that Olga has sent."""
    await workshop.olga.says(chat, document=("matcha.yaml", text.encode()))
    return await decided(chat, "You sent: entries/matcha.yaml")


KNOWN = {"entries/defi.yaml", "tests/defi.yaml", "tests/comparisons.yaml", "asks/cases_of.yaml"}
PLACES = {
    "an entry": ("pix.yaml", "", "entries/pix.yaml"),
    "an entry that has tests": ("defi.yaml", "", "entries/defi.yaml"),
    "tests that are no entry": ("comparisons.yaml", "", "tests/comparisons.yaml"),
    "how people ask": ("cases_of.yaml", "", "asks/cases_of.yaml"),
    "how people ask, for the first time": ("x.yaml", "asks/trends.yaml", "asks/trends.yaml"),
    "a file at the top": ("outside.yaml", "", "outside.yaml"),
    "texts": ("interface.yaml", "", "interface.yaml"),
    "the other suffix": ("pix.yml", "", "entries/pix.yaml"),
    "capitals": ("pix.YAML", "", "entries/pix.yaml"),
    "a path as caption": ("a.yaml", " tests/pix.yaml\n", "tests/pix.yaml"),
    "a path of Windows": ("a.yaml", "tests\\pix.yaml", "tests/pix.yaml"),
    "a name as caption": ("a (1).yaml", "pix.yaml", "entries/pix.yaml"),
    "words as caption": ("pix.yaml", "here it is", "entries/pix.yaml"),
}


@pytest.mark.parametrize(("sent", "caption", "name"), PLACES.values(), ids=PLACES.keys())
def test_the_name_tells_which_file_it_is(sent: str, caption: str, name: str) -> None:
    assert target(sent, caption, KNOWN) == name


NOWHERE = {
    "up": ("x.yaml", "../x.yaml", "misplaced"),
    "up and down": ("x.yaml", "entries/../../x.yaml", "misplaced"),
    "from the root": ("x.yaml", "/etc/x.yaml", "misplaced"),
    "of Windows": ("x.yaml", "..\\x.yaml", "misplaced"),
    "another folder": ("x.yaml", "schema/x.yaml", "misplaced"),
    "no intent": ("x.yaml", "asks/x.yaml", "misplaced"),
    "too deep": ("x.yaml", "entries/a/x.yaml", "misplaced"),
    "no id": ("Pix (1).yaml", "", "misplaced"),
    "too long": (f"{'x' * 33}.yaml", "", "misplaced"),
    "at the top in a folder": ("x.yaml", "tests/a b.yaml", "misplaced"),
    "no name": ("", "", "not_yaml"),
    "a program": ("pix.exe", "", "not_yaml"),
    "a program with a path": ("pix.exe", "entries/pix.yaml", "not_yaml"),
    "an archive": ("knowledge.zip", "", "not_yaml"),
    "a table": ("knowledge.xlsx", "", "not_yaml"),
    "of Vim": (".pix.yaml.swp", "", "leftover"),
    "of Emacs": ("pix.yaml~", "", "leftover"),
    "of Emacs, unsaved": ("#pix.yaml#", "", "leftover"),
    "a backup": ("pix.yaml.bak", "", "leftover"),
    "hidden": (".pix.yaml", "", "leftover"),
    "hidden by caption": ("pix.yaml", "entries/.pix.yaml", "leftover"),
}


@pytest.mark.parametrize(("sent", "caption", "why"), NOWHERE.values(), ids=NOWHERE.keys())
def test_what_belongs_nowhere_is_refused(sent: str, caption: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        target(sent, caption, KNOWN)
    assert refused.value.reason.key == f"operators.{why}"


BAD = {
    "another type": ("pix.zip", b"PK", "“pix.zip” is not a YAML file."),
    "too large": ("x.yaml", b"#" * (MAX_BYTES + 1), "has 513 KB; the limit is 512 KB."),
    "50 MB": ("x.yaml", b"#" * 50_000_000, "has 48,829 KB; the limit is 512 KB."),
    "not UTF-8": (
        "x.yaml",
        "name: 茶".encode("gb18030"),
        "\n• entries/x.yaml:1:7: this is not UTF-8; save the file as UTF-8",
    ),
    "a bomb": (
        "x.yaml",
        BOMB,
        "\n• entries/x.yaml:1:4: YAML anchors (&name) are not used here; delete the anchor\n",
    ),
    "too deep": (
        "x.yaml",
        b"[" * 900,
        "\n• entries/x.yaml:1:13: this is nested more than 12 levels deep; look for a stray [ or {",
    ),
    "an object": (
        "x.yaml",
        b"a: !!python/object:os.system x",
        "\n• entries/x.yaml:1:4: YAML tags ('!!python/object:os.system') are not used here",
    ),
    "no YAML": (
        "x.yaml",
        b"a: [b\nc: d\n",
        "\n• entries/x.yaml:2:2: a comma or a closing bracket is missing (opened in line 1)",
    ),
    "empty": (
        "x.yaml",
        b"\n",
        "\n• entries/x.yaml:1:1: the file is empty; write something in it, or delete it",
    ),
    "a leftover": (".x.yaml.swp", b"a: b", "is an editor's backup or a hidden file"),
    "no place": ("X Y.yaml", b"a: b", "There is no place for “X Y.yaml” in the knowledge."),
}


async def test_a_file_that_cannot_be_read_is_refused_in_one_message(
    workshop: Workshop, chat: Conversation, scratch: Path
) -> None:
    olga, before = workshop.olga, sorted(workshop.folder.rglob("*"))
    for why, (name, content, answer) in BAD.items():
        fetched = len(workshop.telegram.requests("getFile"))
        await olga.says(chat, document=(name, content))
        said = await chat.expects("")
        assert answer in said.text, why
        await chat.stays_silent()
        if "the limit is" in answer:
            assert len(workshop.telegram.requests("getFile")) == fetched, why
    assert sorted(workshop.folder.rglob("*")) == before
    assert os.listdir(scratch) == []  # noqa: PTH208 - one look
    await proposed(workshop, chat)  # by itself: nothing was kept


async def test_a_file_that_telegram_does_not_hand_out_is_asked_for_again(
    workshop: Workshop, chat: Conversation
) -> None:
    workshop.telegram.fails("getFile", status=400)
    await workshop.olga.says(chat, document=("matcha.yaml", MATCHA.encode()))
    await chat.expects("“entries/matcha.yaml” could not be fetched from Telegram.")
    await proposed(workshop, chat)


async def test_a_file_is_checked_shown_and_applied(
    workshop: Workshop, chat: Conversation, scratch: Path
) -> None:
    olga = workshop.olga
    await olga.says(chat, document=("matcha.yaml", MATCHA.encode()))
    first = await chat.expects("Received: entries/matcha.yaml. Checking…")
    await olga.says(chat, "What is oxidation?")
    await chat.expects("Oxidation")
    shown = await decided(chat, "What changes\n+ Matcha (matcha)", "would be answered differently")
    assert shown.id == first.id
    assert re.search("the tea whisked with bamboo\n   .+ → explain matcha\n", shown.text)
    assert "Matcha is green tea ground to powder." in shown.text
    assert shown.buttons == [["Apply", "Discard"]]
    assert os.listdir(scratch) == []  # noqa: PTH208 - one look
    assert workshop.holds(NAME) is None
    await olga.taps(shown, "Apply")
    await decided(chat, "Live now: entries/matcha.yaml. To undo it, send /rollback.")
    assert workshop.holds(NAME) == MATCHA.encode()
    theirs = await workshop.chat(workshop.ada)
    await workshop.ada.says(theirs, "the tea whisked with bamboo")
    await theirs.expects("Matcha")
    await olga.says(chat, "/history")
    await chat.expects("#1 · ", " UTC · Olga · file sent\n   +entries/matcha.yaml")
    await olga.says(chat, document=("matcha.yaml", MATCHA.encode()))
    same = await decided(chat, "Nothing would change.")
    assert same.buttons == []


async def test_a_file_can_be_discarded(workshop: Workshop, chat: Conversation) -> None:
    await workshop.olga.taps(await proposed(workshop, chat), "Discard")
    await chat.expects("Discarded. Nothing has changed.")
    assert workshop.holds(NAME) is None


async def test_a_file_that_changes_nothing_is_done_with(
    workshop: Workshop, chat: Conversation
) -> None:
    olga, same = workshop.olga, workshop.holds("entries/wuyi.yaml")
    assert same
    await olga.says(chat, document=("wuyi.yaml", same))
    await decided(chat, "Nothing would change.")
    await olga.says(chat, document=("matcha.yaml", MATCHA.encode()))
    shown = await decided(chat, "You sent: entries/matcha.yaml")
    assert "wuyi.yaml" not in shown.text


async def test_a_file_whose_check_fails_is_done_with(
    workshop: Workshop, chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/bin/false")
        await workshop.olga.says(chat, "tests/tea.yaml", document=("tea.yaml", TESTS))
        await decided(chat, "Something went wrong.")
    shown = await proposed(workshop, chat)
    assert "tests/tea.yaml" not in shown.text


async def test_files_that_are_sent_together_are_one_proposal(
    workshop: Workshop, chat: Conversation
) -> None:
    olga = workshop.olga
    await olga.says(chat, "tests/matcha.yaml", document=("a.yaml", TESTS))
    await olga.says(chat, document=("matcha.yaml", b"kind: case\n"))
    both = await decided(chat, "You sent: tests/matcha.yaml, entries/matcha.yaml", " problem")
    assert "entries/matcha.yaml:1:1: " in both.text
    assert both.buttons == [["Discard"]]
    await olga.says(chat, document=("matcha.yaml", MATCHA.encode()))
    fixed = await decided(chat, "What changes\n+ Matcha (matcha)\n± tests/matcha.yaml")
    assert fixed.id > both.id
    [gone] = [said for said in chat.messages() if said.id == both.id]
    assert (gone.text, gone.buttons) == (
        "More files came. They are checked together, below.",
        [],
    )
    await olga.taps(fixed, "Apply")
    await decided(chat, "Live now: tests/matcha.yaml, entries/matcha.yaml.")
    assert workshop.holds("tests/matcha.yaml") == TESTS


async def test_an_operator_may_send_many_files_at_once(
    telegram: Telegram, account: BotAccount, small_folder: Path, tmp_path: Path
) -> None:
    async with opened(telegram, account, small_folder, tmp_path, flood_limit=2) as workshop:
        olga, chat = workshop.olga, await workshop.chat(workshop.olga)
        for number in range(9):
            await olga.says(chat, f"tests/{number}.yaml", document=("x.yaml", TESTS))
        said = await decided(chat, "You sent: ", "tests/5.yaml, … (9)", "9 problems")
        assert said.text.count("there is no entry 'matcha'") == 9


async def test_a_test_that_would_break_is_named_with_both_answers(
    workshop: Workshop, chat: Conversation
) -> None:
    wrong = TESTS.replace(b"matcha", b"wuyi")
    await workshop.olga.says(chat, "tests/matcha.yaml", document=("a.yaml", wrong))
    shown = await decided(chat, "1 test would fail")
    told = "the tea whisked with bamboo\n   (.+) → \\1 \\(expected: explain wuyi\\)"
    assert re.search(told, shown.text)
    assert shown.buttons == [["Apply", "Discard"]], "a test may be what is wrong"


async def test_the_second_of_two_operators_is_told_what_the_first_has_changed(
    workshop: Workshop, chat: Conversation
) -> None:
    olga, otto = workshop.olga, workshop.otto
    his = await workshop.chat(otto)
    await otto.says(his, "tests/tea.yaml", document=("tea.yaml", TESTS.replace(b"matcha", b"wuyi")))
    late = await decided(his, "You sent: tests/tea.yaml")
    await olga.taps(await proposed(workshop, chat), "Apply")
    await decided(chat, "Live now: ")
    await otto.taps(late, "Apply")
    again = await decided(
        his,
        "The knowledge has changed since this was checked, so it was not applied.",
        "#1 · ",
        " UTC · Olga · file sent",
        "+entries/matcha.yaml",
        "You sent: tests/tea.yaml",
    )
    assert "→ explain matcha (expected: explain wuyi)" in again.text, "with what is there now"
    assert workshop.holds("tests/tea.yaml") is None
    await otto.taps(again, "Apply")
    await decided(his, "Live now: tests/tea.yaml.")


async def test_a_folder_that_cannot_be_written_is_said_to_be_so(
    workshop: Workshop, chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    shown = await proposed(workshop, chat)
    assert "+ Matcha (matcha)" in shown.text
    assert "I can't write to the knowledge folder here (Permission denied)" in shown.text
    assert shown.buttons == [["Discard"]]


async def test_what_turns_out_not_to_be_writable_changes_nothing(
    workshop: Workshop, chat: Conversation
) -> None:
    # A link can be read, but is never written through.
    (workshop.folder / "tests").mkdir()
    (workshop.folder / "tests/b.yaml").symlink_to("../outside.yaml")
    await workshop.olga.says(chat, "tests/a.yaml", document=("a.yaml", TESTS))
    await workshop.olga.says(chat, "tests/b.yaml", document=("b.yaml", TESTS))
    await workshop.olga.says(chat, document=("matcha.yaml", MATCHA.encode()))
    shown = await decided(chat, "You sent: ", "matcha.yaml", "What changes")
    await workshop.olga.taps(shown, "Apply")
    failed = await decided(chat, "I can't write to the knowledge folder here (")
    assert failed.buttons == [["Apply", "Discard"]]
    assert workshop.holds("tests/a.yaml") is None
    assert workshop.holds(NAME) is None
    (workshop.folder / "tests/b.yaml").unlink()
    await workshop.olga.taps(failed, "Apply")
    again = await decided(chat, "Changed in the folder and not live: tests/b.yaml")
    await workshop.olga.taps(again, "Apply")
    await decided(chat, "Live now: ")


async def test_buttons_from_before_a_restart_do_nothing(
    telegram: Telegram, account: BotAccount, small_folder: Path, tmp_path: Path
) -> None:
    async with opened(telegram, account, small_folder, tmp_path) as workshop:
        chat = await workshop.chat(workshop.olga)
        shown = await proposed(workshop, chat)
        olga = workshop.olga
    async with opened(telegram, account, small_folder, tmp_path, operators={olga.id}) as workshop:
        answer = await olga.taps(shown, "Apply")
        assert answer.text == "These buttons are out of date. Please start again."
        assert workshop.holds(NAME) is None


class TestEverybodyElse:
    async def test_words_beside_a_file_are_a_question_as_ever(self, workshop: Workshop) -> None:
        chat = await workshop.chat(workshop.ada)
        file = ("matcha.yaml", MATCHA.encode())
        await workshop.ada.says(chat, "What is oxidation?", document=file)
        await chat.expects("Oxidation")
        await workshop.ada.says(chat, document=file)
        await chat.expects("Ask me how tea is made")
        await workshop.ada.says(chat, "entries/matcha.yaml", document=file)
        await chat.expects("I have no answer")
        assert workshop.telegram.requests("getFile") == []

    async def test_in_a_group_an_operator_is_like_others(self, workshop: Workshop) -> None:
        group = workshop.telegram.group("Tea", [workshop.olga], workshop.bot)
        file = ("matcha.yaml", MATCHA.encode())
        await workshop.olga.says(group, "@efinbot_bot What is oxidation?", document=file)
        await group.expects("Oxidation")
        await workshop.olga.says(group, document=file)
        await group.stays_silent()
        assert workshop.telegram.requests("getFile") == []
