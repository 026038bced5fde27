"""What agents know better than the models, kept as training data."""
