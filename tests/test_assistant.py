import pytest

from efinbot.bot import Answer, Assistant
from efinbot.intents import LIFETIME, Context, Understanding


def asked(assistant: Assistant, *messages: str, pause: float = 1.0) -> Answer:
    """Return the answer to the last of some messages of one conversation."""
    context: Context | None = None
    now = 1_000_000.0
    for message in messages:
        answer = assistant.answer(message, context, now)
        context, now = answer.context, now + pause
    return answer


def test_a_follow_up_is_about_what_was_talked_about(assistant: Assistant) -> None:
    said = asked(assistant, "What is DeFi?", "What are its risks?").understanding
    assert (said.intent, said.topics) == ("challenges_of", ("defi",))


def test_a_conversation_is_forgotten_in_time(assistant: Assistant) -> None:
    answer = asked(assistant, "What is DeFi?", "What are its risks?", pause=LIFETIME + 1)
    assert "defi" not in answer.understanding.topics


def test_a_choice_that_is_taken_becomes_the_subject(assistant: Assistant) -> None:
    first = asked(assistant, "What are the trends?")
    choice = first.reply.choices[1]
    second = assistant.reply_to(choice.understanding, first.context, 1_000_001.0)
    assert choice.label in second.reply.html
    assert second.context.topics == choice.understanding.topics


def test_the_language_of_the_surface_is_for_messages_that_have_none(assistant: Assistant) -> None:
    assert assistant.answer("???", None, 0, "zh").understanding.language == "zh"
    assert assistant.answer("What is DeFi?", None, 0, "zh").understanding.language == "en"


def test_an_understanding_is_answered_without_a_message(assistant: Assistant) -> None:
    answer = assistant.reply_to(Understanding("explain", ("cbdc",), "zh", 1.0), None, 0)
    assert answer.reply.html.startswith("<b>央行数字货币</b>")


@pytest.mark.parametrize(
    ("question", "named"),
    [
        pytest.param("谁写的这篇文章", "99ANYc3cd6，2025年12月20日", id="zh"),
        pytest.param("who wrote the article", "by 99ANYc3cd6, of 20 December 2025", id="en"),
    ],
)
def test_who_asks_for_the_article_hears_its_name(
    assistant: Assistant, question: str, named: str
) -> None:
    assert named in asked(assistant, question).reply.html


@pytest.mark.parametrize("question", ["我收到一个链接，帮我看看真的假的", "is that really so"])
def test_only_what_was_said_or_named_has_a_source(assistant: Assistant, question: str) -> None:
    assert asked(assistant, question).understanding.topics == ()
