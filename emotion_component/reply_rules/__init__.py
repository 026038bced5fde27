"""Rules for what a bot says to customers, in English and Chinese. Standard library only."""
