"""Answers that agents need not write anew: the desk's library, and what fits a conversation."""
