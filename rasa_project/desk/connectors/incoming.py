"""Does here what people at another desk did there, within one transaction."""

from __future__ import annotations

import hashlib
import logging
import re
import time
from typing import Any, Final

from sqlalchemy import select

from rasa_project.desk.connectors import feed
from rasa_project.desk.connectors.connector import Action
from rasa_project.desk.errors import RequestError
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store.models import Agent, ConnectorLink, Message, Ticket
from rasa_project.desk.tickets import elsewhere, notes, states, work
from rasa_project.desk.tickets.changes import Changes

logger = logging.getLogger(__name__)

HAND_BACK_NOTE: Final = re.compile(r"\s*!bot\b[:,]?\s*", re.IGNORECASE)
_NAME_CHARACTERS: Final = 40


class Incoming:
    """Applies actions of one connector.

    Args:
        session: A session of `Store.write`.
        connector: Its name.
        title: Its name for people.
    """

    def __init__(self, session: Any, connector: str, title: str) -> None:
        self._session = session
        self._connector = connector
        self._title = title
        self.changes = Changes()
        session.info[feed.ORIGIN] = connector

    def apply(self, action: Action, person: str) -> None:
        """Do one thing.

        Args:
            action: What was done there.
            person: The name that customers read.
        """
        link = self._session.scalar(
            select(ConnectorLink)
            .where(
                ConnectorLink.connector == self._connector, ConnectorLink.remote_id == action.ticket
            )
            .order_by(ConnectorLink.id.desc())  # one of theirs may stand for several of ours
            .limit(1)
        )
        if link is None:  # a ticket of that desk that never came from here
            logger.debug("%s: ticket %s is not ours.", self._connector, action.ticket)
            return
        # Some events do not say who it was; then it was whoever had it.
        name = _clean(person)[:_NAME_CHARACTERS].strip() or link.holder or self._title
        who = self._identity(name)
        ticket = self._session.get(Ticket, link.ticket_id)
        try:
            with self._session.begin_nested():
                self._do(action, ticket, link, who)
        except RequestError as error:
            self._tell(ticket, error, action)
        self.changes.tickets.add(ticket.id)

    def _do(self, action: Action, ticket: Ticket, link: ConnectorLink, who: Identity) -> None:
        command = HAND_BACK_NOTE.match(action.text) if action.kind == "note" else None
        if command:
            self._close(work.hand_back, ticket, link, who, action.text[command.end() :])
        elif action.kind == "answer":
            self._answer(action, ticket, link, who)
        elif action.kind == "note":
            text = f"{who.display_name}: {action.text}"[: notes.MAX_NOTE_CHARACTERS]
            key = _message_id(self._connector, action.id)
            self._merge(notes.write(self._session, ticket.id, who, key, text))
        elif action.kind == "assign":
            link.holder = who.display_name if action.person else None
        elif action.kind == "take" and ticket.state in states.OPEN:
            self._take(ticket, link, who)
        elif action.kind == "resolve":
            self._close(work.resolve, ticket, link, who, action.text)
        elif action.kind == "hand_back":
            self._close(work.hand_back, ticket, link, who, action.text)

    def _take(self, ticket: Ticket, link: ConnectorLink, who: Identity) -> None:
        self._merge(work.claim(self._session, ticket.id, who))
        link.holder = who.display_name

    def _answer(self, action: Action, ticket: Ticket, link: ConnectorLink, who: Identity) -> None:
        message_id = _message_id(self._connector, action.id)
        known = select(Message.id).where(Message.message_id == message_id)
        if self._session.scalar(known) is not None:
            return  # it came in two deliveries
        current = self._current(ticket)
        if current.state in states.OPEN:
            if current.id == ticket.id:
                self._take(ticket, link, who)
            else:
                work.require_mine(current, who)
            self._merge(work.answer(self._session, current.id, who, message_id, action.text))
        else:
            self._merge(work.say_afterwards(self._session, ticket, who, message_id, action.text))

    def _current(self, ticket: Ticket) -> Ticket:
        """Return the open ticket of the customer, who may have come again since; else this one."""
        query = select(Ticket).where(
            Ticket.conversation_id == ticket.conversation_id, Ticket.state.in_(states.OPEN)
        )
        return self._session.scalar(query) or ticket

    def _close(
        self, how: Any, ticket: Ticket, link: ConnectorLink, who: Identity, note: str
    ) -> None:
        if ticket.state not in states.OPEN:
            return
        self._take(ticket, link, who)
        link.holder = None
        self._merge(how(self._session, ticket.id, who, note[: work.MAX_NOTE_CHARACTERS]))

    def _tell(self, ticket: Ticket, error: RequestError, action: Action) -> None:
        """Let them know there that it did not work: silence would look like success."""
        holder = error.details.get("agent")
        values: dict[str, Any] = {"who": holder, "why": str(error), "text": action.text[:500]}
        held = "held" if action.kind == "answer" else "held_close"
        content = {"text": held if holder else "empty", "values": values}
        feed.add(self._session, ticket.id, self._connector, "notice", content=content)
        logger.info("%s: %s of %s refused: %s", self._connector, action.kind, ticket.id, error)

    def _merge(self, changes: Changes) -> None:
        self.changes.tickets |= changes.tickets
        self.changes.messages |= changes.messages
        self.changes.casework |= changes.casework

    def _identity(self, name: str) -> Identity:
        """Return who acts here for that desk; nobody can sign in as it."""
        account = f"{elsewhere.ACCOUNT_MARK}{self._connector}"
        agent = self._session.scalar(select(Agent).where(Agent.name == account))
        if agent is None:
            agent = Agent(
                name=account, display_name=self._title, password_hash="!",
                must_change_password=False, created_at=time.time(), service=True,
            )  # fmt: skip
            self._session.add(agent)
            self._session.flush()
        return Identity(
            agent_id=agent.id, name=account, display_name=name, role=agent.role,
            must_change_password=False, session="", expires_at=time.time() + 60,
        )  # fmt: skip


def _message_id(connector: str, remote: str) -> str:
    """Name an answer for ever, however often and in whatever delivery it comes."""
    digest = hashlib.sha256(f"{connector}\0{remote}".encode("utf-8", "replace")).hexdigest()
    return f"connector-{digest[:48]}"


def _clean(name: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())
