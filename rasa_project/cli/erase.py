"""`attune erase`: deletes what the web chat keeps of one customer."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from emotion_component.errors import EmotionError

CHANNEL: Final = "rasa_project.channels.webchat.WebChatInput"


class NothingToErase(EmotionError):
    """There is no such customer or conversation; the message says where it was looked for."""


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "erase",
        help="delete what the web chat keeps of one customer",
        description="Delete one customer's web chat: messages, sessions, what was not delivered "
        "yet, and files on disk. Pages that show it are closed within seconds.",
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--conversation", metavar="ID", help="Rasa's sender id")
    which.add_argument("--customer", metavar="ID", help="the customer's id in your shop")
    parser.add_argument(
        "--project", type=Path, default=Path(), metavar="PATH",
        help="folder with credentials.yml (default: here)",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="only say which conversations")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Erase, and print what is gone.

    Raises:
        NothingToErase: There is no such customer or conversation.
        EmotionError: The settings cannot be read.
    """
    found = asyncio.run(_erase(options))
    if options.json:
        print(json.dumps(found, indent=2))
        return
    conversations = found["conversations"]
    if options.dry_run:
        print(f"Would be erased: {', '.join(conversations)}")
        return
    print(
        f"Erased: {found['messages']} messages, {found['held']} that were not delivered yet, "
        f"{len(found['files'])} files, {found['mails']} mail addresses. All sessions are over."
    )
    print(
        "Rasa's tracker store and the desk keep these conversations by their own settings: "
        f"{', '.join(conversations)}"
    )


async def _erase(options: argparse.Namespace) -> dict[str, Any]:
    # Rasa takes seconds to import, which no other subcommand shall wait for.
    from rasa_project.channels.files.vault import Vault
    from rasa_project.channels.webchat.store import Database, erasing

    settings = _settings(options.project)
    store = Database(settings.store)
    try:
        thread = await (
            store.write(erasing.thread_of_customer, options.customer)
            if options.customer is not None
            else store.write(erasing.thread_of_conversation, options.conversation)
        )
        if thread is None:
            raise NothingToErase(_unknown(options))
        if options.dry_run:
            conversations = await store.read(erasing.conversations_of, thread)
            return {"conversations": list(conversations)}
        erased = await store.write(erasing.erase, thread)
        if settings.files is not None:
            vault = Vault(settings.files.folder)
            for file_id in erased.files:
                vault.remove(file_id)
        return asdict(erased)
    finally:
        store.close()


def _settings(project: Path) -> Any:
    from rasa.shared.exceptions import RasaException
    from rasa.shared.utils.io import read_config_file

    from rasa_project.channels.webchat.settings import Settings

    # As `python -m rasa_project` does; a relative address of a store means a place in the project.
    os.environ.setdefault("ATTUNE_HOME", str(project.resolve() / ".attune"))
    path = project / "credentials.yml"
    try:
        section = (read_config_file(path) if path.exists() else {}).get(CHANNEL)
        return Settings(section or {})
    except RasaException as error:
        raise EmotionError(f"{path} cannot be used: {error}") from error


def _unknown(options: argparse.Namespace) -> str:
    if options.customer is not None:
        return (
            f"The web chat knows no customer {options.customer!r}. Give the id that your shop "
            "signs (`sub` of its JWT), or --conversation for one who never signed in."
        )
    return (
        f"The web chat knows no conversation {options.conversation!r}. Give the id as Rasa has it "
        "(`sender_id`); the desk shows it, too."
    )
