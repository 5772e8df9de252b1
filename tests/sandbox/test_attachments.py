"""Files that people attach on the page: sent, fetched by bots, shown, refused."""

import pytest
from asking import Ask, fetched
from paging import Page
from telegram import Bot

from efinbot.sandbox.testing import Conversation, ImpossibleError, Person

PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d494844520000000300000002")
MIB = 1024 * 1024


async def test_a_file_is_sent_and_fetched_by_the_bot(
    *, page: Page, ask: Ask, ptb: Bot, ada: Person, chat: Conversation
) -> None:
    path, content = f"/client/chats/{chat.chat.key}/files", "entries: 开放\n".encode()
    told = {"as": ada.id, "name": "开放 银行.yaml", "text": "/check this", "reply_to": 1}
    sent = await page.attach(path, content, **told)
    message = (await fetched(ask, offset=-1))[0]["message"]
    assert message == sent
    assert (message["caption"], message["reply_to_message"]["message_id"]) == ("/check this", 1)
    assert message["document"]["file_name"] == "开放 银行.yaml"
    assert message["document"]["file_size"] == len(content)
    file = await ptb.get_file(message["document"]["file_id"])
    assert await file.download_as_bytearray() == content


async def test_a_picture_becomes_a_photo_if_it_can(
    page: Page, ada: Person, chat: Conversation
) -> None:
    path = f"/client/chats/{chat.chat.key}/files"
    photo = await page.attach(path, PIXEL, **{"as": ada.id, "name": "a.png"})
    assert (photo["photo"][0]["width"], photo["photo"][0]["height"]) == (3, 2)
    broken = await page.attach(path, PIXEL[:20], **{"as": ada.id, "name": "a.png"})
    assert broken["document"]["file_name"] == "a.png"


async def test_a_file_can_be_larger_than_what_bots_fetch(
    page: Page, ask: Ask, ada: Person, chat: Conversation
) -> None:
    path = f"/client/chats/{chat.chat.key}/files"
    for size, refusal in ((20 * MIB, None), (20 * MIB + 1, "Bad Request: file is too big")):
        sent = await page.attach(path, bytes(size), **{"as": ada.id, "name": "a.yaml"})
        assert sent["document"]["file_size"] == size
        answer = await ask("getFile", file_id=sent["document"]["file_id"])
        assert answer.get("description") == refusal


WRONG = {
    "empty": (b"", {"name": "a.yaml"}, "Bad Request: file must be non-empty"),
    "without a name": (b"x", {}, "a file needs a name"),
    "too long a caption": (
        *(b"x", {"name": "a.yaml", "text": "x" * 1025}),
        "a caption has at most 1024 characters",
    ),
    "from nobody": (b"x", {"name": "a.yaml", "as": 5}, "there is no person 5"),
}


@pytest.mark.parametrize(("content", "query", "why"), WRONG.values(), ids=WRONG)
async def test_what_can_not_be_attached_is_refused(
    *,
    page: Page,
    ada: Person,
    chat: Conversation,
    content: bytes,
    query: dict[str, object],
    why: str,
) -> None:
    path = f"/client/chats/{chat.chat.key}/files"
    assert await page.attach(path, content, **{"as": ada.id, **query}) == {"error": why}
    assert [said.text for said in chat.messages()] == ["/start"]


async def test_a_file_that_is_too_large_is_refused(
    page: Page, ada: Person, chat: Conversation
) -> None:
    path = f"/client/chats/{chat.chat.key}/files"
    told = await page.attach(path, bytes(100 * MIB + 1), **{"as": ada.id, "name": "a.yaml"})
    assert told == {"error": "Request Entity Too Large"}
    assert [said.text for said in chat.messages()] == ["/start"]


async def test_a_caption_is_no_longer_than_telegram_has_it(ada: Person, chat: Conversation) -> None:
    document = ("a.txt", b"x")
    assert (await ada.says(chat, "x" * 1024, document=document)).text == "x" * 1024
    with pytest.raises(ImpossibleError, match="a caption has at most 1024"):
        await ada.says(chat, "😀" * 513, document=document)


async def test_what_a_bot_sends_is_seen_or_kept(page: Page, ptb: Bot, chat: Conversation) -> None:
    photo = (await ptb.send_photo(chat.id, PIXEL)).photo[-1].file_id
    script = b"<script>alert(1)</script>"
    document = (await ptb.send_document(chat.id, script, filename="a.html")).document
    assert document
    async with page.http.get(f"{page.url}/client/files/{photo}") as response:
        assert (response.content_type, await response.read()) == ("image/png", PIXEL)
        assert "Content-Disposition" not in response.headers
    async with page.http.get(f"{page.url}/client/files/{document.file_id}") as response:
        assert (response.content_type, await response.read()) == (
            "application/octet-stream",
            script,
        )
        # Nothing that was sent may run as a part of the page.
        assert response.headers["Content-Disposition"] == "attachment"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert await page.get("/client/files/x") == {"error": "there is no such file"}


async def test_the_page_is_told_the_limits(page: Page) -> None:
    limits = (await page.get("/client/state"))["limits"]
    assert limits == {"upload": 100 * MIB, "download": 20 * MIB}
