"""Channels that connect customers to a Rasa server."""
