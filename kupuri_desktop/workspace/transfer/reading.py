"""Reads a `.kupuri` file: all of it is checked before anything of it is used."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import ValidationError

from kupuri_desktop.core.chat import ImagePart, Message, Session
from kupuri_desktop.core.errors import HostileFile
from kupuri_desktop.core.items import ImageItem, Item
from kupuri_desktop.core.palette import Palette
from kupuri_desktop.storage.adoption import DoneJob
from kupuri_desktop.workspace.transfer.archive import MANIFEST, Archive, open_archive
from kupuri_desktop.workspace.transfer.bounds import (
    NOTHING_CHANGED,
    Tally,
    check_value,
    cleaned,
    hostile,
    past,
)
from kupuri_desktop.workspace.transfer.parcel import Contents, Parcel, ParcelChat
from kupuri_desktop.workspace.transfer.shapes import (
    VERSION,
    Head,
    Manifest,
    chats_in,
    items_in,
    jobs_in,
    palette_in,
)

T = TypeVar("T")


@contextmanager
def open_bundle(path: Path) -> Iterator[Contents]:
    """The one project of a bundle; its images can be loaded until the context ends.

    Raises HostileFile, also for one of a newer Kupuri; OSError where the file cannot be read.
    """
    with open_archive(path) as archive:
        yield _Bundle(path.name, archive).contents()


class _Bundle:
    def __init__(self, name: str, archive: Archive) -> None:
        self._name = name
        self._archive = archive
        self._tally = Tally()
        self._palette = Palette()

    def contents(self) -> Contents:
        manifest = self._manifest()
        items = self._all("items", items_in)
        chats = _joined(self._all("chats", chats_in))
        jobs = self._all("jobs", jobs_in)
        messages = [message for chat in chats for message in chat.messages]
        counts = manifest.counts
        self._expect(
            (len(items), len(chats), len(messages), len(jobs))
            == (counts.items, counts.sessions, counts.messages, counts.jobs),
            "a part of it is missing.",
        )
        self._expect_own_ids([item.id for item in items])
        self._expect_own_ids([chat.session.id for chat in chats])
        self._expect_own_ids([message.id for message in messages])
        self._expect_own_ids([each.job.id for each in jobs])
        self._expect(
            dict(self._archive.assets) == manifest.assets, "its images are not those it lists."
        )
        used = _assets_of(items, messages, jobs)
        untaken = [cleaned(line) for line in manifest.missing]
        if unused := self._archive.assets.keys() - used:
            untaken.append(f"{len(unused)} images that nothing in it refers to.")
        self._archive.verify_preview()
        for sha256 in self._archive.assets:
            self._archive.verify(sha256)
        parcel = Parcel(
            name=cleaned(manifest.project.name),
            items=items,
            chats=chats,
            jobs=jobs,
            assets=MappingProxyType(
                {
                    sha256: partial(self._archive.asset, sha256)
                    for sha256 in self._archive.assets
                    if sha256 in used
                }
            ),
            created=past(manifest.project.created),
            palette=self._palette,
        )
        return Contents((parcel,), tuple(untaken))

    def _manifest(self) -> Manifest:
        text = self._archive.read(MANIFEST)
        head = self._read(text, Head.model_validate_json)
        if head.version > VERSION:
            raise HostileFile(
                f"“{cleaned(self._name)}” was written by a newer Kupuri.",
                hint="Update Kupuri, then import it again.",
                kept=NOTHING_CHANGED,
            )
        manifest = self._read(text, Manifest.model_validate_json)
        self._read(text, lambda _: check_value((manifest.project.name, manifest.missing)))
        self._palette = self._read(text, lambda _: palette_in(manifest.project))
        return manifest

    def _all(self, kind: str, parse: Callable[[bytes], tuple[T, ...]]) -> tuple[T, ...]:
        found: list[T] = []
        for name in self._archive.parts(kind):
            found += self._read(self._archive.read(name), parse)
        return tuple(found)

    def _read(self, text: bytes, parse: Callable[[bytes], T]) -> T:
        try:
            self._tally.add(text)
            return parse(text)
        except ValidationError as error:
            first = ".".join(str(step) for step in error.errors(include_input=False)[0]["loc"])
            raise hostile(self._name, f"its text is not as it should be ({first[:80]}).") from error
        except ValueError as error:
            raise hostile(self._name, str(error)) from error

    def _expect_own_ids(self, ids: list[str]) -> None:
        self._expect(len(ids) == len(set(ids)), "two things in it have the same id.")

    def _expect(self, sound: bool, why: str) -> None:
        if not sound:
            raise hostile(self._name, why)


def _joined(pieces: tuple[tuple[Session, tuple[Message, ...]], ...]) -> tuple[ParcelChat, ...]:
    """Long chats come in pieces with the same session."""
    sessions: dict[str, Session] = {}
    messages: dict[str, list[Message]] = {}
    for session, piece in pieces:
        sessions.setdefault(session.id, session)
        messages.setdefault(session.id, []).extend(piece)
    return tuple(ParcelChat(sessions[key], tuple(messages[key])) for key in sessions)


def _assets_of(
    items: tuple[Item, ...], messages: list[Message], jobs: tuple[DoneJob, ...]
) -> set[str]:
    used: set[str | None] = set()
    for item in items:
        if isinstance(item, ImageItem):
            used |= {item.asset, item.mask}
    for message in messages:
        for part in message.parts:
            if isinstance(part, ImagePart):
                used |= set(part.assets)
    for job in jobs:
        used |= {job.source, job.mask}
    return {key for key in used if key}
