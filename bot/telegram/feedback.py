"""Feedback: 👍 and 👎 below an answer, and the reactions that mean the same."""

from collections.abc import Iterable
from typing import Final

from telegram import CallbackQuery, MessageReactionUpdated, ReactionType, ReactionTypeEmoji

from ...knowledge import Knowledge, Text
from .. import callback_data
from .keyboards import PREFIX, RATINGS
from .question_log import Rating
from .services import Services

_GOOD: Final = "👍 ❤ ❤‍🔥 🔥 🥰 😍 🤩 👏 🎉 👌 💯 🏆 🤝 🙏 😎 🆒"
_BAD: Final = "👎 💩 🤮 🤬 😡 🖕 🤡 🥱"
_VERDICTS: Final = {**dict.fromkeys(_GOOD.split(), 1), **dict.fromkeys(_BAD.split(), -1)}
"""Reactions that are a verdict; of the others nobody knows what they say of an answer."""


def rating_in(data: str, knowledge: Knowledge) -> Rating | None:
    """Return what the data of a button says of an answer; None if it isn't such a button of ours.

    Args:
        data: As Telegram hands it back.
        knowledge: What has the answer.
    """
    mark, shown = data.removeprefix(PREFIX)[:1], data.removeprefix(PREFIX)[1:]
    value = next((value for value, (known, _) in RATINGS.items() if known == mark), None)
    if value is None or (shown and callback_data.decode(shown, knowledge) is None):
        return None
    return Rating(value, shown)


def rate(bot: Services, query: CallbackQuery, rating: Rating) -> Text:
    """Count what somebody finds of an answer; the same button takes that back."""
    words, message, person = bot.knowledge.interface.chat, query.message, query.from_user.id
    # Telegram's id of a private chat is that of the person.
    private = message is not None and message.chat.id == person
    if message is None or not bot.takes_votes[private]:
        return words.stale
    engine, where = bot.runtime.assistant.engine, (message.chat.id, message.message_id, person)
    if bot.question_log.rated(rating, engine, *where) != rating.value:
        return words.liked if rating.value > 0 else words.disliked
    bot.question_log.rated(Rating(0), engine, *where)
    return words.unvoted


async def reacted(bot: Services, reaction: MessageReactionUpdated) -> None:
    """Take a reaction to an answer for a rating; one that says nothing of it changes nothing."""
    who = reaction.user or reaction.actor_chat
    chat, message = reaction.chat.id, reaction.message_id
    if who is None or not bot.question_log.knows(chat, message, who.id):
        return
    rating = Rating(_verdict(reaction.new_reaction))
    if rating.value or _verdict(reaction.old_reaction):
        bot.question_log.rated(rating, bot.runtime.assistant.engine, chat, message, who.id)


def _verdict(reactions: Iterable[ReactionType]) -> int:
    """Return what reactions say of an answer: 1 for good, -1 for bad, 0 for nothing."""
    for reaction in reactions:
        if isinstance(reaction, ReactionTypeEmoji):
            value = _VERDICTS.get(reaction.emoji.replace("\ufe0f", ""), 0)
            if value:
                return value
    return 0
