"""Conversations that wait for a human or have one: their states, order, and what agents do."""
