"""Takes the pictures of the README: conversations in the demo, and an operator at work.

Needs Chromium, a font with emoji and the packages of requirements/dev.txt:
``.venv/bin/python docs/screenshots.py``.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

HERE = Path(__file__).parent
GUIDE = HERE / "knowledge.md"
FLAGS = ("--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run")


@contextmanager
def demo() -> Iterator[str]:
    """Run the demo, and yield its address."""
    command = (sys.executable, "-m", "efinbot.bot", "demo", "--no-browser")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
        process.terminate()


def opened(browser: Browser, url: str, **traits: object) -> Page:
    """Return the page, ready to be used."""
    page = browser.new_context(**traits).new_page()  # pyright: ignore[reportArgumentType]
    page.goto(url)
    expect(page.locator("body")).to_have_class(re.compile("ready"))
    return page


def say(page: Page, text: str, answer: str) -> None:
    """Write something, and wait for what is in the answer."""
    page.locator("#field").fill(text)
    page.locator("#send").click()
    expect(page.get_by_role("article").last).to_contain_text(answer)


def taken(page: Page, name: str) -> None:
    """Take a picture."""
    page.wait_for_timeout(400)  # what moves has come to rest
    page.mouse.move(0, 0)
    path = HERE / f"{name}.png"
    page.screenshot(path=path)
    print(f"{path.name}: {path.stat().st_size / 1024:.0f} KB")


def sent(page: Page) -> None:
    """Send the file of the guide's example, and wait for what it would change."""
    (entry, *_) = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    page.locator("#files").set_input_files(
        [{"name": "blik.yaml", "mimeType": "text/yaml", "buffer": entry.encode()}]
    )
    page.locator("#send").click()
    expect(page.get_by_role("button", name="Apply")).to_be_visible(timeout=60_000)
    told = page.get_by_role("article").filter(has_text="What changes")
    told.evaluate("element => element.scrollIntoView()")


def main() -> None:
    """Take all pictures."""
    found = filter(None, map(shutil.which, ("chromium", "google-chrome")))
    with sync_playwright() as playwright, demo() as url:
        browser = playwright.chromium.launch(executable_path=next(found), args=list(FLAGS))
        desktop = {"width": 1180, "height": 760}
        page = opened(browser, url, viewport=desktop, locale="en-GB", color_scheme="light")
        page.locator("#start").click()
        expect(page.get_by_role("article")).to_have_count(2)
        page.get_by_role("link", name="Fintech friends").click()
        say(page, "@efinbot 数字人民币和DeFi有什么区别？", "DeFi")
        page.get_by_role("link", name=re.compile("^efinbot")).click()
        say(page, "any cases in Singapor", "Singapore")
        say(page, "What is open banking?", "third parties")
        taken(page, "chat-desktop")
        sent(page)
        taken(page, "operator")
        page.get_by_role("link", name="Fintech friends").click()
        page.emulate_media(color_scheme="dark")
        page.locator("#field").fill("@efinbot open ban")
        expect(page.get_by_role("option").first).to_contain_text("Open banking")
        taken(page, "chat-dark")
        phone = {"width": 390, "height": 780}
        traits = {
            "viewport": phone,
            "device_scale_factor": 1.5,
            "is_mobile": True,
            "has_touch": True,
        }
        page = opened(browser, url, locale="zh-CN", color_scheme="light", **traits)
        page.locator("#me").click()
        page.get_by_role("menuitemradio", name="小林").click()
        page.goto(f"{url}/#/@efinbot")
        page.locator("#start").click()
        expect(page.get_by_role("article")).to_have_count(2)
        say(page, "什么是数字人民币？", "央行")
        taken(page, "chat-phone")
        browser.close()


if __name__ == "__main__":
    main()
