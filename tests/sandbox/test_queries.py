"""Taps on buttons and questions in the input field, and their answers."""

import asyncio
from typing import Any

import pytest
from asking import Ask, fetched, kinds

from efinbot.sandbox.testing import BotAccount, Conversation, ImpossibleError, Person, Telegram

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
ROWS = [
    [{"text": "Cases", "callback_data": "c:1"}, {"text": "More", "url": "https://example.com/"}],
    [{"text": "Ask", "switch_inline_query_current_chat": "open"}],
    [{"text": "Share", "switch_inline_query": ""}],
    [{"text": "Copy", "copy_text": {"text": "PSD2"}}],
]


def article(identifier: str, **more: object) -> dict[str, Any]:
    content = {"message_text": f"<b>{identifier}</b>", "parse_mode": "HTML"}
    plain = {"type": "article", "id": identifier, "title": identifier.upper()}
    return {**plain, "input_message_content": content, **more}


async def next_update(ask: Ask, kind: str) -> dict[str, Any]:
    """Return the next update of a kind, and confirm all."""
    while True:
        for update in await fetched(ask, timeout=5):
            await fetched(ask, offset=update["update_id"] + 1)
            if kind in update:
                return update[kind]


async def test_a_tap_is_answered(ask: Ask, ada: Person, chat: Conversation) -> None:
    await ask("sendMessage", chat_id=chat.id, text="Hi", reply_markup={"inline_keyboard": ROWS})
    said = await chat.expects("Hi")
    assert said.buttons == [["Cases", "More"], ["Ask"], ["Share"], ["Copy"]]
    tap = asyncio.create_task(ada.taps(said, "Cases"))
    query = await next_update(ask, "callback_query")
    assert query["data"] == "c:1"
    assert query["message"]["text"] == "Hi"
    answer = {"callback_query_id": query["id"], "text": "Here", "show_alert": True}
    assert (await ask("answerCallbackQuery", **answer))["ok"]
    answered = await tap
    assert (answered.text, answered.alert) == ("Here", True)
    assert (await ask("answerCallbackQuery", **answer))["description"] == TOO_OLD


async def test_some_buttons_are_no_matter_of_the_bot(
    ask: Ask, ada: Person, chat: Conversation
) -> None:
    await ask("sendMessage", chat_id=chat.id, text="Hi", reply_markup={"inline_keyboard": ROWS})
    said = await chat.expects()
    assert (await ada.taps(said, "More")).url == "https://example.com/"
    assert (await ada.taps(said, "Ask")).inline_query == "open"
    assert (await ada.taps(said, "Share")).inline_query == ""
    assert (await ada.taps(said, "Copy")).copied == "PSD2"
    with pytest.raises(AssertionError, match="there is no button 'Less', only"):
        await ada.taps(said, "Less")


async def test_a_late_answer_is_refused(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person, chat: Conversation
) -> None:
    await ask("sendMessage", chat_id=chat.id, text="Hi", reply_markup={"inline_keyboard": ROWS})
    said = await chat.expects()
    tap = asyncio.create_task(ada.taps(said, "Cases"))
    question = asyncio.create_task(ada.asks_inline(bot, "x"))
    callback = await next_update(ask, "callback_query")
    inline = await next_update(ask, "inline_query")
    telegram.passes(minutes=1)
    late = await ask("answerCallbackQuery", callback_query_id=callback["id"])
    assert late["description"] == TOO_OLD
    late = await ask("answerInlineQuery", inline_query_id=inline["id"], results=[])
    assert late["description"] == TOO_OLD
    for task in (tap, question):
        task.cancel()


async def test_results_are_offered_chosen_and_edited(
    ask: Ask, telegram: Telegram, bot: BotAccount, ada: Person, bo: Person
) -> None:
    group = telegram.group("Fintech", [ada, bo])
    question = asyncio.create_task(ada.asks_inline(bot, "open ban", chat=group))
    query = await next_update(ask, "inline_query")
    assert (query["query"], query["offset"], query["chat_type"]) == ("open ban", "", "supergroup")
    keyboard = {"inline_keyboard": [[{"text": "More", "callback_data": "m"}]]}
    results = [article("plain"), article("live", reply_markup=keyboard)]
    button = {"text": "Open", "start_parameter": "from_inline"}
    offered = {"inline_query_id": query["id"], "results": results, "next_offset": "2"}
    assert (await ask("answerInlineQuery", **offered, button=button))["ok"]
    answer = await question
    assert [result.title for result in answer.results] == ["PLAIN", "LIVE"]
    assert (answer.next_offset, answer.button) == ("2", button)
    plain = await answer[0].is_chosen(group)
    assert (plain.text, plain.json["via_bot"]["id"]) == ("plain", bot.id)
    assert "inline_message_id" not in await next_update(ask, "chosen_inline_result")
    live = await answer[1].is_chosen(group)
    chosen = await next_update(ask, "chosen_inline_result")
    assert (chosen["result_id"], chosen["query"]) == ("live", "open ban")
    tap = asyncio.create_task(bo.taps(live, "More"))
    callback = await next_update(ask, "callback_query")
    inline = chosen["inline_message_id"]
    assert callback["inline_message_id"] == inline
    assert "message" not in callback
    assert (await ask("editMessageText", inline_message_id=inline, text="Edited"))["result"] is True
    assert (await ask("answerCallbackQuery", callback_query_id=callback["id"]))["ok"]
    await tap
    assert (await group.expects("Edited")).id == live.id


ANSWERS = {
    "51 results": ({"results": [article(str(n)) for n in range(51)]}, "RESULTS_TOO_MUCH"),
    "twice the same": ({"results": [article("a"), article("a")]}, "RESULT_ID_DUPLICATE"),
    "65 bytes": ({"results": [article("x" * 65)]}, "RESULT_ID_INVALID"),
    "no identifier": ({"results": [article("")]}, "RESULT_ID_INVALID"),
    "no title": ({"results": [article("a", title="")]}, "ARTICLE_TITLE_EMPTY"),
    "title missing": (
        {"results": [{name: v for name, v in article("a").items() if name != "title"}]},
        "can't parse inline query result: Can't find field \"title\"",
    ),
    "no such kind": (
        {"results": [article("a", type="dance")]},
        "can't parse inline query result: Unsupported type",
    ),
    "no content": (
        {"results": [article("a", input_message_content={})]},
        "can't parse inline query result: Can't find field \"message_text\"",
    ),
    "wrong HTML": (
        {
            "results": [
                article("a", input_message_content={"message_text": "<", "parse_mode": "HTML"})
            ]
        },
        "can't parse entities: Unclosed start tag at byte offset 0",
    ),
    "wrong keyboard": (
        {"results": [article("a", reply_markup={"inline_keyboard": [[{"text": "x"}]]})]},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    "offset": ({"results": [], "next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
    "start parameter": (
        {"results": [], "button": {"text": "x", "start_parameter": "a b"}},
        "START_PARAM_INVALID",
    ),
    "idle button": (
        {"results": [], "button": {"text": "x"}},
        "can't parse inline query results button: exactly one field must be used",
    ),
    "negative time": ({"results": [], "cache_time": -1}, "CACHE_TIME_INVALID"),
    "button without a label": (
        {"results": [], "button": {"text": "", "start_parameter": "x"}},
        "BUTTON_TEXT_INVALID",
    ),
    "no text": (
        {"results": [article("a", input_message_content={"message_text": ""})]},
        "message text is empty",
    ),
    "wrong link": ({"results": [article("a", url="nowhere")]}, "WEB_DOCUMENT_URL_INVALID"),
    "photo": (
        {
            "results": [
                {"type": "photo", "id": "a", "photo_url": "http://a.com/x", "thumbnail_url": "x"}
            ]
        },
        "the sandbox serves articles alone, not photo results",
    ),
    "place": (
        {"results": [article("a", input_message_content={"latitude": 1.5, "longitude": 2})]},
        "the sandbox serves text alone as input_message_content",
    ),
    "place that is none": (
        {"results": [article("a", input_message_content={"latitude": "1", "longitude": 2})]},
        'can\'t parse inline query result: Field "latitude" must be of type Number',
    ),
    "no JSON": ({"results": "["}, "can't parse inline query results JSON object"),
}


@pytest.mark.parametrize(("answer", "why"), ANSWERS.values(), ids=ANSWERS)
async def test_an_inline_answer_is_refused(ask: Ask, answer: dict[str, Any], why: str) -> None:
    body = await ask("answerInlineQuery", inline_query_id="1", **answer)
    assert body["description"] == f"Bad Request: {why}"


async def test_bots_without_inline_mode_are_not_asked(telegram: Telegram, ada: Person) -> None:
    plain = telegram.bot("plain_bot", supports_inline=False)
    with pytest.raises(ImpossibleError, match="@plain_bot doesn't serve inline queries"):
        await ada.asks_inline(plain, "x")


async def test_the_kind_of_chat_is_told(
    ask: Ask, bot: BotAccount, ada: Person, chat: Conversation
) -> None:
    question = asyncio.create_task(ada.asks_inline(bot, "", chat=chat))
    query = await next_update(ask, "inline_query")
    assert query["chat_type"] == "sender"
    await ask("answerInlineQuery", inline_query_id=query["id"], results=[])
    assert len(await question) == 0
    assert kinds(await fetched(ask)) == []
