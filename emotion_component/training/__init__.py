"""From data to a sealed model folder."""
