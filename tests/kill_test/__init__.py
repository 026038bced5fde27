"""Kills the processes of a running Attune at random while customers and agents talk."""
