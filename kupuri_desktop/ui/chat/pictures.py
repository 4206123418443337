"""Pictures in the transcript: one that can be clicked, and a gallery of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PaintedButton
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.paint import fill_round, focus_ring
from kupuri_desktop.ui.widgets.thumbnails import Thumbnails

_GAP = 6
_ALONE = 168
_COLUMNS = 4


class Picture(PaintedButton):
    """An image with rounded corners that fills its place; a quiet icon until it is here."""

    def __init__(self, look: Look, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        describe(self, name, words)
        self._pixmap: QPixmap | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def aspect(self) -> float | None:
        """Width to height; None until the picture is here."""
        if self._pixmap is None or not self._pixmap.height():
            return None
        return self._pixmap.width() / self._pixmap.height()

    def show_pixmap(self, pixmap: QPixmap | None) -> None:
        """None where there is no picture to be had."""
        self._pixmap = pixmap
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rect = QRectF(self.rect())
        radius = theme.radius.control
        if self._pixmap is None:
            fill_round(painter, rect, radius, colours.well, colours.hairline)
            edge = theme.icon.small
            icon = self._look.pixmap("image", edge, colours.text_third, self.devicePixelRatioF())
            painter.drawPixmap(rect.center() - QPointF(edge / 2, edge / 2), icon)
        else:
            fill_round(painter, rect, radius, covering(self._pixmap, rect))
            # A dark picture on a dark ground, or a white one on white, needs an edge.
            painter.setBrush(Qt.BrushStyle.NoBrush)
            edge_line = QPen(colours.accent if self._hover.value > 0.5 else colours.hairline, 1)
            painter.setPen(edge_line)
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        if self.shows_ring():
            focus_ring(painter, rect, radius, theme)


class Gallery(QWidget):
    """One picture in its own shape, or several as squares side by side."""

    activated = Signal(str)

    def __init__(self, look: Look, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._thumbnails = thumbnails
        self._items: tuple[str, ...] = ()
        self._pictures: list[Picture] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_items(
        self, items: Sequence[str], asset_of: Callable[[str], str | None], words: str
    ) -> None:
        """Shows the items; `words` says what a click does to a reader of the screen."""
        if tuple(items) == self._items:
            return
        self._items = tuple(items)
        for old in self._pictures:
            old.deleteLater()
        self._pictures = []
        for number, item in enumerate(items, 1):
            spoken = words if len(items) == 1 else f"{words} ({number} of {len(items)})"
            picture = Picture(self._look, "thumbnail", spoken, self)
            picture.clicked.connect(lambda _=False, item=item: self.activated.emit(item))
            picture.show()
            self._pictures.append(picture)
            asset = asset_of(item)
            if asset is not None:
                edge = round((2 * _ALONE if len(items) == 1 else _ALONE) * self._sharpness())
                self._thumbnails.want(asset, edge, picture, self._receiver(picture))
        self.updateGeometry()
        self._place()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        count = len(self._pictures)
        if count == 0:
            return 0
        if count == 1:
            return _ALONE
        side, columns = self._grid(width)
        return -(-count // columns) * (side + _GAP) - _GAP

    def sizeHint(self) -> QSize:
        width = max(self.width(), 200)
        return QSize(width, self.heightForWidth(width))

    def resizeEvent(self, event: object) -> None:
        self._place()

    def _receiver(self, picture: Picture) -> Callable[[QPixmap | None], None]:
        def receive(pixmap: QPixmap | None) -> None:
            picture.show_pixmap(pixmap)
            self._place()

        return receive

    def _sharpness(self) -> float:
        return self.devicePixelRatioF()

    def _grid(self, width: int) -> tuple[int, int]:
        columns = max(2, min(_COLUMNS, len(self._pictures)))
        return max(24, (width - (columns - 1) * _GAP) // columns), columns

    def _place(self) -> None:
        if len(self._pictures) == 1:
            aspect = self._pictures[0].aspect or 1.0
            width = min(self.width(), max(48, round(_ALONE * aspect)))
            self._pictures[0].setGeometry(0, 0, width, _ALONE)
            return
        side, columns = self._grid(self.width())
        for number, picture in enumerate(self._pictures):
            row, column = divmod(number, columns)
            picture.setGeometry(column * (side + _GAP), row * (side + _GAP), side, side)


def covering(pixmap: QPixmap, rect: QRectF) -> QBrush:
    """A brush that fills `rect` (at 0, 0) with the picture, cut at its longer side."""
    brush = QBrush(pixmap)
    scale = max(rect.width() / pixmap.width(), rect.height() / pixmap.height())
    left = (rect.width() - pixmap.width() * scale) / 2
    top = (rect.height() - pixmap.height() * scale) / 2
    brush.setTransform(QTransform.fromTranslate(left, top).scale(scale, scale))
    return brush
