CREATE TABLE channel_customers (
    channel VARCHAR(40) NOT NULL,
    customer VARCHAR(200) NOT NULL,
    heard_at FLOAT,
    route JSON NOT NULL,
    reading VARCHAR(255),
    sending VARCHAR(255),
    paced_until FLOAT NOT NULL,
    PRIMARY KEY (channel, customer)
);
CREATE TABLE channel_outgoing (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    channel VARCHAR(40) NOT NULL,
    customer VARCHAR(200) NOT NULL,
    utterance VARCHAR(255) NOT NULL,
    piece INTEGER NOT NULL,
    part JSON,
    state VARCHAR(8) NOT NULL,
    attempts INTEGER NOT NULL,
    uncertain BOOLEAN NOT NULL,
    next_attempt_at FLOAT NOT NULL,
    error TEXT,
    remote_id VARCHAR(255),
    created_at FLOAT NOT NULL,
    ended_at FLOAT,
    CONSTRAINT known_outgoing_state CHECK (state IN ('pending', 'done', 'dead')),
    CONSTRAINT said_once UNIQUE (channel, customer, utterance, piece)
);
CREATE INDEX channel_outgoing_by_customer ON channel_outgoing (channel, customer, id);
CREATE INDEX channel_outgoing_by_remote ON channel_outgoing (channel, remote_id);
CREATE INDEX channel_outgoing_in_order ON channel_outgoing (state, channel, customer, id);
CREATE INDEX ix_channel_outgoing_ended_at ON channel_outgoing (ended_at);
CREATE TABLE channel_received (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    channel VARCHAR(40) NOT NULL,
    customer VARCHAR(200) NOT NULL,
    delivery_id VARCHAR(200) NOT NULL,
    turn JSON,
    place FLOAT NOT NULL,
    state VARCHAR(8) NOT NULL,
    attempts INTEGER NOT NULL,
    uncertain BOOLEAN NOT NULL,
    next_attempt_at FLOAT NOT NULL,
    error TEXT,
    received_at FLOAT NOT NULL,
    ended_at FLOAT,
    CONSTRAINT known_received_state CHECK (state IN ('pending', 'done', 'dead')),
    CONSTRAINT received_once UNIQUE (channel, delivery_id)
);
CREATE INDEX channel_received_in_order ON channel_received (state, channel, customer, place, id);
CREATE INDEX ix_channel_received_ended_at ON channel_received (ended_at);
CREATE TABLE channel_workers (
    id VARCHAR(255) NOT NULL,
    alive_until FLOAT NOT NULL,
    PRIMARY KEY (id)
);
