"""`attune channel add`: a channel comes into credentials.yml, and is connected."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rasa_project.cli import channel_connect
from rasa_project.cli.channel_connect import Unusable
from rasa_project.guest import credentials, env_file, writing, yaml_file
from rasa_project.guest.editing import Change

if TYPE_CHECKING:
    from rasa_project.channels.messaging.channel import MessagingInput
    from rasa_project.cli.channel_form import Filled


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what it takes."""
    parser.add_argument("name", metavar="NAME", help="such as telegram")
    parser.add_argument(
        "--set", action="append", default=[], type=_setting, metavar="NAME=VALUE", dest="given",
        help="a setting, not to be asked for; a secret as ${VARIABLE}",
    )  # fmt: skip
    parser.add_argument("--url", type=_https, help="public https address of the Rasa server")
    parser.add_argument(
        "--env-file", type=Path, metavar="FILE",
        help="keep secrets in this file of variables, which only you can read and git ignores",
    )  # fmt: skip
    parser.add_argument("--yes", action="store_true", help="ask nothing")
    parser.add_argument("--offline", action="store_true", help="write only; call no service")


def add_channel(options: argparse.Namespace) -> int:
    """Ask for what is needed, write it, tell the service, and say what is still to be done.

    Returns:
        0 where it is written and nothing failed, 1 where the answer was no, or the service
        refused.

    Raises:
        Unusable: A setting is wrong or missing; nothing was written.
        ProjectError: The project cannot be read or changed; nothing was written.
    """
    file = credentials.read(options.project)
    channel = _channel(options.name)
    from rasa_project.cli.channel_form import Form  # it loads Rasa, too

    credentials.require_free(file, channel.section(), channel.name())
    kept = env_file.read(options.env_file) if options.env_file else {}
    asks = not options.yes
    if asks:
        print(f"{channel.Provider.title}. docs/channels.md says where each of these is found.")
    given = dict(options.given)
    if options.url and "public_url" in channel.Provider.Settings.__fields__:
        given.setdefault("public_url", options.url)
    form = Form(channel, given, {**os.environ, **kept}, asks)
    filled = form.fill()
    if asks:
        _ask_for_the_rest(options, channel, filled)
    fresh = {**filled.entered, **filled.made}
    changes = env_file.changes(options.env_file, fresh) if options.env_file else []
    entry = credentials.with_channel(file, options.project, channel.section(), filled.values)
    print(f"\n{entry.diff(options.project)}\n")
    if asks and not _agreed():
        print("Nothing was changed.", file=sys.stderr)
        return 1
    for change in (*changes, entry):
        _require_unchanged(change)
    writing.write([*changes, entry])  # the secrets first: a channel without them cannot start
    _say_what_was_written(options, [*changes, entry], filled, form.further())
    provider = None
    if not filled.missing and not options.offline:
        provider = channel(form.options(filled)).provider
    return _connect(options, channel, provider)


def _channel(name: str) -> type[MessagingInput]:
    from rasa_project.channels.messaging import catalogue  # loading Rasa takes seconds

    known = catalogue.inputs()
    if name in known:
        return known[name]
    near = catalogue.nearest(name, list(known))
    meant = f" Did you mean {near}?" if near else ""
    raise Unusable(f"There is no channel {name!r}.{meant} There are {', '.join(known)}.")


def _ask_for_the_rest(
    options: argparse.Namespace, channel: type[MessagingInput], filled: Filled
) -> None:
    """Ask where the server is and where the secrets go, unless the command line says it."""
    from rasa_project.channels.messaging import catalogue
    from rasa_project.cli.channel_form import line

    if (filled.entered or filled.made) and options.env_file is None:
        print("\nA file to keep the secrets in, which only you can read and git ignores:")
        name = line("(.env, say; nothing and Enter keep them nowhere) > ")
        options.env_file = Path(name) if name else None
    while catalogue.registers(channel.Provider) and options.url is None and not options.offline:
        print("\nThe public https address of your Rasa server, to tell the service its webhook:")
        given = line("(nothing and Enter do that later) > ")
        if not given:
            return
        try:
            options.url = _https(given)
        except argparse.ArgumentTypeError as error:
            print(f"It {error}.")


def _agreed() -> bool:
    from rasa_project.cli.channel_form import line

    return line("Write this? [y/N] ").lower() in {"y", "yes"}


def _require_unchanged(change: Change) -> None:
    """Hold that nobody wrote into a file while the questions were answered."""
    now = yaml_file.read_text(change.path) if change.path.exists() else None
    if now != change.before:
        raise Unusable(f"{change.path} was changed meanwhile. Nothing was written; try again.")


def _say_what_was_written(
    options: argparse.Namespace, changes: list[Change], filled: Filled, further: str
) -> None:
    print(f"Wrote {' and '.join(change.path.name for change in changes)}.")
    if further:
        print(f"Settings with a value of their own, to be set there as you like: {further}.")
    fresh = {**filled.entered, **filled.made}
    if options.env_file and fresh:
        path = options.env_file if options.env_file.is_absolute() else f"./{options.env_file}"
        print(
            f"{options.env_file} holds {', '.join(fresh)}. Where Rasa is started: "
            f"`set -a; . {shlex.quote(str(path))}; set +a`."
        )
        fresh = {}
    if not fresh and not filled.missing:
        return
    print("Set where Rasa is started:")
    for name in fresh:
        made = filled.made.get(name)
        print(f"  {name}={made}  (made up just now, shown this once)" if made
              else f"  {name}: what you entered, which is kept nowhere")  # fmt: skip
    _list(filled.missing)


def _list(missing: Mapping[str, str]) -> None:
    for name, what in missing.items():
        print(f"  {name}: {what}")


def _connect(options: argparse.Namespace, channel: type[MessagingInput], provider: Any) -> int:
    """Tell the service its webhook, look whether it works, and say the next step."""
    from rasa_project.channels.messaging import catalogue

    kind = channel.Provider
    waits = catalogue.registers(kind) and options.url is None
    works = True
    if provider is not None:
        if catalogue.registers(kind) and options.url:
            works = _registered(provider, options.url)
        works = channel_connect.check(provider) and works
    print(_next_step(options, channel, known=provider is not None))
    # That there is no webhook yet is no failure where nobody said what it is.
    return 0 if works or waits else 1


def _registered(provider: Any, url: str) -> bool:
    try:
        channel_connect.register(provider, url)
    except Unusable as error:
        print(f"no  {error}")
        return False
    return True


def _next_step(options: argparse.Namespace, channel: type[MessagingInput], known: bool) -> str:
    from rasa_project.channels.messaging import catalogue

    kind, name = channel.Provider, channel.name()
    server = options.url or "https://YOUR-SERVER"
    steps = ["start Rasa anew, which reads credentials.yml when it starts"]
    if catalogue.registers(kind):
        if options.url is None or not known:
            steps.append(f"`attune channel register {name} {server}`")
    elif catalogue.has_webhook(kind):
        url = channel_connect.webhook(server, name)
        steps.append(f"enter {url} on {kind.title}'s page, as docs/channels.md shows")
    steps.append(f"`attune channel check {name}`")
    return f"Next: {'; then '.join(steps)}."


def _setting(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise argparse.ArgumentTypeError(f"must be NAME=VALUE. Received: {text.split('=')[0]}")
    return name.strip(), value


def _https(text: str) -> str:
    parts = urlsplit(text.strip())
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(
            "must be an address such as https://bot.example.com, which the service can reach"
        )
    return text.strip()
