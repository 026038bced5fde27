"""The tables of the desk's store; `migrations/` makes them, and a test holds the two equal."""

from rasa_project.desk.store.models.audit import AuditEntry
from rasa_project.desk.store.models.base import ID_CHARACTERS, SOURCE_CHARACTERS, Base
from rasa_project.desk.store.models.casework import Note, Outcome, TicketTag
from rasa_project.desk.store.models.connectors import (
    ConnectorDelivery,
    ConnectorEntry,
    ConnectorLink,
)
from rasa_project.desk.store.models.conversation import Conversation, Message
from rasa_project.desk.store.models.corrections import EmotionCorrection, HandoffVerdict
from rasa_project.desk.store.models.erasures import ErasedName, Erasure, ErasureKey
from rasa_project.desk.store.models.figures import TicketFigures, TicketReason
from rasa_project.desk.store.models.files import ReplyFile
from rasa_project.desk.store.models.outbox import OutboxEntry
from rasa_project.desk.store.models.people import (
    Agent,
    ApiToken,
    KnownBrowser,
    OpenIdAttempt,
    SignIn,
    SignInFailures,
)
from rasa_project.desk.store.models.queue import (
    Absence,
    AnswerTimer,
    QueueNotice,
    TicketEvent,
    TicketLink,
    WorkProfile,
)
from rasa_project.desk.store.models.reading import Cursor
from rasa_project.desk.store.models.replies import CannedAnswer
from rasa_project.desk.store.models.steps import BotStep
from rasa_project.desk.store.models.surveys import Survey
from rasa_project.desk.store.models.ticket import Ticket, Transition

__all__ = [
    "ID_CHARACTERS",
    "SOURCE_CHARACTERS",
    "Absence",
    "Agent",
    "AnswerTimer",
    "ApiToken",
    "AuditEntry",
    "Base",
    "BotStep",
    "CannedAnswer",
    "ConnectorDelivery",
    "ConnectorEntry",
    "ConnectorLink",
    "Conversation",
    "Cursor",
    "EmotionCorrection",
    "ErasedName",
    "Erasure",
    "ErasureKey",
    "HandoffVerdict",
    "KnownBrowser",
    "Message",
    "Note",
    "OpenIdAttempt",
    "OutboxEntry",
    "Outcome",
    "QueueNotice",
    "ReplyFile",
    "SignIn",
    "SignInFailures",
    "Survey",
    "Ticket",
    "TicketEvent",
    "TicketFigures",
    "TicketLink",
    "TicketReason",
    "TicketTag",
    "Transition",
    "WorkProfile",
]
