"""Schema 3: the colours that somebody saved for a project, as JSON [[colour, name], ...]."""

import peewee


def upgrade(database: peewee.Database) -> None:
    database.execute_sql(
        "CREATE TABLE palette ("
        " project TEXT PRIMARY KEY REFERENCES project (id) ON DELETE CASCADE,"
        " body TEXT NOT NULL,"
        " seal INTEGER NOT NULL DEFAULT 0"
        ") WITHOUT ROWID"
    )
