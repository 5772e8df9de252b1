"""The proxy through which the Bot API is reached: from the settings or from the system."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final, Self
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from ..knowledge.messages import joined, message

_PORTS: Final = {"http": 80, "https": 443, "socks5": 1080}
"""Kinds of proxies, each with its usual port."""
_ALIASES: Final = {"socks": "socks5", "socks5h": "socks5"}
"""What some programs call a SOCKS5 proxy that also resolves names, as efinbot has it do."""


class ProxyError(ValueError):
    """What is set as a proxy can't be used; the message repeats nothing of it but its kind."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy. As a string it is shown without its login."""

    scheme: str
    """``http``, ``https`` or ``socks5``."""
    host: str
    """Its name or address."""
    port: int
    """Its port."""
    login: tuple[str, str] | None = field(default=None, repr=False)
    """Name and password, if it wants some."""

    @classmethod
    def parse(cls, written: str) -> Self:
        """Return the proxy that an operator means.

        Args:
            written: ``host:port`` or a URL; special characters of a login as ``%XX``.

        Raises:
            ProxyError: It can't be used.
        """
        written = written.strip()
        has_kind = "://" in written
        try:
            parts = urlsplit(written if has_kind else f"http://{written}")
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise ProxyError(message("settings.proxy_address")) from None
        scheme = _ALIASES.get(parts.scheme, parts.scheme)
        if scheme not in _PORTS:
            raise ProxyError(message("settings.proxy_kind", kinds=joined(_PORTS)))
        is_named = host and not any(map(str.isspace, host)) and (port or has_kind)
        if not is_named or port == 0 or parts.path.strip("/") or parts.query or parts.fragment:
            raise ProxyError(message("settings.proxy_address"))
        login = (unquote(parts.username or ""), unquote(parts.password or ""))
        if not "".join(login).isascii():
            raise ProxyError(message("settings.proxy_login"))
        return cls(scheme, host, port or _PORTS[scheme], login if login[0] else None)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def is_local(url: str) -> bool:
    """Return whether a URL leads to this machine, where no proxy is needed."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def system_proxy(url: str) -> Proxy | None:
    """Return the proxy that HTTPS_PROXY, ALL_PROXY and NO_PROXY, or the system, have for a URL.

    Raises:
        ProxyError: It can't be used; the message begins with the variable's name.
    """
    parts, known = urlsplit(url), getproxies()
    if proxy_bypass(parts.netloc):
        return None
    for kind in (parts.scheme, "all"):
        if written := known.get(kind):
            try:
                return Proxy.parse(written)
            except ProxyError as error:
                problem = f"{kind.upper()}_PROXY: {error}"
            raise ProxyError(problem)
    return None
