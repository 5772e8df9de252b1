"""The Bot API: what bots ask over HTTP, checked and answered as Telegram does."""
