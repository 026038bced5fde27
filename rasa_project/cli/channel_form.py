"""Asks for a channel's settings, one after the other, or takes them from the command line."""

from __future__ import annotations

import getpass
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import SecretStr
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from rasa_project.channels.messaging import catalogue
from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.settings import ChannelSettings, fault
from rasa_project.cli.channel_connect import Unusable

_REFERENCE: Final = re.compile(r"\$\{([A-Za-z_]\w*)\}", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


@dataclass
class Filled:
    """A channel's settings.

    Attributes:
        values: As they stand in credentials.yml; secrets as `${NAME}`.
        entered: Secrets that were typed just now, by the variable's name.
        made: Secrets that were made up just now, likewise.
        missing: Variables that nothing is known of, each with what it has to hold.
    """

    values: dict[str, Any] = field(default_factory=dict)
    entered: dict[str, str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


class Form:
    """The settings of one channel, to be filled in.

    Args:
        channel: Which one.
        given: Settings from the command line, as text.
        variables: What the environment and the secrets' file hold.
        asks: Somebody answers; else everything has to be given.
    """

    def __init__(
        self,
        channel: type[MessagingInput],
        given: Mapping[str, str],
        variables: Mapping[str, str],
        asks: bool,
    ) -> None:
        self._channel = channel
        self._settings: type[ChannelSettings] = channel.Provider.Settings
        self._hints = catalogue.hints(self._settings)
        self._given = given
        self._variables = variables
        self._asks = asks
        self._filled = Filled()
        self._faults: list[str] = []

    def fill(self) -> Filled:
        """Fill it in.

        Raises:
            Unusable: Something is wrong or missing that nobody can be asked about.
        """
        self._require_known()
        asked = self._settings.asked(self._given)
        for name in self._settings.__fields__:
            if name in self._given:
                self._take(name, self._given[name])
            elif name not in asked:
                continue
            elif self._is_secret(name):
                self._secret(name)
            elif self._asks:
                self._filled.values[name] = self._asked(name)
            else:
                self._faults.append(f"`{name}` is missing: {self._hint(name)}")
        if self._faults:
            listed = "\n".join(f"  {each}" for each in self._faults)
            raise Unusable(
                f"Nothing was written. Give with --set NAME=VALUE what is needed:\n{listed}"
            )
        return self._filled

    def options(self, filled: Filled) -> dict[str, Any]:
        """Return the settings as a running server reads them; only where nothing is missing."""
        known = {**self._variables, **filled.entered, **filled.made}

        def read(value: Any) -> Any:
            if isinstance(value, str):
                return _REFERENCE.sub(lambda match: known[match[1]], value)
            return value

        return {name: read(value) for name, value in filled.values.items()}

    def further(self) -> str:
        """Return the settings that have a value of their own unless they are set, as words."""
        asked = {*self._settings.asked(self._given), *self._given}
        return ", ".join(name for name in self._settings.__fields__ if name not in asked)

    def _require_known(self) -> None:
        names = list(self._settings.__fields__)
        for name in self._given:
            if name not in names:
                near = catalogue.nearest(name, names)
                meant = f" Did you mean {near}?" if near else ""
                listed = ", ".join(names)
                title = self._channel.Provider.title
                raise Unusable(f"{title} has no setting {name!r}.{meant} It has {listed}.")

    def _take(self, name: str, text: str) -> None:
        """Take a setting from the command line."""
        references = _REFERENCE.findall(text)
        if self._is_secret(name) and not _REFERENCE.fullmatch(text):
            self._faults.append(
                f"`{name}` is a secret, and others on this machine can read a command line: set "
                f"{self._variable(name)} in the environment, or name another variable, as "
                f"{name}='${{NAME}}'."
            )
            return
        known = {each: self._variables[each] for each in references if each in self._variables}
        self._filled.values[name] = self._parsed(name, text)
        for each in references:
            if each not in known:
                self._filled.missing[each] = self._hint(name)
        if len(known) == len(set(references)):
            value = _REFERENCE.sub(lambda match: known[match[1]], text) if references else None
            self._check(name, self._filled.values[name] if value is None else value)

    def _check(self, name: str, value: Any) -> None:
        if wrong := fault(self._settings, name, value):
            self._faults.append(f"`{name}` {wrong}. {self._hint(name)}")

    def _parsed(self, name: str, text: str) -> Any:
        """Read a setting that is no text as YAML: a number, a mapping."""
        if self._settings.__fields__[name].outer_type_ is str or self._is_secret(name):
            return text
        try:
            return YAML(typ="safe", pure=True).load(text)
        except YAMLError:
            return text  # the check says what is wrong with it

    def _secret(self, name: str) -> None:
        """Find a secret's value in the environment, ask for it, or make it up."""
        variable = self._variable(name)
        self._filled.values[name] = f"${{{variable}}}"
        if value := self._variables.get(variable):
            print(f"{name}: taken from {variable}, which is set.")
            self._check(name, value)
        elif value := self._asked_secretly(name) if self._asks else "":
            self._filled.entered[variable] = value
        elif make := self._settings.made_up.get(name):
            self._filled.made[variable] = make()
        else:
            self._filled.missing[variable] = self._hint(name)

    def _asked(self, name: str) -> Any:
        print(f"\n{name}: {self._hint(name)}")
        while True:
            value = self._parsed(name, line("> "))
            wrong = fault(self._settings, name, value) if value != "" else "is needed"
            if not wrong:
                return value
            print(f"`{name}` {wrong}.")

    def _asked_secretly(self, name: str) -> str:
        print(f"\n{name}: {self._hint(name)}")
        if name in self._settings.made_up:
            print("It is yours to choose; nothing and Enter make one up.")
        else:
            print(f"Nothing and Enter leave it out: you set {self._variable(name)} later.")
        while True:
            value = _hidden_line("(what you type does not show) > ")
            wrong = fault(self._settings, name, value) if value else ""
            if not wrong:
                return value
            print(f"`{name}` {wrong}.")

    def _is_secret(self, name: str) -> bool:
        kind = self._settings.__fields__[name].type_
        return isinstance(kind, type) and issubclass(kind, SecretStr)

    def _variable(self, name: str) -> str:
        return f"{self._channel.name()}_{name}".upper().replace("-", "_")

    def _hint(self, name: str) -> str:
        return self._hints.get(name, "See docs/channels.md.")


def line(prompt: str) -> str:
    """Ask for a line; from a pipe as well as from a terminal.

    Raises:
        Unusable: There is nobody to answer.
    """
    return _read(lambda: input(prompt))


def _hidden_line(prompt: str) -> str:
    # Without a terminal nothing shows, and `getpass` would look for one all the same.
    return _read(lambda: (getpass.getpass if sys.stdin.isatty() else input)(prompt))


def _read(how: Callable[[], str]) -> str:
    try:
        return _CONTROL.sub("", how()).strip()
    except EOFError:
        print()
        raise Unusable(
            "The answers ended before everything was asked; nothing was written. Scripts give "
            "settings with --set and --yes."
        ) from None
