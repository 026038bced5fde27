"""One question to the customer after a conversation: how was it?

The desk asks in the customer's own channel, through the outbox, and reads the answer from the
conversation's events. The bot stays out of it: a survey payload, or a text that the desk's latest
utterance names in its metadata as an answer, is none of the bot's turns (see
`emotion_component/survey.py`).
"""
