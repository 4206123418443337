"""Schema 1: projects, items, their history, images, chats, jobs, usage, settings and search.

Times are microseconds since 1970 in UTC; bodies are JSON; image bytes lie apart from what is
known of them, so that no question about images ever reads the images.
"""

import peewee

STATEMENTS = """
CREATE TABLE mark (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE provider (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL DEFAULT '',
    secret TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;

CREATE TABLE project (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    starred INTEGER NOT NULL DEFAULT 0,
    trashed INTEGER,
    text_model TEXT,
    image_model TEXT
) WITHOUT ROWID;

CREATE TABLE item (
    project TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    asset TEXT,
    added INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE INDEX item_newest_image ON item (project, added, asset) WHERE asset IS NOT NULL;
CREATE INDEX item_asset ON item (asset) WHERE asset IS NOT NULL;

CREATE TABLE trashed_item (
    project TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    trashed INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE INDEX trashed_item_age ON trashed_item (trashed);

CREATE TABLE step (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    project TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    actor TEXT NOT NULL,
    run TEXT,
    created INTEGER NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0,
    size INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX step_order ON step (project, number, undone, size);
CREATE INDEX step_undone ON step (project, number) WHERE undone = 1;

CREATE TABLE asset (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    mime TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    size INTEGER NOT NULL,
    problem TEXT NOT NULL DEFAULT '',
    added INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    levels INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX asset_without_levels ON asset (number) WHERE levels = 0;

CREATE TABLE original (
    number INTEGER PRIMARY KEY REFERENCES asset (number) ON DELETE CASCADE,
    data BLOB NOT NULL
);

CREATE TABLE level (
    number INTEGER PRIMARY KEY,
    data BLOB NOT NULL
);

CREATE TABLE micro (
    number INTEGER PRIMARY KEY REFERENCES asset (number) ON DELETE CASCADE,
    data BLOB NOT NULL
);

CREATE TABLE session (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    trashed INTEGER
) WITHOUT ROWID;
CREATE INDEX session_project ON session (project, changed);

CREATE TABLE message (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    run TEXT,
    model TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    created INTEGER NOT NULL,
    parts TEXT NOT NULL
);
CREATE INDEX message_session ON message (session, number);
CREATE INDEX message_open ON message (number) WHERE state IN ('queued', 'streaming');

CREATE TABLE confirmation (
    id TEXT PRIMARY KEY,
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    run TEXT NOT NULL,
    tool TEXT NOT NULL,
    arguments TEXT NOT NULL,
    digest TEXT NOT NULL,
    state TEXT NOT NULL,
    created INTEGER NOT NULL,
    answered INTEGER
) WITHOUT ROWID;
CREATE INDEX confirmation_session ON confirmation (session, created);
CREATE INDEX confirmation_pending ON confirmation (id) WHERE state = 'pending';

CREATE TABLE job (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    session TEXT,
    run TEXT,
    tool_call TEXT,
    state TEXT NOT NULL,
    item TEXT,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    place TEXT NOT NULL,
    request TEXT NOT NULL,
    problem TEXT,
    workflow TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX job_project ON job (project, created);
CREATE INDEX job_item ON job (item) WHERE item IS NOT NULL;
CREATE INDEX job_open ON job (created) WHERE state IN ('requested', 'posted', 'running');

CREATE TABLE usage (
    number INTEGER PRIMARY KEY,
    created INTEGER NOT NULL,
    model TEXT NOT NULL,
    project TEXT,
    session TEXT,
    run TEXT,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    images INTEGER NOT NULL,
    micro_usd INTEGER NOT NULL
);
CREATE INDEX usage_created ON usage (created);

CREATE TABLE words (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    project TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    session TEXT,
    owner TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (project, kind, owner)
);
CREATE INDEX words_session ON words (session) WHERE session IS NOT NULL;

CREATE VIRTUAL TABLE words_index USING fts5 (
    body,
    content = 'words',
    content_rowid = 'number',
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '2 3'
);
CREATE TRIGGER words_added AFTER INSERT ON words BEGIN
    INSERT INTO words_index (rowid, body) VALUES (new.number, new.body)|
END;
CREATE TRIGGER words_removed AFTER DELETE ON words BEGIN
    INSERT INTO words_index (words_index, rowid, body) VALUES ('delete', old.number, old.body)|
END;
CREATE TRIGGER words_changed AFTER UPDATE OF body ON words BEGIN
    INSERT INTO words_index (words_index, rowid, body) VALUES ('delete', old.number, old.body)|
    INSERT INTO words_index (rowid, body) VALUES (new.number, new.body)|
END;
"""


def upgrade(database: peewee.Database) -> None:
    for statement in STATEMENTS.split(";"):
        if statement.strip():
            # Inside of triggers `|` stands for the semicolon, so that splitting is simple.
            database.execute_sql(statement.replace("|", ";"))
