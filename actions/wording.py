"""Days, sums and addresses as a reply writes them."""

from __future__ import annotations

from datetime import date


def day(moment: date, language: str) -> str:
    """`3 November` in English, `11月3日` in Chinese."""
    if language == "zh":
        return f"{moment.month}月{moment.day}日"
    return f"{moment.day} {moment:%B}"


def euros(cents: int) -> str:
    """`€48.00`, in both languages."""
    return f"€{cents / 100:.2f}"


def masked(email: str) -> str:
    """`m…@example.com`: its owner knows it again, a stranger learns nothing."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"
