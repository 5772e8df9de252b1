"""The methods by which a bot gets its updates: fetched, or sent to a webhook."""

import re
from typing import Final
from urllib.parse import urlsplit

from ..state.accounts import Bot, Json, Webhook
from .access import Call, Methods
from .loopback_guard import LOOPBACK
from .refusals import bad_request, conflict

_POLL_LIMIT: Final = 50
"""Seconds that a poll may take; Telegram cuts longer ones."""
_WEBHOOK_ACTIVE: Final = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook"
    " first"
)
_TERMINATED: Final = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]+")
_SECRET_LENGTH: Final = 256


async def _get_updates(call: Call) -> list[Json]:
    bot, parameters = call.bot, call.parameters
    if bot.webhook is not None:
        raise conflict(_WEBHOOK_ACTIVE)
    mailbox = bot.mailbox
    mailbox.allow(parameters.get("allowed_updates"))
    limit = min(max(parameters.get("limit", 100), 1), 100)
    offset: int = parameters.get("offset", 0)
    if offset:
        mailbox.confirm(offset)
    if not await mailbox.poll(min(parameters.get("timeout", 0), _POLL_LIMIT)):
        raise conflict(_TERMINATED)
    if bot.webhook is not None:
        raise conflict("terminated by setWebhook request")
    return mailbox.waiting(limit)


def _set_webhook(call: Call) -> bool:
    bot, parameters = call.bot, call.parameters
    if parameters.get("drop_pending_updates"):
        bot.mailbox.forget()
    if not parameters.get("url"):
        return _without_webhook(bot)
    url = _address(parameters["url"])
    secret: str | None = parameters.get("secret_token")
    if secret is not None:
        if len(secret) > _SECRET_LENGTH:
            raise bad_request("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
    bot.mailbox.allow(parameters.get("allowed_updates"))
    connections = min(max(parameters.get("max_connections", 40), 1), 100)
    bot.webhook = Webhook(url, secret, connections)
    bot.webhook_set.set()
    bot.mailbox.wake(served=True)
    return True


def _without_webhook(bot: Bot) -> bool:
    bot.webhook = None
    bot.webhook_set.clear()
    bot.mailbox.wake(served=True)
    return True


def _address(url: str) -> str:
    """Return the address of a webhook: with TLS, or on this machine."""
    try:
        parsed = urlsplit(url)
    except ValueError:
        raise bad_request("bad webhook: URL is invalid") from None
    local = parsed.hostname in LOOPBACK
    if parsed.scheme != "https" and not (parsed.scheme == "http" and local):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    return url


def _delete_webhook(call: Call) -> bool:
    if call.parameters.get("drop_pending_updates"):
        call.bot.mailbox.forget()
    return _without_webhook(call.bot)


def _get_webhook_info(call: Call) -> Json:
    bot, webhook = call.bot, call.bot.webhook
    info: Json = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(bot.mailbox),
    }
    if webhook is not None:
        info["max_connections"] = webhook.max_connections
        if webhook.last_error is not None:
            info["last_error_date"], info["last_error_message"] = webhook.last_error
    if not bot.mailbox.unrestricted:
        info["allowed_updates"] = sorted(bot.mailbox.allowed)
    return info


METHODS: Final[Methods] = {
    "getUpdates": _get_updates,
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": _get_webhook_info,
}
"""Methods by name."""
