"""Judging whole tables of texts, row by row, and summing them up."""
