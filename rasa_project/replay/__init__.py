"""Old conversations before the escalation policy once more: what was decided, and what would be."""
