"""Manners in groups: silent unless addressed, quoting the question, one message, in its topic."""

import pytest

from efinbot.sandbox.testing import BotAccount, Group, Person, Said, Telegram

ANSWER = "Open banking and platforms"


@pytest.fixture
def ada(telegram: Telegram) -> Person:
    return telegram.person("Ada", language_code="en")


@pytest.fixture
def bob(telegram: Telegram) -> Person:
    return telegram.person("Bob", language_code="en")


@pytest.fixture
def group(telegram: Telegram, efinbot: BotAccount, ada: Person, bob: Person) -> Group:
    """A group in which the bot sees every message, as it does where privacy mode is off."""
    group = telegram.group("Fintech", [ada, bob], efinbot)
    group.promotes(efinbot)
    return group


NOT_FOR_IT = {
    "talk": "what is open banking",
    "its name without @": "efinbot_bot what is open banking",
    "somebody else's name": "@bob what is open banking",
    "another bot's command": "/trends@other_bot",
    "an unknown command": "/frobnicate",
    "a command inside a sentence": "try /trends some time",
}


@pytest.mark.parametrize("text", NOT_FOR_IT.values(), ids=NOT_FOR_IT.keys())
async def test_it_is_silent_unless_addressed(group: Group, ada: Person, text: str) -> None:
    await ada.says(group, text)
    await group.stays_silent()


async def test_it_is_silent_when_people_reply_to_each_other(
    group: Group, ada: Person, bob: Person
) -> None:
    said = await ada.says(group, "open banking is nice")
    await bob.says(group, "what is open banking", reply_to=said)
    await group.stays_silent()


async def test_it_does_not_talk_with_other_bots(telegram: Telegram, group: Group) -> None:
    puppet = telegram.bot("other_bot", scripted=True)
    group.adds(puppet)
    await puppet.says(group, "@efinbot_bot what is open banking")
    await group.stays_silent()


async def test_it_does_not_answer_posts_of_the_groups_channel(
    telegram: Telegram, efinbot: BotAccount, group: Group, ada: Person
) -> None:
    channel = telegram.channel("News", ada, efinbot, discussion=group)
    await ada.says(channel, "@efinbot_bot what is open banking")
    await channel.stays_silent()
    await group.stays_silent()


async def test_it_does_not_greet_who_comes(group: Group, telegram: Telegram) -> None:
    group.adds(telegram.person("Cleo"))
    await group.stays_silent()


ADDRESSED = {
    "a mention": "@efinbot_bot what is open banking",
    "a mention at the end": "what is open banking @EFINBOT_BOT",
    "a command": "/trends open banking",
    "a command with its name": "/ask@efinbot_bot what is open banking",
}


@pytest.mark.parametrize("text", ADDRESSED.values(), ids=ADDRESSED.keys())
async def test_it_answers_with_a_quote_in_one_message(group: Group, ada: Person, text: str) -> None:
    question = await ada.says(group, text)
    answer = await group.expects(ANSWER)
    assert answer.json["reply_to_message"]["message_id"] == question.id
    await group.stays_silent()


async def test_a_reply_to_its_answer_is_a_follow_up(group: Group, ada: Person) -> None:
    await ada.says(group, "/trends open banking")
    answer = await group.expects(ANSWER)
    await ada.says(group, "any cases?", reply_to=answer)
    await group.expects(f"{ANSWER}: cases")


@pytest.mark.parametrize("how", ["@efinbot_bot", "/ask"])
async def test_it_answers_the_message_that_somebody_points_at(
    group: Group, ada: Person, bob: Person, how: str
) -> None:
    said = await ada.says(group, "what is open banking")
    await bob.says(group, how, reply_to=said)
    await group.expects(ANSWER)


async def test_its_name_alone_asks_for_help(group: Group, ada: Person) -> None:
    await ada.says(group, "@efinbot_bot")
    await group.expects("For example:")


async def test_it_stays_in_the_topic(telegram: Telegram, efinbot: BotAccount, ada: Person) -> None:
    forum = telegram.group("Forum", [ada], efinbot, forum=True)
    cases, general = forum.topic("Cases"), forum.topic("General")
    await ada.says(cases, "/trends open banking")
    await cases.expects(ANSWER)
    await ada.says(general, "/tech blockchain")
    answer = await general.expects("Blockchain")
    assert "message_thread_id" not in answer.json
    await ada.says(cases, "@efinbot_bot any cases?")
    await cases.expects(f"{ANSWER}: cases")


async def test_what_is_said_in_a_topic_that_it_opened_is_not_for_it(
    telegram: Telegram, efinbot: BotAccount, ada: Person
) -> None:
    forum = telegram.group("Forum", [ada], efinbot, forum=True)
    forum.promotes(efinbot)
    topic = forum.topic("Cases")
    await ada.says(topic, "what is open banking")
    await topic.stays_silent()


async def test_a_closed_topic_is_let_be(
    telegram: Telegram, efinbot: BotAccount, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    forum = telegram.group("Forum", [ada], efinbot, forum=True)
    topic = forum.topic("Cases")
    forum.closes(topic)
    await ada.says(topic, "/trends")
    await topic.stays_silent()
    assert "could not be handled" not in caplog.text


async def test_only_administrators_choose_the_language(
    group: Group, ada: Person, bob: Person
) -> None:
    await bob.says(group, "/lang zh")
    await group.expects("only its administrators")
    await ada.says(group, "/lang zh")
    shown = await group.expects("我用中文回答")
    assert (await bob.taps(shown, "English")).text == ("在群里，只有管理员能改语言。")
    await ada.taps(shown, "English")
    await group.expects("if that isn't clear, in English")


async def test_an_anonymous_administrator_is_one(group: Group, bob: Person) -> None:
    group.promotes(bob, anonymous=True)
    await bob.says(group, "/lang zh")
    await group.expects("我用中文回答")


async def test_an_anonymous_administrator_forgets_nothing_of_the_group(
    group: Group, ada: Person, bob: Person
) -> None:
    group.promotes(bob, anonymous=True)
    await bob.says(group, "/lang zh")
    await group.expects("我用中文回答")
    await bob.says(group, "/privacy delete")
    await group.expects("已删除")
    await ada.says(group, "/trends")
    await group.expects("发展趋势")


async def test_the_language_of_a_group_moves_with_it(
    telegram: Telegram, efinbot: BotAccount, ada: Person
) -> None:
    small = telegram.group("Small", [ada], efinbot, basic=True)
    await ada.says(small, "/lang zh")
    await small.expects("我用中文回答")
    large = small.migrates()
    await telegram.settled()
    await ada.says(large, "/trends")
    await large.expects("发展趋势")


async def test_an_answer_follows_a_group_that_moves_meanwhile(
    telegram: Telegram, efinbot: BotAccount, ada: Person
) -> None:
    small = telegram.group("Small", [ada], efinbot, basic=True)
    telegram.fails("sendMessage", delay=0.3, chat=small)
    await ada.says(small, "/trends")
    large = small.migrates()
    await large.expects("The trends")


async def test_an_edited_message_that_now_addresses_it_is_answered(
    group: Group, ada: Person
) -> None:
    said: Said = await ada.says(group, "what is open banking")
    await group.stays_silent()
    await ada.edits(said, "@efinbot_bot what is open banking")
    await group.expects(ANSWER)


async def test_hours_old_messages_are_answered_in_private_only(
    telegram: Telegram, efinbot: BotAccount, group: Group, ada: Person
) -> None:
    chat = await ada.starts(efinbot)
    await chat.expects("Hello!")
    telegram.passes(hours=-3)
    await ada.says(group, "/trends")
    await group.stays_silent()
    await ada.says(chat, "/trends")
    await chat.expects("The trends")


async def test_who_can_not_be_looked_up_is_no_administrator(
    telegram: Telegram, group: Group, bob: Person, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fails("getChatMember", status=400)
    await bob.says(group, "/lang zh")
    await group.expects("only its administrators")
    assert caplog.records == []
