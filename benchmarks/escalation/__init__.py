"""How well the chance of dissatisfaction ranks real dialogues, and how its weights are fitted."""
