"""However a request is written, it is read the same; files come and go; profiles are kept."""

import struct
import zlib
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
import pytest
from asking import Ask, fetched
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from efinbot.sandbox.bot_api.api import HANDLERS
from efinbot.sandbox.bot_api.http_messages import parse_form
from efinbot.sandbox.bot_api.method_schema import load_schema
from efinbot.sandbox.testing import BotAccount, Conversation, Person, Telegram

PIXEL = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II5B", 3, 2, 8, 2, 0, 0, 0)
PIXEL += struct.pack(">I", zlib.crc32(PIXEL[12:])) + b"\0\0\0\0IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x0b\x08\0\x05\0\x07\x01\x01\x11\0\xff\xd9"


@given(st.lists(st.tuples(st.text(min_size=1), st.text())))
def test_forms_are_read_as_the_standard_library_reads_them(fields: list[tuple[str, str]]) -> None:
    assert parse_form(urlencode(fields).encode()) == fields


@given(st.binary() | st.text(st.sampled_from("a%41=&+;\n é")).map(str.encode))
def test_wrong_forms_are_read_so_too(body: bytes) -> None:
    expected = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    assert parse_form(body) == expected


def test_every_method_of_the_data_is_served() -> None:
    assert load_schema().methods.keys() == HANDLERS.keys()


@pytest.mark.parametrize("style", ["query", "form", "json", "multipart"])
@pytest.mark.parametrize("method", ["sendMessage", "SENDMESSAGE"])
async def test_requests_are_read_however_they_are_written(
    *,
    telegram: Telegram,
    bot: BotAccount,
    chat: Conversation,
    http: aiohttp.ClientSession,
    style: str,
    method: str,
) -> None:
    parameters: dict[str, str] = {"chat_id": str(chat.id), "text": "你好 & hi"}
    parameters["reply_markup"] = '{"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]}'
    url = f"{telegram.url}/bot{bot.token}/{method}"
    writer = aiohttp.MultipartWriter("form-data")
    for name, value in parameters.items():
        writer.append(value).set_content_disposition("form-data", name=name)
    how: dict[str, Any] = {
        "query": {"params": parameters},
        "form": {"data": parameters},
        "json": {"json": parameters},
        "multipart": {"data": writer},
    }[style]
    request = http.get(url, **how) if style == "query" else http.post(url, **how)
    async with request as response:
        body = await response.json()
    assert body["result"]["text"] == "你好 & hi"
    assert body["result"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "y"


@pytest.mark.parametrize(
    ("content", "kind", "why"),
    [
        (b"{", "application/json", "can't parse JSON object of the request"),
        (b"[]", "application/json", "can't parse JSON object of the request"),
        (b"x", "text/plain", "unsupported content type of the request"),
    ],
)
async def test_what_can_not_be_read_is_refused(
    *,
    telegram: Telegram,
    bot: BotAccount,
    http: aiohttp.ClientSession,
    content: bytes,
    kind: str,
    why: str,
) -> None:
    url = f"{telegram.url}/bot{bot.token}/getMe"
    async with http.post(url, data=content, headers={"Content-Type": kind}) as response:
        assert response.status == 400
        assert (await response.json())["description"] == f"Bad Request: {why}"


@pytest.mark.parametrize(("picture", "size"), [(PIXEL, (3, 2)), (JPEG, (7, 5))])
async def test_a_photo_is_sent_captioned_and_fetched(
    ptb: Bot, chat: Conversation, picture: bytes, size: tuple[int, int]
) -> None:
    message = await ptb.send_photo(chat.id, picture, caption="<b>x</b>", parse_mode="HTML")
    photo = message.photo[-1]
    assert (photo.width, photo.height) == size
    assert message.caption_entities[0].type == "bold"
    file = await ptb.get_file(photo.file_id)
    assert await file.download_as_bytearray() == picture
    again = await ptb.send_photo(chat.id, photo.file_id)
    assert again.photo[-1].file_unique_id == photo.file_unique_id
    edited = await ptb.edit_message_caption(chat.id, message.message_id, caption="new")
    assert getattr(edited, "caption", "") == "new"


async def test_a_document_keeps_its_name(ptb: Bot, chat: Conversation) -> None:
    message = await ptb.send_document(chat.id, b"a,b", filename="开放.csv")
    assert message.document
    assert message.document.file_name == "开放.csv"
    assert message.document.file_size == 3


async def test_what_is_no_picture_is_refused(ptb: Bot, chat: Conversation) -> None:
    with pytest.raises(Exception, match="Image_process_failed"):
        await ptb.send_photo(chat.id, b"no picture")


async def test_people_send_photos_and_files(
    ask: Ask, ptb: Bot, ada: Person, chat: Conversation
) -> None:
    await ada.says(chat, "look @efinbot_bot", photo=PIXEL)
    message = (await fetched(ask, offset=-1))[0]["message"]
    assert message["caption"] == "look @efinbot_bot"
    assert message["caption_entities"][0]["type"] == "mention"
    file = await ptb.get_file(message["photo"][0]["file_id"])
    assert await file.download_as_bytearray() == PIXEL
    said = await ada.says(chat, document=("a.txt", b"hi"))
    assert said.json["document"]["file_name"] == "a.txt"


async def test_files_are_for_those_with_a_token(
    telegram: Telegram, bot: BotAccount, http: aiohttp.ClientSession
) -> None:
    for token, status in (("1:wrong", 401), (bot.token, 404)):
        async with http.get(f"{telegram.url}/file/bot{token}/photos/x.jpg") as response:
            assert response.status == status


async def test_a_profile_is_kept_by_language(ptb: Bot) -> None:
    await ptb.set_my_description("Answers")
    await ptb.set_my_description("回答", language_code="zh")
    await ptb.set_my_short_description("Short")
    await ptb.set_my_name("Name")
    assert (await ptb.get_my_description()).description == "Answers"
    assert (await ptb.get_my_description("zh")).description == "回答"
    assert (await ptb.get_my_description("de")).description == "Answers"
    assert (await ptb.get_my_short_description()).short_description == "Short"
    assert (await ptb.get_my_name()).name == "Name"


async def test_commands_are_kept_by_scope_and_language(ptb: Bot, chat: Conversation) -> None:
    private, here = BotCommandScopeAllPrivateChats(), BotCommandScopeChat(chat.id)
    await ptb.set_my_commands([("help", "Help")])
    await ptb.set_my_commands([("/start", "Start")], scope=private, language_code="en")
    await ptb.set_my_commands([("here", "Here")], scope=here)
    assert [one.command for one in await ptb.get_my_commands()] == ["help"]
    assert await ptb.get_my_commands(scope=private) == ()
    started = await ptb.get_my_commands(scope=private, language_code="en")
    assert [one.command for one in started] == ["start"]
    await ptb.delete_my_commands(scope=here)
    assert await ptb.get_my_commands(scope=here) == ()


async def test_who_the_bot_is(ask: Ask, ptb: Bot) -> None:
    me = (await ask("getMe"))["result"]
    assert me["can_read_all_group_messages"] is False
    assert me["supports_inline_queries"] is True
    assert ptb.username == "efinbot_bot"


async def test_a_bot_that_logged_out_is_not_served(ask: Ask) -> None:
    assert (await ask("close"))["ok"]
    assert (await ask("logOut"))["ok"]
    assert (await ask("getMe"))["description"] == "Logged out"


async def test_typing_and_reactions_are_taken(ask: Ask, ada: Person, chat: Conversation) -> None:
    said = await ada.says(chat, "hm")
    assert (await ask("sendChatAction", chat_id=chat.id, action="typing"))["ok"]
    reaction = [{"type": "emoji", "emoji": "👍"}]
    where = {"chat_id": chat.id, "message_id": said.id}
    assert (await ask("setMessageReaction", **where, reaction=reaction))["ok"]
    assert (await ask("setMessageReaction", **where))["ok"]


async def test_quotes_must_be_in_what_is_quoted(ask: Ask, ada: Person, chat: Conversation) -> None:
    said = await ada.says(chat, "😀 open banking")

    async def replied(quote: str) -> dict[str, Any]:
        reply = {"message_id": said.id, "quote": quote}
        return await ask("sendMessage", chat_id=chat.id, text="x", reply_parameters=reply)

    assert (await replied("banking"))["result"]["quote"]["position"] == 8
    assert (await replied("closed"))["description"] == "Bad Request: QUOTE_TEXT_INVALID"


async def test_mentions_of_people_without_a_name_are_completed(
    ask: Ask, ada: Person, chat: Conversation
) -> None:
    html = f'<a href="tg://user?id={ada.id}">Ada</a> <a href="tg://user?id=1">Nobody</a>'
    body = await ask("sendMessage", chat_id=chat.id, text=html, parse_mode="HTML")
    assert [entity["user"]["first_name"] for entity in body["result"]["entities"]] == ["Ada"]
