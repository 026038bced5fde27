"""What turns a Rasa server into a customer service: channels, the agents' desk and the launcher."""
