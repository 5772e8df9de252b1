"""Commands, plain questions and follow-ups in a private chat."""

import base64

import pytest

from efinbot.sandbox.testing import BotAccount, Conversation, Person, Telegram

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)


async def opened(telegram: Telegram, bot: BotAccount, code: str) -> tuple[Person, Conversation]:
    """Return somebody with an app in some language, and their chat with the bot."""
    ada = telegram.person("Ada", language_code=code)
    chat = await ada.starts(bot)
    await chat.expects("")
    return ada, chat


COMMANDS = [
    ("/start", "Hello!", "start from the beginning"),
    ("/help", "For example:", "help"),
    ("/trends", "The trends", "a list"),
    ("/drivers", "What drives it", "a list"),
    ("/tech", "Emerging technologies", "a list"),
    ("/cases", "The cases", "a list"),
    ("/new", "What is new · 20", "the news of all"),
    ("/new 数字人民币", "数字人民币：最近有什么新变化", "the news of one entry"),
    ("/outlook", "What it means for whom", "a list"),
    ("/overview", "e-finance", "the big picture"),
    ("/trends 开放银行", "开放银行与平台化 · Open banking and platforms", "an entry of the list"),
    ("/trends opne baking", "Open banking and platforms", "with slips"),
    ("/tech blockchain", "Blockchain", "an entry"),
    ("/drivers inclusion", "what is behind it", "the reasons of something"),
    ("/cases singapore", "MAS sandbox", "a place"),
    ("/cases 东南亚", "GoPay", "a part of the world"),
    ("/cases open banking", "UK open banking", "cases of something"),
    ("/cases 开放银行 英国", "英国开放银行", "cases of something in a place"),
    ("/outlook regulators", "Regulators", "an entry"),
    ("/compare open banking vs embedded finance", "Compared: ", "two things"),
    ("/compare 区块链 数字人民币", "比较：", "two things in Chinese"),
    ("/compare", "Compare which two?", "nothing to compare"),
    ("/compare open banking", "Compare which two?", "half a comparison"),
    ("/compare 开放银行", "想比较哪两个？", "half a comparison in Chinese"),
    ("/ask what is a regulatory sandbox", "Regulatory sandbox", "a question"),
    ("/ask", "For example:", "no question"),
    ("/lang", "I answer in the language of the question.", "which language"),
    ("/about", "I explain one subject", "about"),
    ("/privacy", "I keep little", "privacy"),
    ("/trends@efinbot_bot", "The trends", "by its full name"),
    ("/TRENDS", "The trends", "in capitals"),
    ("/trends weather tomorrow", "I have no answer to that", "nothing of the subject"),
    ("/frobnicate", "There is no such command", "no such command"),
]


@pytest.mark.parametrize(
    ("said", "answer"), [row[:2] for row in COMMANDS], ids=[f"{row[0]}" for row in COMMANDS]
)
async def test_a_command_is_answered(
    telegram: Telegram, efinbot: BotAccount, said: str, answer: str
) -> None:
    ada, chat = await opened(telegram, efinbot, "en")
    await ada.says(chat, said)
    await chat.expects(answer)


async def test_a_conversation_goes_on(telegram: Telegram, efinbot: BotAccount) -> None:
    ada, chat = await opened(telegram, efinbot, "en")
    for said, answer in [
        ("什么是开放银行", "开放银行与平台化"),
        ("有案例吗", "英国开放银行"),
        ("the second one", "ICBC e-Life"),
        ("用中文再说一遍", "工银e生活"),
        ("谢谢", "不客气"),
        ("What is the weather in Paris?", "I have no answer"),
    ]:
        await ada.says(chat, said)
        await chat.expects(answer)


async def test_two_people_and_two_chats_are_separate_conversations(
    telegram: Telegram, efinbot: BotAccount
) -> None:
    ada, bob = (
        telegram.person("Ada", language_code="en"),
        telegram.person("Bob", language_code="en"),
    )
    hers, his = await ada.starts(efinbot), await bob.starts(efinbot)
    group = telegram.group("Fintech", [ada, bob], efinbot)
    await ada.says(hers, "open banking")
    await hers.expects("Open banking and platforms")
    await bob.says(his, "blockchain")
    await his.expects("Blockchain")
    await ada.says(group, "@efinbot_bot DeFi")
    await group.expects("DeFi")
    await ada.says(hers, "any cases?")
    await hers.expects("Open banking and platforms: cases")
    await bob.says(group, "@efinbot_bot its risks?")
    await group.expects("What do you mean?")


async def test_a_picture_with_words_is_a_question(telegram: Telegram, efinbot: BotAccount) -> None:
    ada, chat = await opened(telegram, efinbot, "en")
    await ada.says(chat, "what is open banking?", photo=PICTURE)
    await chat.expects("Open banking and platforms")


async def test_a_picture_without_words_is_answered_with_what_can_be_asked(
    telegram: Telegram, efinbot: BotAccount
) -> None:
    ada, chat = await opened(telegram, efinbot, "en")
    await ada.says(chat, photo=PICTURE)
    await chat.expects("For example:")


async def test_an_edited_question_edits_its_answer(telegram: Telegram, efinbot: BotAccount) -> None:
    ada, chat = await opened(telegram, efinbot, "en")
    question = await ada.says(chat, "what is open banking")
    first = await chat.expects("Open banking and platforms")
    await ada.edits(question, "what is blockchain")
    second = await chat.expects("Blockchain")
    assert second.id == first.id
    await ada.edits(question, "what is  blockchain?")
    await chat.stays_silent()


@pytest.mark.parametrize(
    ("code", "language", "answer"),
    [
        ("zh-hans", "", "发展趋势"),
        ("de", "", "The trends"),
        ("de", "zh", "发展趋势"),
        ("zh", "en", "The trends"),
    ],
    ids=["of the app", "of an app in another language", "chosen", "chosen against the app's"],
)
async def test_where_the_message_does_not_tell_the_language_is(
    telegram: Telegram, efinbot: BotAccount, code: str, language: str, answer: str
) -> None:
    ada, chat = await opened(telegram, efinbot, code)
    if language:
        await ada.says(chat, f"/lang {language}")
        await chat.expects("")
    await ada.says(chat, "/trends")
    await chat.expects(answer)


async def test_the_language_of_the_message_comes_before_the_chosen_one(
    telegram: Telegram, efinbot: BotAccount
) -> None:
    ada, chat = await opened(telegram, efinbot, "en")
    await ada.says(chat, "/lang zh")
    await chat.expects("我用中文回答")
    await ada.says(chat, "what are the risks of open banking?")
    await chat.expects("Open banking and platforms: risks")
    await ada.says(chat, "???")
    await chat.expects("我这里没有答案")
    await ada.says(chat, "/lang auto")
    await chat.expects("按提问的语言回答")


@pytest.mark.parametrize(
    ("payload", "answer"),
    [("open-banking", "Open banking and platforms"), ("dogecoin", "Hello!"), ("", "Hello!")],
)
async def test_a_link_leads_to_an_entry(
    telegram: Telegram, efinbot: BotAccount, payload: str, answer: str
) -> None:
    ada = telegram.person("Ada", language_code="en")
    chat = await ada.starts(efinbot, payload)
    await chat.expects(answer)
