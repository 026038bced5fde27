"""The parcel carrier's tracking over HTTP: the only call of these actions that leaves the machine.

It is made where `ATTUNE_CARRIER_URL` is set, and never otherwise. Copy this file for a service of
your own: one time-out a try, one for all tries together, a few tries with random pauses between
them, and a single error for whatever goes wrong, which the action turns into a sentence.
"""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote

import aiohttp
from aiohttp_retry import JitterRetry, RetryClient

# A customer reads on for about this long; later the answer comes without the carrier's word.
ANSWER_SECONDS: Final = 4.0
TRY_SECONDS: Final = 1.5
TRIES: Final = 3


class CarrierUnavailableError(Exception):
    """The carrier gave no usable answer; the message says why, for the log."""


@dataclass(frozen=True)
class Scan:
    """The carrier's newest scan of a parcel.

    Attributes:
        day: When.
        delivered: Whether it was the one at the customer's door.
    """

    day: date
    delivered: bool


class Carrier:
    """Asks for parcels.

    Args:
        url: Address of the tracking service. `GET {url}/parcels/{order number}` answers with
            `{"scanned_on": "2026-11-20", "delivered": false}`, or with 404 for a parcel that was
            never scanned.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    @classmethod
    def from_environment(cls) -> Carrier | None:
        """Use the address in `ATTUNE_CARRIER_URL`; `None` where there is none."""
        url = os.environ.get("ATTUNE_CARRIER_URL")
        return cls(url) if url else None

    async def newest_scan(self, number: str) -> Scan | None:
        """Ask for a parcel's newest scan; `None` where the carrier has not seen the parcel.

        Asking twice does no harm, so what may pass is asked again: a cut connection, a time-out,
        a server's error, too many requests.

        Raises:
            CarrierUnavailableError: No usable answer came in time.
        """
        try:
            body = await asyncio.wait_for(self._get(number), ANSWER_SECONDS)
            return None if body is None else _scan(json.loads(body))
        except asyncio.TimeoutError:
            raise CarrierUnavailableError("no answer in time") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise CarrierUnavailableError(str(error) or type(error).__name__) from error

    async def _get(self, number: str) -> bytes | None:
        async with (
            RetryClient(
                retry_options=_retries(),
                timeout=aiohttp.ClientTimeout(total=TRY_SECONDS),
            ) as client,
            client.get(f"{self._url}/parcels/{quote(number, safe='')}") as response,
        ):
            if response.status == 404:
                return None
            response.raise_for_status()
            return await response.read()


def _retries() -> JitterRetry:
    """Pauses of .2 to .3 and .4 to .5 s: random, so that many customers do not ask in step."""
    return JitterRetry(
        attempts=TRIES,
        start_timeout=0.1,
        random_interval_size=0.3,
        statuses={429},
        exceptions={aiohttp.ClientError, asyncio.TimeoutError},
        evaluate_response_callback=_is_whole,
    )


async def _is_whole(response: aiohttp.ClientResponse) -> bool:
    """Read the body while there is still a try left, for one that is cut short raises here."""
    await response.read()
    return True


def _scan(answer: object) -> Scan:
    """Read an answer.

    Raises:
        ValueError: It is not of the form that the class describes.
    """
    if isinstance(answer, dict):
        day, delivered = answer.get("scanned_on"), answer.get("delivered")
        if isinstance(day, str) and isinstance(delivered, bool):
            return Scan(date.fromisoformat(day), delivered)
    raise ValueError("the answer holds no `scanned_on` and `delivered`")
