"""What operators do in Telegram: check, reload, upload, review gaps, look at statistics."""
