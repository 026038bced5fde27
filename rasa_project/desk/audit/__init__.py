"""Who saw and did what: written down with the change itself, read by admins."""
