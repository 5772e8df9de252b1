"""Who writes: people and bots."""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .mailbox import Mailbox

Json = dict[str, Any]


@dataclass(slots=True, eq=False)
class User:
    """A person, or what bots have in common with people."""

    id: int
    """Identifier in Telegram, above 0."""
    first_name: str
    """Name that others see."""
    username: str | None = None
    """Name after the @, if there is one."""
    language_code: str | None = None
    """Language of the app, such as ``zh-hans``."""
    is_premium: bool = False
    """Whether Telegram is paid."""
    is_bot: bool = False
    """Whether it is a bot."""
    is_deleted: bool = False
    """Whether the account was deleted."""
    note: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the page says of them next to their name, by language: ``en`` and ``zh``."""
    json: Json = field(init=False)
    """The user as an object of the Bot API. Never changed in place."""

    def __post_init__(self) -> None:
        self.json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            self.json["username"] = self.username
        if self.language_code:
            self.json["language_code"] = self.language_code
        if self.is_premium:
            self.json["is_premium"] = True

    def speak(self, language_code: str) -> None:
        """Change the language of the app."""
        self.language_code = language_code
        self.json = {**self.json, "language_code": language_code}


ANONYMOUS_ADMIN = User(1087968824, "Group", "GroupAnonymousBot", is_bot=True)
"""Who groups name as the sender where an administrator writes for the group."""
CHANNEL_SENDER = User(136817688, "Channel", "Channel_Bot", is_bot=True)
"""Who groups name as the sender where somebody writes for a channel."""
TELEGRAM = User(777000, "Telegram")
"""Who groups name as the sender of posts that a channel forwards to its discussion."""


@dataclass(slots=True)
class Webhook:
    """Where updates are sent to."""

    url: str
    secret: str | None
    max_connections: int
    last_error: tuple[int, str] | None = None


@dataclass(slots=True)
class Profile:
    """What a bot says about itself, by language code; ``""`` for the other languages."""

    names: dict[str, str] = field(default_factory=dict[str, str])
    descriptions: dict[str, str] = field(default_factory=dict[str, str])
    short_descriptions: dict[str, str] = field(default_factory=dict[str, str])
    commands: dict[tuple[str, int, int, str], list[Json]] = field(
        default_factory=dict[tuple[str, int, int, str], list[Json]]
    )
    """Commands by scope, chat, user and language."""


@dataclass(slots=True, eq=False)
class Bot(User):
    """A bot, as BotFather knows it."""

    token: str = ""
    """What it signs in with."""
    privacy: bool = True
    """Whether groups show it only what is meant for it."""
    hears_mentions: bool = True
    """Whether privacy mode lets messages through that mention it. Telegram does; its documentation
    doesn't list them."""
    can_join_groups: bool = True
    """Whether people may add it to groups."""
    supports_inline: bool = True
    """Whether people may ask it in any chat."""
    inline_placeholder: str = "Search…"
    """What the input field shows where it is asked."""
    inline_feedback: bool = True
    """Whether it learns which inline results are chosen."""
    mailbox: Mailbox = field(default_factory=lambda: Mailbox(random.Random(0)))  # noqa: S311 - reproducible, not secret
    """Its updates."""
    webhook: Webhook | None = None
    """Where they are sent, if not fetched."""
    webhook_set: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while there is a webhook."""
    profile: Profile = field(default_factory=Profile)
    """What it says about itself."""
    started_by: set[int] = field(default_factory=set[int])
    """People who started it."""
    blocked_by: set[int] = field(default_factory=set[int])
    """People who blocked it."""
    scripted: bool = False
    """Whether a test writes for it, so that nothing fetches its updates."""
    calls_in_flight: int = 0
    """Requests that are not answered yet, except polls."""
    active_at: float = 0.0
    """When the last of them began or ended, on the clock of the loop."""
    busy: Callable[[], bool] | None = None
    """Says whether it works on something that no request shows."""
    logged_out: bool = False
    """Whether it asked for the freedom to run elsewhere."""

    def me(self) -> Json:
        """Return what ``getMe`` answers."""
        return {
            **self.json,
            "can_join_groups": self.can_join_groups,
            "can_read_all_group_messages": not self.privacy,
            "supports_inline_queries": self.supports_inline,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": False,
            "allows_users_to_create_topics": False,
        }
