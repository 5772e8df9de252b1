"""Reactions to answers: votes without a button."""

from telegram import MessageReactionUpdated

from .service import Efinbot
from .votes import Vote, verdict


async def reacted(bot: Efinbot, reaction: MessageReactionUpdated) -> None:
    """Take a reaction to an answer for a vote; one that says nothing of it changes nothing."""
    who = reaction.user or reaction.actor_chat
    chat, message = reaction.chat.id, reaction.message_id
    if who is None or not bot.recorder.knows(chat, message, who.id):
        return
    vote = Vote(verdict(reaction.new_reaction))
    if vote.value or verdict(reaction.old_reaction):
        bot.recorder.voted(vote, bot.edition.assistant.engine, chat, message, who.id)
