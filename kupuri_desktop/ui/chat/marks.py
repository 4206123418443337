"""Small painted signs: an icon in a tone, and the line that shows running work."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.paint import across, clear, fill_round

_SWEEP_MS = 1600


class Mark(QWidget):
    """An icon in one of the theme's colours, by the colour's name."""

    def __init__(
        self,
        look: Look,
        icon: str,
        tone: str = "icon",
        *,
        size: int = 16,
        line: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        """line: the height of the text line that the icon stands beside, in logical pixels."""
        super().__init__(parent)
        self._look = look
        self._icon = icon
        self._tone = tone
        self._size = size
        self.setFixedSize(size, max(size, line))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_icon(self, icon: str, tone: str) -> None:
        """Changes the icon and its colour."""
        self._icon, self._tone = icon, tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colour: QColor = getattr(self._look.theme.colours, self._tone)
        pixmap = self._look.pixmap(self._icon, self._size, colour, self.devicePixelRatioF())
        top = (self.height() - self._size) / 2
        QPainter(self).drawPixmap(QPointF(0, top), pixmap)


class RunLine(QWidget):
    """A thin line that fills as work goes on, and sweeps where nobody knows how far it is."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._fraction: float | None = None
        self._sweep = QVariantAnimation(self)
        self._sweep.setStartValue(0.0)
        self._sweep.setEndValue(1.0)
        self._sweep.setDuration(_SWEEP_MS)
        self._sweep.setLoopCount(-1)
        self._sweep.valueChanged.connect(self.update)
        self.setFixedHeight(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Progress")

    def show_fraction(self, fraction: float | None) -> None:
        """0 to 1; None where it cannot be told."""
        self._fraction = fraction
        told = "Working" if fraction is None else f"{round(fraction * 100)} %"
        self.setAccessibleDescription(told)
        self._run_or_rest()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(80, 4)

    def showEvent(self, event: QEvent) -> None:
        self._run_or_rest()

    def hideEvent(self, event: QEvent) -> None:
        self._sweep.stop()

    def _run_or_rest(self) -> None:
        moves = self._fraction is None and self.isVisible() and not self._look.theme.reduce_motion
        if moves and self._sweep.state() != QVariantAnimation.State.Running:
            self._sweep.start()
        elif not moves:
            self._sweep.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._look.theme
        track = QRectF(self.rect())
        fill_round(painter, track, 2, theme.colours.pressed)
        colours = theme.gradient
        if self._fraction is not None:
            done = QRectF(track)
            done.setWidth(max(4.0, track.width() * min(1.0, self._fraction)))
            fill_round(painter, done, 2, across(track, colours))
            return
        at = 0.5
        if self._sweep.state() == QVariantAnimation.State.Running:
            at = float(self._sweep.currentValue())
        centre = track.width() * (at * 1.6 - 0.3)
        half = track.width() * 0.3
        gradient = QLinearGradient(QPointF(centre - half, 0), QPointF(centre + half, 0))
        gradient.setColorAt(0, clear(colours[0]))
        gradient.setColorAt(0.35, colours[0])
        gradient.setColorAt(0.65, colours[-1])
        gradient.setColorAt(1, clear(colours[-1]))
        fill_round(painter, track, 2, gradient)
