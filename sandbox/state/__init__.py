"""What there is in the sandbox: accounts, chats, messages, and the updates that wait for bots."""
