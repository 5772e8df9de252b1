"""Replies: what is said, on pages of a phone's size, in Telegram's HTML or as plain text."""
