"""The network: text to piece ids to the probabilities of every taxonomy."""
