"""The agent desk: receives handed-over conversations and lets people answer them."""
