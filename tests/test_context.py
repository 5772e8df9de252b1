"""What is read of a message, and which messages are none of the bot's business."""

import re
from typing import Any

import pytest
from telegram import Update, User
from telegram.ext import InvalidCallbackData

from efinbot.bot.storage import Place
from efinbot.bot.telegram.context import MessageContext, read_message

ME = User(id=777, first_name="efinbot", is_bot=True, username="EfinBot")
ADA: dict[str, Any] = {"id": 5, "first_name": "Ada", "is_bot": False, "language_code": "zh-hans"}
PRIVATE: dict[str, Any] = {"id": 5, "type": "private", "first_name": "Ada"}
GROUP: dict[str, Any] = {"id": -100, "type": "supergroup", "title": "Fintech"}
CHANNEL: dict[str, Any] = {"id": -200, "type": "channel", "title": "News"}
ANONYMOUS: dict[str, Any] = {"id": 1087968824, "first_name": "Group", "is_bot": True}
BOT = ME.to_dict()
PICTURE: dict[str, Any] = {
    "text": None,
    "chat": PRIVATE,
    "photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}],
}


def message(text: str | None = "hello", **fields: object) -> dict[str, Any]:
    """Return a message as the Bot API has it, its commands and mentions marked."""
    entities = [
        {
            "type": "bot_command" if found[0][0] == "/" else "mention",
            "offset": len((text or "")[: found.start()].encode("utf-16-le")) // 2,
            "length": len(found[0]),
        }
        for found in re.finditer(r"[/@][\w@]+", text or "")
    ]
    made: dict[str, Any] = {"message_id": 9, "date": 1000, "chat": GROUP, "from": ADA}
    made |= {"text": text} if text is not None else {}
    made |= {"entities": entities} if entities else {}
    return made | fields


def received(
    kind: str = "message", *, is_alone: bool = True, **fields: object
) -> MessageContext | None:
    update = Update.de_json({"update_id": 1, kind: message(**fields)}, None)
    return read_message(update, ME, is_alone=is_alone)


NOT_READ: dict[str, dict[str, Any]] = {
    "a channel's post": {"kind": "channel_post", "chat": CHANNEL},
    "an edited post": {"kind": "edited_channel_post", "chat": CHANNEL},
    "a post copied to the discussion group": {"is_automatic_forward": True, "sender_chat": CHANNEL},
    "another bot's message": {"from": {"id": 8, "first_name": "b", "is_bot": True}},
    "an inline result of its own": {"via_bot": BOT},
    "an inline result of another bot": {"via_bot": {"id": 8, "first_name": "b", "is_bot": True}},
    "a command for another bot": {"text": "/trends@otherbot"},
    "a picture without words": {"text": None, "photo": []},
    "a picture of an album without words of its own": PICTURE | {"media_group_id": "1"},
    "somebody joining": {"text": None, "new_chat_members": [ADA]},
    "a pinned message": {"text": None, "pinned_message": message()},
    "a topic that is opened": {"text": None, "forum_topic_created": {"name": "x", "icon_color": 0}},
    "nobody's message": {"from": None},
}


@pytest.mark.parametrize("fields", NOT_READ.values(), ids=NOT_READ.keys())
def test_what_is_not_read(fields: dict[str, Any]) -> None:
    assert received(**fields) is None


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1},
        {
            "update_id": 1,
            "my_chat_member": {
                "chat": GROUP,
                "from": ADA,
                "date": 1000,
                "old_chat_member": {"status": "left", "user": BOT},
                "new_chat_member": {"status": "member", "user": BOT},
            },
        },
    ],
    ids=["nothing", "the bot joining"],
)
def test_updates_without_a_message_are_not_read(update: dict[str, Any]) -> None:
    assert read_message(Update.de_json(update, None), ME, is_alone=True) is None


NOT_ADDRESSED: dict[str, dict[str, Any]] = {
    "talk among people": {},
    "a mention of somebody else": {"text": "@bob what is open banking"},
    "a name that begins like the bot's": {"text": "@efinbots what is open banking"},
    "the bot's name without @": {"text": "efinbot what is open banking"},
    "a reply to somebody else": {"reply_to_message": message(**{"from": ADA | {"id": 6}})},
    "a message in a topic that the bot opened": {
        "is_topic_message": True,
        "message_thread_id": 3,
        "reply_to_message": message(
            None, forum_topic_created={"name": "x", "icon_color": 0}, **{"from": BOT}
        ),
    },
}


@pytest.mark.parametrize("fields", NOT_ADDRESSED.values(), ids=NOT_ADDRESSED.keys())
def test_what_is_not_addressed_to_the_bot(fields: dict[str, Any]) -> None:
    found = received(**fields)
    assert found is not None
    assert not found.addressed
    assert not found.command


BUTTONS = {"inline_keyboard": [[{"text": "x", "callback_data": "e1:ze.defi"}]]}
FOREIGN = {"inline_keyboard": [[{"text": "x", "callback_data": "host:1"}]]}


@pytest.mark.parametrize(
    ("fields", "is_alone"),
    [
        pytest.param({"text": "@efinbot open banking"}, False, id="a mention"),
        pytest.param({"text": "open banking @EFINBOT"}, False, id="at the end, in capitals"),
        pytest.param(
            {
                "text": None,
                "caption": "@efinbot open banking",
                "caption_entities": [{"type": "mention", "offset": 0, "length": 8}],
            },
            False,
            id="in a caption",
        ),
        pytest.param(
            {
                "text": "efin, open banking",
                "entities": [{"type": "text_mention", "offset": 0, "length": 5, "user": BOT}],
            },
            False,
            id="by a name that links to it",
        ),
        pytest.param({"reply_to_message": message(**{"from": BOT})}, True, id="a reply to the bot"),
        pytest.param(
            {"reply_to_message": message(reply_markup=BUTTONS, **{"from": BOT})},
            False,
            id="a reply to an answer of a bot that does other things too",
        ),
    ],
)
def test_what_is_addressed_to_the_bot(fields: dict[str, Any], is_alone: bool) -> None:  # noqa: FBT001 - a table's column
    found = received(is_alone=is_alone, **fields)
    assert found is not None
    assert found.addressed


def test_a_picture_without_words_says_nothing_in_private() -> None:
    found = received(**PICTURE)
    assert found is not None
    assert found.text == ""


def test_a_host_whose_buttons_hold_objects_leaves_those_of_efinbot_recognised() -> None:
    update = Update.de_json(
        {
            "update_id": 1,
            "message": message(reply_to_message=message(reply_markup=BUTTONS, **{"from": BOT})),
        },
        None,
    )
    assert update.message
    assert update.message.reply_to_message
    markup = update.message.reply_to_message.reply_markup
    assert markup
    button = markup.inline_keyboard[0][0]
    button.update_callback_data(InvalidCallbackData("e1:ze.defi"))
    found = read_message(update, ME, is_alone=False)
    assert found is not None
    assert found.addressed


@pytest.mark.parametrize("keyboard", [None, FOREIGN], ids=["no buttons", "buttons of the host"])
def test_a_reply_to_a_message_of_the_host_is_the_hosts(keyboard: dict[str, Any] | None) -> None:
    to = message(**{"from": BOT} | ({"reply_markup": keyboard} if keyboard else {}))
    found = received(is_alone=False, reply_to_message=to)
    assert found is not None
    assert not found.addressed


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("/trends", "trends", ""),
        ("/trends@efinbot", "trends", ""),
        ("/Trends@EfinBot 开放银行", "trends", "开放银行"),
        ("/compare open banking vs defi", "compare", "open banking vs defi"),
        ("/ask @bob 什么是DeFi", "ask", "@bob 什么是DeFi"),
        ("@efinbot 什么是DeFi", "", "什么是DeFi"),
        ("😀 @efinbot 什么是DeFi", "", "😀  什么是DeFi"),
        ("what does /trends do", "", "what does /trends do"),
        ("plain", "", "plain"),
    ],
)
def test_command_and_mention_are_taken_off(text: str, command: str, rest: str) -> None:
    found = received(text=text)
    assert found is not None
    assert (found.command, found.text) == (command, rest)


def test_half_a_character_costs_no_message() -> None:
    entities = [{"type": "bot_command", "offset": 0, "length": 4}]
    found = received(text="/ask what is \ud83d DeFi", entities=entities)
    assert found is not None
    assert found.command == "ask"
    assert found.text.startswith("what is ")
    assert found.text.endswith(" DeFi")


def test_a_conversation_is_one_person_in_one_topic_of_one_chat() -> None:
    found = received(is_topic_message=True, message_thread_id=3)
    assert found is not None
    assert found.place == Place(-100, 3, 5)


def test_an_ordinary_thread_of_replies_is_no_topic() -> None:
    found = received(message_thread_id=3)
    assert found is not None
    assert found.place == Place(-100, 0, 5)


def test_an_anonymous_administrator_is_the_group() -> None:
    found = received(sender_chat=GROUP, **{"from": ANONYMOUS})
    assert found is not None
    assert (found.place.person, found.anonymous) == (-100, True)


def test_somebody_who_writes_as_a_channel_is_no_administrator() -> None:
    found = received(
        sender_chat=CHANNEL, **{"from": {"id": 136817688, "first_name": "Channel", "is_bot": True}}
    )
    assert found is not None
    assert (found.place.person, found.anonymous) == (-200, False)


def test_an_edited_message_is_read_like_a_new_one() -> None:
    found = received("edited_message", chat=PRIVATE, text="什么是DeFi")
    assert found is not None
    assert (found.private, found.text) == (True, "什么是DeFi")


def test_the_message_replied_to_is_quoted_unless_it_is_the_bots() -> None:
    theirs = received(
        text="@efinbot", reply_to_message=message("什么是DeFi", **{"from": ADA | {"id": 6}})
    )
    own = received(text="@efinbot", reply_to_message=message("an answer", **{"from": BOT}))
    assert theirs is not None
    assert own is not None
    assert (theirs.quoted, own.quoted) == ("什么是DeFi", "")
