"""The least bot that python-telegram-bot can be: it sends back what it gets."""

import os

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Send a message back."""
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


ptb = (
    ApplicationBuilder()
    .token(os.environ["EFINBOT_TOKEN"])
    .base_url(f"{os.environ['EFINBOT_API_URL']}/bot")
    .build()
)
ptb.add_handler(MessageHandler(filters.TEXT, echo))
ptb.run_polling()
