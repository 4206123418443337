"""What a file from outside gave, before it is adopted: values under the file's own ids."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from kupuri_desktop.core.chat import Message, Session
from kupuri_desktop.core.items import Item
from kupuri_desktop.core.palette import Palette
from kupuri_desktop.storage.adoption import DoneJob

Load = Callable[[], bytes]
"""Reads one image's bytes, in a thread. Raises Untaken, HostileFile."""


@dataclass(frozen=True, slots=True)
class ParcelChat:
    session: Session
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One project. `asset` and `mask` of its items, and its messages' images, name `assets`.

    These names are the file's own: hashes in a bundle, anything else elsewhere. Image items need
    no true size: where `natural_width` is 0 the picture's own is put in, and where `width` is 0
    as well, the item gets the picture's size.
    """

    name: str
    items: tuple[Item, ...] = ()
    chats: tuple[ParcelChat, ...] = ()
    jobs: tuple[DoneJob, ...] = ()
    assets: Mapping[str, Load] = field(default_factory=lambda: MappingProxyType({}))
    created: datetime | None = None
    palette: Palette = field(default_factory=Palette)


@dataclass(frozen=True, slots=True)
class Contents:
    """All of one file. `untaken`: what is not among the parcels, a sentence each."""

    parcels: tuple[Parcel, ...]
    untaken: tuple[str, ...] = ()
