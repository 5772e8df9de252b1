"""Looks whether the pages that a folder names as sources still open."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus
from http.client import responses
from typing import Final, NamedTuple

import aiohttp

from ..knowledge import Inspection, Level, Location, Problem
from ..knowledge.house_style import host_of
from ..knowledge.messages import lazy
from .http_session import http_session
from .proxy import Proxy
from .telegram.network_errors import failure_of, reasons_of

_HEADERS: Final = {"User-Agent": "Mozilla/5.0 (compatible; efinbot)", "Accept": "*/*"}
_LONGEST_HEADER: Final = 2**16
"""Bytes of a line of an answer's head: some sites send cookies of many kilobytes."""
_REFUSALS: Final = frozenset({401, 402, 403, 405, 406, 418, 429, 451, 503, 999})
"""Statuses by which sites keep programs out, whatever they show people."""


@dataclass(frozen=True)
class Manners:
    """How sites are asked."""

    at_once: int = 16
    """How many hosts at once; each is asked for one page after the other."""
    pause: float = 0.5
    """Seconds between two pages of a host."""
    timeout: float = 20
    """Seconds for an answer to begin."""


class _Failure(NamedTuple):
    reason: str
    """Why a page doesn't open."""
    is_refusal: bool = False
    """Whether people may well see it."""


def sources_of(inspection: Inspection) -> Mapping[str, Sequence[Location]]:
    """Return the addresses of all sources and places to turn to, each with where it is named."""
    places: defaultdict[str, list[Location]] = defaultdict(list)
    for url, place in _placed(inspection):
        places[url].append(place)
    return places


async def broken_links(
    links: Mapping[str, Sequence[Location]],
    proxy_for: Callable[[str], Proxy | None],
    manners: Manners | None = None,
) -> list[Problem]:
    """Look at pages, and return a warning for each place that names one that doesn't open.

    Args:
        links: Their addresses, each with where it is named.
        proxy_for: Tells by which proxy an address is reached.
        manners: How sites are asked.
    """
    failures = await _Visit(proxy_for, manners or Manners()).failures(links)
    return [
        Problem(
            place,
            lazy(
                "problems.refused_link" if failure.is_refusal else "problems.broken_link",
                host=host_of(url),
                reason=failure.reason,
            ),
            Level.WARNING,
        )
        for url, failure in failures.items()
        for place in links[url]
    ]


def _placed(inspection: Inspection) -> Iterator[tuple[str, Location]]:
    if inspection.knowledge is None:
        return
    for id_, entry in inspection.knowledge.entries.items():
        for key, source in entry.sources.items():
            yield source.url, inspection.location(f"entries/{id_}", ("sources", key, "url"))
    if care := inspection.knowledge.care:
        for number, place in enumerate(care.places):
            yield place.url, inspection.location("care", ("places", number, "url"))


class _Visit:
    """A visit to some hosts.

    Args:
        proxy_for: Tells by which proxy an address is reached.
        manners: How sites are asked.
    """

    def __init__(self, proxy_for: Callable[[str], Proxy | None], manners: Manners) -> None:
        self._proxy_for = proxy_for
        self._manners = manners
        self._free = asyncio.Semaphore(manners.at_once)
        self._sessions: dict[Proxy | None, aiohttp.ClientSession] = {}

    async def failures(self, urls: Iterable[str]) -> dict[str, _Failure]:
        """Return the pages that don't open, with the reason."""
        hosts: defaultdict[str, list[str]] = defaultdict(list)
        for url in urls:
            hosts[host_of(url)].append(url)
        proxies = {url: self._proxy_for(url) for pages in hosts.values() for url in pages}
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
            limits = aiohttp.ClientTimeout(total=self._manners.timeout)
            for proxy in {*proxies.values()}:
                self._sessions[proxy] = await stack.enter_async_context(
                    http_session(
                        proxy,
                        {"limit": 0},
                        timeout=limits,
                        headers=_HEADERS,
                        max_line_size=_LONGEST_HEADER,
                        max_field_size=_LONGEST_HEADER,
                    )
                )
            asked = [
                group.create_task(self._host({url: proxies[url] for url in pages}))
                for pages in hosts.values()
            ]
        return {url: failure for one in asked for url, failure in one.result().items()}

    async def _host(self, pages: Mapping[str, Proxy | None]) -> dict[str, _Failure]:
        """Look at the pages of a host, one after the other."""
        failures: dict[str, _Failure] = {}
        for number, (url, proxy) in enumerate(pages.items()):
            if number:
                await asyncio.sleep(self._manners.pause)
            async with self._free:
                # Many servers know no HEAD, or answer it wrongly.
                failure = await self._ask("HEAD", url, proxy) and await self._ask("GET", url, proxy)
            if failure:
                failures[url] = failure
        return failures

    async def _ask(self, method: str, url: str, proxy: Proxy | None) -> _Failure | None:
        """Return why a page doesn't open; None if it does."""
        try:
            async with self._sessions[proxy].request(method, url, allow_redirects=True) as response:
                status = response.status
        except aiohttp.TooManyRedirects:
            return _Failure("it leads in a circle")
        except Exception as error:  # noqa: BLE001 - whatever it is, the page doesn't open
            return _Failure(str(failure_of(error, reasons_of(proxy))))
        if status < HTTPStatus.BAD_REQUEST:
            return None
        reason = f"{status} {responses.get(status, '')}".strip()
        return _Failure(reason, is_refusal=status in _REFUSALS)
