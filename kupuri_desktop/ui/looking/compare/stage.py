"""Where two pictures are shown: one over the other, beside the other, or what differs."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from kupuri_desktop.ui.looking.compare.difference import fitted, frame_of
from kupuri_desktop.ui.looking.compare.pair import Picture
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.paint import fill_round, focus_ring

_MARGIN = 24
_TOP = 68
"""Logical pixels above the pictures: the bar floats there."""

_REACH = 14.0
_BADGE, _INSET = 24, 12
_KNOB = 15.0
_NEAREST, _FARTHEST = 32.0, 0.02
_STEP = 1.25
_WHEEL_ZOOM = 1.0015
_PAN = 48.0


class Mode(Enum):
    """How the two are shown."""

    SLIDER = "slider"
    SIDE = "side"
    DIFFERENCE = "difference"


class Stage(QWidget):
    """Both pictures share one frame, zoom and middle. `share`: where the slider is, 0 to 1."""

    viewed = Signal()
    """Zoom, middle or slider have changed."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        describe(self, "compare_stage", "Two images", hint="Arrow keys move the slider or the view")
        self.setToolTip("")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.mode = Mode.SLIDER
        self.share = 0.5
        self.pictures: tuple[Picture | None, Picture | None] = (None, None)
        self.difference: QImage | None = None
        self.words = self.numbers = ""
        self._by_keyboard = False
        self.zoom = 1.0
        self.fits = True
        self._middle = QPointF(0.5, 0.5)
        self._hold: str = ""
        self._last = QPointF()

    # --- what is shown

    def show_pictures(self, a: Picture | None, b: Picture | None) -> None:
        """None: not read yet. The view stays where frames have the same shape."""
        self.pictures = (a, b)
        self.difference = None
        if self.fits:
            self.fit()
        self.update()

    def choose(self, mode: Mode) -> None:
        """Shows the two in another way."""
        self.mode = mode
        if self.fits:
            self.fit()
        self._tell()

    def swap(self) -> None:
        """A becomes B."""
        self.pictures = (self.pictures[1], self.pictures[0])
        self.update()

    def frame(self) -> QSize:
        """Pixels of what both are fitted into."""
        sizes = [p.size for p in self.pictures if p is not None and p.levels]
        return frame_of(sizes[0], sizes[-1]) if sizes else QSize(4, 3)

    @property
    def reading(self) -> bool:
        """Whether neither picture is there yet, so that nothing can be measured by it."""
        return self.pictures == (None, None)

    def fit(self) -> None:
        """The whole frame, in the middle, as large as there is room."""
        room, frame = self._panes()[0], self.frame()
        wide, high = room.width() - 2 * _MARGIN, room.height() - 2 * _MARGIN
        self.zoom = max(min(wide / frame.width(), high / frame.height(), _NEAREST), _FARTHEST)
        self._middle = QPointF(0.5, 0.5)
        self.fits = True
        self._tell()

    def show_pixels(self) -> None:
        """One pixel of the frame is one of the screen."""
        self.zoom_to(1 / self.devicePixelRatioF())

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """Zooms about a point of the stage, or about the middle."""
        pane = self._pane_at(at) if at is not None else self._panes()[0]
        point = at or pane.center()
        frame = self.frame()
        new = min(max(zoom, _FARTHEST), _NEAREST)
        off = point - pane.center()
        held = self._middle + QPointF(
            off.x() / (frame.width() * self.zoom), off.y() / (frame.height() * self.zoom)
        )
        self.zoom, self.fits = new, False
        self._look_at(
            held - QPointF(off.x() / (frame.width() * new), off.y() / (frame.height() * new))
        )

    def pan(self, dx: float, dy: float) -> None:
        """Moves what is seen by logical pixels."""
        frame = self.frame()
        step = QPointF(dx / (frame.width() * self.zoom), dy / (frame.height() * self.zoom))
        self.fits = False
        self._look_at(self._middle - step)

    def slide(self, share: float) -> None:
        """Puts the slider somewhere."""
        self.share = min(max(share, 0.0), 1.0)
        self.setAccessibleDescription(f"Slider at {self.share:.0%}")
        self._tell()

    def _look_at(self, middle: QPointF) -> None:
        self._middle = QPointF(min(max(middle.x(), 0.0), 1.0), min(max(middle.y(), 0.0), 1.0))
        self._tell()

    def _tell(self) -> None:
        self.update()
        self.viewed.emit()

    # --- where things are

    def _panes(self) -> list[QRectF]:
        room = QRectF(self.rect()).adjusted(0, _TOP - _MARGIN, 0, 0)
        if self.mode is not Mode.SIDE:
            return [room]
        half = room.width() / 2
        return [
            QRectF(room.left(), room.top(), half, room.height()),
            QRectF(room.left() + half, room.top(), half, room.height()),
        ]

    def _pane_at(self, at: QPointF) -> QRectF:
        panes = self._panes()
        return next((pane for pane in panes if pane.contains(at)), panes[0])

    def frame_in(self, pane: QRectF) -> QRectF:
        """Where the frame lies when it is shown in a pane."""
        size = self.frame()
        wide, high = size.width() * self.zoom, size.height() * self.zoom
        return QRectF(
            pane.center().x() - self._middle.x() * wide,
            pane.center().y() - self._middle.y() * high,
            wide,
            high,
        )

    def line(self) -> float:
        """Where the slider stands, in logical pixels from the left."""
        pane = self._panes()[0]
        seen = self.frame_in(pane).intersected(pane)
        return seen.left() + seen.width() * self.share

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.theme.colours.canvas)
        panes = self._panes()
        match self.mode:
            case _ if self.reading:
                self._say(painter, panes[0], "Reading…", bare=True)
            case Mode.SLIDER:
                self._paint_slider(painter, panes[0])
            case Mode.SIDE:
                for n, pane in enumerate(panes):
                    self._paint(painter, n, pane, pane)
                    self._badge(painter, n, self.frame_in(pane).intersected(pane).topLeft())
                edge = panes[1].left()
                painter.fillRect(
                    QRectF(edge, panes[1].top(), 1, panes[1].height()),
                    self._look.theme.colours.hairline,
                )
            case Mode.DIFFERENCE:
                self._paint_difference(painter, panes[0])
        if self.hasFocus() and self._by_keyboard:
            focus_ring(painter, QRectF(self.rect()), 0, self._look.theme)

    def _paint_slider(self, painter: QPainter, pane: QRectF) -> None:
        x = self.line()
        left = QRectF(pane.left(), pane.top(), x - pane.left(), pane.height())
        right = QRectF(x, pane.top(), pane.right() - x, pane.height())
        self._paint(painter, 0, pane, left)
        self._paint(painter, 1, pane, right)
        seen = self.frame_in(pane).intersected(pane)
        self._badge(painter, 0, seen.topLeft())
        self._badge(painter, 1, seen.topRight() - QPointF(_BADGE + 2 * _INSET, 0))
        colours = self._look.theme.colours
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(x - 1.5, seen.top(), 3, seen.height()), colours.shadow)
        painter.fillRect(QRectF(x - 1, seen.top(), 2, seen.height()), colours.accent)
        middle = QPointF(x, seen.center().y())
        painter.setPen(QPen(colours.surface, 1.5))
        painter.setBrush(colours.accent_fill)
        painter.drawEllipse(middle, _KNOB, _KNOB)
        ratio = self.devicePixelRatioF()
        for name, dx in (("chevron-left", -12.0), ("chevron-right", 0.0)):
            icon = self._look.pixmap(name, 12, colours.on_accent, ratio)
            painter.drawPixmap(middle + QPointF(dx, -6), icon)

    def _paint_difference(self, painter: QPainter, pane: QRectF) -> None:
        frame = self.frame_in(pane)
        if self.difference is None:
            self._say(painter, frame.intersected(pane), self.words or "Comparing…")
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.zoom < 2)
        painter.drawImage(frame, self.difference)
        self._paint_numbers(painter, pane)

    def _paint(self, painter: QPainter, side: int, pane: QRectF, clip: QRectF) -> None:
        frame, picture = self.frame_in(pane), self.pictures[side]
        painter.save()
        painter.setClipRect(clip)
        if picture is None or not picture.levels:
            words = "Reading…" if picture is None else picture.problem
            self._say(painter, frame, words)
        else:
            unit = frame.width() / self.frame().width()
            rect = fitted(picture.size, self.frame())
            target = QRectF(
                frame.left() + rect.left() * unit, frame.top() + rect.top() * unit,
                rect.width() * unit, rect.height() * unit,
            )  # fmt: skip
            ratio = self.devicePixelRatioF()
            image = picture.for_width(target.width() * ratio)
            if image.hasAlphaChannel():
                painter.fillRect(target, self._look.theme.colours.well)
            near = target.width() * ratio >= 2 * picture.size.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not near)
            painter.drawImage(target, image)
        painter.restore()

    def _say(self, painter: QPainter, rect: QRectF, words: str, *, bare: bool = False) -> None:
        colours = self._look.theme.colours
        if not bare:
            painter.fillRect(rect, colours.well)
        painter.setPen(colours.text_second)
        painter.setFont(self._look.theme.font())
        flags = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value
        painter.drawText(rect.adjusted(12, 12, -12, -12), flags, words)

    def _badge(self, painter: QPainter, side: int, corner: QPointF) -> None:
        colours, theme = self._look.theme.colours, self._look.theme
        rect = QRectF(corner.x() + _INSET, corner.y() + _INSET, _BADGE, _BADGE)
        fill_round(painter, rect, theme.radius.control, colours.surface, colours.hairline)
        painter.setPen(colours.text)
        painter.setFont(theme.font(theme.type.label, QFont.Weight.DemiBold))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "AB"[side])

    def _paint_numbers(self, painter: QPainter, pane: QRectF) -> None:
        if not self.numbers:
            return
        colours, theme = self._look.theme.colours, self._look.theme
        painter.setFont(theme.font(theme.type.label, QFont.Weight.Medium, tabular=True))
        metrics = painter.fontMetrics()
        room = int(pane.width()) - 2 * _INSET - 24
        words = metrics.elidedText(self.numbers, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(words) + 24
        rect = QRectF(0, 0, width, 28)
        low = self.frame_in(pane).intersected(pane).bottom()
        rect.moveCenter(QPointF(pane.center().x(), low - 14 - _INSET))
        fill_round(painter, rect, theme.radius.card, colours.surface, colours.hairline)
        painter.setPen(colours.text)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)

    # --- hands

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.fits:
            self.fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        reasons = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._by_keyboard = event.reason() in reasons
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        left = event.button() == Qt.MouseButton.LeftButton
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        at = event.position()
        self._last = at
        slides = self.mode is Mode.SLIDER and left and (self.fits or self._on_line(at))
        self._hold = "slider" if slides else "view"
        if slides:
            self._slide_to(at)
        self._show_cursor(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._hold == "slider":
            self._slide_to(at)
        elif self._hold == "view" and not self.fits:
            self.pan(at.x() - self._last.x(), at.y() - self._last.y())
        self._last = at
        self._show_cursor(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._hold = ""
        self._show_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.mode is Mode.SLIDER and self._on_line(event.position()):
            self.slide(0.5)
        elif self.fits:
            self.zoom_to(1 / self.devicePixelRatioF(), event.position())
        else:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.pixelDelta().y()
        self.zoom_to(self.zoom * _WHEEL_ZOOM**turned, event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        sign = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if sign and self.mode is Mode.SLIDER:
            self.slide(self.share + sign * (0.1 if far else 0.01))
        elif sign:
            self.pan(-sign * _PAN * (4 if far else 1), 0)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            up = 1 if event.key() == Qt.Key.Key_Up else -1
            self.pan(0, up * _PAN * (4 if far else 1))
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_to(self.zoom * _STEP)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom_to(self.zoom / _STEP)
        else:
            super().keyPressEvent(event)

    def _on_line(self, at: QPointF) -> bool:
        return abs(at.x() - self.line()) <= _REACH

    def _slide_to(self, at: QPointF) -> None:
        pane = self._panes()[0]
        seen = self.frame_in(pane).intersected(pane)
        self.slide((at.x() - seen.left()) / max(seen.width(), 1))

    def _show_cursor(self, at: QPointF) -> None:
        shape = Qt.CursorShape.ArrowCursor
        if self._hold == "slider" or (self.mode is Mode.SLIDER and self._on_line(at)):
            shape = Qt.CursorShape.SplitHCursor
        elif not self.fits:
            held = self._hold == "view"
            shape = Qt.CursorShape.ClosedHandCursor if held else Qt.CursorShape.OpenHandCursor
        self.setCursor(shape)
