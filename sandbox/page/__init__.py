"""The chat page: what the browser shows, and the HTTP that it talks to."""
