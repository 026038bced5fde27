"""Lets requests go only where they are meant to: to a provider's hosts, never into our network."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

from aiohttp.abc import AbstractResolver
from aiohttp.resolver import DefaultResolver
from yarl import URL

from rasa_project.channels.messaging.errors import NotSent


class PublicResolver(AbstractResolver):
    """Resolves names to addresses of the public internet alone.

    It is asked when a connection is made, so that a name cannot mean something else by then.
    """

    def __init__(self) -> None:
        self._resolver = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: int = socket.AF_INET
    ) -> list[dict[str, Any]]:
        """Resolve a name.

        Raises:
            OSError: One of its addresses is not public.
        """
        found = await self._resolver.resolve(host, port, family)
        for one in found:
            if not is_public(str(one["host"])):
                raise OSError(f"{host} is an address of a private network.")
        return found

    async def close(self) -> None:
        """Let go of what the resolver holds."""
        await self._resolver.close()


def is_public(host: str) -> bool:
    """Say whether an address is of the public internet; True for a name."""
    try:
        address = ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return not host.lower().rstrip(".").endswith("localhost")
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_global and not mapped.is_multicast)


def is_own(url: URL, base: str) -> bool:
    """Say whether an address is one of the configured service's own."""
    return bool(base) and url.origin() == URL(base).origin()


def require_host(url: URL, hosts: Iterable[str], title: str) -> None:
    """Hold that an address is one at which a service keeps files.

    Args:
        url: The address.
        hosts: Names; one that begins with a dot stands for all below it.
        title: The service's.

    Raises:
        NotSent: It is not.
    """
    host = (url.host or "").lower()
    known = any(host == one or (one.startswith(".") and host.endswith(one)) for one in hosts)
    if url.scheme != "https" or not known or url.explicit_port not in {None, 443}:
        raise NotSent(f"{title} keeps no files at {host or 'such an address'}.", hopeless=True)


def require_public(url: URL, title: str) -> None:
    """Hold that an address to which a service sends us on is a public one.

    Raises:
        NotSent: It is not.
    """
    host = url.host or ""
    if url.scheme != "https" or not host or not is_public(host):
        raise NotSent(f"{title} sends us on to {host or 'nowhere'}, where no file may be.",
                      hopeless=True)  # fmt: skip
