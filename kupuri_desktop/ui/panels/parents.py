"""The images that one was made from, as small pictures that lead to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from kupuri_desktop.core.items import ImageItem, describe
from kupuri_desktop.ui.canvas.painting.picture_store import PictureStore, Wanted
from kupuri_desktop.ui.canvas.painting.stack import paint_image
from kupuri_desktop.ui.canvas.ports import MICRO_SIDE
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PaintedButton
from kupuri_desktop.ui.widgets.naming import describe as name_widget
from kupuri_desktop.ui.widgets.paint import focus_ring

EDGE = 52
_A_ROW = 4
_LEVEL = 128


class ParentButton(PaintedButton):
    """One image as it is shown on the canvas, filling a square."""

    def __init__(self, look: Look, item: ImageItem, store: PictureStore) -> None:
        super().__init__(look)
        self.item = item
        self._store = store
        words = " ".join(describe(item).split())
        name_widget(self, "inspector_parent", words, hint="Shows it on the canvas")
        self.setFixedSize(EDGE, EDGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        inside = QPainterPath()
        inside.addRoundedRect(rect, theme.radius.control, theme.radius.control)
        painter.save()
        painter.setClipPath(inside)
        painter.fillRect(rect, colours.well)
        self._paint_picture(painter, rect)
        painter.restore()
        line = colours.accent if self._hover.value > 0.5 else colours.hairline
        painter.setPen(QPen(line, 1.5 if self._hover.value > 0.5 else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, theme.radius.control, theme.radius.control)
        if self.shows_ring():
            focus_ring(painter, QRectF(self.rect()), theme.radius.control, theme)

    def _paint_picture(self, painter: QPainter, rect: QRectF) -> None:
        item = self.item
        key = Wanted(item.asset, _LEVEL, item.grayscale)
        picture = self._store.get(key) or self._store.nearest(key)
        scale = max(rect.width() / max(item.width, 1), rect.height() / max(item.height, 1))
        target = QRectF(0, 0, item.width * scale, item.height * scale)
        target.moveCenter(rect.center())
        if picture is not None:
            paint_image(painter, item, picture, target)
        else:
            atlas = self._store.atlas
            x, y = atlas.place(atlas.slot(item.asset))
            painter.drawPixmap(target, atlas.pixmap, QRectF(x, y, MICRO_SIDE, MICRO_SIDE))


class Parents(QWidget):
    """Rows of them. `close_canvas` before it is thrown away."""

    asked = Signal(str)
    """The id of one that was clicked."""

    def __init__(self, look: Look, store: PictureStore) -> None:
        super().__init__()
        self._look = look
        self._store = store
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(look.theme.space.s)
        self._grid.setColumnStretch(_A_ROW, 1)
        self._buttons: list[ParentButton] = []
        self._unlink = store.came.connect(self._picture_came)

    def close_canvas(self) -> None:
        """Lets go of the pictures."""
        self._unlink()

    def show_items(self, items: Sequence[ImageItem]) -> None:
        """Shows these; the same ones as before keep their buttons and the keyboard."""
        if [button.item for button in self._buttons] == list(items):
            return
        for button in self._buttons:
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for n, item in enumerate(items):
            button = ParentButton(self._look, item, self._store)
            button.clicked.connect(self._asker(item.id))
            self._grid.addWidget(button, n // _A_ROW, n % _A_ROW)
            self._buttons.append(button)

    def _asker(self, key: str) -> Callable[[], None]:
        return lambda: self.asked.emit(key)

    def _picture_came(self, came: Wanted) -> None:
        for button in self._buttons:
            if button.item.asset == came.asset:
                button.update()
