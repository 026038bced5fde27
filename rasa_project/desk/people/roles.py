"""What people at the desk may do: each role may all that the one before it may."""

from __future__ import annotations

from typing import Final

AGENT: Final = "agent"  # answers customers
SUPERVISOR: Final = "supervisor"  # watches the whole desk, and steps in
ADMIN: Final = "admin"  # decides who may do what

ROLES: Final = (AGENT, SUPERVISOR, ADMIN)


def covers(role: str, needed: str) -> bool:
    """Say whether a role may do what another one may."""
    return ROLES.index(role) >= ROLES.index(needed)
