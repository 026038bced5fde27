"""The part `mail` of the channel's section of `credentials.yml`, checked."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from pathlib import Path
from typing import Any, Final

from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.messaging.providers import mail_sending
from rasa_project.channels.messaging.providers.mail_oauth import Login
from rasa_project.channels.messaging.providers.mail_sending import Account

DEFAULTS: Final[dict[str, Any]] = {
    "address": None,  # who sends, such as help@shop.example
    "from_name": "",  # what customers read beside it
    "smtp_host": None,
    "smtp_port": 465,  # TLS from the first byte; 587, 25 and 2525 expect STARTTLS
    "smtp_starttls": None,  # whether the port expects STARTTLS, where it is none of these
    "username": "",  # to sign in with, where it is not the address
    "password": None,
    "ca_file": "",  # who vouches for a server with a certificate of your own, as a PEM file
}
_NEEDED: Final = ("address", "smtp_host", "password")


@dataclass(frozen=True)
class MailSettings:
    """How conversations are mailed.

    Attributes:
        account: The mail server.
        login: How to sign in there.
        sender: Who sends.
    """

    account: Account
    login: Login
    sender: Address


def read(options: Any, place: str) -> MailSettings | None:
    """Read the section; None where there is none, and so nothing is mailed.

    Args:
        options: As it stands in the file.
        place: Where to correct what is wrong, as a sentence.

    Raises:
        InvalidConfigException: A key is unknown, missing or of the wrong kind.
    """
    if not options:
        return None
    if not isinstance(options, Mapping) or options.keys() - DEFAULTS.keys():
        raise InvalidConfigException(f"`mail` is a section with {', '.join(DEFAULTS)}. {place}")
    given = {**DEFAULTS, **options}
    if missing := [name for name in _NEEDED if not given[name]]:
        raise InvalidConfigException(f"`mail` needs {' and '.join(missing)}. {place}")
    try:
        return _read(given)
    except (TypeError, ValueError, OSError) as error:
        raise InvalidConfigException(f"In `mail`: {error} {place}") from error


def _read(given: Mapping[str, Any]) -> MailSettings:
    address = str(given["address"])
    if not mail_sending.ADDRESS.fullmatch(address):
        raise ValueError(f"`address` must be one address. Received: {address!r}.")
    port = int(given["smtp_port"])
    plain = mail_sending.starts_plain(port, given["smtp_starttls"])
    ca_file = str(given["ca_file"] or "")
    if ca_file and not Path(ca_file).is_file():
        raise ValueError(f"`ca_file` must be a file that can be read. Received: {ca_file!r}.")
    account = Account(
        str(given["smtp_host"]), port, plain, ssl.create_default_context(cafile=ca_file or None)
    )
    login = Login(str(given["username"] or address), str(given["password"]))
    return MailSettings(account, login, Address(str(given["from_name"] or ""), addr_spec=address))
