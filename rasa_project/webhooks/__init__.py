"""What everything has in common that other services call: checks of what they send."""
