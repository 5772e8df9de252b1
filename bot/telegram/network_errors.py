"""Why a request failed, in words that contain neither the address nor a login."""

import os
import ssl
from typing import Final, TypeAlias

import aiohttp
from telegram.error import NetworkError, TimedOut

from ..proxy import Proxy
from ..redaction import described

_REFUSES: Final = "the proxy refuses"
Reasons: TypeAlias = tuple[tuple[type[Exception], str], ...]
_REASONS: Final[Reasons] = (
    (aiohttp.ConnectionTimeoutError, "no connection in time"),
    (TimeoutError, "no answer in time"),
    (aiohttp.ClientConnectorDNSError, "the server's name can't be resolved"),
    (ssl.SSLCertVerificationError, "the server's certificate isn't trusted"),
    (ssl.SSLError, "no TLS with the server"),
    (aiohttp.ClientConnectorError, "the server can't be reached"),
    (aiohttp.ServerDisconnectedError, "the server hung up"),
    (aiohttp.ClientPayloadError, "the answer broke off"),
    (aiohttp.ClientResponseError, "the answer is no HTTP"),
    (aiohttp.InvalidURL, "the server's address is wrong"),
    (OSError, "the connection broke"),
    (aiohttp.ClientError, "the request broke off"),
)
"""What failed, the more special first."""
_PROXY_REASONS: Final[Reasons] = (
    (aiohttp.ConnectionTimeoutError, "no connection through the proxy in time"),
    (aiohttp.ClientConnectorDNSError, "the proxy's name can't be resolved"),
    (aiohttp.ClientProxyConnectionError, "the proxy can't be reached"),
    (aiohttp.ClientHttpProxyError, _REFUSES),
    (aiohttp.ServerDisconnectedError, "the proxy, or the server behind it, hung up"),
    (aiohttp.ClientResponseError, "the proxy answers something else than HTTP"),
)
"""The same where there is a proxy, before the others."""


def reasons_of(proxy: Proxy | None) -> Reasons:
    """Return what can fail where requests go by a proxy, or by none."""
    if proxy is None:
        return _REASONS
    if proxy.scheme != "socks5":
        return _PROXY_REASONS + _REASONS
    from aiohttp_socks import (  # noqa: PLC0415 - few need it
        ProxyConnectionError,
        ProxyError,
        ProxyTimeoutError,
    )

    return (
        (ProxyConnectionError, "the proxy can't be reached"),
        (ProxyTimeoutError, "no connection through the proxy in time"),
        (ProxyError, _REFUSES),
        *_PROXY_REASONS,
        *_REASONS,
    )


def failure_of(error: Exception, reasons: Reasons) -> NetworkError:
    """Return an error of aiohttp as one of python-telegram-bot, without the address or a login.

    Args:
        error: What was raised.
        reasons: What can fail: see `reasons_of`.
    """
    if isinstance(error.__cause__, ssl.SSLError):  # in a tunnel, aiohttp has no class for it
        error = error.__cause__
    reason = next((words for kind, words in reasons if isinstance(error, kind)), None)
    if reason is None:
        return NetworkError(f"The request can't be made ({described(error)})")
    if isinstance(error, TimeoutError):
        return TimedOut(f"Timed out: {reason}")
    detail = ""
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
        code = error.errno or 0
        detail = os.strerror(code) if code > 0 else ""
    elif isinstance(error, aiohttp.ClientHttpProxyError):
        detail = f"it answers {error.status}"
    elif reason == _REFUSES:
        detail = str(error)
    return NetworkError(f"{reason[0].upper()}{reason[1:]}{f' ({detail})' if detail else ''}")
