"""The kinds of database that the service runs on: a SQLite file or PostgreSQL."""
