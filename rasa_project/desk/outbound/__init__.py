"""From the desk to Rasa: what customers hear, sent exactly once."""
