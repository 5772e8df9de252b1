"""A bot of its own with efinbot inside: a feedback bot that also answers questions on e-finance.

Run it with a token in EFINBOT_TOKEN. Its own commands and its own dialogue come first; what they
leave is answered by efinbot.
"""

import os

from telegram import Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

from efinbot.bot import install

OPINION = 0


async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Greet; efinbot leaves /start to this handler."""
    if update.effective_message:
        await update.effective_message.reply_text("Welcome! Ask me about e-finance, or /feedback.")


async def feedback(update: Update, _: ContextTypes.DEFAULT_TYPE) -> int:
    """Ask for an opinion; what is said next is not a question for efinbot."""
    if update.effective_message:
        await update.effective_message.reply_text("How do you like this bot?")
    return OPINION


async def opinion(update: Update, _: ContextTypes.DEFAULT_TYPE) -> int:
    """Thank for the opinion."""
    if update.effective_message:
        await update.effective_message.reply_text("Noted, thank you.")
    return ConversationHandler.END


def build(token: str, api_url: str = "https://api.telegram.org") -> Application:
    """Return the whole bot."""
    application = ApplicationBuilder().token(token).base_url(f"{api_url}/bot").build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(
        ConversationHandler(
            entry_points=[CommandHandler("feedback", feedback)],
            states={OPINION: [MessageHandler(filters.TEXT & ~filters.COMMAND, opinion)]},
            fallbacks=[],
        )
    )
    install(application)
    return application


if __name__ == "__main__":
    build(os.environ["EFINBOT_TOKEN"]).run_polling()
