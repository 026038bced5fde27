"""A word on the customer's emotion before a reply: whether one is due, and which."""
