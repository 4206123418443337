"""Keeps the chats: sessions, their messages, and the questions asked before a tool runs."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import peewee

from kupuri_desktop.core.chat import (
    Confirmation,
    ConfirmationState,
    Message,
    MessageState,
    Role,
    Session,
    TextPart,
    Usage,
    parts_from_json,
    parts_to_json,
)
from kupuri_desktop.core.errors import NotFound
from kupuri_desktop.storage import words
from kupuri_desktop.storage.database import Database
from kupuri_desktop.storage.seals import reseal
from kupuri_desktop.storage.tables import (
    ConfirmationRow,
    MessageRow,
    SessionRow,
    fetch,
    from_micros,
    now_micros,
    seal_of,
    sealed,
    upsert,
)

UNREADABLE = "(This message could not be read.)"


class Chats:
    """Raises NotFound for a session that is not there (any more)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sessions(self, project: str, *, trashed: bool = False) -> list[Session]:
        """The most lately changed first; those in the trash instead if `trashed`."""

        def work(database: peewee.Database) -> list[Session]:
            rows = (
                SessionRow.select()
                .where(SessionRow.project == project, SessionRow.trashed.is_null(not trashed))
                .order_by(SessionRow.changed.desc(), SessionRow.id)
            )
            return [_session(row) for row in fetch(rows, database)]

        return await self._database.read(work)

    async def create_session(self, session: Session) -> Session:
        """Raises NotFound without its project, Conflict where the id is taken."""

        def work(database: peewee.Database) -> Session:
            row = {
                "id": session.id,
                "project": session.project,
                "name": session.name,
                "created": session.created,
                "changed": session.changed,
                "trashed": session.trashed,
            }
            SessionRow.insert(**sealed(SessionRow, row)).execute(database)
            words.put_words(
                database, words.SESSION, session.project, session.id, session.name, session.id
            )
            return session

        return await self._database.write(work)

    async def change_session(self, session_id: str, *, name: str) -> Session:
        def work(database: peewee.Database) -> Session:
            session = _update_session(database, session_id, name=name)
            words.put_words(database, words.SESSION, session.project, session.id, name, session.id)
            return session

        return await self._database.write(work)

    async def trash_session(self, session_id: str) -> None:
        moment = from_micros(now_micros())
        await self._database.write(
            lambda database: _update_session(database, session_id, trashed=moment)
        )

    async def restore_session(self, session_id: str) -> None:
        await self._database.write(
            lambda database: _update_session(database, session_id, trashed=None)
        )

    async def messages(self, session_id: str) -> list[Message]:
        """In the order in which they were first saved."""

        def work(database: peewee.Database) -> list[Message]:
            rows = (
                MessageRow.select()
                .where(MessageRow.session == session_id)
                .order_by(MessageRow.number)
            )
            found = fetch(rows, database)
            for row in found:
                if seal_of(MessageRow, row) != row["seal"] or not _readable(row):
                    self._database.suspect(f"a message that changed on the disk: {row['id']}")
            return [_message(row) for row in found]

        return await self._database.read(work)

    def save_message(self, message: Message) -> "asyncio.Future[None]":
        """Queues a new message, or what an old one (the same id) has become."""
        return self._database.journal(lambda database: store_message(database, message))

    def delete_message(self, message_id: str) -> "asyncio.Future[None]":
        """Queues the end of a message that said nothing: a wish taken back, an error retried."""
        return self._database.journal(lambda database: _delete_message(database, message_id))

    def save_confirmation(self, confirmation: Confirmation) -> "asyncio.Future[None]":
        return self._database.journal(lambda database: _store_confirmation(database, confirmation))

    async def confirmations(self, session_id: str) -> list[Confirmation]:
        """The oldest first."""

        def work(database: peewee.Database) -> list[Confirmation]:
            rows = (
                ConfirmationRow.select()
                .where(ConfirmationRow.session == session_id)
                .order_by(ConfirmationRow.created, ConfirmationRow.id)
            )
            found: list[Confirmation] = []
            for row in fetch(rows, database):
                try:
                    found.append(_confirmation(row))
                except (ValueError, TypeError):
                    self._database.suspect(f"a question that cannot be read: {row['id']}")
            return found

        return await self._database.read(work)


def close_interrupted(database: peewee.Database) -> int:
    """Closes what an earlier life of Kupuri left open; returns how many messages that were."""
    states = (MessageState.STREAMING.value, MessageState.QUEUED.value)
    query = MessageRow.select().where(MessageRow.state.in_(states)).order_by(MessageRow.number)
    rows = fetch(query, database)
    for row in rows:
        if _readable(row):
            store_message(database, _message(row).closed(MessageState.INTERRUPTED))
    # What cannot be read is left as it is, but for its state.
    MessageRow.update(state=MessageState.INTERRUPTED.value).where(
        MessageRow.state.in_(states)
    ).execute(database)
    pending = ConfirmationRow.state == ConfirmationState.PENDING.value
    for row in fetch(ConfirmationRow.select().where(pending), database):
        now = from_micros(now_micros())
        try:
            asked = _confirmation(row)
        except (ValueError, TypeError):
            continue
        ended = replace(asked, state=ConfirmationState.EXPIRED, answered=now)
        _store_confirmation(database, ended)
    return len(rows)


def store_message(database: peewee.Database, message: Message) -> None:
    found = database.execute_sql(
        "SELECT project, (SELECT 1 FROM message WHERE id = ?) FROM session WHERE id = ?",
        (message.id, message.session),
    ).fetchone()
    if found is None:
        raise _gone(message.session)
    project, known = found
    upsert(
        MessageRow,
        sealed(
            MessageRow,
            {
                "id": message.id,
                "session": message.session,
                "role": message.role.value,
                "state": message.state.value,
                "run": message.run,
                "model": message.model,
                "input_tokens": message.usage.input_tokens,
                "output_tokens": message.usage.output_tokens,
                "created": message.created,
                "parts": parts_to_json(message.parts),
            },
        ),
    ).execute(database)
    if message.state is not MessageState.STREAMING:
        text = words.words_of_message(message)
        words.put_words(database, words.MESSAGE, project, message.id, text, session=message.session)
    if not known:
        now = now_micros()
        database.execute_sql(
            "UPDATE session SET changed = max(changed, ?) WHERE id = ?", (now, message.session)
        )
        database.execute_sql(
            "UPDATE project SET changed = max(changed, ?) WHERE id = ?", (now, project)
        )


def _delete_message(database: peewee.Database, message_id: str) -> None:
    row = database.execute_sql(
        "SELECT project FROM session WHERE id = (SELECT session FROM message WHERE id = ?)",
        (message_id,),
    ).fetchone()
    if row is not None:
        words.drop_words(database, words.MESSAGE, row[0], message_id)
        database.execute_sql("DELETE FROM message WHERE id = ?", (message_id,))


def _gone(session_id: str) -> NotFound:
    return NotFound("This chat is not there any more.", details=f"session {session_id}")


def _update_session(database: peewee.Database, session_id: str, **values: Any) -> Session:
    changed = SessionRow.update(**values).where(SessionRow.id == session_id).execute(database)
    if not changed:
        raise _gone(session_id)
    reseal(database, "session", "id", session_id)
    query = SessionRow.select().where(SessionRow.id == session_id)
    return _session(fetch(query, database)[0])


def _session(row: dict[str, Any]) -> Session:
    return Session(**{name: value for name, value in row.items() if name != "seal"})


def _readable(row: dict[str, Any]) -> bool:
    try:
        _understand(row)
    except (ValueError, TypeError):
        return False
    return True


def _message(row: dict[str, Any]) -> Message:
    """An unreadable one keeps its place in the chat, and its row stays as it is in the file."""
    if _readable(row):
        return _understand(row)
    return Message(
        id=str(row["id"]),
        session=row["session"],
        role=Role.ASSISTANT,
        parts=(TextPart(UNREADABLE),),
        state=MessageState.INTERRUPTED,
    )


def _understand(row: dict[str, Any]) -> Message:
    return Message(
        id=row["id"],
        session=row["session"],
        role=Role(row["role"]),
        parts=parts_from_json(row["parts"]),
        state=MessageState(row["state"]),
        run=row["run"],
        model=row["model"],
        usage=Usage(row["input_tokens"], row["output_tokens"]),
        created=row["created"],
    )


def _store_confirmation(database: peewee.Database, confirmation: Confirmation) -> None:
    upsert(
        ConfirmationRow,
        sealed(
            ConfirmationRow,
            {
                "id": confirmation.id,
                "session": confirmation.session,
                "run": confirmation.run,
                "tool": confirmation.tool,
                "arguments": json.dumps(confirmation.arguments),
                "digest": confirmation.digest,
                "state": confirmation.state.value,
                "created": confirmation.created,
                "answered": confirmation.answered,
            },
        ),
    ).execute(database)


def _confirmation(row: dict[str, Any]) -> Confirmation:
    values = {name: value for name, value in row.items() if name != "seal"}
    values["arguments"] = json.loads(row["arguments"])
    values["state"] = ConfirmationState(row["state"])
    return Confirmation(**values)
