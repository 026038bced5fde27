"""Forgets a customer at the desk, and sees to it that nothing late brings them back."""
