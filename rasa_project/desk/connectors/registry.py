"""Which connectors there are, and those that this desk uses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from rasa_project.desk.connectors import settings
from rasa_project.desk.connectors.chatwoot import ChatwootConnector
from rasa_project.desk.connectors.connector import Connector
from rasa_project.desk.connectors.settings import ConnectorSettings, ConnectorsFile
from rasa_project.desk.connectors.slack import SlackConnector
from rasa_project.desk.connectors.webhook import WebhookConnector
from rasa_project.desk.connectors.zammad import ZammadConnector
from rasa_project.desk.connectors.zendesk import ZendeskConnector
from rasa_project.errors import StartError

TYPES: Final[dict[str, type[Connector]]] = {
    "chatwoot": ChatwootConnector,
    "zendesk": ZendeskConnector,
    "zammad": ZammadConnector,
    "slack": SlackConnector,
    "webhook": WebhookConnector,
}


def validated(
    file: ConnectorsFile,
) -> dict[str, tuple[type[Connector], ConnectorSettings]]:
    """Check the settings of all connectors.

    Raises:
        StartError: One is of an unknown type, or its settings are wrong.
    """
    found = {}
    for listed in file.listed:
        kind = TYPES.get(listed.type)
        if kind is None:
            raise StartError(
                f"The connector {listed.name} is of the type {listed.type!r}, which there is not. "
                f"There are: {', '.join(TYPES)}."
            )
        found[listed.name] = (kind, settings.checked(kind.Settings, listed))
    return found


@asynccontextmanager
async def opened(file: ConnectorsFile) -> AsyncIterator[Mapping[str, Connector]]:
    """Give the connectors by name, with connections that are closed at the end.

    Raises:
        StartError: See `validated`.
    """
    async with AsyncExitStack() as stack:
        connectors = {}
        for name, (kind, checked) in validated(file).items():
            http = await stack.enter_async_context(kind.client(checked))
            connectors[name] = kind(checked, http)
        yield connectors
