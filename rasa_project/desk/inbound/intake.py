"""Takes what happened in Rasa into the desk's store, each event once however often it comes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError

from rasa_project.desk.erasing.names import ErasedNames
from rasa_project.desk.inbound import tracker_events
from rasa_project.desk.inbound.tracker_events import (
    ActionTaken,
    CustomerTurn,
    Decision,
    Row,
    SlotsReset,
    SlotValue,
)
from rasa_project.desk.store.models import BotStep, Conversation, Message, OutboxEntry, Ticket
from rasa_project.desk.survey import answers
from rasa_project.desk.tickets import priority, states, transitions
from rasa_project.desk.tickets.changes import Changes

logger = logging.getLogger(__name__)

LANGUAGES = ("en", "zh")
# Slots that the desk shows in another way, or that say nothing to an agent.
_NO_FACTS = {
    "emotion", "emotion_intensity", "emotion_trend", "language", "handoff_state",
    "escalation_reason", "escalation_held", "requested_slot", "session_started_metadata",
}  # fmt: skip
_LOOK_BACK_FOR_BUTTONS = 5
_REMEMBERED_INTENTS = 5  # a question or two before the one that asks for a person


class Intake:
    """Applies facts within one transaction.

    Args:
        session: A session of `Store.write`.
        stored_by_rasa: The facts were read where Rasa stores them. Otherwise a message of the
            desk's own was heard, but only Rasa's answer proves that it arrived.
    """

    def __init__(self, session: Any, *, stored_by_rasa: bool = True) -> None:
        self._session = session
        self._stored_by_rasa = stored_by_rasa
        self._erased = ErasedNames(session)
        self.changes = Changes()

    def take_sound(self, read: Callable[[], Row], name: str) -> None:
        """Take an event; a broken one is logged and holds up nobody.

        Args:
            read: Returns the event's row, or raises `BrokenEvent`.
            name: What the log calls the event.

        Raises:
            OperationalError, InterfaceError: The database fails, and the event is as good as ever.
        """
        try:
            row = read()
            if self._erased.cover(row.sender_id, row.timestamp):
                return
            fact = tracker_events.read(row)
            if fact is not None:
                with self._session.begin_nested():
                    self.take(row, fact)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            foreseen = isinstance(error, tracker_events.BrokenEvent)
            logger.warning("An event is skipped, %s: %s", name, error, exc_info=not foreseen)

    def take(self, row: Row, fact: tracker_events.Fact) -> None:
        """Apply one fact."""
        conversation = self._conversation(row)
        if isinstance(fact, CustomerTurn):
            self._customer_turn(conversation, row, fact)
        elif isinstance(fact, tracker_events.Utterance):
            self._utterance(conversation, row, fact)
        elif isinstance(fact, SlotValue):
            self._slot(conversation, row, fact)
        elif isinstance(fact, Decision):
            self._decision(conversation, row, fact)
            self._step(conversation, row, "action", fact.action)
        elif isinstance(fact, ActionTaken):
            self._step(conversation, row, "action", fact.action, fact.confidence)
        elif isinstance(fact, SlotsReset):
            self._reset(conversation, row, fact)
        self._session.flush()

    def _customer_turn(self, conversation: Conversation, row: Row, turn: CustomerTurn) -> None:
        conversation.decision = None  # of an earlier turn, and nothing came of it
        if self._is_known(row):
            return
        self._step(conversation, row, "intent", turn.intent, turn.intent_confidence)
        text = turn.title or self._title_of(conversation, turn.text) or turn.text
        message = self._add_message(
            conversation,
            row,
            sender="customer",
            text=text,
            emotion=turn.emotion,
            attachments=list(turn.attachments) or None,
        )
        conversation.channel = turn.channel or conversation.channel
        conversation.last_seen = row.timestamp
        conversation.reply_until = turn.reply_until
        conversation.last_text = text
        conversation.last_emotion = turn.emotion
        conversation.last_sender = message.sender
        conversation.intent = turn.intent
        conversation.heat = priority.heat(turn.emotion)
        conversation.forecast = (turn.emotion or {}).get("forecast")
        if turn.language in LANGUAGES:
            conversation.language = turn.language
        if turn.intent:
            intents = [turn.intent, *(conversation.intents or [])]
            conversation.intents = intents[:_REMEMBERED_INTENTS]
        self.changes |= answers.take(self._session, message, turn.text)
        if ticket := self._open_ticket(conversation):
            self._feel(ticket, turn.emotion)

    def _utterance(
        self, conversation: Conversation, row: Row, said: tracker_events.Utterance
    ) -> None:
        if self._is_known(row) or self._confirm(conversation, row, said.message_id):
            return
        self._add_message(
            conversation, row, sender=said.sender, text=said.text, agent=said.agent,
            buttons=said.buttons or None, attachments=list(said.attachments) or None,
            message_id=(said.message_id or "")[:64] or None,
        )  # fmt: skip
        conversation.last_sender = said.sender
        if ticket := self._open_ticket(conversation):
            self.changes.tickets.add(ticket.id)

    def _confirm(self, conversation: Conversation, row: Row, message_id: str | None) -> bool:
        """Recognize what the desk itself sent: now Rasa has it, with Rasa's time."""
        if message_id is None:
            return False
        query = select(Message).where(Message.message_id == message_id)
        message = self._session.scalar(query)
        if message is None or message.conversation_id != conversation.id:
            return message is not None
        if message.source is None:
            message.source, message.timestamp = row.source, row.timestamp
            self.changes.messages.add(message.id)
            self._keep_behind(message)
        entry = self._session.scalar(
            select(OutboxEntry).where(OutboxEntry.message_id == message_id)
        )
        if entry is not None and entry.state != "sent" and self._stored_by_rasa:
            entry.state, entry.sent_at, entry.error = "sent", row.timestamp, None
        return True

    def _keep_behind(self, confirmed: Message) -> None:
        """Keep what still waits for Rasa behind what Rasa took before it."""
        waiting = select(Message).where(
            Message.conversation_id == confirmed.conversation_id,
            Message.source.is_(None),
            Message.id > confirmed.id,
            Message.timestamp < confirmed.timestamp,
        )
        for message in self._session.scalars(waiting):
            message.timestamp = confirmed.timestamp  # the ids decide among equals
            self.changes.messages.add(message.id)

    def _slot(self, conversation: Conversation, row: Row, slot: SlotValue) -> None:
        if slot.name == "handoff_state":
            if slot.value == states.QUEUED:
                self._open(conversation, row)
            elif slot.value == states.BOT:
                self._taken_back(conversation, row)
        elif slot.name == "escalation_reason":
            conversation.reason = tracker_events.fact_text(slot.value)
            if ticket := self._open_ticket(conversation):
                self._explain(ticket, conversation)
        elif slot.name == "language" and slot.value in LANGUAGES:
            conversation.language = slot.value
        if slot.name not in _NO_FACTS:
            facts = {**conversation.slots, slot.name: tracker_events.fact_text(slot.value)}
            conversation.slots = {name: text for name, text in facts.items() if text is not None}

    def _decision(self, conversation: Conversation, row: Row, fact: Decision) -> None:
        """Keep the decision: it stands before or after the slot that opens the ticket."""
        conversation.decision = fact.decision
        ticket = self._open_ticket(conversation)
        if ticket and row.timestamp >= ticket.opened_at:
            self._explain(ticket, conversation)

    def _step(
        self, conversation: Conversation, row: Row, kind: str, name: str | None,
        confidence: float | None = None,
    ) -> None:  # fmt: skip
        """Keep what the bot understood or did, once."""
        query = select(BotStep.id).where(BotStep.source == row.source)
        if name is None or self._session.scalar(query) is not None:
            return
        self._session.add(
            BotStep(
                conversation_id=conversation.id, source=row.source, kind=kind, name=name,
                confidence=confidence, timestamp=row.timestamp,
            )
        )  # fmt: skip

    def _reset(self, conversation: Conversation, row: Row, fact: SlotsReset) -> None:
        conversation.slots = {}
        if fact.restarted:
            self._taken_back(conversation, row)

    def _open(self, conversation: Conversation, row: Row) -> None:
        """Open a ticket, unless one is open: a session's start repeats the slots."""
        key = f"open:{row.source}"
        if self._open_ticket(conversation) or transitions.was_applied(self._session, key):
            return
        ticket = Ticket(
            conversation_id=conversation.id, state=states.QUEUED, opened_at=row.timestamp,
            heat=0.0, evidence=priority.UNKNOWN_EVIDENCE, sort_key=0.0, reasons=[],
        )  # fmt: skip
        self._session.add(ticket)
        self._session.flush()
        self._feel(ticket, conversation.last_emotion)
        self._explain(ticket, conversation)
        why = conversation.reason or "the assistant handed over"
        transitions.record_opening(self._session, ticket, why=why, key=key)

    def _taken_back(self, conversation: Conversation, row: Row) -> None:
        """Close the ticket of a conversation that the bot has again without the desk's doing.

        When the desk hands back, it closes the ticket before Rasa hears of it; so an open ticket
        here means a restart or another system. An event older than the ticket is a replayed one.
        """
        ticket = self._open_ticket(conversation)
        if ticket is None or row.timestamp < ticket.opened_at:
            return
        transitions.move(
            self._session, ticket, states.BOT, who="rasa", at=row.timestamp,
            why="the conversation went back to the assistant", key=f"bot:{row.source}",
        )  # fmt: skip
        self.changes.tickets.add(ticket.id)

    def _explain(self, ticket: Ticket, conversation: Conversation) -> None:
        """Give the ticket the reasons known by now; the decision says more than the slot."""
        if conversation.decision:
            ticket.reasons = conversation.decision["reasons"]
            ticket.evidence = priority.evidence(conversation.decision)
            self._weigh(ticket)
            conversation.decision = None
        elif conversation.reason and not ticket.reasons:
            ticket.reasons = [{"signal": "stated", "says": conversation.reason}]
            self.changes.tickets.add(ticket.id)

    def _feel(self, ticket: Ticket, emotion: dict[str, Any] | None) -> None:
        ticket.heat = priority.heat(emotion)
        forecast = priority.forecast(emotion)
        ticket.forecast = ticket.forecast if forecast is None else forecast
        self._weigh(ticket)

    def _weigh(self, ticket: Ticket) -> None:
        priority.weigh(ticket)
        self.changes.tickets.add(ticket.id)

    def _conversation(self, row: Row) -> Conversation:
        conversation: Conversation | None = self._session.get(Conversation, row.sender_id)
        if conversation is None:
            conversation = Conversation(id=row.sender_id, last_seen=row.timestamp, slots={})
            self._session.add(conversation)
        return conversation

    def _open_ticket(self, conversation: Conversation) -> Ticket | None:
        query = select(Ticket).where(
            Ticket.conversation_id == conversation.id, Ticket.state.in_(states.OPEN)
        )
        ticket: Ticket | None = self._session.scalar(query)
        return ticket

    def _is_known(self, row: Row) -> bool:
        query = select(Message.id).where(Message.source == row.source)
        return self._session.scalar(query) is not None

    def _add_message(self, conversation: Conversation, row: Row, **values: Any) -> Message:
        message = Message(
            conversation_id=conversation.id, source=row.source, timestamp=row.timestamp, **values
        )
        self._session.add(message)
        self._session.flush()
        self.changes.messages.add(message.id)
        return message

    def _title_of(self, conversation: Conversation, text: str) -> str | None:
        """Find the title of the button whose payload this is."""
        if not text.startswith("/"):
            return None
        query = (
            select(Message.buttons)
            .where(Message.conversation_id == conversation.id, Message.sender == "bot")
            .order_by(Message.id.desc())
            .limit(_LOOK_BACK_FOR_BUTTONS)
        )
        shown: Iterable[Any] = self._session.scalars(query)
        titles = {entry["payload"]: entry["title"] for buttons in shown for entry in buttons or []}
        return titles.get(text)
