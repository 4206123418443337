"""The items of a piece as layers in folders, for formats that have both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from kupuri_desktop.core.groups import name_of, taken
from kupuri_desktop.core.items import FrameItem, Item, describe
from kupuri_desktop.ui.exporting.pieces import Piece, is_shown

_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Layer:
    """One item, painted alone. opacity: 0 to 1."""

    item: Item
    name: str
    shown: bool
    opacity: float


@dataclass(frozen=True, slots=True)
class Folder:
    """Layers that lie together; `parts` from the back to the front."""

    name: str
    parts: tuple[Part, ...]


Part: TypeAlias = Layer | Folder


def layered(piece: Piece) -> list[Part]:
    """Folders for frames and, in them, for groups, from the back to the front.

    A folder holds only what lies together: one whose items have others between them comes more
    than once, or the picture would not be the same.
    """
    parts: list[Part] = []
    for frame, run in groupby(piece.items, lambda item: _frame_of(item, piece)):
        inside = list(_grouped(run, piece))
        if frame is None:
            parts += inside
        else:
            parts.append(Folder(_short(describe(frame)), tuple(inside)))
    return parts


def layers_in(parts: Iterable[Part]) -> Iterator[Layer]:
    """All layers, from the back to the front."""
    for part in parts:
        if isinstance(part, Folder):
            yield from layers_in(part.parts)
        else:
            yield part


def _frame_of(item: Item, piece: Piece) -> FrameItem | None:
    return item if isinstance(item, FrameItem) else piece.frames.get(item.frame or "")


def _grouped(items: Iterable[Item], piece: Piece, entered: str | None = None) -> Iterator[Part]:
    """Folders as deep as the groups are; a group of one is a layer."""
    for group, run in groupby(items, lambda item: taken(item.group, entered)):
        inside = list(run)
        if group is None or len(inside) == 1:
            yield from (_layer(item, piece) for item in inside)
        else:
            name = _short(name_of(group)) or "Group"
            yield Folder(name, tuple(_grouped(inside, piece, group)))


def _layer(item: Item, piece: Piece) -> Layer:
    name = "Background" if isinstance(item, FrameItem) else _short(describe(item))
    return Layer(item, name, is_shown(item, piece.frames), item.opacity)


def _short(words: str) -> str:
    plain = " ".join("".join(c if c >= " " else " " for c in words).split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"
