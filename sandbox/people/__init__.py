"""What people do in chats, and what tests see of it."""
