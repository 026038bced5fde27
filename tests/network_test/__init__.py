"""Lets many customers chat over a network that delays, cuts, swallows and stalls."""
