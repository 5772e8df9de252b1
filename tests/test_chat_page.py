"""The chat page in a real browser, as people use it: with the real bot, or one that tests play."""

import json
import re
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from struct import pack
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

from efinbot.sandbox.bot_api.method_schema import SentFile
from efinbot.sandbox.bot_api.server import Server
from efinbot.sandbox.page.page_app import page_app
from efinbot.sandbox.state.accounts import Bot
from efinbot.sandbox.state.notices import Notice, NoticeItem

FILES: Final = Path(__file__).parent.parent / "sandbox" / "page" / "static"
BROWSER: Final = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
FLAGS: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
PHONE: Final = {"width": 375, "height": 667}
DESKTOP: Final = {"width": 1200, "height": 800}
pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium on this machine")


def sent(url: str, body: object = None, method: str = "POST", **headers: str) -> Any:  # noqa: ANN401 - JSON
    """Return the answer to a request."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
        return json.load(answer)


def notify(server: Server, notice: Notice) -> None:
    """Tell everybody who has the page open, as whoever runs the server does."""
    server.do(lambda: server.api.world.announce(notice))


@dataclass
class Visit:
    """Somebody with the page before them."""

    url: str
    person: int
    page: Page
    errors: list[str] = field(default_factory=list[str])

    def hears(self, message: ConsoleMessage) -> None:
        """Note what goes wrong in the page, lost connections aside."""
        if message.type == "error" and "net::ERR" not in message.text:
            self.errors.append(message.text)

    def writes(self, text: str) -> None:
        """Type a text and send it."""
        self.page.get_by_role("combobox").fill(text)
        self.page.get_by_role("button", name=re.compile("Send|发送")).click()

    def starts(self) -> None:
        """Open the chat with the bot and press its start button."""
        self.page.goto(f"{self.url}/#/@efinbot")
        self.page.get_by_role("button", name=re.compile("^(Start|开始)$")).click()
        expect(self.messages).to_have_count(2)

    @property
    def messages(self) -> Locator:
        """All messages of the chat that is open."""
        return self.page.get_by_role("article")

    @property
    def latest(self) -> Locator:
        """The last of them."""
        return self.messages.last

    def group(self, *, forum: bool = False) -> str:
        """Make a group with the bot and a friend; return its key."""
        bot = sent(f"{self.url}/client/state", method="GET")["bots"][0]["id"]
        friend = sent(f"{self.url}/client/people", {"name": "Friend"})["id"]
        told = {"type": "supergroup", "title": "Us", "members": [self.person, friend]}
        told |= {"bots": [bot], "is_forum": forum, "topics": ["Banks"] if forum else []}
        return sent(f"{self.url}/client/chats", told)["id"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def demo(command: tuple[str, ...]) -> Iterator[str]:
    """The address of the demo."""
    process = subprocess.Popen(
        [*command, "demo", "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "Ada as its operator" in line
        yield line.split()[-1]
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=10)
    assert (process.returncode, rest) == (0, "")


Visiting = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visiting]:
    """Lets somebody new open the page; nothing may go wrong in it."""
    visits: list[Visit] = []

    def open_page(url: str, language: str = "en", **traits: Any) -> Visit:  # noqa: ANN401 - the browser's
        person = {"name": "Ada", "language_code": {"zh": "zh-hans"}.get(language, language)}
        you = sent(f"{url}/client/people", person)["id"]
        traits = {"viewport": DESKTOP, "locale": {"zh": "zh-CN"}.get(language, "en-GB"), **traits}
        context = browser.new_context(**traits)
        context.set_default_timeout(15_000)
        context.add_init_script(f"localStorage.setItem('you', '{you}')")
        page = context.new_page()
        one = Visit(url, you, page)
        page.on("pageerror", lambda error: one.errors.append(str(error)))
        page.on("console", one.hears)
        page.goto(url)
        expect(page.locator("body")).to_have_class(re.compile("ready"))
        visits.append(one)
        return one

    yield open_page
    for one in visits:
        one.page.context.close()
        assert one.errors == []


@dataclass
class Stage:
    """A local Telegram with a bot that tests play."""

    server: Server
    bot: Bot

    def calls(self, method: str, **parameters: object) -> Any:  # noqa: ANN401 - JSON
        """Let the bot call a method of the Bot API."""
        return sent(f"{self.server.url}/bot{self.bot.token}/{method}", parameters)["result"]

    def meets(self, visit: Visit) -> None:
        """Let a visitor start the bot."""
        visit.page.goto(f"{visit.url}/#/@player")
        visit.page.get_by_role("button", name="Start", exact=True).click()
        expect(visit.messages).to_have_count(1)

    def says(self, visit: Visit, html: str, *buttons: dict[str, str]) -> None:
        """Let the bot write to a visitor."""
        keyboard = {"inline_keyboard": [[button] for button in buttons]} if buttons else None
        markup = {"reply_markup": keyboard} if keyboard else {}
        self.calls("sendMessage", chat_id=visit.person, text=html, parse_mode="HTML", **markup)

    def hears(self, *kinds: str) -> None:
        """Let the bot ask for updates of some kinds."""
        self.calls("getUpdates", timeout=0, allowed_updates=kinds)

    def keeps(self, name: str, content: bytes) -> str:
        """Return the identifier of a file that the bot has."""
        files = self.server.api.files
        upload = SentFile(name, content, "application/octet-stream")
        fields = self.server.do(lambda: files.attached(upload))
        return (fields.get("document") or fields["photo"][0])["file_id"]

    def update(self, kind: str) -> dict[str, Any]:
        """Return the next update of a kind, and forget what came before it."""
        offset = 0
        while True:
            for update in self.calls("getUpdates", timeout=5, offset=offset):
                offset = update["update_id"] + 1
                if kind in update:
                    self.calls("getUpdates", timeout=0, offset=offset)
                    return update[kind]


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    server = Server(page=page_app)
    server.start()
    with closing(server):
        yield Stage(server, server.do(lambda: server.api.world.bot("player", scripted=True)))


@pytest.mark.parametrize(
    ("language", "question", "answer"),
    [("en", "What is open banking?", "third parties"), ("zh", "什么是开放银行？", "第三方")],
)
def test_a_question_is_answered_in_its_language(
    visit: Visiting, demo: str, language: str, question: str, answer: str
) -> None:
    ada = visit(demo, language)
    ada.starts()
    ada.writes(question)
    expect(ada.latest).to_contain_text(answer)
    expect(ada.page.get_by_role("combobox")).to_have_value("")


def test_a_button_changes_the_message_in_place(visit: Visiting, demo: str) -> None:
    ada = visit(demo)
    ada.starts()
    ada.writes("What is open banking?")
    ada.latest.get_by_role("button", name="Any cases?").click()
    expect(ada.latest).to_contain_text("edited")
    expect(ada.latest).to_contain_text("cases")
    expect(ada.messages).to_have_count(4)
    ada.latest.get_by_role("button", name="‹ ").click()
    expect(ada.latest).to_contain_text("third parties")


def test_commands_are_completed_by_keyboard(visit: Visiting, demo: str) -> None:
    ada = visit(demo)
    ada.starts()
    field, options = ada.page.get_by_role("combobox"), ada.page.get_by_role("option")
    field.focus()
    ada.page.keyboard.type("/")
    expect(options).to_have_count(14)
    ada.page.keyboard.type("tr")
    expect(options).to_have_count(1)
    ada.page.keyboard.press("Tab")
    expect(field).to_have_value("/trends ")
    expect(field).to_be_focused()
    field.fill("/")
    expect(options.first).to_have_attribute("aria-selected", "true")
    ada.page.keyboard.press("ArrowDown")
    expect(ada.page.get_by_role("option", selected=True)).to_contain_text("/help")
    ada.page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_value("/")
    ada.page.keyboard.type("hel")
    expect(options).to_have_count(1)
    ada.page.keyboard.press("Enter")
    expect(ada.latest).to_contain_text("I know one subject")
    ada.page.get_by_role("button", name="Commands of the bot").click()
    expect(options).to_have_count(14)


def test_inline_results_are_offered_and_sent(visit: Visiting, demo: str) -> None:
    ada = visit(demo)
    key = ada.group()
    ada.page.goto(f"{demo}/#/{key}")
    field, options = ada.page.get_by_role("combobox"), ada.page.get_by_role("option")
    field.fill("@efinbot open ban")
    expect(options.first).to_contain_text("Open banking")
    ada.page.keyboard.press("Enter")
    expect(ada.latest).to_contain_text("via @efinbot")
    expect(ada.latest).to_contain_text("third parties")
    ada.latest.get_by_role("button", name="Any cases?").click()
    expect(ada.latest).to_contain_text("edited")


def test_more_inline_results_come_when_the_list_is_scrolled(visit: Visiting, stage: Stage) -> None:
    ada = visit(stage.server.url)
    stage.meets(ada)
    ada.page.get_by_role("combobox").fill("@player tea")

    def serve(first: int, more: str) -> None:
        query = stage.update("inline_query")
        results = [
            {"type": "article", "id": str(n), "title": f"Tea {n}", "description": "A cup."}
            | {"input_message_content": {"message_text": f"<b>Cup {n}</b>", "parse_mode": "HTML"}}
            for n in range(first, first + 10)
        ]
        stage.calls(
            "answerInlineQuery", inline_query_id=query["id"], results=results, next_offset=more
        )

    options = ada.page.get_by_role("option")
    serve(0, "10")
    expect(options).to_have_count(10)
    options.last.scroll_into_view_if_needed()
    serve(10, "")
    expect(options).to_have_count(20)
    options.nth(14).click()
    expect(ada.latest.locator("strong")).to_have_text("Cup 14")


def test_the_bot_is_silent_in_a_group_until_it_is_mentioned(visit: Visiting, demo: str) -> None:
    ada = visit(demo)
    ada.page.goto(f"{demo}/#/{ada.group()}")
    ada.writes("What is open banking?")
    ada.writes("@efinbot what is DeFi?")
    expect(ada.messages).to_have_count(3)
    expect(ada.latest).to_contain_text("Decentralised finance")
    quote = ada.latest.get_by_role("button", name="@efinbot what is DeFi?")
    quote.click()
    expect(ada.messages.nth(1)).to_be_focused()


def test_somebody_else_writes_in_a_group(visit: Visiting, demo: str) -> None:
    ada = visit(demo)
    ada.page.goto(f"{demo}/#/{ada.group()}")
    ada.writes("Mine")
    ada.page.locator("#composer").get_by_role("button", name=re.compile("Write as Ada")).click()
    ada.page.get_by_role("menuitemradio", name="Friend").click()
    ada.writes("Theirs")
    expect(ada.latest).to_have_class(re.compile("own"))
    expect(ada.messages.first).not_to_have_class(re.compile("own"))
    expect(ada.messages.first).to_contain_text("Ada")


def test_topics_keep_their_messages_apart(visit: Visiting, demo: str) -> None:
    ada = visit(demo)
    ada.page.goto(f"{demo}/#/{ada.group(forum=True)}")
    topics = ada.page.get_by_role("navigation", name="Topics")
    topics.get_by_role("link", name="Banks").click()
    ada.writes("@efinbot what is open banking?")
    expect(ada.latest).to_contain_text("third parties")
    topics.get_by_role("link", name="General").click()
    expect(ada.messages).to_have_count(0)


def test_editing_a_question_edits_its_answer(visit: Visiting, demo: str) -> None:
    ada = visit(demo)
    ada.starts()
    ada.writes("What is open banking?")
    expect(ada.latest).to_contain_text("third parties")
    ada.page.get_by_role("combobox").focus()
    ada.page.keyboard.press("ArrowUp")
    expect(ada.page.get_by_role("combobox")).to_have_value("What is open banking?")
    ada.page.get_by_role("combobox").fill("What is DeFi?")
    ada.page.keyboard.press("Enter")
    expect(ada.latest).to_contain_text("Decentralised finance")
    expect(ada.messages).to_have_count(4)
    expect(ada.messages.nth(2)).to_contain_text("edited")


def test_a_message_is_answered_and_deleted_by_its_menu(visit: Visiting, demo: str) -> None:
    ada = visit(demo)
    ada.page.goto(f"{demo}/#/{ada.group()}")
    ada.writes("First")
    ada.latest.click(button="right")
    ada.page.get_by_role("menuitem", name="Reply").click()
    ada.writes("Second")
    expect(ada.latest.get_by_role("button", name="Ada First")).to_be_visible()
    ada.latest.hover()
    ada.latest.get_by_role("button", name="What to do with this message").click()
    ada.page.get_by_role("menuitem", name="Delete").click()
    expect(ada.messages).to_have_count(1)


def test_a_notice_of_the_bot_is_shown_for_a_moment(visit: Visiting, demo: str) -> None:
    ada = visit(demo)
    ada.starts()
    ada.writes("/privacy")
    ada.latest.get_by_role("button", name="Delete what is kept").click()
    expect(ada.page.get_by_text("Deleted.", exact=True)).to_be_visible()


def test_a_button_waits_for_the_bot_and_an_alert_has_to_be_read(
    visit: Visiting, stage: Stage
) -> None:
    ada = visit(stage.server.url)
    stage.meets(ada)
    stage.says(ada, "Ready?", {"text": "Go", "callback_data": "go"})
    button = ada.page.get_by_role("button", name="Go", exact=True)
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    query = stage.update("callback_query")
    stage.calls(
        "answerCallbackQuery", callback_query_id=query["id"], text="Careful!", show_alert=True
    )
    dialog = ada.page.get_by_role("dialog", name="Careful!")
    expect(dialog).to_be_visible()
    ada.page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(button).not_to_have_attribute("aria-busy", "true")


def test_texts_are_formatted_and_never_markup(visit: Visiting, stage: Stage) -> None:
    ada = visit(stage.server.url)
    stage.meets(ada)
    stage.says(
        ada,
        "😀 <b>bold <i>both</i></b> &lt;img src=x onerror=alert(1)&gt;\n<code>x = 1</code>"
        ' <a href="https://example.org/a">away</a> <tg-spoiler>secret</tg-spoiler>',
        {"text": "Out", "url": "https://example.org/"},
    )
    text = ada.latest.locator(".text")
    expect(text.locator("strong")).to_have_text("bold both")
    expect(text.locator("strong em")).to_have_text("both")
    expect(text.locator("code")).to_have_text("x = 1")
    expect(text).to_contain_text("<img src=x onerror=alert(1)>")
    expect(text.locator("img")).to_have_count(0)
    for link in (text.get_by_role("link", name="away"), ada.latest.get_by_role("link", name="Out")):
        expect(link).to_have_attribute("rel", "noopener noreferrer")
        expect(link).to_have_attribute("target", "_blank")
    expect(text.get_by_text("secret")).to_be_hidden()
    text.get_by_role("button", name="Hidden text").press("Enter")
    expect(text.get_by_text("secret")).to_be_visible()


def test_a_long_quote_is_expanded_and_a_short_one_is_whole(visit: Visiting, stage: Stage) -> None:
    ada = visit(stage.server.url)
    stage.meets(ada)
    lines = "\n".join(f"Line {n}" for n in range(9))
    stage.says(ada, f"<blockquote expandable>{lines}</blockquote>")
    button = ada.latest.get_by_role("button", name="Show the whole quote")
    last = ada.latest.get_by_text("Line 8")
    low = ada.latest.locator(".quoted").bounding_box()
    button.click()
    expect(ada.latest.get_by_role("button", name="Show less")).to_have_attribute(
        "aria-expanded", "true"
    )
    high = ada.latest.locator(".quoted").bounding_box()
    assert low is not None
    assert high is not None
    assert high["height"] > 2 * low["height"]
    expect(last).to_be_visible()
    stage.says(ada, "<blockquote expandable>One line</blockquote>")
    expect(ada.latest).to_contain_text("One line")
    expect(ada.latest.get_by_role("button", name="Show the whole quote")).to_have_count(0)


def test_typing_is_shown_until_the_message_comes(visit: Visiting, stage: Stage) -> None:
    ada = visit(stage.server.url)
    stage.meets(ada)
    stage.calls("sendChatAction", chat_id=ada.person, action="typing")
    expect(ada.page.get_by_text("player is typing")).to_be_visible()
    stage.says(ada, "Done")
    expect(ada.page.get_by_text("player is typing")).to_have_count(0)


def png(width: int, height: int) -> bytes:
    """Return a picture, all black."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return pack(">I", len(content)) + checked + pack(">I", zlib.crc32(checked))

    head = pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(height * (width + 1)))
    parts = chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_a_file_is_attached_with_a_text(visit: Visiting, stage: Stage) -> None:
    ada = visit(stage.server.url)
    stage.meets(ada)
    stage.server.do(stage.bot.mailbox.forget)
    tray = ada.page.get_by_role("list", name="Files to be sent")
    content = "entries: 开放\n".encode() * 100
    files = [
        {"name": name, "mimeType": "application/yaml", "buffer": content}
        for name in ("open-banking.yaml", "wrong.yaml", "银行.yaml")
    ]
    with ada.page.expect_file_chooser() as chooser:
        ada.page.get_by_role("button", name="Attach files").click()
    chooser.value.set_files(files)  # pyright: ignore[reportArgumentType]
    tray.get_by_role("button", name="Leave out wrong.yaml").click()
    ada.page.keyboard.type("Is this right?")
    ada.page.keyboard.press("Enter")
    expect(ada.messages).to_have_count(3)
    expect(tray).to_be_hidden()
    expect(ada.page.get_by_role("combobox")).to_have_value("")
    first, second = ada.messages.nth(1), ada.latest
    expect(first.get_by_role("link", name="Download open-banking.yaml, 1.6 KB")).to_be_visible()
    expect(first).to_contain_text("Is this right?")
    expect(second).to_contain_text("银行.yaml")
    expect(second).not_to_contain_text("Is this right?")
    message = stage.update("message")
    assert message["caption"] == "Is this right?"
    path = stage.calls("getFile", file_id=message["document"]["file_id"])["file_path"]
    address = f"{stage.server.url}/file/bot{stage.bot.token}/{path}"
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - loopback
        assert answer.read() == content


TRANSFER: Final = """() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["id: a"], "a.yaml", { type: "application/yaml" }));
    return transfer;
}"""


def test_files_are_dropped_and_pasted(visit: Visiting, stage: Stage) -> None:
    ada = visit(stage.server.url)
    stage.meets(ada)
    page, tray = ada.page, ada.page.get_by_role("list", name="Files to be sent")
    transfer = page.evaluate_handle(TRANSFER)
    target = page.get_by_text("Drop files here")
    page.dispatch_event("#log", "dragover", {"dataTransfer": transfer})
    expect(target).to_be_visible()
    page.dispatch_event("#log", "drop", {"dataTransfer": transfer})
    expect(target).to_be_hidden()
    expect(tray.get_by_role("listitem")).to_have_count(1)
    page.locator("#field").evaluate(
        "(field, clipboardData) => field.dispatchEvent(new ClipboardEvent('paste', "
        "{ clipboardData, bubbles: true, cancelable: true }))",
        transfer,
    )
    expect(tray.get_by_role("listitem")).to_have_count(2)
    page.get_by_role("link", name="player").focus()
    page.get_by_role("button", name="Send").click()
    expect(ada.messages).to_have_count(3)


def test_what_can_not_be_attached_is_said(visit: Visiting, stage: Stage, tmp_path: Path) -> None:
    ada = visit(stage.server.url)
    stage.meets(ada)
    sizes = {"empty.yaml": 0, "long.yaml": 20 * 2**20 + 1, "huge.yaml": 100 * 2**20 + 1}
    for name, size in sizes.items():
        with Path(tmp_path, name).open("wb") as file:
            file.truncate(size)
    ada.page.locator("#files").set_input_files([tmp_path / name for name in sizes])
    rows = ada.page.get_by_role("list", name="Files to be sent").get_by_role("listitem")
    expect(rows).to_contain_text(
        [
            "long.yaml20 MB" + "more than the 20 MB that bots can fetch",
            "“empty.yaml” is empty. Telegram sends no empty files.",
            "“huge.yaml” has 100 MB. This local Telegram takes up to 100 MB.",
        ]
    )
    expect(ada.page.locator("[aria-live=polite]")).to_contain_text("“empty.yaml” is empty.")
    ada.page.get_by_role("button", name="Send").click()
    expect(ada.latest).to_contain_text("long.yaml")
    expect(rows).to_have_count(0)


def test_a_file_that_changed_since_is_not_sent(
    visit: Visiting, stage: Stage, tmp_path: Path
) -> None:
    ada = visit(stage.server.url)
    stage.meets(ada)
    changed, same = tmp_path / "changed.yaml", tmp_path / "same.yaml"
    for path in (changed, same):
        path.write_text("id: a")
    ada.page.locator("#files").set_input_files([changed, same])
    changed.unlink()
    ada.writes("Both")
    rows = ada.page.get_by_role("list", name="Files to be sent").get_by_role("listitem")
    expect(rows).to_contain_text(["same.yaml", "“changed.yaml” has changed or is gone."])
    expect(ada.page.get_by_role("combobox")).to_have_value("Both")
    ada.page.get_by_role("button", name="Send").click()
    expect(ada.latest).to_contain_text("same.yaml")
    expect(ada.latest).to_contain_text("Both")
    expect(ada.messages).to_have_count(2)


def test_files_wait_in_their_chat_and_with_what_fails(visit: Visiting, stage: Stage) -> None:
    ada = visit(stage.server.url)
    key = ada.group()
    stage.meets(ada)
    tray = ada.page.get_by_role("list", name="Files to be sent")
    file = {"name": "a.yaml", "mimeType": "", "buffer": b"id: a"}
    ada.page.locator("#files").set_input_files([file])  # pyright: ignore[reportArgumentType]
    ada.page.goto(f"{ada.url}/#/{key}")
    expect(tray).to_be_hidden()
    ada.page.goto(f"{ada.url}/#/@player")
    expect(tray).to_contain_text("a.yaml")
    ada.writes("x" * 1025)
    expect(ada.page.get_by_text("a caption has at most 1024 characters")).to_be_visible()
    ada.errors.clear()  # the browser notes the refusal as well
    expect(tray).to_contain_text("a.yaml")
    ada.writes("short")
    expect(ada.latest).to_contain_text("short")
    expect(tray).to_be_hidden()


def test_photos_are_seen_and_files_are_kept(visit: Visiting, stage: Stage) -> None:
    ada = visit(stage.server.url)
    stage.meets(ada)
    photo, file = stage.keeps("chart.png", png(40, 30)), stage.keeps("a.yaml", b"id: a")
    stage.calls("sendPhoto", chat_id=ada.person, photo=photo, caption="The last week")
    picture = ada.latest.get_by_role("link", name="Open the photo").locator("img")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 40)
    stage.calls("sendDocument", chat_id=ada.person, document=file)
    expect(ada.page.get_by_role("link", name=re.compile("player"))).to_contain_text("a.yaml")
    with ada.page.expect_download() as download:
        ada.latest.get_by_role("link", name="Download a.yaml, 5 B").click()
    assert download.value.suggested_filename == "a.yaml"
    assert download.value.path().read_bytes() == b"id: a"


REACTION: Final = [{"type": "emoji", "emoji": "👍"}]


def test_a_reaction_is_put_and_taken_back(visit: Visiting, stage: Stage) -> None:
    ada = visit(stage.server.url)
    stage.meets(ada)
    stage.hears("message", "message_reaction")
    stage.says(ada, "Was this good?")
    ada.latest.hover()
    ada.latest.get_by_role("button", name="React", exact=True).click()
    ada.page.get_by_role("menuitemcheckbox", name="👍").click()
    chip = ada.latest.get_by_role("button", name="Ada reacted with 👍")
    expect(chip).to_have_attribute("aria-pressed", "true")
    assert stage.update("message_reaction")["new_reaction"] == REACTION
    ada.latest.click(button="right")
    expect(ada.page.get_by_role("menuitemcheckbox", name="👍", checked=True)).to_be_visible()
    ada.page.keyboard.press("Escape")
    chip.click()
    expect(chip).to_have_count(0)
    assert stage.update("message_reaction")["old_reaction"] == REACTION


def test_reactions_of_all_are_seen_and_reached_by_keyboard(visit: Visiting, stage: Stage) -> None:
    ada, bo = visit(stage.server.url), visit(stage.server.url)
    told = {"type": "supergroup", "title": "Both", "members": [ada.person, bo.person]}
    key = sent(f"{ada.url}/client/chats", told)["id"]
    for one in (ada, bo):
        one.page.goto(f"{one.url}/#/{key}")
    ada.writes("Good?")
    expect(bo.latest).to_contain_text("Good?")
    keyboard = bo.page.keyboard
    bo.latest.focus()
    for pressed in ("Enter", "ArrowUp", "ArrowRight", "ArrowLeft", "ArrowRight", "Enter"):
        keyboard.press(pressed)
    expect(ada.latest.get_by_role("button", name="Ada reacted with 👎")).to_have_text("👎1")
    expect(ada.page.locator("[aria-live=polite]")).to_have_text("Ada reacted with 👎")
    ada.latest.get_by_role("button", name="Ada reacted with 👎").click()
    for one in (ada, bo):
        chip = one.latest.get_by_role("button", name="Ada, Ada reacted with 👎")
        expect(chip).to_have_text("👎2")
        expect(chip).to_have_attribute("aria-pressed", "true")
    ada.page.get_by_role("combobox").focus()
    ada.page.keyboard.press("ArrowUp")
    ada.page.keyboard.type("?")
    ada.page.keyboard.press("Enter")
    expect(bo.latest).to_contain_text("edited")
    expect(bo.latest).to_contain_text("👎2")


def test_a_notice_stands_above_all_until_the_next(visit: Visiting) -> None:
    server = Server(page=page_app)
    server.start()
    with closing(server):
        server.do(lambda: server.api.world.bot("player", scripted=True))
        ada = visit(server.url)
        strip = ada.page.get_by_role("region", name="Notices")
        expect(strip).to_be_hidden()
        items = (
            NoticeItem("a.yaml:3:1", "no; fix"),
            NoticeItem("b.yaml:1:1", "hm; look", "warning"),
        )
        notify(server, Notice({"en": "2 to see", "zh": "有 2 处要看"}, items))
        expect(strip).to_contain_text("2 to see")
        rows = strip.get_by_role("listitem")
        # As `efinbot check` prints it, so that it can be copied.
        assert rows.all_inner_texts() == ["a.yaml:3:1: no; fix", "b.yaml:1:1: warning: hm; look"]
        levels = [row.get_by_role("img").get_attribute("aria-label") for row in rows.all()]
        assert levels == ["error", "warning"]
        expect(ada.page.locator("[aria-live=polite]")).to_have_text("2 to see")
        strip.locator("summary").press("Enter")
        expect(rows.first).to_be_hidden()
        late = visit(server.url, "zh", viewport=PHONE, is_mobile=True, has_touch=True)
        region = late.page.get_by_role("region", name="运行者的通知")
        expect(region).to_contain_text("有 2 处要看")
        expect(region.get_by_role("listitem").first).to_be_hidden()
        assert small_targets(late.page) == []
        rest = NoticeItem("", {"en": "3 more", "zh": "还有3处"}, "warning")
        notify(server, Notice({"en": "1 to see", "zh": "有 1 处要看"}, (rest,)))
        for one, said in ((ada, "warning: 3 more"), (late, "warning: 还有3处")):
            expect(one.page.locator("#notice-items")).to_have_text(said)
        notify(server, Notice({"en": "All well", "zh": "一切正常"}))
        for one, said in ((ada, "All well"), (late, "一切正常")):
            expect(one.page.locator("#notice")).to_be_hidden()
            expect(one.page.locator("#toasts")).to_have_text(said)


def test_the_operator_is_named(visit: Visiting, demo: str) -> None:
    ada = visit(demo)
    ada.page.locator("#me").click()
    operator = ada.page.get_by_role("menuitemradio", name="Ada the bot's operator")
    expect(operator).to_have_count(1)


def test_unseen_messages_are_counted(visit: Visiting, stage: Stage) -> None:
    ada = visit(stage.server.url)
    stage.meets(ada)
    members = {"type": "supergroup", "title": "Elsewhere", "members": [ada.person]}
    sent(f"{ada.url}/client/chats", members)
    ada.page.get_by_role("link", name="Elsewhere").click()
    stage.says(ada, "One")
    stage.says(ada, "Two")
    row = ada.page.get_by_role("link", name=re.compile("player"))
    expect(row).to_contain_text("2")
    row.click()
    expect(ada.page.get_by_text("Unread messages")).to_be_visible()
    expect(row).not_to_contain_text("2 unread")


def test_a_deep_link_and_sharing_stay_in_the_page(visit: Visiting, demo: str) -> None:
    ada = visit(demo)
    ada.page.goto(f"{demo}/#/@efinbot?open-banking")
    ada.page.get_by_role("button", name="Start", exact=True).click()
    expect(ada.latest).to_contain_text("third parties")
    ada.latest.get_by_role("link", name="Share").click()
    dialog = ada.page.get_by_role("dialog", name="Choose a chat")
    dialog.get_by_role("button", name="efinbot").click()
    expect(ada.page.get_by_role("combobox")).to_have_value(re.compile("start=open-banking"))


def test_a_blocked_bot_is_unblocked(visit: Visiting, demo: str) -> None:
    ada = visit(demo)
    ada.starts()
    ada.page.get_by_role("button", name="More about this chat").click()
    ada.page.get_by_role("menuitem", name="Block the bot").click()
    expect(ada.page.get_by_role("combobox")).to_be_hidden()
    ada.page.get_by_role("button", name="Unblock").click()
    ada.writes("What is DeFi?")
    expect(ada.latest).to_contain_text("Decentralised finance")


def test_an_outage_and_trouble_hold_up_no_answer(visit: Visiting, demo: str) -> None:
    ada = visit(demo)
    ada.starts()
    ada.page.get_by_role("button", name="Cause trouble").click()
    ada.page.get_by_role("dialog").get_by_role("button", name="Bad gateway").click()
    expect(ada.page.get_by_text("Trouble is on its way")).to_be_visible()
    sent(f"{demo}/client/faults", {"down": 0.5})
    ada.writes("What is DeFi?")
    expect(ada.latest).to_contain_text("Decentralised finance")
    expect(ada.messages).to_have_count(4)


def test_the_page_finds_its_server_again(visit: Visiting) -> None:
    server = Server(page=page_app)
    server.start()
    with closing(server):
        ada = visit(server.url)
        notice = ada.page.get_by_text("Connection lost")
        expect(notice).to_be_hidden()
    expect(notice).to_be_visible()
    again = Server(server.port, page=page_app)
    again.start()
    with closing(again):
        expect(notice).to_be_hidden()


def test_what_can_not_be_sent_is_said_and_kept(visit: Visiting, demo: str) -> None:
    ada = visit(demo)
    ada.starts()
    ada.page.context.set_offline(offline=True)
    ada.writes("What is DeFi?")
    expect(ada.page.get_by_text("That did not work: no connection")).to_be_visible()
    expect(ada.page.get_by_role("combobox")).to_have_value("What is DeFi?")
    ada.page.context.set_offline(offline=False)
    ada.page.get_by_role("button", name="Send").click()
    expect(ada.latest).to_contain_text("Decentralised finance")


def test_language_and_theme_are_switched_and_kept(visit: Visiting, demo: str) -> None:
    ada = visit(demo, "en", color_scheme="light")
    ada.page.get_by_role("button", name="Language: English").click()
    expect(ada.page.get_by_role("heading", name="聊天")).to_be_visible()
    ada.starts()
    expect(ada.latest).to_contain_text("你好")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = ada.page.evaluate(ground)
    ada.page.get_by_role("button", name="外观").click()
    ada.page.get_by_role("menuitemradio", name="深色").click()
    dark = ada.page.evaluate(ground)
    assert dark != light
    ada.page.reload()
    expect(ada.page.get_by_role("heading", name="聊天")).to_be_visible()
    assert ada.page.evaluate(ground) == dark


def test_the_system_chooses_dark(visit: Visiting, demo: str) -> None:
    ada = visit(demo, color_scheme="dark")
    red, green, blue = map(
        int,
        re.findall(r"\d+", ada.page.evaluate("getComputedStyle(document.body).backgroundColor"))[
            :3
        ],
    )
    assert max(red, green, blue) < 64


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_phone_shows_one_pane_without_scrolling_sideways(
    visit: Visiting, demo: str, language: str
) -> None:
    ada = visit(demo, language, viewport=PHONE, is_mobile=True, has_touch=True)
    link = ada.page.get_by_role("link", name=re.compile("efinbot"))
    link.tap()
    expect(link).to_be_hidden()
    ada.starts()
    ada.writes("What is open banking?")
    expect(ada.latest).to_contain_text("third parties")
    width = "[document.documentElement.scrollWidth, scroller.scrollWidth - scroller.clientWidth]"
    assert ada.page.evaluate(f"const scroller = document.getElementById('scroller'); {width}") == [
        PHONE["width"],
        0,
    ]
    assert small_targets(ada.page) == []
    ada.page.get_by_role("button", name=re.compile("Back|返回")).tap()
    expect(link).to_be_visible()


def small_targets(page: Page) -> list[str]:
    """Return the controls that are too small for a finger."""
    return page.evaluate(
        """() => [...document.querySelectorAll("button, a, textarea")].filter((control) => {
            const { width, height } = control.getBoundingClientRect();
            const inText = control.closest(".text");
            return width && !inText && !control.matches(".reply") && (width < 40 || height < 40);
        }).map((control) => control.outerHTML.slice(0, 80))"""
    )


def test_everything_is_done_by_keyboard(visit: Visiting, demo: str) -> None:
    ada = visit(demo)
    keyboard = ada.page.keyboard
    ada.page.get_by_role("link", name=re.compile("efinbot")).focus()
    keyboard.press("Enter")
    ada.page.get_by_role("button", name="Start", exact=True).press("Enter")
    expect(ada.messages).to_have_count(2)
    expect(ada.page.get_by_role("combobox")).to_be_focused()
    keyboard.type("What is open banking?")
    keyboard.press("Enter")
    expect(ada.latest).to_contain_text("third parties")
    share = ada.latest.get_by_role("link", name="Share")
    for _ in range(4):
        keyboard.press("Shift+Tab")
        if share.evaluate("(link) => link === document.activeElement"):
            break
    expect(share).to_be_focused()
    keyboard.press("Shift+Tab")
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    expect(ada.latest).to_contain_text("edited")
    inside = "(message) => message.contains(document.activeElement)"
    assert ada.latest.evaluate(inside)
    ada.page.get_by_role("combobox").focus()
    keyboard.press("PageUp")
    expect(ada.latest).to_be_focused()
    keyboard.press("ArrowUp")
    keyboard.press("Enter")
    expect(ada.page.get_by_role("menuitem", name="Reply")).to_be_focused()
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    expect(ada.page.get_by_role("menuitem", name="Edit")).to_be_focused()
    keyboard.press("Escape")
    expect(ada.messages.nth(2)).to_be_focused()


def test_what_comes_is_said_to_screen_readers(visit: Visiting, stage: Stage) -> None:
    ada = visit(stage.server.url)
    stage.meets(ada)
    stage.says(ada, "<b>News</b> for you")
    expect(ada.page.locator("[aria-live=polite]")).to_have_text("player: News for you")


INTERACTIVE: Final = {
    *("button", "link", "textbox", "combobox", "listbox", "option", "menu", "menuitem"),
    *("menuitemradio", "dialog", "log", "navigation", "article"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_control_has_a_name_and_ids_are_unique(
    visit: Visiting, demo: str, language: str
) -> None:
    ada = visit(demo, language)
    ada.starts()
    ada.writes("/")
    field = ada.page.get_by_role("combobox")
    expect(field).to_have_value("")
    field.fill("/")
    expect(ada.page.get_by_role("option").first).to_be_visible()
    for open_layer in ("#more", "#theme", "#me", "#faults"):
        ada.page.locator(open_layer).click()
        assert unnamed(ada.page) == []
        ada.page.keyboard.press("Escape")
    ids = ada.page.evaluate("[...document.querySelectorAll('[id]')].map((element) => element.id)")
    assert len(ids) == len(set(ids))


def unnamed(page: Page) -> list[str]:
    """Return what the browser's accessibility tree has no name for."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    roles = [
        (node.get("role", {}).get("value"), node.get("name", {}).get("value")) for node in nodes
    ]
    assert INTERACTIVE & {role for role, _ in roles}
    return [role for role, name in roles if role in INTERACTIVE and not name]


def test_no_text_is_too_small(visit: Visiting, demo: str) -> None:
    ada = visit(demo)
    ada.page.goto(f"{demo}/#/{ada.group()}")
    ada.writes("@efinbot what is DeFi?")
    expect(ada.messages).to_have_count(2)
    sizes = ada.page.evaluate(
        """[...document.querySelectorAll("body *")].filter((element) =>
            [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
        ).map((element) => parseFloat(getComputedStyle(element).fontSize))"""
    )
    assert min(sizes) >= 13


def test_the_page_says_everything_in_both_languages() -> None:
    english, chinese = (FILES / "words.js").read_text("utf-8").split("  zh: {")
    keys = re.findall(r"^    (\w+): ", english, re.MULTILINE)
    assert re.findall(r"^    (\w+): ", chinese, re.MULTILINE) == keys
    said = "".join(path.read_text("utf-8") for path in FILES.iterdir())
    named = set(re.findall(r"""(?:\bsay\(|data-(?:say|label)=)"(\w+)\"""", said))
    assert named <= set(keys)
    assert not re.search(r"[\u4e00-\u9fff][,.:;?!]", chinese), "Chinese has marks of its own"


GROUNDS: Final = {
    "ground": ("text", "soft", "accent", "warn"),
    "raised": ("text", "soft", "accent", "warn"),
    "hover": ("text", "soft"),
    "in": ("text", "soft", "accent", *(f"ink-{n}" for n in range(7))),
    "out": ("text", "out-soft", "out-accent"),
    "accent": ("on-accent",),
}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_colours_can_be_told_apart(theme: int, ground: str) -> None:
    pairs = re.findall(
        r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", (FILES / "chat.css").read_text("utf-8")
    )
    colours = {name: pair[theme] for name, *pair in pairs}
    for ink in GROUNDS[ground]:
        assert contrast(colours[ink], colours[ground]) >= 4.5, ink


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG has it."""

    def luminance(colour: str) -> float:
        channels = (int(colour[at:end], 16) / 255 for at, end in pairwise((1, 3, 5, 7)))
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://example.org"}, {"Host": "rebound.example.org"}, {"Origin": "null"}],
    ids=["another site", "another name", "no site at all"],
)
def test_other_sites_are_kept_out(stage: Stage, headers: dict[str, str]) -> None:
    for path, method, body in (("/", "GET", None), ("/client/people", "POST", {"name": "Eve"})):
        with pytest.raises(urllib.error.HTTPError) as refused:
            sent(f"{stage.server.url}{path}", body, method, **headers)
        with closing(refused.value):
            assert refused.value.code == 403


def test_the_page_may_run_nothing_but_its_own_files(stage: Stage) -> None:
    with urllib.request.urlopen(stage.server.url) as answer:  # noqa: S310 - loopback
        policy = answer.headers["Content-Security-Policy"]
        page = answer.read().decode()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]+src=)", page)
