"""Whose work a conversation is, by when it wants an answer, and what a waiting customer hears."""
