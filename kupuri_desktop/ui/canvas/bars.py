"""Where the bars float over the canvas: tools, zoom, what can be done here, the first step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kupuri_desktop.ui.canvas.floating import FloatingBar
from kupuri_desktop.ui.canvas.overlay import box
from kupuri_desktop.ui.canvas.pop_bar import PopBar
from kupuri_desktop.ui.canvas.tool_bar import ToolBar
from kupuri_desktop.ui.widgets.buttons import IconButton, PillButton
from kupuri_desktop.ui.widgets.card import SHADOW
from kupuri_desktop.ui.widgets.labels import label

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.view import CanvasView

_MARGIN = 12
_POP_GAP = SHADOW.bottom() + 8
"""Not even the bar's shadow lies over the handles: it would take their presses."""


class ZoomBar(FloatingBar):
    """Zoom out, per cent, zoom in, fit."""

    def __init__(self, view: CanvasView) -> None:
        row = QHBoxLayout()
        super().__init__(view.look, "canvas_zoom", "Zoom", row, view)
        look = view.look
        out = IconButton(look, "canvas_zoom_out", "minus", "Zoom out", "-")
        out.clicked.connect(view.action("zoom_out").trigger)
        self._percent = PillButton(look, "canvas_zoom_percent", "100 %", kind="quiet")
        self._percent.clicked.connect(view.action("zoom_100").trigger)
        self._percent.setToolTip("Zoom to 100 %   1")
        self._percent.setFixedWidth(64)
        into = IconButton(look, "canvas_zoom_in", "plus", "Zoom in", "+")
        into.clicked.connect(view.action("zoom_in").trigger)
        fit = IconButton(look, "canvas_zoom_fit", "maximize", "Fit everything", "Shift+1")
        fit.clicked.connect(view.action("fit_all").trigger)
        for button in (out, self._percent, into, fit):
            row.addWidget(button)

    def show_zoom(self, zoom: float) -> None:
        words = f"{zoom * 100:.0f} %"
        if self._percent.text() != words:
            self._percent.setText(words)
            self._percent.setAccessibleName(f"Zoom {words}, press for 100 %")


class EmptyState(QWidget):
    """An empty canvas draws, says one sentence and offers one button."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._look = view.look
        self.setObjectName("canvas_empty")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 150, 0, 0)
        column.setSpacing(view.look.theme.space.m)
        words = label(
            "Describe an image in the chat, or drop pictures here.", tone="second", size="chat"
        )
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(words)
        place = PillButton(view.look, "canvas_place_images", "Place images", "image-plus")
        place.clicked.connect(view.import_asked)
        column.addWidget(place, 0, Qt.AlignmentFlag.AlignHCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.width() / 2
        for angle, dx, n in ((-9, -46, 2), (7, 44, 1), (-1, 0, 0)):
            painter.save()
            painter.translate(middle + dx, 76)
            painter.rotate(angle)
            sheet = QRectF(-46, -58, 92, 116)
            painter.setPen(QPen(theme.colours.field_line, 1.5))
            painter.setBrush(theme.colours.surface)
            painter.drawRoundedRect(sheet, 8, 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.gradient[n % len(theme.gradient)])
            painter.setOpacity(0.85 if n == 0 else 0.45)
            painter.drawEllipse(QPointF(18, -24), 11, 11)
            painter.setBrush(theme.colours.field_line)
            painter.setOpacity(1)
            painter.drawPolygon([QPointF(-36, 36), QPointF(-10, -6), QPointF(14, 36)])
            painter.drawPolygon([QPointF(-6, 36), QPointF(16, 8), QPointF(36, 36)])
            painter.restore()


class Bars:
    """Makes the bars of a view and keeps each in its place."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self.tools = ToolBar(view)
        self.zoom = ZoomBar(view)
        self.pop = PopBar(view)
        self.empty = EmptyState(view)
        view._links.append(view.hands.tool_changed.connect(self.tools.show_tool))
        view._links.append(view.hands.tool_changed.connect(lambda _: self.place()))
        view._links.append(view.camera.zoomed.connect(self.zoom.show_zoom))
        self.place()

    def offer(self, names: Sequence[str]) -> None:
        self.pop.offer(names)
        self.place()

    def place(self) -> None:
        """Called whenever the view, the selection or the camera has changed."""
        view = self._view
        room = view.viewport().rect()
        size = self.tools.sizeHint()
        self._put(self.tools, QPoint(_MARGIN - SHADOW.left(), (room.height() - size.height()) // 2))
        size = self.zoom.sizeHint()
        self._put(
            self.zoom,
            QPoint(
                room.width() - size.width() - _MARGIN + SHADOW.right(),
                room.height() - size.height() - _MARGIN + SHADOW.bottom(),
            ),
        )
        view.editing.place()
        self._place_pop(room)
        coming = view.arrivals is not None and bool(view.arrivals.jobs())
        empty = not view.canvas.items and not coming and not view.hands.busy
        self.empty.setVisible(empty and view.writing.item is None)
        if empty:
            size = QSize(min(420, room.width()), 240)
            self.empty.setGeometry(
                (room.width() - size.width()) // 2,
                (room.height() - size.height()) // 2,
                size.width(),
                size.height(),
            )

    def _put(self, bar: QWidget, at: QPoint) -> None:
        bar.resize(bar.sizeHint())
        bar.move(at)

    def _place_pop(self, room: QRect) -> None:
        view = self._view
        items = view.selection.items()
        corners = box(items)
        in_mode = view.modes.mode is not None or view.writing.item is not None
        if corners is None or view.hands.busy or in_mode:
            self.pop.hide()
            return
        transform = view.viewportTransform()
        points = [transform.map(QPointF(x, y)) for x, y in corners]
        left, right = min(p.x() for p in points), max(p.x() for p in points)
        top, bottom = min(p.y() for p in points), max(p.y() for p in points)
        if right < 0 or bottom < 0 or left > room.width() or top > room.height():
            self.pop.hide()
            return
        low = 2 * _MARGIN + self.tools.width() - SHADOW.left() - SHADOW.right() - SHADOW.left()
        high = room.width() - _MARGIN + SHADOW.right()
        self.pop.show_what_fits(high - low)
        size = self.pop.sizeHint()
        height = size.height() - SHADOW.top() - SHADOW.bottom()
        y = top - height - _POP_GAP
        if y < _MARGIN:
            # No room above: below the size label, or inside where the selection fills the view.
            y = bottom + 40 if bottom + 40 + height < room.height() else _MARGIN
        x = (left + right - size.width()) / 2
        x = max(min(x, high - size.width()), low)
        self._put(self.pop, QPoint(round(x), round(y) - SHADOW.top()))
        self.pop.show()
