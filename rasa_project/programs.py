"""The three programs of an Attune installation: what is run, with which settings and secrets."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from rasa_project.endpoints import Endpoints
from rasa_project.process import Program
from rasa_project.settings import LOOPBACK, Secrets, Settings

RASA = "Rasa server"
ACTIONS = "action server"
DESK = "agent desk"


def of(
    settings: Settings,
    secrets: Secrets,
    endpoints: Endpoints,
    on_desk_line: Callable[[str], str | None] = lambda line: line,
) -> list[Program]:
    """Describe what to start, in the order in which people read it.

    Args:
        settings: Folders and ports.
        secrets: What the programs share.
        endpoints: What `endpoints.yml` says.
        on_desk_line: Sees each line that the desk prints, its one-time password among them; what
            it returns is kept in the log.
    """
    programs = [_rasa(settings, secrets, endpoints)]
    if endpoints.runs_actions:
        programs.append(_actions(settings))
    return [*programs, _desk(settings, secrets, endpoints, on_desk_line)]


def _rasa(settings: Settings, secrets: Secrets, endpoints: Endpoints) -> Program:
    port = str(settings.rasa_port)
    command = [sys.executable, "-m", "rasa_project.rasa_server"]
    command += ["--model", str(settings.models), "--endpoints", str(endpoints.file)]
    command += ["--interface", LOOPBACK, "--port", port]
    environment = {
        "ATTUNE_RASA_TOKEN": secrets.rasa_token,
        "ATTUNE_HOME": str(settings.home),  # the chat channel keeps messages and keys there
    }
    # Rasa's root answers before the model is loaded; only the channel's health says it serves.
    health = f"http://{LOOPBACK}:{port}/webhooks/webchat/"
    return Program(RASA, command, health, environment)


def _actions(settings: Settings) -> Program:
    port = str(settings.actions_port)
    command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", port]
    # Left alone, rasa_sdk listens on every interface.
    environment = {"SANIC_HOST": LOOPBACK, "ATTUNE_SHOP_DB": str(settings.home / "shop.db")}
    return Program(ACTIONS, command, f"http://{LOOPBACK}:{port}/health", environment)


def _desk(
    settings: Settings,
    secrets: Secrets,
    endpoints: Endpoints,
    on_line: Callable[[str], str | None],
) -> Program:
    environment = {
        "ATTUNE_HOME": str(settings.home),
        "ATTUNE_RASA_URL": f"http://{LOOPBACK}:{settings.rasa_port}",
        "ATTUNE_RASA_TOKEN": secrets.rasa_token,
        "ATTUNE_TRACKER_DB": endpoints.tracker_db,
        "ATTUNE_EVENT_BROKER": endpoints.event_broker,
        # An operator may name a database elsewhere.
        "ATTUNE_DESK_DB": os.environ.get("ATTUNE_DESK_DB") or settings.desk_db,
        "ATTUNE_DESK_HOST": LOOPBACK,
        "ATTUNE_DESK_PORT": str(settings.desk_port),
    }
    command = [sys.executable, "-m", "rasa_project.desk"]
    health = f"http://{LOOPBACK}:{settings.desk_port}/health"
    return Program(DESK, command, health, environment, on_line)
