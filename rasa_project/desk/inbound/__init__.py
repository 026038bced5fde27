"""From Rasa to the desk: the events of every conversation, read once and in order."""
