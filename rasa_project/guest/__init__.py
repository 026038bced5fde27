"""Someone else's Rasa project: reading it, adding Attune to it, and the traps it may fall into.

Nothing here loads Rasa or TensorFlow: files are read as they stand.
"""
