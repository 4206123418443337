"""Reads the database of Jaaz (`localmanus.db`, also named `localserver.db`): canvases and chats.

The schema, versions 1 to 3: https://github.com/11cafe/jaaz, `server/services/migrations`. A
canvas is an Excalidraw scene whose pictures are addresses of Jaaz's own server; the files lie in
`files` beside the database. Some forks put `tb_` before the names of the tables.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from kupuri_desktop.core.chat import Session
from kupuri_desktop.core.errors import UsageError
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.workspace.transfer.bounds import (
    NOTHING_CHANGED,
    Tally,
    Untaken,
    cleaned,
    hostile,
    parse_json,
    past,
    readable,
    told,
)
from kupuri_desktop.workspace.transfer.data_urls import is_data_url, picture_in
from kupuri_desktop.workspace.transfer.excalidraw import Drawing
from kupuri_desktop.workspace.transfer.folders import read_picture
from kupuri_desktop.workspace.transfer.jaaz_chats import Said, Transcript
from kupuri_desktop.workspace.transfer.parcel import Contents, Load, Parcel, ParcelChat
from kupuri_desktop.workspace.transfer.sqlite_files import (
    ForeignDatabase,
    columns_or_none,
    open_foreign,
)

PREFIXES = ("", "tb_")
MOST_CANVASES, MOST_SESSIONS, MOST_MESSAGES = 2_000, 20_000, 200_000
MOST_SCENES = 128 * 2**20
MOST_MESSAGE = 32 * 2**20
MOST_ID = 200

_SERVED = re.compile(
    r"(?:https?://(?:localhost|127\.0\.0\.1)(?::\d{1,5})?)?/api/file/([^/\\?#:\x00]{1,200})(?:[?#].*)?"
)


def prefix_of(tables: frozenset[str]) -> str | None:
    """What stands before the names of Jaaz's tables; None where this is not Jaaz's database."""
    for prefix in PREFIXES:
        if f"{prefix}chat_sessions" in tables and f"{prefix}chat_messages" in tables:
            return prefix
    return None


@contextmanager
def open_jaaz(path: Path) -> Iterator[Contents]:
    """A parcel for each canvas with something on it. Raises HostileFile, Conflict, OSError;

    UsageError where there is nothing in it. Images can be loaded until the context ends.
    """
    with open_foreign(path) as database:
        tables = database.tables()
        prefix = prefix_of(tables)
        if prefix is None:
            raise hostile(path.name, "it is no database of Jaaz's.")
        studio = _Studio(path, database, prefix)
        parcels = studio.parcels(f"{prefix}canvases" in tables)
        if not parcels:
            raise UsageError(
                f"There is nothing in “{cleaned(path.name)}” to take in.",
                hint="; ".join(studio.untaken[:3]),
                kept=NOTHING_CHANGED,
            )
        yield Contents(parcels, told(studio.untaken))


class _Studio:
    def __init__(self, path: Path, database: ForeignDatabase, prefix: str) -> None:
        self._name = path.name
        self._files = path.parent / "files"
        self._database = database
        self._prefix = prefix
        self._tally = Tally()
        self._left = MOST_SCENES
        self.untaken: list[str] = []

    def parcels(self, canvases: bool) -> tuple[Parcel, ...]:
        found: list[Parcel] = []
        sessions = self._sessions()
        if canvases:
            wanted = columns_or_none(
                self._database, f"{self._prefix}canvases", ("id", "name", "data", "created_at")
            )
            # A canvas without a picture in it is a text; one that is none is no canvas's.
            for key, name, data, created in self._rows("canvases", wanted, MOST_CANVASES):
                chats = sessions.pop(key, []) if isinstance(key, str) else []
                title = cleaned(name) if isinstance(name, str) else ""
                parcel = self._parcel(title or "Jaaz canvas", data, chats, created)
                if parcel is not None:
                    found.append(parcel)
        homeless = [session for chats in sessions.values() for session in chats]
        if homeless and (parcel := self._parcel("Jaaz chats", None, homeless, None)):
            found.append(parcel)
        return tuple(found)

    def _parcel(
        self, name: str, data: Any, sessions: list[tuple[Session, str]], created: Any
    ) -> Parcel | None:
        drawing = self._drawing(name, data)
        assets: dict[str, Load] = dict(drawing.assets)
        shown = _shown(drawing)
        chats = tuple(self._chat(session, model, assets, shown) for session, model in sessions)
        self.untaken += [f"“{name}”: {line}" for line in drawing.untaken]
        chats = tuple(chat for chat in chats if chat.messages)
        if not drawing.items and not chats:
            self.untaken.append(f"“{name}” is empty.")
            return None
        return Parcel(
            name=name,
            items=drawing.items,
            chats=chats,
            assets=assets,
            created=moment(created),
        )

    def _drawing(self, name: str, data: Any) -> Drawing:
        scene: Any = {}
        if isinstance(data, str) and data.strip():
            self._left -= len(data)
            try:
                if self._left < 0:
                    raise ValueError("there is too much in it.")
                scene = parse_json(data.encode(), self._tally)
            except ValueError:
                self.untaken.append(f"“{name}”: its canvas cannot be read.")
        elif data is not None and not isinstance(data, str):
            self.untaken.append(f"“{name}”: its canvas cannot be read.")
        return Drawing(scene if isinstance(scene, dict) else {}, self._find)

    def _find(self, address: str, name: str) -> Load:
        if is_data_url(address):
            return partial(picture_in, address, name)
        return partial(self._read_file, address, name)

    def _read_file(self, address: str, name: str) -> bytes:
        file = file_name(address)
        if file is None:
            raise Untaken(f"{name}: it lies on the network, and nothing is fetched.")
        folder = self._files.resolve()
        path = folder / file
        if path.parent != folder:
            raise Untaken(f"{name}: it lies outside of the folder “files”.")
        return read_picture(path, f"{name} ({cleaned(file, 60)})")

    def _sessions(self) -> dict[str, list[tuple[Session, str]]]:
        """Each with its model's name, by canvas; those without a canvas under the empty name."""
        fields = ("id", "canvas_id", "title", "model", "provider", "created_at", "updated_at")
        wanted = columns_or_none(self._database, f"{self._prefix}chat_sessions", fields)
        found: dict[str, list[tuple[Session, str]]] = {}
        known: set[str] = set()
        for row in self._rows("chat_sessions", wanted, MOST_SESSIONS):
            key, canvas, title, model, provider, created, updated = row
            if not isinstance(key, str) or not 0 < len(key) <= MOST_ID or key in known:
                self.untaken.append("A chat: it has no name of its own.")
                continue
            known.add(key)
            began = moment(created) or datetime.now(UTC)
            session = Session(
                id=key,
                project="",
                name=(cleaned(title) if isinstance(title, str) else "") or "Chat",
                created=began,
                changed=moment(updated) or began,
            )
            named = ":".join(cleaned(n, 80) for n in (provider, model) if isinstance(n, str) and n)
            canvas = canvas if isinstance(canvas, str) else ""
            found.setdefault(canvas, []).append((session, named))
        return found

    def _chat(
        self, session: Session, model: str, assets: dict[str, Load], shown: dict[str, str]
    ) -> ParcelChat:
        transcript = Transcript(session.id, model, self._find, assets, shown)
        table = f"{self._prefix}chat_messages"
        wanted = columns_or_none(self._database, table, ("id", "message", "created_at"))
        wanted["message"] = f"CASE WHEN length(message) <= {MOST_MESSAGE} THEN message END"
        rows = self._database.select(
            table, wanted, "WHERE session_id = ? ORDER BY id LIMIT ?", (session.id, MOST_MESSAGES)
        )
        unreadable = 0
        for key, text, created in rows:
            said = self._said(text)
            if said is None or not isinstance(key, int):
                unreadable += 1
                continue
            again = partial(self._again, key)
            transcript.add(said, moment(created) or session.created, again)
        lost = transcript.untaken
        if unreadable:
            lost.append(f"{unreadable} messages cannot be read.")
        self.untaken += [f"Chat “{session.name}”: {line}" for line in lost]
        return ParcelChat(session, transcript.messages())

    def _said(self, text: Any) -> Said | None:
        if not isinstance(text, str):
            return None
        try:
            said = parse_json(text.encode(), self._tally)
        except ValueError:
            return None
        return said if isinstance(said, dict) else None

    def _again(self, key: int) -> Said:
        """A message read anew: pictures inside of messages are not held in memory."""
        sql = f'SELECT message FROM "{self._prefix}chat_messages" WHERE id = ?'
        text = self._database.value(sql, (key,))
        return parse_json(text.encode(), Tally()) if isinstance(text, str) else {}

    def _rows(self, table: str, wanted: dict[str, str], most: int) -> Iterator[tuple[Any, ...]]:
        order = "ORDER BY created_at, id" if wanted["created_at"] != "NULL" else "ORDER BY id"
        table = f"{self._prefix}{table}"
        rows = self._database.select(table, wanted, f"{order} LIMIT ?", (most + 1,))
        for count, row in enumerate(rows, 1):
            if count > most:
                raise hostile(self._name, "there is too much in it.")
            yield row


def file_name(address: str) -> str | None:
    """The name of one of Jaaz's own files; None for addresses of other places."""
    served = _SERVED.fullmatch(address[:500])
    return served[1] if served and served[1] not in (".", "..") else None


def moment(text: Any) -> datetime | None:
    """`2025-07-01T12:00:00.000Z`, as SQLite's STRFTIME wrote it."""
    if not isinstance(text, str):
        return None
    try:
        return past(datetime.fromisoformat(readable(text[:40])))
    except ValueError:
        return None


def _shown(drawing: Drawing) -> dict[str, str]:
    """The newest item by the name of its file, for answers that speak of it."""
    files = {
        key: name for key, address in drawing.addresses.items() if (name := file_name(address))
    }
    return {
        files[item.asset]: item.id
        for item in drawing.items
        if isinstance(item, ImageItem) and item.asset in files
    }
