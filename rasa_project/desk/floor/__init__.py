"""What a supervisor sees live: who is at risk with the bot, one conversation, and stepping in."""
