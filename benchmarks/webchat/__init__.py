"""How many customers the webchat channel serves, beside Rasa's own `socketio` channel."""
