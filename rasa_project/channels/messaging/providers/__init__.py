"""The messaging services, a file or a few of one name each."""
