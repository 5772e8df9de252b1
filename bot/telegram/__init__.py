"""Where people meet the bot in Telegram: commands, questions, buttons, inline mode."""
