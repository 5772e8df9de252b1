"""Who has access: what runs on this machine, and no page of another site."""

import pytest
from asking import Ask
from paging import Page

from efinbot.sandbox.testing import BotAccount, Conversation, Person, Telegram

GUARDED = {
    "another name": ({"Host": "evil.example:80"}, 403),
    "a name that ends like one of ours": ({"Host": "localhost.evil.example"}, 403),
    "no name at all": ({"Host": "["}, 403),
    "a page from elsewhere": ({"Origin": "https://evil.example"}, 403),
    "a page of another port": ({"Origin": "http://127.0.0.1:1"}, 403),
    "a page in a sandbox": ({"Origin": "null"}, 403),
    "no page": ({}, 200),
    "localhost": ({"Host": "localhost:80"}, 200),
    "IPv6": ({"Host": "[::1]:80"}, 200),
}
PATHS = (
    *("/", "/client/state", "/page/index.html"),
    *("/bot{token}/getMe", "/file/bot{token}/{file}"),
)


@pytest.mark.parametrize(("headers", "status"), GUARDED.values(), ids=GUARDED)
@pytest.mark.parametrize("path", PATHS)
async def test_only_this_machine_has_access(
    *,
    page: Page,
    bot: BotAccount,
    ask: Ask,
    ada: Person,
    chat: Conversation,
    headers: dict[str, str],
    status: int,
    path: str,
) -> None:
    sent = await ada.says(chat, document=("a.txt", b"a"))
    described = await ask("getFile", file_id=sent.json["document"]["file_id"])
    path = path.format(token=bot.token, file=described["result"]["file_path"])
    async with page.http.get(f"{page.url}{path}", headers=headers) as response:
        assert response.status == status


async def test_another_name_is_answered_to_on_demand(page: Page, telegram: Telegram) -> None:
    telegram.answers_to("bots.example")
    for host, status in (("bots.example", 200), ("evil.example", 403)):
        async with page.http.get(page.url, headers={"Host": host}) as response:
            assert response.status == status


@pytest.mark.parametrize("verb", ["GET", "POST"])
async def test_a_page_from_elsewhere_sets_no_webhook(
    page: Page, bot: BotAccount, ask: Ask, verb: str
) -> None:
    url = f"{page.url}/bot{bot.token}/setWebhook?url=https://evil.example"
    async with page.http.request(verb, url, headers={"Origin": "https://evil.example"}) as refused:
        assert refused.status == 403
        assert "Access-Control-Allow-Origin" not in refused.headers
    assert (await ask("getWebhookInfo"))["result"]["url"] == ""


async def test_a_token_is_drawn_at_each_start(page: Page) -> None:
    drawn: set[str] = set()
    for _ in range(3):
        async with Telegram.open() as telegram:
            bot = telegram.bot("efinbot_bot")
            assert bot.token not in str(await page.get("/client/state"))
            drawn.add(bot.token.partition(":")[2])
    assert len(drawn) == 3
