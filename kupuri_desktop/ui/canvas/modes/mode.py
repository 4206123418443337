"""What every mode of the canvas can do: it has the pointer and the keys for one image."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor, QPainter, QTransform
from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.items import Item
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.canvas.hands.gestures import Keys
from kupuri_desktop.ui.theme import Theme


class Mode(Protocol):
    """Between its making and `close` nothing else on the canvas hears pointer or keys.

    Points are in the view's logical pixels. What it shows beside the image's own paint is painted
    by `paint`, over everything.
    """

    item: str
    """The id of the image that it is about."""

    @property
    def bar(self) -> QWidget:
        """Its options, floating over the canvas."""
        ...

    @property
    def tool(self) -> Tool:
        """What is marked in the row of tools; another choice ends the mode."""
        ...

    def press(self, at: QPointF, button: Qt.MouseButton, keys: Keys) -> bool:
        """False: the press lies beside all that the mode is about."""
        ...

    def move(self, at: QPointF, keys: Keys) -> None: ...

    def release(self, at: QPointF, keys: Keys) -> None: ...

    def press_harder(self, pressure: float) -> None:
        """How hard a tablet's pen is pressed, 0 to 1."""
        ...

    def wants(self, key: Qt.Key, keys: Keys) -> bool:
        """Whether a key means something here that it does not mean elsewhere."""
        ...

    def key(self, key: Qt.Key, keys: Keys) -> None:
        """A key that it wants was pressed."""
        ...

    def cursor(self, at: QPointF) -> QCursor: ...

    def paint(self, painter: QPainter, view: QTransform, theme: Theme) -> None: ...

    def item_changed(self, item: Item | None) -> bool:
        """The image is another one now. False: nothing is left to do here."""
        ...

    def take_back(self) -> bool:
        """Undoes what is not a step of the canvas yet. False where there is no such thing."""
        ...

    def apply(self) -> None:
        """Makes a step of what was done, where that has not been one already."""
        ...

    def close(self) -> None:
        """Lets go of everything; called once."""
        ...
