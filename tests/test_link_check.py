"""`efinbot check --links`: which pages of sources don't open, against a server on this machine."""

import asyncio
import json
import socket
import sys
from collections import Counter
from pathlib import Path

import pytest
from aiohttp import web
from proxies import proxying
from typer.testing import CliRunner
from web_server import serving

from efinbot.bot.cli import app
from efinbot.bot.link_check import Manners, broken_links, sources_of
from efinbot.bot.proxy import Proxy
from efinbot.knowledge import Location, inspect

HURRIED = Manners(pause=0)
PLACE = Location(Path("a.yaml"), 3, 5)
GONE = "name where it is now, or another source"
KEPT_OUT = "open it in a browser, and if it is gone, name another source"


async def looked_at(*urls: str, manners: Manners = HURRIED) -> list[str]:
    found = await broken_links({url: [PLACE] for url in urls}, lambda _: None, manners)
    return [str(problem) for problem in found]


async def answered(request: web.Request) -> web.Response:
    """Answer with the statuses that the path names: to HEAD, and to anything else."""
    head, other, *_ = [*request.path.strip("/").split("-"), ""]
    status = int(head if request.method == "HEAD" or not other else other)
    headers = {"Location": "/200"} if status == 301 else {}
    return web.Response(status=status, headers=headers)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("200", None),
        ("301", None),
        ("405-200", None),
        ("404-200", None),
        ("404", f"this page of 127.0.0.1 doesn't open (404 Not Found); {GONE}"),
        ("500", f"this page of 127.0.0.1 doesn't open (500 Internal Server Error); {GONE}"),
        ("200-404", None),
        ("403", f"127.0.0.1 doesn't show this page to programs (403 Forbidden); {KEPT_OUT}"),
        (
            "405-429",
            f"127.0.0.1 doesn't show this page to programs (429 Too Many Requests); {KEPT_OUT}",
        ),
        ("999", f"127.0.0.1 doesn't show this page to programs (999); {KEPT_OUT}"),
    ],
    ids=[
        "it-opens",
        "it-has-moved",
        "no-head",
        "a-wrong-head",
        "gone",
        "broken",
        "head-is-enough",
        "refused",
        "asked-too-often",
        "a-status-of-its-own",
    ],
)
async def test_a_page_that_does_not_open_is_a_warning_at_its_place(
    path: str, said: str | None
) -> None:
    async with serving(answered) as root:
        expected = [f"a.yaml:3:5: warning: {said}"] if said else []
        assert await looked_at(f"{root}/{path}") == expected


async def test_a_server_that_does_not_answer_is_told_with_the_reason() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        (slow,) = await looked_at(url, manners=Manners(timeout=0.05))
    (closed,) = await looked_at(url)
    assert "doesn't open (Timed out: no answer in time)" in slow
    assert "doesn't open (The server can't be reached (Connection refused))" in closed


async def test_a_page_that_leads_in_a_circle_is_told() -> None:
    async def answer(request: web.Request) -> web.Response:
        raise web.HTTPFound(request.path)

    async with serving(answer) as root:
        (said,) = await looked_at(f"{root}/circle")
    assert "doesn't open (it leads in a circle)" in said


async def test_a_page_named_twice_is_asked_for_once_and_told_at_both_places() -> None:
    asked: Counter[str] = Counter()

    async def answer(request: web.Request) -> web.Response:
        asked[f"{request.method} {request.path}"] += 1
        return web.Response(status=404)

    places = [PLACE, Location(Path("b.yaml"), 7)]
    async with serving(answer) as root:
        found = await broken_links({f"{root}/a": places}, lambda _: None, HURRIED)
    assert [problem.location for problem in found] == places
    assert asked == {"HEAD /a": 1, "GET /a": 1}


@pytest.mark.parametrize(("hosts", "most"), [(1, 1), (4, 2)], ids=["one-host", "several-hosts"])
async def test_a_host_is_asked_for_one_page_after_the_other(hosts: int, most: int) -> None:
    """And no more hosts than allowed at once."""
    waiting, highest = 0, 0

    async def answer(_: web.Request) -> web.Response:
        nonlocal waiting, highest
        waiting += 1
        highest = max(highest, waiting)
        for _ in range(20):  # turns in which others could come
            await asyncio.sleep(0)
        waiting -= 1
        return web.Response()

    async with serving(answer) as root:
        port = root.rpartition(":")[2]
        urls = [f"http://127.0.0.{n + 1}:{port}/{page}" for n in range(hosts) for page in range(5)]
        proxy = Proxy.parse(f"127.0.0.1:{port}")
        await broken_links(
            {url: [PLACE] for url in urls}, lambda _: proxy, Manners(at_once=2, pause=0)
        )
    assert highest == most


@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_pages_are_reached_by_the_proxy(kind: str) -> None:
    async with serving(answered) as root, proxying(kind, int(root.rpartition(":")[2])) as server:
        proxy = Proxy.parse(f"{kind}://{server.address}")
        links = {"http://pages.example/200": [PLACE], "http://pages.example/404": [PLACE]}
        found = await broken_links(links, lambda _: proxy, HURRIED)
    assert len(found) == 1
    assert "this page of pages.example doesn't open (404 Not Found)" in str(found[0])
    assert any("pages.example" in asked for asked in server.asked)


def test_all_sources_are_looked_at(small_folder: Path) -> None:
    places = sources_of(inspect(small_folder))
    told = {url: [str(place) for place in named] for url, named in places.items()}
    file = small_folder / "entries" / "health.yaml"
    assert told == {"https://example.org/tea": [f"{file}:15:5"]}


class TestCommand:
    """The command as it is typed."""

    @staticmethod
    async def check(folder: Path, status: int, *options: str) -> tuple[int, str, str]:
        path = folder / "entries" / "health.yaml"
        text = path.read_text(encoding="utf-8")
        async with serving(answered) as root:
            path.write_text(text.replace("https://example.org/tea", f"{root}/{status}"), "utf-8")
            words = ["check", str(folder), "--links", *options]
            result = await asyncio.to_thread(CliRunner().invoke, app, words)
        return result.exit_code, result.stdout, result.stderr

    async def test_what_does_not_open_stands_among_the_warnings(self, small_folder: Path) -> None:
        code, out, err = await self.check(small_folder, 404)
        assert (code, out) == (0, "")
        looking, warning, _ = err.splitlines()
        assert looking == "Looking at 1 page …"
        assert warning.endswith(
            "entries/health.yaml:15:5: warning: "
            f"this page of 127.0.0.1 doesn't open (404 Not Found); {GONE}"
        )

    @pytest.mark.parametrize(("status", "code"), [(200, 0), (404, 1)], ids=["opens", "is-gone"])
    async def test_it_fails_where_warnings_do(
        self, small_folder: Path, status: int, code: int
    ) -> None:
        assert (await self.check(small_folder, status, "--strict"))[0] == code

    async def test_programs_read_it_too(self, small_folder: Path) -> None:
        code, out, _ = await self.check(small_folder, 404, "--format", "json")
        assert code == 0
        assert [problem["line"] for problem in json.loads(out)["problems"]] == [15]

    def test_without_aiohttp_it_says_what_to_install(
        self, small_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in list(sys.modules):
            if name.startswith(("efinbot.bot.link_check", "efinbot.bot.http_session")):
                monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, "aiohttp", None)
        result = CliRunner().invoke(app, ["check", str(small_folder), "--links"])
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == (
            'this needs aiohttp, which is not installed: pip install "efinbot[run]"\n'
        )
