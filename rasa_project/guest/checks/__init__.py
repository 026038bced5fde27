"""The traps that a Rasa project with Attune can fall into, one file a family.

Each file has `check(project)`, which yields a finding for every trap that the project falls into.
"""
