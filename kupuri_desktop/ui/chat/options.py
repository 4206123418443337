"""The small buttons in the row under the text: choices with an arrow, send and stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PaintedButton
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.paint import clear, fill_round, focus_ring, mix

_HEIGHT = 28
_ICON = 14
_PAD = 7
_ARROW = 12
_HALF = QPointF(5, 5)


class OptionButton(PaintedButton):
    """Says what is chosen; a click opens the choices. Its words shorten where room is short."""

    def __init__(
        self,
        look: Look,
        name: str,
        what: str,
        icon: str = "",
        *,
        shrinks: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """what: what is chosen here, for the tooltip and the screen reader."""
        super().__init__(look, parent)
        self._what = what
        self._icon = icon
        self._trouble = False
        describe(self, name, what)
        horizontal = QSizePolicy.Policy.Maximum if shrinks else QSizePolicy.Policy.Fixed
        self.setSizePolicy(horizontal, QSizePolicy.Policy.Fixed)
        self._shrinks = shrinks

    def show_choice(self, words: str, *, spoken: str = "", trouble: bool = False) -> None:
        """trouble: what is chosen cannot be used; `spoken` says why."""
        self.setText(words)
        self._trouble = trouble
        told = f"{self._what}: {spoken or words}"
        self.setToolTip(told)
        self.setAccessibleName(told)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(self._font()).horizontalAdvance(self.text())
        icon = _ICON if self._icon else 0
        gap = 5 if self._icon and self.text() else 0
        return QSize(2 * _PAD + icon + gap + words + 3 + _ARROW, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, _HEIGHT) if self._shrinks else self.sizeHint()

    def _font(self) -> QFont:
        theme = self._look.theme
        return theme.font(theme.type.label, QFont.Weight.Medium)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        rect = QRectF(self.rect())
        ground = mix(clear(colours.hover), colours.hover, self._hover.value)
        ground = colours.pressed if self.isDown() else ground
        fill_round(painter, rect, theme.radius.control, ground)
        ink = mix(colours.text_second, colours.text, self._hover.value)
        if self._trouble:
            ink = colours.error_text
        dpr = self.devicePixelRatioF()
        x = float(_PAD)
        if self._icon:
            icon = self._look.pixmap(self._icon, _ICON, ink, dpr)
            painter.drawPixmap(QPointF(x, (_HEIGHT - _ICON) / 2), icon)
            x += _ICON + 5
        arrow_x = rect.width() - _PAD - _ARROW + 2
        room = QRectF(x, 0, arrow_x - 2 - x, rect.height())
        painter.setFont(self._font())
        painter.setPen(ink)
        words = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(room.width()) + 1
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        arrow = self._look.pixmap("chevron-down", _ARROW, colours.text_third, dpr)
        painter.drawPixmap(QPointF(arrow_x, (_HEIGHT - _ARROW) / 2), arrow)
        if self.shows_ring():
            focus_ring(painter, rect, theme.radius.control, theme)


class GoButton(PaintedButton):
    """The round button that sends, or the one that stops."""

    def __init__(self, look: Look, name: str, icon: str, words: str, *, loud: bool) -> None:
        """loud: on the accent colour. No icon means the filled square of stopping."""
        super().__init__(look)
        self._icon = icon
        self._loud = loud
        describe(self, name, words)
        self.setFixedSize(look.theme.size.control, look.theme.size.control)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self._loud and self.isEnabled():
            ground = mix(colours.accent_fill, colours.accent_hover, self._hover.value)
            ground = colours.accent_pressed if self.isDown() else ground
            ink = colours.on_accent
        else:
            ground = mix(colours.pressed, colours.hover, self._hover.value)
            ink = colours.text if self.isEnabled() else colours.text_off
        fill_round(painter, rect, rect.height() / 2, ground)
        if self._icon:
            edge = theme.icon.small
            icon = self._look.pixmap(self._icon, edge, ink, self.devicePixelRatioF())
            inset = (rect.width() - edge) / 2
            painter.drawPixmap(QPointF(inset, inset), icon)
        else:
            fill_round(painter, QRectF(0, 0, 10, 10).translated(rect.center() - _HALF), 2, ink)
        if self.shows_ring():
            theme_ring = rect.adjusted(-0.5, -0.5, 0.5, 0.5)
            focus_ring(painter, theme_ring, rect.height() / 2, theme)


def open_choices(
    anchor: QWidget,
    choices: Sequence[tuple[str, str]],
    current: str,
    chosen: Callable[[str], object],
) -> QMenu:
    """Opens a menu of (value, words) at `anchor`, above it where there is more room."""
    menu = QMenu(anchor)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for value, words in choices:
        action = QAction(words, menu)
        action.setCheckable(True)
        action.setChecked(value == current)
        action.triggered.connect(lambda _=False, value=value: chosen(value))
        menu.addAction(action)
    height = menu.sizeHint().height()
    menu.popup(anchor.mapToGlobal(QPoint(0, -height - 4)))
    return menu
