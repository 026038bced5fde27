CREATE TABLE webchat_files (
    id VARCHAR(64) NOT NULL,
    sender VARCHAR(255) NOT NULL,
    owner VARCHAR(16) NOT NULL,
    client VARCHAR(400) NOT NULL,
    name TEXT NOT NULL,
    mime_type VARCHAR(128) NOT NULL,
    size BIGINT NOT NULL,
    made FLOAT NOT NULL,
    message VARCHAR(400),
    PRIMARY KEY (id),
    UNIQUE (sender, owner, client)
);
CREATE INDEX webchat_files_made ON webchat_files (made);
CREATE TABLE webchat_held (
    "key" INTEGER NOT NULL,
    sender VARCHAR(64) NOT NULL,
    id VARCHAR(400) NOT NULL,
    utterance VARCHAR(400) NOT NULL,
    body TEXT NOT NULL,
    since FLOAT NOT NULL,
    PRIMARY KEY ("key")
);
CREATE TABLE webchat_mails (
    id VARCHAR(64) NOT NULL,
    thread VARCHAR(64) NOT NULL,
    address VARCHAR(254) NOT NULL,
    language VARCHAR(8) NOT NULL,
    zone VARCHAR(64) NOT NULL,
    state VARCHAR(8) NOT NULL,
    attempts INTEGER NOT NULL,
    due FLOAT NOT NULL,
    asked FLOAT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX webchat_mails_state ON webchat_mails (state);
CREATE TABLE webchat_messages (
    "key" INTEGER NOT NULL,
    thread VARCHAR(64) NOT NULL,
    number INTEGER NOT NULL,
    id VARCHAR(400) NOT NULL,
    body TEXT NOT NULL,
    turn TEXT,
    state VARCHAR(8),
    said FLOAT NOT NULL,
    PRIMARY KEY ("key"),
    UNIQUE (thread, number),
    UNIQUE (thread, id)
);
CREATE INDEX webchat_messages_state ON webchat_messages (state);
CREATE TABLE webchat_presence (
    thread VARCHAR(64) NOT NULL,
    here FLOAT DEFAULT '0' NOT NULL,
    typing FLOAT DEFAULT '0' NOT NULL,
    seen INTEGER DEFAULT '0' NOT NULL,
    PRIMARY KEY (thread)
);
CREATE TABLE webchat_revoked (
    session VARCHAR(64) NOT NULL,
    until FLOAT NOT NULL,
    PRIMARY KEY (session)
);
CREATE TABLE webchat_standings (
    thread VARCHAR(64) NOT NULL,
    standing TEXT NOT NULL,
    until FLOAT NOT NULL,
    PRIMARY KEY (thread)
);
CREATE TABLE webchat_threads (
    id VARCHAR(64) NOT NULL,
    sender VARCHAR(64) NOT NULL,
    customer VARCHAR(255),
    profile TEXT NOT NULL,
    last INTEGER NOT NULL,
    delivered INTEGER NOT NULL,
    signed_out FLOAT,
    touched FLOAT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (customer)
);
CREATE TABLE webchat_aliases (
    sender VARCHAR(64) NOT NULL,
    thread VARCHAR(64) NOT NULL,
    PRIMARY KEY (sender),
    FOREIGN KEY(thread) REFERENCES webchat_threads (id) ON DELETE CASCADE
);
