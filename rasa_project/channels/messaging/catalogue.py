"""Which channels there are, and what each has to be told."""

from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from typing import Final

from rasa_project.channels.messaging import providers
from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.provider import Provider
from rasa_project.channels.messaging.settings import ChannelSettings

_ATTRIBUTE: Final = re.compile(r" {4}(?P<name>\w+): (?P<hint>.*)")
_MORE: Final = re.compile(r" {8}(?P<hint>\S.*)")


def inputs() -> dict[str, type[MessagingInput]]:
    """Return the class of each channel, by the channel's name."""
    for module in pkgutil.iter_modules(providers.__path__, f"{providers.__name__}."):
        importlib.import_module(module.name)
    found = sorted(_below(MessagingInput), key=lambda each: each.name())
    here = f"{providers.__name__}."
    return {each.name(): each for each in found if each.__module__.startswith(here)}


def nearest(name: str, names: list[str]) -> str | None:
    """Return the name that somebody may have meant, none where nothing is near."""
    return next(iter(difflib.get_close_matches(name.lower(), names, n=1)), None)


def hints(settings: type[ChannelSettings]) -> dict[str, str]:
    """Return what the settings' documentation says about each of them, on one line."""
    found: dict[str, str] = {}
    for each in reversed(settings.__mro__):
        found |= _attributes(inspect.cleandoc(each.__dict__.get("__doc__") or ""))
    return found


def has_webhook(provider: type[Provider]) -> bool:
    """Say whether the service delivers by itself, and need not be asked."""
    return provider.has_webhook


def registers(provider: type[Provider]) -> bool:
    """Say whether the webhook's address can be set from here."""
    return provider.register is not Provider.register


def _below(parent: type[MessagingInput]) -> Iterator[type[MessagingInput]]:
    for each in parent.__subclasses__():
        if hasattr(each, "Provider"):
            yield each
        yield from _below(each)


def _attributes(text: str) -> dict[str, str]:
    """Read the section `Attributes` of a docstring."""
    _, _, section = text.partition("Attributes:\n")
    found: dict[str, str] = {}
    name = ""
    for line in section.splitlines():
        if match := _ATTRIBUTE.fullmatch(line):
            name = match["name"]
            found[name] = match["hint"]
        elif name and (more := _MORE.fullmatch(line)):
            found[name] += f" {more['hint']}"
        else:
            break
    return found
