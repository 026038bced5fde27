"""Custom actions of the demo shop, and the handoff to a human.

`python -m rasa_sdk --actions actions` serves them. Nothing here loads Rasa or TensorFlow.
"""
