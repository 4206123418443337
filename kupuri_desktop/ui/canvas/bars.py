"""The bars that float over the canvas: tools, zoom, what can be done here, the first step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kupuri_desktop.ui.canvas.floating import FloatingBar
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.canvas.overlay import box
from kupuri_desktop.ui.canvas.view_verbs import TOOL_ICONS, TOOL_KEYS
from kupuri_desktop.ui.widgets.buttons import IconButton, PillButton
from kupuri_desktop.ui.widgets.card import SHADOW
from kupuri_desktop.ui.widgets.labels import label

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.view import CanvasView

_MARGIN = 12
_POP_GAP = 12
_WORDS = {
    Tool.SELECT: "Select",
    Tool.HAND: "Hand",
    Tool.FRAME: "Frame",
    Tool.TEXT: "Text",
    Tool.NOTE: "Sticky note",
    Tool.RECTANGLE: "Rectangle",
    Tool.ELLIPSE: "Ellipse",
    Tool.LINE: "Line",
    Tool.ARROW: "Arrow",
    Tool.CONNECTOR: "Connector",
    Tool.PEN: "Pen",
    Tool.MASK: "Mask",
}
_ONLY_WHERE_FIT = ("mask", "crop")
_POP = (*_ONLY_WHERE_FIT, "duplicate", "copy", "export_selection", "front", "delete")
_POP_MORE = (
    "send_to_chat", None,
    "front", "forward", "backward", "back", None, "group", "ungroup", "lock", "hide", None,
    "flip_x", "flip_y", "grey", None, "align_left", "align_centre", "align_right", "align_top",
    "align_middle", "align_bottom", "distribute_x", "distribute_y", None, "same_width",
    "same_height", "tidy_grid", "tidy_row", "tidy_column", "tidy_packed",
)  # fmt: skip


class ToolBar(FloatingBar):
    """The tools, in the order of their row on the left."""

    def __init__(self, view: CanvasView) -> None:
        column = QVBoxLayout()
        super().__init__(view.look, "canvas_tools", "Tools", column, view)
        self._buttons: dict[Tool, IconButton] = {}
        for tool, keys in TOOL_KEYS.items():
            name = f"canvas_tool_{tool.value}"
            button = IconButton(
                view.look, name, TOOL_ICONS[tool], _WORDS[tool], keys, size=34, checkable=True
            )
            button.clicked.connect(view.action(f"tool_{tool.value}").trigger)
            column.addWidget(button)
            self._buttons[tool] = button
        self.show_tool(view.hands.tool)

    def show_tool(self, tool: Tool) -> None:
        for key, button in self._buttons.items():
            button.setChecked(key is tool)


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


class _Grip(IconButton):
    """Dragged, it takes the selection out of the window as files."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view.look, "canvas_drag_out", "grip-vertical", "Drag out as a file")
        self._view = view
        self._pressed: QPoint | None = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        self._view.leaving.prepare(self._view.selection.ids)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        if (event.position().toPoint() - self._pressed).manhattanLength() > 6:
            self._pressed = None
            self.setDown(False)
            whole = box(self._view.selection.items())
            at = QPointF(*whole[0]) if whole else QPointF()
            self._view.leaving.drag(self._view.selection.ids, at)


class PopBar(FloatingBar):
    """Over the selection: what is wanted most, the rest in a menu."""

    def __init__(self, view: CanvasView) -> None:
        self._row = QHBoxLayout()
        super().__init__(view.look, "canvas_pop_bar", "Selection", self._row, view)
        self._view = view
        self._row.addWidget(_Grip(view))
        self._fitting: dict[str, QWidget] = {}
        for name in _POP:
            button = self._button(name)
            self._row.addWidget(button)
            if name in _ONLY_WHERE_FIT:
                self._fitting[name] = button
        more = IconButton(view.look, "canvas_pop_more", "ellipsis", "More")
        more.clicked.connect(lambda: self._open_menu(more))
        self._row.addWidget(more)
        self._outside = 0

    def offer(self, names: Sequence[str]) -> None:
        """Puts verbs from outside first, as words: they are what people come for."""
        for name in names:
            verb = self._view.commands.verb(name)
            button = PillButton(
                self._view.look, f"canvas_pop_{name}", verb.title, verb.icon, kind="quiet"
            )
            button.follow(self._view.action(name))
            if verb.fits is not None:
                self._fitting[name] = button
            self._row.insertWidget(self._outside, button)
            self._outside += 1

    def offer_icons(self, names: Sequence[str]) -> None:
        """Puts verbs from outside before the last ones, as icons, where they fit."""
        for name in names:
            self._fitting[name] = self._button(name)
            self._row.insertWidget(self._row.count() - 2, self._fitting[name])

    def show_what_fits(self) -> None:
        """Leaves out what is of no use for what is selected."""
        for name, button in self._fitting.items():
            button.setVisible(self._view.action(name).isEnabled())

    def _button(self, name: str) -> IconButton:
        verb = self._view.commands.verb(name)
        keys = verb.keys[0] if verb.keys else ""
        button = IconButton(
            self._view.look, f"canvas_pop_{name}", verb.icon, verb.title.rstrip("…"), keys,
            danger=name == "delete",
        )  # fmt: skip
        button.clicked.connect(self._view.action(name).trigger)
        return button

    def _open_menu(self, button: QWidget) -> None:
        menu = self._view.commands.menu(_POP_MORE)
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 4)))


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
        self.pop.show_what_fits()
        size = self.pop.sizeHint()
        height = size.height() - SHADOW.top() - SHADOW.bottom()
        y = top - height - _POP_GAP
        if y < _MARGIN:
            # No room above: below the size label, or inside where the selection fills the view.
            y = bottom + 40 if bottom + 40 + height < room.height() else _MARGIN
        x = (left + right - size.width()) / 2
        low = 2 * _MARGIN + self.tools.width() - SHADOW.left() - SHADOW.right() - SHADOW.left()
        x = min(max(x, low), room.width() - size.width() - _MARGIN + SHADOW.right())
        self._put(self.pop, QPoint(round(x), round(y) - SHADOW.top()))
        self.pop.show()
