"""What Telegram refuses is refused in its words, and python-telegram-bot understands them."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from asking import Ask
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from efinbot.sandbox.testing import BotAccount, Conversation, Person, Telegram

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
ONLY_HTTPS = "Only HTTPS links are allowed"
BUTTON = {"text": "Go", "callback_data": "go"}


def keyboard(**button: object) -> dict[str, object]:
    return {"reply_markup": {"inline_keyboard": [[{"text": "Go", **button}]]}}


TEXTS = {
    "no text": ({"text": ""}, "message text is empty"),
    "white space": ({"text": " \n "}, "text must be non-empty"),
    "only tags": ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
    "too long": ({"text": "x" * 4097}, "message is too long"),
    "too long in UTF-16": ({"text": "😀" * 2049}, "message is too long"),
    "unknown parse mode": ({"parse_mode": "BBCode"}, "unsupported parse_mode"),
    "MarkdownV2": ({"parse_mode": "MarkdownV2"}, "the sandbox doesn't parse MarkdownV2: use HTML"),
    "no such parameter": ({"colour": "red"}, 'sendMessage takes no parameter "colour"'),
    "number for text": ({"text": 5}, 'parameter "text" must be of type String'),
    "text for number": (
        {"message_thread_id": "five"},
        'parameter "message_thread_id" must be of type Integer',
    ),
    "text for truth": (
        {"protect_content": "maybe"},
        'parameter "protect_content" must be of type Boolean',
    ),
    "no chat": ({"chat_id": ""}, "chat_id is empty"),
    "unknown chat": ({"chat_id": 1}, "chat not found"),
    "unknown group": ({"chat_id": -1001}, "chat not found"),
    "unknown name": ({"chat_id": "@nobody_here"}, "chat not found"),
    "person's name": ({"chat_id": "@ada"}, "chat not found"),
    "no name": ({"chat_id": "nobody"}, "chat not found"),
    "no thread": ({"message_thread_id": 77}, "message thread not found"),
    "nothing to reply to": (
        {"reply_parameters": {"message_id": 9999}},
        "message to be replied not found",
    ),
    "reply to nothing named": (
        {"reply_parameters": {"quote": "x"}},
        'can\'t find field "message_id"',
    ),
    "wrong field type": (
        {"link_preview_options": {"is_disabled": "yes"}},
        'field "is_disabled" must be of type Boolean',
    ),
    "unknown field": ({"link_preview_options": {"off": True}}, 'unknown field "off"'),
    "paid broadcast": ({"allow_paid_broadcast": True}, "FLOODSKIP_NOT_ALLOWED"),
    "no such effect": ({"message_effect_id": "99"}, "EFFECT_ID_INVALID"),
    "no business": ({"business_connection_id": "x"}, "business connection not found"),
    "entity after the end": (
        {"entities": [{"type": "bold", "offset": 100, "length": 1}]},
        "entity begins after the end of the text at UTF-16 offset 100",
    ),
    "entity too long": (
        {"entities": [{"type": "bold", "offset": 0, "length": 100}]},
        "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 100",
    ),
    "entity before the start": (
        {"entities": [{"type": "bold", "offset": -1, "length": 1}]},
        "receive an entity with incorrect offset -1",
    ),
    "unknown entity": (
        {"entities": [{"type": "huge", "offset": 0, "length": 1}]},
        "can't parse MessageEntity: Unsupported type specified",
    ),
    "entity without a link": (
        {"entities": [{"type": "text_link", "offset": 0, "length": 1}]},
        "can't parse MessageEntity: Can't find field \"url\"",
    ),
    "entity with a wrong link": (
        {"entities": [{"type": "text_link", "offset": 0, "length": 1, "url": "not-a-url"}]},
        "entity URL 'not-a-url' is invalid: Wrong HTTP URL",
    ),
}

KEYBOARDS = {
    "null": ({"reply_markup": []}, "object expected as reply markup"),
    "no JSON": ({"reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    "no array": (
        {"reply_markup": {"inline_keyboard": "no"}},
        'field "inline_keyboard" must be of type Array',
    ),
    "no object": (
        {"reply_markup": {"inline_keyboard": [["no"]]}},
        "can't parse inline keyboard button: expected an Object",
    ),
    "no label": (
        {"reply_markup": {"inline_keyboard": [[{"callback_data": "x"}]]}},
        "can't parse inline keyboard button: Can't find field \"text\"",
    ),
    "no action": (
        keyboard(),
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    "empty data": (
        keyboard(callback_data=""),
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    "65 bytes of data": (keyboard(callback_data="x" * 65), "BUTTON_DATA_INVALID"),
    "66 bytes in 22 characters": (keyboard(callback_data="开" * 22), "BUTTON_DATA_INVALID"),
    "101 buttons": (
        {"reply_markup": {"inline_keyboard": [[BUTTON]] * 101}},
        "reply markup is too long",
    ),
    "no link": (
        keyboard(url="not-a-url"),
        "inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL",
    ),
    "local link": (
        keyboard(url="http://localhost:80/x"),
        "inline keyboard button URL 'http://localhost:80/x' is invalid: Wrong HTTP URL",
    ),
    "other protocol": (
        keyboard(url="ftp://example.com"),
        "inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
    ),
    "no host": (
        keyboard(url="https://"),
        "inline keyboard button URL 'https://' is invalid: URL host is empty",
    ),
    "web app without TLS": (
        keyboard(web_app={"url": "http://example.com"}),
        f"inline keyboard button Web App URL 'http://example.com' is invalid: {ONLY_HTTPS}",
    ),
    "empty copy": (keyboard(copy_text={"text": ""}), "BUTTON_COPY_TEXT_INVALID"),
    "payment": (keyboard(pay=True), "BUTTON_TYPE_INVALID"),
    "two actions": (
        keyboard(callback_data="x", url="https://example.com"),
        "can't parse inline keyboard button: url and callback_data exclude each other",
    ),
    "no such style": (keyboard(callback_data="x", style="loud"), "BUTTON_STYLE_INVALID"),
    "empty label": (
        {"reply_markup": {"inline_keyboard": [[{"text": "", "callback_data": "x"}]]}},
        "inline keyboard button text is empty",
    ),
    "empty row to type on": (
        {"reply_markup": {"keyboard": [[]]}},
        "keyboard rows must be non-empty",
    ),
    "unknown field": (
        keyboard(data="x"),
        'can\'t parse inline keyboard button: Unknown field "data"',
    ),
}

HTML = {
    "unknown tag": ("a <x>b</x>", 'Unsupported start tag "x" at byte offset 2'),
    "unknown tag after Chinese": ("开放 <h1>", 'Unsupported start tag "h1" at byte offset 7'),
    "bare less-than": ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    "crossed": (
        "<b><i>x</b></i>",
        'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    "never closed": ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    "never opened": ("x</b>", "Unexpected end tag at byte offset 1"),
    "cut in a tag": ("x <b", "Unclosed start tag at byte offset 2"),
    "cut in an end tag": ("<b>x</b", "Unclosed end tag at byte offset 4"),
    "cut in an attribute": ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
    "span without its class": (
        "<span>x</span>",
        'Tag "span" must have class "tg-spoiler" at byte offset 0',
    ),
    "nameless attribute": ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    "token with a slash": ("<a href=a/b>y</a>", "Unexpected end of name token at byte offset 8"),
    "wrong emoji": (
        '<tg-emoji emoji-id="x">y</tg-emoji>',
        "Invalid custom emoji identifier specified",
    ),
}


@pytest.mark.parametrize(
    ("wrong", "why"), [*TEXTS.values(), *KEYBOARDS.values()], ids=[*TEXTS, *KEYBOARDS]
)
async def test_a_message_is_refused(
    ask: Ask, chat: Conversation, wrong: dict[str, Any], why: str
) -> None:
    body = await ask("sendMessage", **{"chat_id": chat.id, "text": "Hi", **wrong})
    assert body == {"ok": False, "error_code": 400, "description": f"Bad Request: {why}"}


@pytest.mark.parametrize(("html", "why"), HTML.values(), ids=HTML)
async def test_html_is_refused(ask: Ask, chat: Conversation, html: str, why: str) -> None:
    body = await ask("sendMessage", chat_id=chat.id, text=html, parse_mode="HTML")
    assert body["description"] == f"Bad Request: can't parse entities: {why}"


@pytest.mark.parametrize(
    ("text", "extra"),
    [
        ("x" * 4096, {}),
        ("😀" * 2048, {}),
        ("<b>" + "x" * 4096 + "</b>", {"parse_mode": "html"}),
        ("Hi", keyboard(callback_data="x" * 64)),
        ("Hi", keyboard(url="https://example.com")),
        ("Hi", keyboard(url="tg://resolve?domain=x")),
        ("Hi", keyboard(switch_inline_query="")),
        ("Hi", {"reply_markup": {"inline_keyboard": [[BUTTON]] * 100}}),
        ("Hi", {"reply_markup": {"force_reply": True}}),
        ("Hi", {"reply_markup": '{"remove_keyboard": true}'}),
        ("Hi", {"reply_parameters": {"message_id": 9, "allow_sending_without_reply": True}}),
        ("Hi", {"protect_content": "true", "disable_notification": True}),
    ],
)
async def test_what_just_fits_is_sent(
    ask: Ask, chat: Conversation, text: str, extra: dict[str, Any]
) -> None:
    body = await ask("sendMessage", chat_id=str(chat.id), text=text, **extra)
    assert body["ok"], body


EDITS = {
    "not there": ("editMessageText", {"message_id": 999, "text": "x"}, "message to edit not found"),
    "not its own": ("editMessageText", {"message_id": 1, "text": "x"}, "message can't be edited"),
    "the same": (
        "editMessageText",
        {"message_id": 2, "text": "Hi"},
        NOT_MODIFIED,
    ),
    "the same keyboard": (
        "editMessageReplyMarkup",
        {"message_id": 2},
        NOT_MODIFIED,
    ),
    "no text": ("editMessageText", {"message_id": 2}, "message text is empty"),
    "too long": ("editMessageText", {"message_id": 2, "text": "x" * 4097}, "MESSAGE_TOO_LONG"),
    "no caption there": (
        "editMessageCaption",
        {"message_id": 2, "caption": "x"},
        "there is no caption in the message to edit",
    ),
    "neither message nor inline": (
        "editMessageText",
        {"text": "x"},
        "message identifier is not specified",
    ),
    "no inline message": (
        "editMessageText",
        {"inline_message_id": "x", "text": "x"},
        "MESSAGE_ID_INVALID",
    ),
    "deleting what isn't there": (
        "deleteMessage",
        {"message_id": 999},
        "message to delete not found",
    ),
    "no such action": (
        "sendChatAction",
        {"action": "dancing"},
        "wrong parameter action in request",
    ),
    "reacting to nothing": (
        "setMessageReaction",
        {"message_id": 999},
        "message to react not found",
    ),
    "no such reaction": (
        "setMessageReaction",
        {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "🥸"}]},
        "REACTION_INVALID",
    ),
    "no such kind of reaction": (
        "setMessageReaction",
        {"message_id": 1, "reaction": [{"type": "wave"}]},
        "can't parse ReactionType: Unsupported type",
    ),
    "caption too long": (
        "sendDocument",
        {"document": "x", "caption": "x" * 1025},
        "message caption is too long",
    ),
    "no such file": (
        "sendDocument",
        {"document": "x"},
        "wrong file identifier/HTTP URL specified",
    ),
    "file from elsewhere": (
        "sendPhoto",
        {"photo": "https://example.com/x.png"},
        "failed to get HTTP URL content",
    ),
    "number for a file": (
        "sendPhoto",
        {"photo": 5},
        'parameter "photo" must be a file, a file identifier or an HTTP URL',
    ),
    "truth for a chat": (
        "sendMessage",
        {"chat_id": True, "text": "x"},
        'parameter "chat_id" must be of type Integer or String',
    ),
    "leaving a private chat": (
        "leaveChat",
        {},
        "chat member status can't be changed in private chats",
    ),
    "administrators of a private chat": (
        "getChatAdministrators",
        {},
        "there are no administrators in the private chat",
    ),
    "member nobody knows": ("getChatMember", {"user_id": 5}, "user not found"),
    "two reactions": (
        "setMessageReaction",
        {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "👍"}] * 2},
        "REACTIONS_TOO_MANY",
    ),
    "long caption": (
        "editMessageCaption",
        {"message_id": 2, "caption": "x" * 1025},
        "MEDIA_CAPTION_TOO_LONG",
    ),
    "no photo": ("sendPhoto", {}, "there is no photo in the request"),
}


@pytest.mark.parametrize(("method", "parameters", "why"), EDITS.values(), ids=EDITS)
async def test_an_edit_is_refused(
    ask: Ask, chat: Conversation, method: str, parameters: dict[str, Any], why: str
) -> None:
    sent = await ask("sendMessage", chat_id=chat.id, text="Hi")
    assert sent["result"]["message_id"] == 2
    if "inline_message_id" not in parameters:
        parameters = {"chat_id": chat.id, **parameters}
    body = await ask(method, **parameters)
    assert body["description"] == f"Bad Request: {why}"


PROFILE = {
    "capital letters": (
        "setMyCommands",
        {"commands": [{"command": "Help", "description": "x"}]},
        "BOT_COMMAND_INVALID",
    ),
    "33 letters": (
        "setMyCommands",
        {"commands": [{"command": "h" * 33, "description": "x"}]},
        "BOT_COMMAND_INVALID",
    ),
    "no description": (
        "setMyCommands",
        {"commands": [{"command": "help", "description": ""}]},
        "BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    "101 commands": (
        "setMyCommands",
        {"commands": [{"command": f"c{n}", "description": "x"} for n in range(101)]},
        "BOT_COMMANDS_TOO_MUCH",
    ),
    "no such scope": (
        "setMyCommands",
        {"commands": [], "scope": {"type": "galaxy"}},
        "can't parse BotCommandScope: Unsupported type",
    ),
    "no such language": (
        "setMyCommands",
        {"commands": [], "language_code": "zh-hans"},
        "invalid language code specified",
    ),
    "description": ("setMyDescription", {"description": "x" * 513}, "DESCRIPTION_TOO_LONG"),
    "short description": (
        "setMyShortDescription",
        {"short_description": "x" * 121},
        "ABOUT_TOO_LONG",
    ),
    "name": ("setMyName", {"name": "x" * 65}, "BOT_TITLE_INVALID"),
    "webhook without TLS": (
        "setWebhook",
        {"url": "http://example.com/hook"},
        "bad webhook: An HTTPS URL must be provided for webhook",
    ),
    "webhook's secret": (
        "setWebhook",
        {"url": "https://example.com", "secret_token": "a b"},
        "secret token contains unallowed characters",
    ),
    "callback nobody made": (
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        "query is too old and response timeout expired or query ID is invalid",
    ),
    "link after a tap": (
        "answerCallbackQuery",
        {"callback_query_id": "1", "url": "https://example.com"},
        "URL_INVALID",
    ),
    "webhook's long secret": (
        "setWebhook",
        {"url": "https://example.com", "secret_token": "x" * 257},
        "secret token is too long",
    ),
    "webhook nowhere": ("setWebhook", {"url": "http://[x"}, "bad webhook: URL is invalid"),
    "201 characters for a tap": (
        "answerCallbackQuery",
        {"callback_query_id": "1", "text": "x" * 201},
        "MESSAGE_TOO_LONG",
    ),
    "chat nobody has": ("getChat", {"chat_id": 5}, "chat not found"),
    "file nobody sent": ("getFile", {"file_id": "x"}, "invalid file_id"),
    "nothing named": ("getChatMember", {"chat_id": 5}, 'parameter "user_id" is required'),
}


@pytest.mark.parametrize(("method", "parameters", "why"), PROFILE.values(), ids=PROFILE)
async def test_a_setting_is_refused(
    ask: Ask, method: str, parameters: dict[str, Any], why: str
) -> None:
    body = await ask(method, **parameters)
    assert body["description"] == f"Bad Request: {why}"


@pytest.mark.usefixtures("chat")
async def test_strangers_and_those_who_left_get_no_messages(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person, bo: Person
) -> None:
    async def description(chat_id: int) -> tuple[int, str]:
        body = await ask("sendMessage", chat_id=chat_id, text="Hi")
        return body.get("error_code", 200), body.get("description", "")

    never = (403, "Forbidden: bot can't initiate conversation with a user")
    assert await description(bo.id) == never
    await ada.blocks(bot)
    assert await description(ada.id) == (403, "Forbidden: bot was blocked by the user")
    await ada.starts(bot)
    assert await description(ada.id) == (200, "")
    ada.vanishes()
    assert await description(ada.id) == (403, "Forbidden: user is deactivated")
    other = telegram.bot("other_bot")
    assert await description(other.id) == (403, "Forbidden: bots can't send messages to bots")


async def test_groups_without_the_bot_or_its_rights_get_no_messages(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person
) -> None:
    async def refusal(chat: Conversation, method: str = "sendMessage", **more: object) -> str:
        parameters = {"text": "Hi"} if method == "sendMessage" else {}
        body = await ask(method, chat_id=chat.id, **parameters, **more)
        return body.get("description", "")

    group = telegram.group("Fintech", [ada], bot)
    basic = telegram.group("Old", [ada], bot, basic=True)
    assert await refusal(group) == ""
    group.restricts(bot)
    no_right = "Bad Request: not enough rights to send {} to the chat"
    assert await refusal(group) == no_right.format("text messages")
    group.restricts(bot, can_send=True)
    assert await refusal(group) == ""
    group.mutes()
    assert await refusal(group) == no_right.format("text messages")
    group.promotes(bot)
    assert await refusal(group) == ""
    group.removes(bot)
    assert await refusal(group) == "Forbidden: bot was kicked from the supergroup chat"
    assert await refusal(basic, "leaveChat") == ""
    assert await refusal(basic) == "Forbidden: bot is not a member of the group chat"
    news = telegram.channel("News", ada, bot)
    assert await refusal(news) == ""
    news.demotes(bot)
    assert await refusal(news) == "Bad Request: need administrator rights in the channel chat"


async def test_a_wrong_token_and_an_unknown_method_are_told_apart(
    ask: Ask, telegram: Telegram, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{telegram.url}/bot1:wrong/getMe") as response:
        assert response.status == 401
        assert await response.json() == {
            "ok": False,
            "error_code": 401,
            "description": "Unauthorized",
        }
    assert await ask("getMeat") == {"ok": False, "error_code": 404, "description": "Not Found"}


@pytest.mark.usefixtures("chat")
async def test_python_telegram_bot_understands_each_kind(
    *,
    ptb: Bot,
    telegram: Telegram,
    bot: BotAccount,
    ada: Person,
    bo: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Otherwise it warns whenever it is told to wait.
    monkeypatch.setenv("PTB_TIMEDELTA", "1")

    async def refused(kind: type[TelegramError], chat_id: int, text: str = "Hi") -> TelegramError:
        with pytest.raises(kind) as caught:
            await ptb.send_message(chat_id, text, parse_mode="HTML")
        return caught.value

    assert "nsupported start tag" in (await refused(BadRequest, ada.id, "<x>y</x>")).message
    assert (await refused(Forbidden, bo.id)).message.startswith("Forbidden: bot can't initiate")
    group = telegram.group("Old", [ada], bot, basic=True)
    new = group.migrates()
    migrated = await refused(ChatMigrated, group.id)
    assert isinstance(migrated, ChatMigrated)
    assert migrated.new_chat_id == new.id
    assert (await ptb.send_message(new.id, "Hi")).chat.type == "supergroup"
    telegram.fails("sendMessage", retry_after=3)
    limited = await refused(RetryAfter, ada.id)
    assert isinstance(limited, RetryAfter)
    assert limited.retry_after in {timedelta(seconds=3), 3}  # the latter until version 22.2
    assert (await ptb.send_message(ada.id, "Hi")).text == "Hi"
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="x" * 65)]])
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await ptb.send_message(ada.id, "Hi", reply_markup=markup)
