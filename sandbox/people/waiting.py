"""Waiting for what a bot says, and for it to have nothing more to say."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from ..bot_api.api import BotApi
from ..state.accounts import Bot, Json
from ..state.events import Event
from ..state.world import Chat

_STEP: Final = 0.01


async def next_said(
    api: BotApi, chat: Chat, since: int, fits: Callable[[Json], bool], seconds: float
) -> Event | None:
    """Return the next message or edit of a bot in a chat that fits; none if none came in time.

    Args:
        api: The Bot API.
        chat: Where.
        since: Event after which it counts.
        fits: Says whether a message is the one.
        seconds: How long to wait.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while True:
        for event in api.world.events.since(since):
            since = event.id
            if said_by_bot(api, chat, event) and fits(event.data["message"]):
                return event
        if loop.time() >= end:
            return None
        await api.world.events.wait(end - loop.time())


def said_by_bot(api: BotApi, chat: Chat, event: Event) -> bool:
    """Return whether a bot that isn't played by a test said something in a chat."""
    return (
        event.chat == chat.key
        and event.kind in ("message", "edited")
        and any(bot.id == event.author and not bot.scripted for bot in api.world.bots.values())
    )


async def settled(api: BotApi, bots: Iterable[Bot], grace: float, seconds: float) -> str | None:
    """Wait until bots have dealt with all their updates.

    A bot has when it confirmed the last one, came back for more twice, and then made no request
    for a while.

    Args:
        api: The Bot API.
        bots: Which ones.
        grace: Seconds without a request.
        seconds: How long to wait for all that.

    Returns:
        What it still waited for when the time was over; none if all is done.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    waiting = [bot for bot in bots if not bot.scripted]
    rounds = dict.fromkeys((bot.id for bot in waiting), 0)
    while True:
        reasons = [reason for bot in waiting if (reason := _unsettled(api, bot, rounds, grace))]
        if not reasons:
            return None
        if loop.time() >= end:
            return reasons[0]
        await asyncio.sleep(_STEP)


async def waits(bot: Bot, seconds: float) -> bool:
    """Return whether a bot came to wait for updates, or has a webhook, within so many seconds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not (bot.mailbox.polled or bot.webhook is not None):
        if loop.time() >= end:
            return False
        await asyncio.sleep(_STEP)
    return True


def _unsettled(api: BotApi, bot: Bot, rounds: dict[int, int], grace: float) -> str | None:
    """Return what a bot still has to do."""
    name, delivery = f"@{bot.username}", api.deliveries.get(bot.id)
    if bot.mailbox:
        rounds[bot.id] = 0
        return f"{name} has {len(bot.mailbox)} updates to fetch and confirm"
    if delivery is not None and delivery.busy:
        return f"{name}'s webhook has updates to take"
    if bot.webhook is None and not _came_back(bot, rounds):
        return f"{name} doesn't wait for updates"
    if bot.calls_in_flight or (bot.busy is not None and bot.busy()):
        return f"{name} is busy"
    quiet = asyncio.get_running_loop().time() - bot.active_at
    return f"{name} made a request just now" if quiet < grace else None


def _came_back(bot: Bot, rounds: dict[int, int]) -> bool:
    """Return whether a bot polls, and did so again after a poll that brought nothing.

    It has no reason to come back before its loop has turned and what was ready has run.
    """
    if not bot.mailbox.polled:
        return False
    if rounds[bot.id]:
        return True
    rounds[bot.id] = 1
    bot.active_at = asyncio.get_running_loop().time()
    bot.mailbox.wake(served=True)
    return False
