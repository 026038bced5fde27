"""Stored conversations: read from a tracker store or an export, never written."""
