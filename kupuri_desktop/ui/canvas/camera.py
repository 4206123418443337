"""Where on the canvas the view looks, and how near."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QTimer
from PySide6.QtGui import QTransform
from PySide6.QtWidgets import QGraphicsView

from kupuri_desktop.core.signals import Signal

NEAREST, FARTHEST = 64.0, 0.02
WIDEST = 0.0005
"""As far as it takes to fit a huge canvas; hands go to FARTHEST."""

STEPS = (0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
"""What the buttons go through; wheel and pinch go anywhere between."""

STILL_MS = 140
"""So long after the last step of a zoom the view counts as still."""

_MARGIN = 72
"""Logical pixels that stay free around what is fitted: the floating bars stand there."""

_TOOLS = 62
"""Logical pixels at the left that the tools cover, with the gap beside them."""


@dataclass(frozen=True, slots=True)
class Look:
    """The middle of the view in canvas units, and logical pixels a canvas unit."""

    x: float
    y: float
    zoom: float


class Camera:
    """Moves a graphics view. `zooming` is true until a zoom has come to rest."""

    def __init__(self, view: QGraphicsView) -> None:
        self._view = view
        self.moved: Signal[None] = Signal()
        self.zoomed: Signal[float] = Signal()
        self.rested: Signal[None] = Signal()
        self._held = QPointF(0.0, 0.0)
        self._still = QTimer(view)
        self._still.setSingleShot(True)
        self._still.setInterval(STILL_MS)
        self._still.timeout.connect(self._rest)

    @property
    def zoom(self) -> float:
        return float(self._view.transform().m11())

    @property
    def transform(self) -> QTransform:
        """Canvas units to the view's logical pixels."""
        return self._view.viewportTransform()

    @property
    def zooming(self) -> bool:
        return self._still.isActive()

    @property
    def look(self) -> Look:
        middle = self.centre()
        return Look(middle.x(), middle.y(), self.zoom)

    def go(self, look: Look) -> None:
        self._set_zoom(look.zoom, rest=True)
        self._held = QPointF(look.x, look.y)
        self.hold()

    def hold(self, seen: QRectF | None = None) -> None:
        """Puts what was in the middle back there: the view has another size.

        seen: an area that stays in sight, as long as the view has this size.
        """
        self._place(self._held, self._middle())
        if seen is not None:
            step = _step_into(seen, self.clear())
            self._scroll(-step * self.zoom)
        self.moved.emit(None)

    def centre(self) -> QPointF:
        return self.to_canvas(self._middle())

    def to_canvas(self, point: QPointF) -> QPointF:
        inverted, _ = self._view.viewportTransform().inverted()
        return inverted.map(point)

    def to_view(self, point: QPointF) -> QPointF:
        return self._view.viewportTransform().map(point)

    def shown(self) -> QRectF:
        """The area of the canvas that is seen."""
        inverted, _ = self._view.viewportTransform().inverted()
        return inverted.mapRect(QRectF(self._view.viewport().rect()))

    def clear(self) -> QRectF:
        """The area that is seen and has no tools over it."""
        return self.shown().adjusted(_TOOLS / self.zoom, 0, 0, 0)

    def pan(self, dx: float, dy: float) -> None:
        """Moves what is seen by logical pixels."""
        self._scroll(QPointF(dx, dy))
        self._held = self.centre()
        self.moved.emit(None)

    def zoom_at(self, point: QPointF, factor: float) -> None:
        """Nearer or farther; what lies under the point stays there."""
        self.zoom_to(self.zoom * factor, point)

    def zoom_to(self, zoom: float, point: QPointF | None = None) -> None:
        at = point or self._middle()
        on_canvas = self.to_canvas(at)
        # Steps that come near 100 % stop there, where images are exact.
        if abs(zoom - 1) < 0.02:
            zoom = 1.0
        self._set_zoom(max(zoom, min(FARTHEST, self.zoom)))
        self._place(on_canvas, at)
        self._held = self.centre()
        self.moved.emit(None)

    def step(self, nearer: bool) -> None:
        """The next zoom of STEPS."""
        now = self.zoom
        if nearer:
            self.zoom_to(next((z for z in STEPS if z > now * 1.01), NEAREST))
        else:
            self.zoom_to(next((z for z in reversed(STEPS) if z < now * 0.99), FARTHEST))

    def fit(self, area: QRectF, closest: float = 1.0) -> None:
        """Shows a whole area, not nearer than `closest`."""
        if area.isEmpty():
            self.go(Look(0.0, 0.0, 1.0))
            return
        room = self._view.viewport().rect()
        zoom = min(
            max(room.width() - 2 * _MARGIN, 32) / area.width(),
            max(room.height() - 2 * _MARGIN, 32) / area.height(),
            closest,
        )
        self.go(Look(area.center().x(), area.center().y(), zoom))

    def reveal(self, area: QRectF) -> None:
        """Moves the least that shows an area; fits it where it is larger than the view."""
        shown = self.shown()
        fits = area.width() <= self.clear().width()
        if (self.clear() if fits else shown).contains(area):
            return
        margin = _MARGIN / self.zoom
        wanted = area.adjusted(-margin, -margin, margin, margin)
        if wanted.width() > shown.width() or wanted.height() > shown.height():
            self.fit(area, closest=min(self.zoom, 1.0))
            return
        dx = min(0.0, wanted.left() - shown.left()) + max(0.0, wanted.right() - shown.right())
        dy = min(0.0, wanted.top() - shown.top()) + max(0.0, wanted.bottom() - shown.bottom())
        self.pan(-dx * self.zoom, -dy * self.zoom)

    def _middle(self) -> QPointF:
        return QRectF(self._view.viewport().rect()).center()

    def _set_zoom(self, zoom: float, *, rest: bool = False) -> None:
        zoom = min(max(zoom, WIDEST), NEAREST)
        if zoom == self.zoom:
            return
        self._view.resetTransform()
        self._view.scale(zoom, zoom)
        if rest:
            self._still.stop()
        else:
            self._still.start()
        self.zoomed.emit(zoom)
        if rest:
            self.rested.emit(None)

    def _place(self, on_canvas: QPointF, at: QPointF) -> None:
        off = self.to_view(on_canvas) - at
        across, down = self._view.horizontalScrollBar(), self._view.verticalScrollBar()
        across.setValue(across.value() + round(off.x()))
        down.setValue(down.value() + round(off.y()))

    def _scroll(self, step: QPointF) -> None:
        across, down = self._view.horizontalScrollBar(), self._view.verticalScrollBar()
        across.setValue(across.value() - round(step.x()))
        down.setValue(down.value() - round(step.y()))

    def _rest(self) -> None:
        self.rested.emit(None)


def _step_into(area: QRectF, room: QRectF) -> QPointF:
    """The least that `room` has to move to hold `area`; nothing in a way that it cannot."""
    step = QPointF()
    if area.width() <= room.width():
        step.setX(min(0.0, area.left() - room.left()) + max(0.0, area.right() - room.right()))
    if area.height() <= room.height():
        step.setY(min(0.0, area.top() - room.top()) + max(0.0, area.bottom() - room.bottom()))
    return step
