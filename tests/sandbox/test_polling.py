"""Updates are fetched in order, confirmed by offset, and by one poller at a time."""

import asyncio

import aiohttp
import pytest
from asking import Ask, fetched, kinds

from efinbot.sandbox.testing import BotAccount, Conversation, Person, Telegram


async def texts(ask: Ask, **parameters: object) -> list[str]:
    return [update["message"]["text"] for update in await fetched(ask, **parameters)]


async def test_updates_stay_until_a_higher_offset_confirms_them(
    ask: Ask, ada: Person, chat: Conversation
) -> None:
    for text in ("one", "two", "three"):
        await ada.says(chat, text)
    everything = await fetched(ask)
    identifiers = [update["update_id"] for update in everything]
    assert identifiers == list(range(identifiers[0], identifiers[0] + 4))
    assert await fetched(ask) == everything
    assert await texts(ask, offset=identifiers[2], limit=1) == ["two"]
    assert await texts(ask, offset=identifiers[0]) == ["two", "three"]
    assert await texts(ask, offset=-1) == ["three"]
    assert await texts(ask, offset=identifiers[3] + 1) == []


async def test_a_poll_waits_for_what_is_said(
    ask: Ask, bot: BotAccount, ada: Person, chat: Conversation
) -> None:
    last = (await fetched(ask))[-1]["update_id"]
    poll = asyncio.create_task(fetched(ask, offset=last + 1, timeout=50))
    await bot.waits_for_updates()
    await ada.says(chat, "now")
    assert [update["message"]["text"] for update in await poll] == ["now"]


async def test_the_second_poller_ends_the_first(
    ask: Ask, telegram: Telegram, ada: Person, chat: Conversation
) -> None:
    last = (await fetched(ask))[-1]["update_id"]
    first = asyncio.create_task(ask("getUpdates", offset=last + 1, timeout=50))
    second = asyncio.create_task(ask("getUpdates", offset=last + 1, timeout=50))
    done, waiting = await asyncio.wait((first, second), return_when=asyncio.FIRST_COMPLETED)
    assert done.pop().result() == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: terminated by other getUpdates request; make sure that only one "
        "bot instance is running",
    }
    await ada.says(chat, "now")
    assert len((await waiting.pop())["result"]) == 1
    assert len(telegram.requests("getUpdates")) == 3


async def test_a_poll_is_refused_while_there_is_a_webhook(ask: Ask) -> None:
    await ask("setWebhook", url="https://example.com/hook")
    assert (await ask("getUpdates"))["description"] == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "
        "delete the webhook first"
    )
    await ask("deleteWebhook")
    assert (await ask("getUpdates"))["ok"]


async def test_a_poller_that_went_away_takes_nothing_with_it(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person, chat: Conversation
) -> None:
    last = (await fetched(ask))[-1]["update_id"]
    url = f"{telegram.url}/bot{bot.token}/getUpdates"
    async with aiohttp.ClientSession() as session:
        gone = asyncio.create_task(session.post(url, json={"offset": last + 1, "timeout": 50}))
        await bot.waits_for_updates()
        gone.cancel()
    await ada.says(chat, "now")
    assert await texts(ask, offset=last + 1, timeout=50) == ["now"]


async def test_only_updates_that_are_wanted_are_kept_from_then_on(
    ask: Ask, ada: Person, chat: Conversation, bot: BotAccount
) -> None:
    await ada.says(chat, "before")
    assert kinds(await fetched(ask, allowed_updates=["my_chat_member"])) == ["message"] * 2
    await ada.says(chat, "lost")
    await ada.blocks(bot)
    assert kinds(await fetched(ask)) == ["message", "message", "my_chat_member"]


async def test_reactions_come_only_when_they_are_asked_for(
    ask: Ask, ada: Person, chat: Conversation
) -> None:
    said = await ada.says(chat, "look")
    await ada.reacts(said, "👍")
    assert kinds(await fetched(ask, offset=-1)) == ["message"]
    await fetched(ask, allowed_updates=["message", "message_reaction"])
    await ada.reacts(said, "🔥")
    update = (await fetched(ask, offset=-1))[0]["message_reaction"]
    assert update["old_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    assert update["new_reaction"] == [{"type": "emoji", "emoji": "🔥"}]


@pytest.mark.usefixtures("chat")
async def test_updates_can_come_twice(ask: Ask, bot: BotAccount) -> None:
    first = (await fetched(ask))[0]["update_id"]
    bot.repeats_updates()
    assert await texts(ask, offset=first + 1) == ["/start"]
    assert await texts(ask, offset=first + 1) == []


@pytest.mark.parametrize("seed", [0, 1])
async def test_identifiers_are_the_same_for_a_seed(seed: int) -> None:
    async def identifiers() -> tuple[str, int]:
        async with Telegram.open(seed=seed) as telegram:
            return telegram.bot("b").token, telegram.person("Ada").id

    assert await identifiers() == await identifiers()


async def test_time_passes_as_tests_please(
    telegram: Telegram, ada: Person, chat: Conversation
) -> None:
    before = chat.messages()[0].json["date"]
    telegram.passes(hours=3)
    assert (await ada.says(chat, "later")).json["date"] - before in (10800, 10801)
