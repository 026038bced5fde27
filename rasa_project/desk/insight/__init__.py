"""What an agent should know before answering: what happened so far, in short."""
