"""What choosing colours asks of the open project, and what fields ask of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.colours import Colour
from kupuri_desktop.core.palette import Palette
from kupuri_desktop.core.signals import Signal


class ColourShelf(Protocol):
    """The palette that is kept with the project."""

    palette: Palette
    changed: Signal[Palette]

    def put(self, palette: Palette) -> None:
        """Keeps another one."""
        ...

    async def drawn_from(self, asset: str) -> Sequence[str]:
        """The colours that an image is made of as #rrggbb, those of the most area first."""
        ...


class LooseShelf:
    """The palette of a canvas that belongs to no project: it goes with the window."""

    def __init__(self) -> None:
        self.palette = Palette()
        self.changed: Signal[Palette] = Signal()

    def put(self, palette: Palette) -> None:
        self.palette = palette
        self.changed.emit(palette)

    async def drawn_from(self, asset: str) -> Sequence[str]:
        """There are no images to draw from."""
        return ()


@dataclass(frozen=True, slots=True)
class Wish:
    """A colour that somebody wants: where it is now, and what becomes of another.

    sought: called at each step while a hand is at it; taken or given_up follows. Colours are
    #rrggbb[aa]; None is no colour, which only comes where `empty` allows it. ground: what the
    colour is read on, where it is a matter of reading.
    """

    colour: str | None
    sought: Callable[[str | None], object]
    taken: Callable[[str | None], object]
    given_up: Callable[[], object]
    empty: bool = False
    ground: Colour | None = None


class ColourAsker(Protocol):
    """Where a field asks for a colour."""

    def ask(self, anchor: QWidget, wish: Wish) -> None:
        """Opens the picker beside `anchor`."""
        ...

    def follow(self, anchor: QWidget, colour: str | None) -> None:
        """Tells what the colour of `anchor` is now; the picker shows it where it is open there."""
        ...
