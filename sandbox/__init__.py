"""A local Telegram: a Bot API server with people, chats and faults on demand."""
