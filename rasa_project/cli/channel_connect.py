"""What `attune channel` does with a service: look whether it works, and tell it its webhook."""

from __future__ import annotations

import asyncio
from typing import Any, Final

_MARKS: Final = {True: "ok", False: "no", None: "? "}


class Unusable(Exception):
    """What was asked cannot be done; the message says why."""


def check(provider: Any) -> bool:
    """Print what a check finds; return whether nothing is wrong."""
    findings = asyncio.run(_closing(provider, provider.check()))
    for finding in findings:
        print(f"{_MARKS[finding.ok]}  {finding.says}")
    return not any(finding.ok is False for finding in findings)


def register(provider: Any, server: str) -> None:
    """Tell a service where its webhook is, and print that it was told.

    Args:
        provider: Of the channel.
        server: Public address of the Rasa server.

    Raises:
        Unusable: The service cannot be told, or refuses.
    """
    from rasa_project.channels.messaging import catalogue
    from rasa_project.channels.messaging.errors import MaybeSent, NotSent

    url = webhook(server, provider.name)
    if not catalogue.has_webhook(type(provider)):
        raise Unusable(f"{provider.title} has no webhook: the server fetches by itself.")
    try:
        asyncio.run(_closing(provider, provider.register(url)))
    except NotImplementedError:
        raise Unusable(
            f"{provider.title} takes the webhook's address on a page of its own: enter {url} there "
            "(docs/channels.md)."
        ) from None
    except (NotSent, MaybeSent) as error:
        raise Unusable(str(error)) from None
    print(f"{provider.title} delivers to {url} from now on.")


def webhook(server: str, name: str) -> str:
    """Return the address of a channel's webhook on a Rasa server."""
    return f"{server.rstrip('/')}/webhooks/{name}/webhook"


async def _closing(provider: Any, work: Any) -> Any:
    try:
        return await work
    finally:
        await provider.http.close()
