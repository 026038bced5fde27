"""The tables of the chat store.

A thread is what one customer sees as the conversation. Rasa's conversations come and go under it:
an anonymous one that is signed in while the customer has another is joined to the customer's.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

ID_CHARACTERS: Final = 400  # a client's or the desk's id with what this channel adds to it
METADATA: Final = MetaData()

THREADS: Final = Table(
    "webchat_threads",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("sender", String(64), nullable=False),  # Rasa's sender id of what is said next
    Column("customer", String(255), unique=True),  # as the shop names its customer
    Column("profile", Text, nullable=False, default="{}"),  # JSON: what else the shop vouches for
    Column("last", Integer, nullable=False, default=0),  # number of the latest message
    Column("delivered", Integer, nullable=False, default=0),  # the latest that a page confirmed
    Column("signed_out", Float),  # sessions issued before are over, seconds since 1970
    Column("touched", Float, nullable=False),
)

# Rasa's conversations that belong to a thread of another name.
ALIASES: Final = Table(
    "webchat_aliases",
    METADATA,
    Column("sender", String(64), primary_key=True),
    Column("thread", ForeignKey("webchat_threads.id", ondelete="CASCADE"), nullable=False),
)

MESSAGES: Final = Table(
    "webchat_messages",
    METADATA,
    Column("key", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("thread", String(64), nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3 ... without a gap within the thread
    Column("id", String(ID_CHARACTERS), nullable=False),
    Column("body", Text, nullable=False),  # JSON: what clients are shown
    Column("turn", Text),  # JSON: what Rasa is given; for the customer's messages alone
    Column("state", String(8)),  # waiting, running, done or failed; likewise
    Column("said", Float, nullable=False),
    UniqueConstraint("thread", "number"),
    UniqueConstraint("thread", "id"),
)
Index("webchat_messages_state", MESSAGES.c.state)

# What was pushed and is shown once Rasa has stored it.
HELD: Final = Table(
    "webchat_held",
    METADATA,
    Column("key", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("sender", String(64), nullable=False),
    Column("id", String(ID_CHARACTERS), nullable=False),
    Column("utterance", String(ID_CHARACTERS), nullable=False),  # Rasa's metadata `message_id`
    Column("body", Text, nullable=False),  # JSON: what clients are shown
    Column("since", Float, nullable=False),
)

# What is in the folder of files; a file without a row counts for nothing and is swept.
FILES: Final = Table(
    "webchat_files",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("sender", String(255), nullable=False),  # Rasa's sender id of the conversation
    Column("owner", String(16), nullable=False),  # customer or agent
    Column("client", String(ID_CHARACTERS), nullable=False),  # the page's id of it
    Column("name", Text, nullable=False),
    Column("mime_type", String(128), nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes
    Column("made", Float, nullable=False),
    Column("message", String(ID_CHARACTERS)),  # the message that holds it; none until it is sent
    UniqueConstraint("sender", "owner", "client"),
)
Index("webchat_files_made", FILES.c.made)

# What holds for seconds alone.
PRESENCE: Final = Table(
    "webchat_presence",
    METADATA,
    Column("thread", String(64), primary_key=True),
    Column("here", Float, nullable=False, server_default="0"),  # until when a page counts as open
    Column("typing", Float, nullable=False, server_default="0"),  # likewise, as being written in
    Column("seen", Integer, nullable=False, server_default="0"),  # number of the latest shown
)

# Where customers stand who wait for a person, as the desk says; it says so again every minute.
STANDINGS: Final = Table(
    "webchat_standings",
    METADATA,
    Column("thread", String(64), primary_key=True),
    Column("standing", Text, nullable=False),  # JSON, see `standing_routes.py`
    Column("until", Float, nullable=False),  # when it says nothing any more
)

# Conversations that customers have mailed to them.
MAILS: Final = Table(
    "webchat_mails",
    METADATA,
    Column("id", String(64), primary_key=True),  # the page's
    Column("thread", String(64), nullable=False),
    Column("address", String(254), nullable=False),
    Column("language", String(8), nullable=False),
    Column("zone", String(64), nullable=False),  # the customer's, such as Europe/Berlin
    Column("state", String(8), nullable=False),  # waiting, sending, sent or failed
    Column("attempts", Integer, nullable=False, default=0),
    Column("due", Float, nullable=False),  # when it is tried next, seconds since 1970
    Column("asked", Float, nullable=False),
)
Index("webchat_mails_state", MAILS.c.state)

REVOKED: Final = Table(
    "webchat_revoked",
    METADATA,
    Column("session", String(64), primary_key=True),
    Column("until", Float, nullable=False),  # when its tokens expire by themselves
)
