"""Sessions of aiohttp, which go by a proxy or by none."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import aiohttp

from .proxy import Proxy


def http_session(
    proxy: Proxy | None,
    pool: Mapping[str, Any],
    **options: Any,  # noqa: ANN401 - aiohttp's own
) -> aiohttp.ClientSession:
    """Open a session.

    Args:
        proxy: By which all requests go.
        pool: Options of aiohttp's connector.
        options: Other options of aiohttp's session.
    """
    if proxy and proxy.scheme == "socks5":
        return aiohttp.ClientSession(connector=_socks_connector(proxy, pool), **options)
    connector = aiohttp.TCPConnector(**pool)
    return aiohttp.ClientSession(
        connector=connector, proxy=_http_url(proxy) if proxy else None, **options
    )


def _socks_connector(proxy: Proxy, pool: Mapping[str, Any]) -> aiohttp.BaseConnector:
    from aiohttp_socks import ProxyConnector, ProxyType  # noqa: PLC0415 - few need it

    # The proxy resolves names: where one is needed, the names at hand are often false.
    name, password = proxy.login or (None, None)
    return ProxyConnector(
        proxy.host,
        proxy.port,
        ProxyType.SOCKS5,
        username=name,
        password=password,
        rdns=True,
        **pool,
    )


def _http_url(proxy: Proxy) -> str:
    if not proxy.login:
        return str(proxy)
    login = ":".join(quote(part, safe="") for part in proxy.login)
    return str(proxy).replace("://", f"://{login}@")
