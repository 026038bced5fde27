"""What every messaging channel is told in `credentials.yml`."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from pydantic import BaseModel, Extra, SecretStr, ValidationError
from rasa.shared.exceptions import InvalidConfigException

MadeUp = Mapping[str, Callable[[], str]]
_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


class ChannelSettings(BaseModel):
    """Settings of a channel; a provider adds its own.

    Secrets are `pydantic.SecretStr`, which no log shows. The section `Attributes` of a subclass's
    docstring is what `attune channel add` says about each setting.

    Attributes:
        made_up: How the secrets of the operator's own choice may be made, by name.
        files: What is kept of what customers send, as a section like that of the web chat; those
            of the web chat unless set, and `false` for nothing.
    """

    made_up: ClassVar[MadeUp] = {}

    files: Any = None

    @classmethod
    def asked(cls, given: Collection[str]) -> set[str]:
        """Return the settings to be asked for, where some may be given already."""
        return {name for name, each in cls.__fields__.items() if each.required}

    class Config:
        """A key that nobody knows is a typing mistake."""

        extra = Extra.forbid
        allow_mutation = False


def random_text() -> str:
    """Make a secret of letters, digits, `_` and `-`."""
    return secrets.token_urlsafe(32)


def random_hex() -> str:
    """Make a secret of 32 letters and digits."""
    return secrets.token_hex(16)


def require_address(value: str) -> str:
    """Return an address without a slash at the end; for pydantic's validators.

    Raises:
        ValueError: It is neither https nor on this machine.
    """
    parts = urlsplit(value)
    plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.netloc or not (parts.scheme == "https" or plain):
        raise ValueError("must be an https address, or http on this machine")
    return value.rstrip("/")


def of_length(least: int) -> Callable[[SecretStr], SecretStr]:
    """Return a check that a secret has so many characters; for pydantic's validators."""

    def check(value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < least:
            raise ValueError(f"must be at least {least} characters")
        return value

    return check


def fault(model: type[ChannelSettings], name: str, value: Any) -> str:
    """Return what is wrong with one setting's value, in words that follow its name, or nothing."""
    try:
        _, errors = model.__fields__[name].validate(value, {}, loc=name)
    except (TypeError, ValueError) as error:
        return str(error)
    if not errors:
        return ""
    first = errors[0] if isinstance(errors, list) else errors
    return _worded(ValidationError([first], model).errors()[0]["msg"])


def checked(model: type[ChannelSettings], options: Any, title: str, section: str) -> Any:
    """Check a section of `credentials.yml`.

    Raises:
        InvalidConfigException: A setting is missing, wrong or unknown.
    """
    values = options if isinstance(options, dict) else {}
    try:
        return model(**{str(key): value for key, value in values.items()})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InvalidConfigException(
            f"`{field}` of the {title} channel {_worded(first['msg'])}. Set it in credentials.yml "
            f"under {section}, secrets as ${{NAME}} of an environment variable."
        ) from None  # pydantic's own words may hold the secret


def _worded(message: str) -> str:
    return {
        "field required": "is missing",
        "extra fields not permitted": "is no setting of it",
        "none is not an allowed value": "is empty",
    }.get(message, message)
